import { readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { isDrawn, parseStressFile, StressFileError } from './stress-file.ts'

const EXAMPLE = new URL('../../../../examples/stress.json', import.meta.url)
const ONE = 10n ** 18n

const fileWith = (shock: object, rest: object = {}) => ({
  ...{ format: 1, days: 30, draws: 10, levels: ['0.95'] },
  shocks: [{ name: 'shock', ...shock }],
  ...rest,
})
const faults = (share: unknown, days: unknown = '7') => ({ faults: { share, days } })

describe('a stress file', () => {
  test('that ships as an example is read', () => {
    const { shocks } = parseStressFile(JSON.parse(readFileSync(EXAMPLE, 'utf8')))
    expect(shocks.some((shock) => isDrawn(shock))).toBe(true)
    expect(shocks.some((shock) => !isDrawn(shock))).toBe(true)
  })

  test('has values in 10^-18 and amounts in attoFIL, and defaults that change nothing', () => {
    const { shocks } = parseStressFile(fileWith({ ...faults('0.25'), feeDebt: '2 FIL', network: {} }))
    expect(shocks).toEqual([
      {
        name: 'shock',
        faults: {
          share: { kind: 'fixed', value: 250_000_000_000_000_000n },
          days: { kind: 'fixed', value: 7n * ONE },
          of: 'sectors',
        },
        feeDebt: { kind: 'fixed', value: 2n * ONE },
        network: {
          power: { kind: 'fixed', value: ONE },
          reward: { kind: 'fixed', value: ONE },
          estimates: 'follow',
        },
        price: { kind: 'fixed', value: ONE },
      },
    ])
  })

  test('has outcomes by their value', () => {
    const share = { kind: 'empirical', values: ['0.5', '0.25'], correlation: '-1' }
    const { shocks } = parseStressFile(fileWith(faults(share)))
    expect(shocks[0]?.faults?.share).toEqual({
      kind: 'drawn',
      distribution: {
        kind: 'discrete',
        outcomes: [
          { value: 250_000_000_000_000_000n, weight: 1n },
          { value: 500_000_000_000_000_000n, weight: 1n },
        ],
      },
      correlation: -ONE,
    })
  })

  test.each([
    { json: fileWith({ fautls: {} }), place: 'shocks.0' },
    { json: fileWith(faults('1.01')), place: 'shocks.0.faults.share' },
    { json: fileWith(faults('-0.1')), place: 'shocks.0.faults.share' },
    { json: fileWith(faults(0.5)), place: 'shocks.0.faults.share' },
    { json: fileWith(faults('0.1', '-1')), place: 'shocks.0.faults.days' },
    { json: fileWith({ feeDebt: '-1 FIL' }), place: 'shocks.0.feeDebt' },
    { json: fileWith({ price: '0' }), place: 'shocks.0.price' },
    { json: fileWith({ network: { power: '0' } }), place: 'shocks.0.network.power' },
    { json: fileWith({ network: { estimates: 'leap' } }), place: 'shocks.0.network.estimates' },
    { json: fileWith(faults({ kind: 'cauchy' })), place: 'shocks.0.faults.share.kind' },
    {
      json: fileWith(faults({ kind: 'uniform', from: '0.1', to: '0.2', correlation: '1.1' })),
      place: 'shocks.0.faults.share.correlation',
    },
    {
      json: fileWith(faults({ kind: 'uniform', from: '0.3', to: '0.2' })),
      place: 'shocks.0.faults.share.to',
    },
    {
      json: fileWith(faults({ kind: 'normal', mean: '0.1', deviation: '0', from: '0', to: '1' })),
      place: 'shocks.0.faults.share.deviation',
    },
    {
      json: fileWith(faults({ kind: 'discrete', outcomes: [{ value: '0.1', weight: 0 }] })),
      place: 'shocks.0.faults.share.outcomes.0.weight',
    },
    { json: fileWith(faults({ kind: 'empirical', values: [] })), place: 'shocks.0.faults.share.values' },
    { json: fileWith({ miners: ['t3'] }), place: 'shocks.0.miners.0' },
    { json: fileWith({}, { days: -1 }), place: 'days' },
    { json: fileWith({}, { shocks: [] }), place: 'shocks' },
    { json: fileWith({}, { shocks: [{ name: 'a' }, { name: 'a' }] }), place: 'shocks.1.name' },
    { json: fileWith({}, { levels: ['1'] }), place: 'levels.0' },
    { json: fileWith({}, { format: 2 }), place: 'format' },
    {
      json: fileWith({ consensusFault: { chance: '0.5' } }, { draws: undefined }),
      place: 'shocks.0',
    },
    { json: [], place: 'the file' },
  ])('is refused with its place: $place', ({ json, place }) => {
    expect(() => parseStressFile(json)).toThrow(
      expect.objectContaining({ code: 'INVALID_STRESS_FILE', data: { place } }),
    )
  })

  test.prop([fc.jsonValue()])('is anything at all, and then refused by its own error', (json) => {
    expect(() => parseStressFile(json)).toThrow(StressFileError)
  })
})
