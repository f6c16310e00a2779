import { ATTO_FIL_PER_FIL } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { assessPacks, NO_PACK_PARAMETERS, type PackParameters } from './assess-packs.ts'
import { type Figure, known, needs, none, unknown } from './figure.ts'
import { missingOf } from './missing-parameters.ts'
import type { PackFigures, PackName, PackSubject } from './rule-pack.ts'

const FIL = ATTO_FIL_PER_FIL

/**
 * A balance of 1,100 FIL with a pledge of 1,000, whose sectors are all of full age: the fee is 8.5 % of it, 85.
 * Nothing is locked, deposited or owed, so that 100 are available.
 */
const SUBJECT: PackSubject = {
  sheet: {
    actorBalance: 1100n * FIL,
    preCommitDeposit: 0n,
    initialPledge: 1000n * FIL,
    lockedFunds: 0n,
    feeDebt: 0n,
    unlockedBalance: 100n * FIL,
    availableBalance: 100n * FIL,
    vestedFunds: 0n,
    vestingTable: [],
  },
  terminationFee: 85n * FIL,
  queuedTerminationFee: 0n,
  faultFeeOfClaim: 0n,
  liveSectors: 100,
  faultySectors: 0,
  outstanding: 0n,
  buffer: 15n * FIL,
}

const PARAMETERS: PackParameters = {
  repl: {
    warningThreshold: 900n * FIL,
    terminationThreshold: 600n * FIL,
    filPerPfil: { num: 21n, denom: 20n },
    agreementDay: 0,
  },
  glif: { tier: 'none', faultySectorLimit: { num: 12n, denom: 100n } },
  stfil: {
    mode: 'owner-verified',
    liquidationDebtRatio: { num: 85n, denom: 100n },
    withdrawMargin: 10n * FIL,
  },
  filliquid: { openLoans: 1, principal: 0n },
  filus: { futureIncome: 100n * FIL },
  custom: [],
}

function assess(pack: PackName, subject: Partial<PackSubject> = {}, parameters = PARAMETERS): PackFigures {
  const found = assessPacks({ ...SUBJECT, ...subject }, parameters).find((figures) => figures.pack === pack)
  if (found === undefined) {
    throw new Error(`no pack ${pack}`)
  }
  return found
}

function limits({ limits: all }: PackFigures): Record<string, readonly [Figure<bigint>, string | null]> {
  return Object.fromEntries(all.map(({ use, value, binding }) => [use, [value, binding] as const]))
}

function term({ terms }: PackFigures, name: string): Figure<bigint> | undefined {
  return terms.find((figure) => figure.name === name)?.value
}

function withSheet(sheet: Partial<PackSubject['sheet']>): Pick<PackSubject, 'sheet'> {
  return { sheet: { ...SUBJECT.sheet, ...sheet } }
}

describe('Repl', () => {
  // 1,100 − 85 − 15
  test('lets Safe Pledge be minted, and compares EligibleAsset with its thresholds', () => {
    const repl = assess('repl')
    expect(limits(repl)).toEqual({ takenOut: [known(1000n * FIL), 'safePledge'] })
    expect(repl.compared).toMatchObject({ name: 'eligibleAsset', value: known(1100n * FIL) })
    expect(repl.standing).toEqual(known('sound'))
  })

  // Deposits burn when nothing is proven: 1,100 − 50, and without 85 and 15.
  test('counts neither deposits nor what is outstanding as assets', () => {
    const repl = assess('repl', { ...withSheet({ preCommitDeposit: 50n * FIL }), outstanding: 10n * FIL })
    expect(repl.value.value).toEqual(known(965n * FIL))
    expect(repl.compared).toMatchObject({ value: known(1040n * FIL) })
    expect(repl.limits[0]?.constraints.map(({ value }) => value)).toEqual([
      known(940n * FIL),
      known(955n * FIL),
    ])
  })

  // 1,100 − 500 is 600, which is not below the threshold of termination; one attoFIL more owed is.
  test.each([
    { outstanding: 200n * FIL, standing: 'sound' },
    { outstanding: 201n * FIL, standing: 'warned' },
    { outstanding: 500n * FIL, standing: 'warned' },
    { outstanding: 500n * FIL + 1n, standing: 'terminable' },
  ])('with $outstanding attoFIL outstanding is $standing', ({ outstanding, standing }) => {
    expect(assess('repl', { outstanding }).standing).toEqual(known(standing))
  })

  test('without a buffer needs one, and says what Safe Pledge cannot exceed', () => {
    const [limit] = assess('repl', { buffer: null }).limits
    expect(limit).toMatchObject({ value: needs('buffer'), binding: null, atMost: 1015n * FIL })
  })

  test('has the strict Safe Pledge beside, in which fee debt and queued fees count', () => {
    const indebted = { ...withSheet({ feeDebt: 3n }), queuedTerminationFee: 4n }
    const repl = assess('repl', indebted)
    expect(limits(repl)['takenOut']).toEqual([known(1000n * FIL), 'safePledge'])
    expect(term(repl, 'safePledgeStrict')).toEqual(known(1000n * FIL - 7n))
  })

  // 1.2 · 360 FIL · (1.05 − 1) / 360
  test('mints passively every day at a multiplier that is 1.2 at first', () => {
    expect(term(assess('repl', { outstanding: 360n * FIL }), 'passiveMintToday')).toEqual(
      known((6n * FIL) / 100n),
    )
  })

  test('without published thresholds says which are needed; Safe Pledge is known all the same', () => {
    const repl = assess('repl', {}, NO_PACK_PARAMETERS)
    expect(repl.standing).toEqual(needs('repl.terminationThreshold', 'repl.warningThreshold'))
    expect(limits(repl)['takenOut']).toEqual([known(1000n * FIL), 'safePledge'])
  })
})

describe('GLIF', () => {
  // LV = 1,100 − 85; at 75 %: 1,015 − 1,015 · 0.25 and 1,015 / 0.25 − 1,015.
  test('lends against the liquidation value', () => {
    const glif = assess('glif')
    expect(glif.value.value).toEqual(known(1015n * FIL))
    expect(limits(glif)).toEqual({
      takenOut: [known((76125n * FIL) / 100n), 'maxDtl'],
      sealed: [known(3045n * FIL), 'maxDtl'],
      withdrawn: [known(100n * FIL), 'availableBalance'],
    })
  })

  // 761.25 is 75 % of 1,015 and 933.8 is 92 %.
  test.each([
    { outstanding: (76125n * FIL) / 100n, standing: 'sound' },
    { outstanding: (76125n * FIL) / 100n + 1n, standing: 'warned' },
    { outstanding: (9338n * FIL) / 10n, standing: 'warned' },
    { outstanding: (9338n * FIL) / 10n + 1n, standing: 'terminable' },
  ])('with a debt of $outstanding attoFIL is $standing', ({ outstanding, standing }) => {
    expect(assess('glif', { outstanding }).standing).toEqual(known(standing))
  })

  test('lends nothing above the limit of faulty sectors, at which it still does', () => {
    const nothing = [known(0n), 'faultySectorLimit']
    expect(limits(assess('glif', { faultySectors: 12 }))['sealed']).toEqual([known(3045n * FIL), 'maxDtl'])
    expect(limits(assess('glif', { faultySectors: 13 }))).toMatchObject({
      takenOut: nothing,
      sealed: nothing,
    })
    const [takenOut] = assess('glif', { faultySectors: 1 }, { ...PARAMETERS, glif: { tier: 'none' } }).limits
    expect(takenOut).toMatchObject({
      value: needs('glif.faultySectorLimit'),
      atMost: (76125n * FIL) / 100n,
    })
  })

  test('without a tier knows the level of liquidation, not that of administration', () => {
    const glif = assess('glif', { outstanding: 800n * FIL }, NO_PACK_PARAMETERS)
    expect(glif.standing).toEqual(needs('glif.tier'))
    expect(assess('glif', { outstanding: 1000n * FIL }, NO_PACK_PARAMETERS).standing).toEqual(
      known('terminable'),
    )
  })

  // Its fee is that of full age, though the sectors are new: 85 against an exact 20.
  test('overstates the fee of young sectors, and the difference says by how much', () => {
    const { difference } = assess('glif', { terminationFee: 20n * FIL })
    expect(difference.find(({ name }) => name === 'feeEstimate')?.value).toEqual(known(-65n * FIL))
  })
})

describe('STFIL', () => {
  // 1,100 · 2/3, and 1,100 · (3 − 1).
  test('lends against the whole balance by leverage', () => {
    const stfil = assess('stfil')
    expect(limits(stfil)).toEqual({
      takenOut: [known((2200n * FIL) / 3n), 'maxLeverage'],
      sealed: [known(2200n * FIL), 'maxLeverage'],
      // 100 − 10 of what is not locked; the buffer of no debt is nothing.
      withdrawn: [known(90n * FIL), 'safetyBufferOfLockedFunds'],
    })
  })

  // 1,100 · 2/3 − 100, and 1,100 · 2 − 100 · 3.
  test('counts debt against what leverage carries', () => {
    expect(limits(assess('stfil', { outstanding: 100n * FIL }))).toMatchObject({
      takenOut: [known((1900n * FIL) / 3n), 'maxLeverage'],
      sealed: [known(1900n * FIL), 'maxLeverage'],
    })
  })

  // 1,100 / 3
  test('later lends less for withdrawing', () => {
    const later = assess('stfil', {}, { ...PARAMETERS, stfil: { mode: 'later' } })
    expect(limits(later)).toMatchObject({
      takenOut: [known((1100n * FIL) / 3n), 'maxLeverage'],
      sealed: [known(2200n * FIL), 'maxLeverage'],
    })
  })

  test('blocks withdrawals while the balance is within the safety buffer', () => {
    // At a leverage of 3 a debt of 733 FIL needs 1099.5, and one of 734 needs 1101.
    const withdrawn = (outstanding: bigint) => limits(assess('stfil', { outstanding }))['withdrawn']
    expect(withdrawn(733n * FIL)).toEqual([known(FIL / 2n), 'safetyBufferOfDebt'])
    expect(withdrawn(734n * FIL)).toEqual([known(0n), 'safetyBufferOfDebt'])
  })

  test('warns of nothing, and liquidates by a ratio that it does not publish', () => {
    const { compared, standing } = assess('stfil', { outstanding: 900n * FIL }, NO_PACK_PARAMETERS)
    expect(compared.warning.threshold).toEqual(none('no warning is published'))
    expect(standing).toEqual(needs('stfil.liquidationDebtRatio'))
    // 935 is 85 % of 1,100.
    expect(assess('stfil', { outstanding: 935n * FIL }).standing).toEqual(known('sound'))
    expect(assess('stfil', { outstanding: 935n * FIL + 1n }).standing).toEqual(known('terminable'))
  })

  // 1,100 · (0.85 − 2/3) / (1 − 2/3) = 605, of which 100 are there; what the provider has lost is 1,100 − 850/0.85.
  test('can pay a liquidation from what is available only', () => {
    const stfil = assess('stfil', { outstanding: 850n * FIL })
    expect(term(stfil, 'liquidationPayment')).toEqual(known(605n * FIL))
    expect(term(stfil, 'liquidationPaymentNow')).toEqual(known(100n * FIL))
    expect(term(stfil, 'providerLoss')).toEqual(known(100n * FIL))
  })
})

describe('FILLiquid', () => {
  // (1,100 · 0.5) / (1 − 0.5), and 1,100 · 0.5.
  test('lends against the raw balance', () => {
    expect(limits(assess('filliquid'))).toEqual({
      takenOut: [known(550n * FIL), 'collateralRate'],
      sealed: [known(1100n * FIL), 'collateralRate'],
    })
  })

  // (550 − 100) / 0.5, and 550 − 100.
  test('counts debt against what the balance carries', () => {
    expect(limits(assess('filliquid', { outstanding: 100n * FIL }))).toEqual({
      takenOut: [known(450n * FIL), 'collateralRate'],
      sealed: [known(900n * FIL), 'collateralRate'],
    })
  })

  test('lends no less than 10 FIL', () => {
    const limit = (outstanding: bigint) => limits(assess('filliquid', { outstanding }))['takenOut']
    expect(limit(540n * FIL)).toEqual([known(10n * FIL), 'collateralRate'])
    expect(limit(540n * FIL + 1n)).toEqual([known(0n), 'minLoan'])
    expect(limit(551n * FIL)).toEqual([known(0n), 'collateralRate'])
  })

  test('has at most five loans open, of which a miner without debt has none', () => {
    const limit = (outstanding: bigint, openLoans?: number) =>
      limits(assess('filliquid', { outstanding }, { ...PARAMETERS, filliquid: { openLoans } }))['takenOut']
    expect(limit(50n * FIL, 4)).toEqual([known(500n * FIL), 'collateralRate'])
    expect(limit(50n * FIL, 5)).toEqual([known(0n), 'maxLoans'])
    expect(limit(50n * FIL)).toEqual([needs('filliquid.openLoans'), null])
    expect(limit(0n)).toEqual([known(550n * FIL), 'collateralRate'])
  })

  // 75 % of 1,100 is 825, and 85 % is 935.
  test.each([
    { outstanding: 825n * FIL, standing: 'sound' },
    { outstanding: 825n * FIL + 1n, standing: 'warned' },
    { outstanding: 935n * FIL + 1n, standing: 'terminable' },
  ])('with a debt of $outstanding attoFIL is $standing', ({ outstanding, standing }) => {
    expect(assess('filliquid', { outstanding }).standing).toEqual(known(standing))
  })

  test('repays 90 % of what is available, nothing when nothing is, and fails in fee debt', () => {
    expect(term(assess('filliquid'), 'liquidationRepays')).toEqual(known(90n * FIL))
    expect(term(assess('filliquid', withSheet({ availableBalance: 0n })), 'liquidationRepays')).toEqual(
      known(0n),
    )
    expect(term(assess('filliquid', withSheet({ feeDebt: 1n })), 'liquidationRepays')).toEqual(
      none('a liquidation fails while the payer is in fee debt'),
    )
  })

  test('has bad debt where the principal is more than the balance', () => {
    const badDebt = (principal: bigint) =>
      term(assess('filliquid', {}, { ...PARAMETERS, filliquid: { principal } }), 'badDebt')
    expect(badDebt(1100n * FIL)).toEqual(known(0n))
    expect(badDebt(1101n * FIL)).toEqual(known(FIL))
  })
})

describe('Filus', () => {
  // 1,000 − 85 + 100, and 100 of income: 0.75 · 1,115.
  test('lends against pledge, available balance and future income', () => {
    const filus = assess('filus')
    expect(limits(filus)).toEqual({ takenOut: [known((83625n * FIL) / 100n), 'maxDebtRatio'] })
    expect(term(filus, 'collateralWithoutIncome')).toEqual(known(1015n * FIL))
    expect(term(filus, 'futureIncome')).toEqual(known(100n * FIL))
  })

  // 836.25 − 100
  test('counts debt against what the collateral carries', () => {
    const filus = assess('filus', { outstanding: 100n * FIL })
    expect(limits(filus)['takenOut']).toEqual([known((73625n * FIL) / 100n), 'maxDebtRatio'])
  })

  // 0.75 · 1,015
  test('without income lends what is 75 % of the rest', () => {
    const none = assess('filus', {}, { ...PARAMETERS, filus: { futureIncome: 0n } })
    expect(limits(none)['takenOut']).toEqual([known((76125n * FIL) / 100n), 'maxDebtRatio'])
  })

  test('needs the income that it does not publish; the rest of the collateral is known', () => {
    const filus = assess('filus', { outstanding: 1n }, NO_PACK_PARAMETERS)
    expect(filus.value.value).toEqual(needs('filus.futureIncome'))
    expect(filus.standing).toEqual(needs('filus.futureIncome'))
    expect(filus.limits[0]).toMatchObject({ value: needs('filus.futureIncome'), atMost: null })
    expect(term(filus, 'collateralWithoutIncome')).toEqual(known(1015n * FIL))
  })
})

describe('rules of one’s own', () => {
  const custom = (rules: PackParameters['custom'][number], subject: Partial<PackSubject> = {}) =>
    assess('custom', subject, { ...PARAMETERS, custom: [rules] })

  test('compare what is left after debt with amounts', () => {
    const figures = custom(
      {
        name: 'house',
        deductions: ['terminationFee', 'buffer'],
        levels: { compared: 'valueAfterDebt', warning: 50n * FIL, termination: 20n * FIL },
      },
      { outstanding: 960n * FIL },
    )
    // 1,100 − 85 − 15 = 1,000, of which 960 are lent.
    expect(figures.value).toMatchObject({ value: known(1000n * FIL) })
    expect(figures.standing).toEqual(known('warned'))
    expect(limits(figures)).toEqual({ takenOut: [known(40n * FIL), 'valueAfterDebt'] })
  })

  test('compare the ratio of debt with ratios', () => {
    const figures = custom(
      {
        name: 'house',
        deductions: ['terminationFee', 'initialPledge'],
        levels: { compared: 'debtRatio', max: { num: 1n, denom: 2n } },
      },
      { outstanding: 5n * FIL },
    )
    // 1,100 − 85 − 1,000 = 15; half of it is 7.5.
    expect(figures.standing).toEqual(needs('custom.termination', 'custom.warning'))
    expect(limits(figures)).toEqual({ takenOut: [known((25n * FIL) / 10n), 'maxDebtRatio'] })
  })
})

describe('a miner whose fee is not known', () => {
  const NOT_KNOWN = unknown('sectors lack the rewards that the fee rules need')

  test('has the figures of the packs that do not ask for it', () => {
    const subject = { terminationFee: null, queuedTerminationFee: null }
    expect(limits(assess('repl', subject))['takenOut']).toEqual([NOT_KNOWN, null])
    expect(limits(assess('filus', subject))['takenOut']).toEqual([NOT_KNOWN, null])
    expect(limits(assess('glif', subject))['sealed']).toEqual([known(3045n * FIL), 'maxDtl'])
    expect(limits(assess('stfil', subject))['sealed']).toEqual([known(2200n * FIL), 'maxLeverage'])
  })
})

describe('without any parameters', () => {
  test('every pack names what it needs, and none makes anything up', () => {
    const packs = assessPacks({ ...SUBJECT, outstanding: 50n * FIL, buffer: null }, NO_PACK_PARAMETERS)
    expect(packs.map((figures) => [figures.pack, missingOf(figures)])).toEqual([
      [
        'repl',
        [
          'repl.warningThreshold',
          'repl.terminationThreshold',
          'buffer',
          'repl.filPerPfil',
          'repl.agreementDay',
        ],
      ],
      ['glif', ['glif.tier']],
      ['stfil', ['stfil.liquidationDebtRatio', 'stfil.mode', 'stfil.withdrawMargin']],
      ['filliquid', ['filliquid.openLoans', 'filliquid.principal']],
      ['filus', ['filus.futureIncome']],
    ])
  })
})
