import { test as property } from '@fast-check/vitest'
import type { ActorId } from '@plimsoll/primitives'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MinerPower } from './load-miner-powers.ts'
import { type RowTerms, spec2019Rows, todaysRows } from './power-rows.ts'
import type { Ratio } from './ratio.ts'
import { SPEC2019_DEFAULTS } from './spec2019.ts'

const TIB = 1n << 40n

const terms: RowTerms = { measure: 'qa', minimumPower: 10n * TIB, thisEpochReward: 100n }

function minerOf(index: number, rawTib: bigint, changes: Partial<MinerPower> = {}): MinerPower {
  return {
    miner: (1000 + index) as ActorId,
    claimed: { raw: rawTib * TIB, qa: rawTib * TIB },
    hasMiner: true,
    feeDebt: 0n,
    isConsensusFaultActive: false,
    isDetectedFault: false,
    isUnderCollateralised: false,
    ...changes,
  }
}

describe("today's rows", () => {
  // Five winners an epoch and 2,880 epochs: a tenth of the power wins 1,440 times, and a fifth of 100 attoFIL each.
  test('expect of a share its part of the wins and of the rewards of a day', () => {
    const { rows, total } = todaysRows([minerOf(0, 10n), minerOf(1, 90n)], terms)
    expect(total).toBe(100n * TIB)
    const [first] = rows
    expect(first).toMatchObject({ nominal: 10n * TIB, reasons: [], rewardPerDay: 28_800n })
    expect(isSame(first?.winsPerDay, { num: 1440n, denom: 1n })).toBe(true)
  })

  test('round the rewards of a day down', () => {
    // 100 × 2,880 / 3 is whole; 7 × 2,880 / 11 is 1,832.7….
    const miners = [minerOf(0, 1n), minerOf(1, 10n)]
    expect(todaysRows(miners, { ...terms, thisEpochReward: 7n }).rows[0]?.rewardPerDay).toBe(1832n)
  })

  test.each([
    { of: 'a miner in debt', changes: { feeDebt: 1n }, reasons: ['feeDebt'] },
    { of: 'an excluded miner', changes: { isConsensusFaultActive: true }, reasons: ['consensusFault'] },
    {
      of: 'a miner that is both',
      changes: { feeDebt: 1n, isConsensusFaultActive: true },
      reasons: ['feeDebt', 'consensusFault'],
    },
  ])('leave the power of $of in the total, and it wins nothing', ({ changes, reasons }) => {
    const { rows, total } = todaysRows([minerOf(0, 50n, changes), minerOf(1, 50n)], terms)
    expect(total).toBe(100n * TIB)
    expect(rows[0]).toMatchObject({ nominal: 50n * TIB, reasons, rewardPerDay: 0n, winsPerDay: { num: 0n } })
    // The others win no more than their share of the whole.
    expect(rows[1]?.rewardPerDay).toBe(144_000n)
  })

  test('count nothing of a miner below the minimum once four are above it', () => {
    const large = [0, 1, 2, 3].map((index) => minerOf(index, 10n))
    const { rows, total, minimum } = todaysRows([...large, minerOf(4, 9n), minerOf(5, 0n)], terms)
    expect([total, minimum]).toEqual([40n * TIB, 10n * TIB])
    expect(rows[4]).toMatchObject({ nominal: 0n, reasons: ['belowMinimum'], share: { num: 0n } })
    expect(rows[5]?.reasons).toEqual(['noPower'])
    const few = todaysRows([...large.slice(1), minerOf(4, 9n)], terms)
    expect([few.rows[3]?.reasons, few.minimum]).toEqual([[], 0n])
  })
})

describe('the rows of 2019', () => {
  const onRaw: RowTerms = { ...terms, measure: 'raw' }

  test('say why a miner is not eligible', () => {
    const miners = [
      minerOf(0, 100n),
      minerOf(1, 99n),
      minerOf(2, 0n),
      minerOf(3, 0n, { isDetectedFault: true }),
      minerOf(4, 200n, { isUnderCollateralised: true }),
      minerOf(5, 0n, { isDetectedFault: true, isUnderCollateralised: true }),
    ]
    expect(spec2019Rows(miners, SPEC2019_DEFAULTS, onRaw).rows.map(({ reasons }) => reasons)).toEqual([
      [],
      ['belowMinimum'],
      ['noPower'],
      ['detectedFault'],
      ['underCollateralised'],
      ['detectedFault', 'underCollateralised'],
    ])
    const ignoring = { ...SPEC2019_DEFAULTS, zeroesUnderCollateralised: false }
    const rows = spec2019Rows(miners, ignoring, onRaw).rows
    expect([rows[4]?.reasons, rows[5]?.reasons]).toEqual([[], ['detectedFault']])
  })

  test('do not know fee debt and consensus faults', () => {
    const miner = minerOf(0, 1n, { feeDebt: 1n, isConsensusFaultActive: true })
    expect(spec2019Rows([miner], SPEC2019_DEFAULTS, onRaw).rows[0]?.reasons).toEqual([])
  })

  test('keep the effect of the measure apart from that of the rule', () => {
    // Raw 100 and 50 TiB; the smaller one at quality 10. Today: 1/6 and 5/6 of 600 TiB. On raw power 2/3 and 1/3.
    // In 2019 the larger one alone, of the minimum size, has everything.
    const verified = minerOf(1, 50n, { claimed: { raw: 50n * TIB, qa: 500n * TIB } })
    const [large, small] = spec2019Rows([minerOf(0, 100n), verified], SPEC2019_DEFAULTS, onRaw).rows
    const expectations: readonly (readonly [Ratio | undefined, Ratio])[] = [
      [large?.comparison?.today, { num: 1n, denom: 6n }],
      [large?.comparison?.todayInMeasure, { num: 2n, denom: 3n }],
      [large?.comparison?.measureEffect, { num: 1n, denom: 2n }],
      [large?.comparison?.ruleEffect, { num: 1n, denom: 3n }],
      [large?.share, { num: 1n, denom: 1n }],
      [small?.comparison?.measureEffect, { num: -1n, denom: 2n }],
      [small?.comparison?.ruleEffect, { num: -1n, denom: 3n }],
      [small?.share, { num: 0n, denom: 1n }],
    ]
    for (const [actual, expected] of expectations) {
      expect(isSame(actual, expected)).toBe(true)
    }
  })

  const anyMiner = fc
    .tuple(fc.bigInt(0n, 150n), fc.bigInt(1n, 10n), fc.boolean(), fc.boolean())
    .map(([tib, quality, isDetectedFault, isUnderCollateralised]) =>
      minerOf(0, tib, {
        claimed: { raw: tib * TIB, qa: quality * tib * TIB },
        isDetectedFault,
        isUnderCollateralised,
      }),
    )

  property.prop([fc.array(anyMiner, { maxLength: 8 }), fc.constantFrom('raw', 'qa')])(
    "have shares that are today's and both effects, and all of them are the whole",
    (miners, measure) => {
      const { rows, total } = spec2019Rows(miners, SPEC2019_DEFAULTS, { ...terms, measure })
      for (const { share, comparison } of rows) {
        const { today, measureEffect, ruleEffect } = comparison as NonNullable<typeof comparison>
        expect(isSame(share, add(add(today, measureEffect), ruleEffect))).toBe(true)
      }
      const whole = rows.reduce((sum, { share }) => add(sum, share), { num: 0n, denom: 1n })
      expect(isSame(whole, { num: total > 0n ? 1n : 0n, denom: 1n })).toBe(true)
    },
  )
})

function add(a: Ratio, b: Ratio): Ratio {
  return { num: a.num * b.denom + b.num * a.denom, denom: a.denom * b.denom }
}

function isSame(a: Ratio | undefined, b: Ratio): boolean {
  return a !== undefined && a.num * b.denom === b.num * a.denom
}
