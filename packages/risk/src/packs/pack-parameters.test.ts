import { ATTO_FIL_PER_FIL } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { NO_PACK_PARAMETERS } from './assess-packs.ts'
import { PackParametersError, parsePackParameters } from './pack-parameters.ts'

const FIL = ATTO_FIL_PER_FIL
const SCALE = 10n ** 18n

function errorOf(json: unknown): unknown {
  try {
    return parsePackParameters(json)
  } catch (error) {
    return error
  }
}

describe('parsePackParameters', () => {
  test('gives nothing a value that the file does not give', () => {
    expect(parsePackParameters({ format: 1 })).toEqual(NO_PACK_PARAMETERS)
  })

  test('reads amounts and ratios to the last digit', () => {
    const parameters = parsePackParameters({
      format: 1,
      repl: { warningThreshold: '900 FIL', terminationThreshold: '600', filPerPfil: '1.05', agreementDay: 7 },
      glif: { tier: 'silver', faultySectorLimit: '0.001' },
      stfil: { mode: 'owner', liquidationDebtRatio: '0.500000000000000001', withdrawMargin: '1 attoFIL' },
      filliquid: { openLoans: 2, principal: '5' },
      filus: { futureIncome: '0' },
      custom: [
        { name: 'a', deductions: ['feeDebt'], compared: 'valueAfterDebt', warning: '1' },
        { name: 'b', deductions: [], compared: 'debtRatio', termination: '0.9', max: '0.5' },
      ],
    })
    expect(parameters).toEqual({
      repl: {
        warningThreshold: 900n * FIL,
        terminationThreshold: 600n * FIL,
        filPerPfil: { num: 1_050_000_000_000_000_000n, denom: SCALE },
        agreementDay: 7,
      },
      glif: { tier: 'silver', faultySectorLimit: { num: 1_000_000_000_000_000n, denom: SCALE } },
      stfil: {
        mode: 'owner',
        liquidationDebtRatio: { num: 500_000_000_000_000_001n, denom: SCALE },
        withdrawMargin: 1n,
      },
      filliquid: { openLoans: 2, principal: 5n * FIL },
      filus: { futureIncome: 0n },
      custom: [
        { name: 'a', deductions: ['feeDebt'], levels: { compared: 'valueAfterDebt', warning: FIL } },
        {
          name: 'b',
          deductions: [],
          levels: {
            compared: 'debtRatio',
            termination: { num: 900_000_000_000_000_000n, denom: SCALE },
            max: { num: 500_000_000_000_000_000n, denom: SCALE },
          },
        },
      ],
    })
  })
})

describe('pack parameters may be', () => {
  test.each([
    { name: 'a share of nothing', json: { glif: { faultySectorLimit: '0' } } },
    { name: 'a share of all', json: { glif: { faultySectorLimit: '1' } } },
    {
      name: 'both thresholds at one amount',
      json: { repl: { warningThreshold: '5', terminationThreshold: '5' } },
    },
    { name: 'only the threshold of termination', json: { repl: { terminationThreshold: '5' } } },
    { name: 'only the threshold of warning', json: { repl: { warningThreshold: '5' } } },
    { name: 'a liquidation ratio without a mode', json: { stfil: { liquidationDebtRatio: '0.1' } } },
  ])('$name', ({ json }) => {
    expect(errorOf({ format: 1, ...json })).not.toBeInstanceOf(Error)
  })
})

describe('pack parameters must not be', () => {
  test.each([
    { name: 'no object', json: null, place: 'the file' },
    { name: 'of a later format', json: { format: 2 }, place: 'format' },
    { name: 'of an unknown pack', json: { format: 1, hashmix: {} }, place: 'the file' },
    { name: 'of an unknown field', json: { format: 1, glif: { teir: 'none' } }, place: 'glif' },
    { name: 'of an unknown tier', json: { format: 1, glif: { tier: 'platinum' } }, place: 'glif.tier' },
    {
      name: 'a number for an amount',
      json: { format: 1, filus: { futureIncome: 1 } },
      place: 'filus.futureIncome',
    },
    {
      name: 'a negative amount',
      json: { format: 1, filus: { futureIncome: '-1' } },
      place: 'filus.futureIncome',
    },
    {
      name: 'a share above 1',
      json: { format: 1, glif: { faultySectorLimit: '1.000000000000000001' } },
      place: 'glif.faultySectorLimit',
    },
    {
      name: 'a ratio of nothing',
      json: { format: 1, repl: { filPerPfil: '0' } },
      place: 'repl.filPerPfil',
    },
    {
      name: 'a ratio with 19 decimals',
      json: { format: 1, repl: { filPerPfil: `1.${'1'.repeat(19)}` } },
      place: 'repl.filPerPfil',
    },
    {
      name: 'a part of a day',
      json: { format: 1, repl: { agreementDay: 0.5 } },
      place: 'repl.agreementDay',
    },
    {
      name: 'a termination threshold above that of warning',
      json: { format: 1, repl: { warningThreshold: '1', terminationThreshold: '1.1' } },
      place: 'repl.terminationThreshold',
    },
    // At a leverage of 2 the greatest debt ratio is 1/2.
    {
      name: 'a liquidation at the greatest debt ratio',
      json: { format: 1, stfil: { mode: 'owner', liquidationDebtRatio: '0.5' } },
      place: 'stfil.liquidationDebtRatio',
    },
    {
      name: 'a deduction twice',
      json: {
        format: 1,
        custom: [{ name: 'a', deductions: ['buffer', 'buffer'], compared: 'debtRatio' }],
      },
      place: 'custom.0.deductions',
    },
    {
      name: 'an amount where ratios are compared',
      json: {
        format: 1,
        custom: [{ name: 'a', deductions: [], compared: 'debtRatio', warning: '1 FIL' }],
      },
      place: 'custom.0.warning',
    },
  ])('$name', ({ json, place }) => {
    const error = errorOf(json)
    expect(error).toBeInstanceOf(PackParametersError)
    expect(error).toMatchObject({ code: 'INVALID_PACK_PARAMETERS', data: { place } })
  })
})
