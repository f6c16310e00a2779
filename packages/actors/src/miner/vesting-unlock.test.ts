import { fc, test } from '@fast-check/vitest'
import { anyPositiveAmount, anyVestingTable } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { REWARD_VESTING_SPEC, type VestSpec } from './policy.ts'
import {
  addLockedFunds,
  sumOfFunds,
  takeVested,
  unlockVestedAndUnvestedFunds,
  type VestingTable,
} from './vesting-state.ts'

const anyEpoch = fc.nat(120_000)

describe('takeVested', () => {
  const table = [
    { epoch: 10, amount: 5n },
    { epoch: 20, amount: 7n },
  ]
  // Source: builtin-actors v18, `vesting_state.rs`, `take_vested`: a step is still locked in its own epoch.
  test.each([
    { currEpoch: 10, vested: 0n, remaining: table },
    { currEpoch: 11, vested: 5n, remaining: table.slice(1) },
    { currEpoch: 20, vested: 5n, remaining: table.slice(1) },
    { currEpoch: 21, vested: 12n, remaining: [] },
  ])('at epoch $currEpoch unlocks $vested attoFIL', ({ currEpoch, vested, remaining }) => {
    expect(takeVested(table, currEpoch)).toEqual({ vested, unvested: 0n, remaining })
  })

  test.prop([anyVestingTable, anyEpoch])('neither creates nor loses funds', (table, currEpoch) => {
    const { vested, unvested, remaining } = takeVested(table, currEpoch)
    expect(vested + unvested + sumOfFunds(remaining)).toBe(sumOfFunds(table))
    expect(remaining.every(({ epoch }) => epoch >= currEpoch)).toBe(true)
  })
})

describe('addLockedFunds', () => {
  const spec = (initialDelay: number, vestPeriod: number, stepDuration: number, quantization: number) => ({
    initialDelay,
    vestPeriod,
    stepDuration,
    quantization,
  })

  // Source: builtin-actors v18, `actors/miner/tests/vesting_add_locked_funds_table.rs`: 100 attoFIL are locked 10
  // epochs into a proving period; `vested` is what unlocks in that epoch and in each after it.
  test.each([
    { in: 'a single epoch', spec: spec(0, 1, 1, 1), start: 0, vested: [0, 0, 100, 0] },
    { in: '2 epochs', spec: spec(0, 2, 1, 1), start: 0, vested: [0, 0, 50, 50, 0] },
    { in: '2 epochs on a grid of 2', spec: spec(0, 2, 1, 2), start: 0, vested: [0, 0, 0, 100, 0] },
    { in: '3 epochs', spec: spec(0, 3, 1, 1), start: 0, vested: [0, 0, 33, 33, 34, 0] },
    { in: '3 epochs on a grid of 2', spec: spec(0, 3, 1, 2), start: 0, vested: [0, 0, 0, 66, 0, 34, 0] },
    { in: 'one step of 2', spec: spec(0, 2, 2, 1), start: 0, vested: [0, 0, 0, 100, 0] },
    { in: '5 epochs by 2', spec: spec(0, 5, 2, 1), start: 0, vested: [0, 0, 0, 40, 0, 40, 0, 20, 0] },
    {
      in: '5 epochs by 2 after 1',
      spec: spec(1, 5, 2, 1),
      start: 0,
      vested: [0, 0, 0, 0, 40, 0, 40, 0, 20, 0],
    },
    {
      in: '5 epochs by 2 on a grid of 2',
      spec: spec(0, 5, 2, 2),
      start: 0,
      vested: [0, 0, 0, 40, 0, 40, 0, 20, 0],
    },
    { in: '5 epochs by 3', spec: spec(0, 5, 3, 1), start: 0, vested: [0, 0, 0, 0, 60, 0, 0, 40, 0] },
    {
      in: '5 epochs by 3 on a grid of 2',
      spec: spec(0, 5, 3, 2),
      start: 0,
      vested: [0, 0, 0, 0, 0, 80, 0, 20, 0],
    },
    {
      in: 'a step longer than the period',
      spec: spec(0, 5, 6, 1),
      start: 0,
      vested: [0, 0, 0, 0, 0, 0, 0, 100, 0],
    },
    {
      in: '5 epochs after 5',
      spec: spec(5, 5, 1, 1),
      start: 0,
      vested: [0, 0, 0, 0, 0, 0, 0, 20, 20, 20, 20, 20, 0],
    },
    ...[0, 1, 55].map((start) => ({
      in: `10 epochs by 2 on a grid from ${start}`,
      spec: spec(0, 10, 2, 2),
      start,
      vested: [0, 0, 0, 20, 0, 20, 0, 20, 0, 20, 0, 20],
    })),
    {
      in: 'steps smaller than the grid',
      spec: spec(0, 10, 1, 5),
      start: 0,
      vested: [0, 0, 0, 0, 0, 0, 50, 0, 0, 0, 0, 50],
    },
  ])('vests in $in', ({ spec: vestSpec, start, vested }) => {
    const begin = start + 10
    let { vested: unlocked, remaining } = addLockedFunds([], begin, 100n, start, vestSpec)
    const seen = vested.map((_, i) => {
      ;({ vested: unlocked, remaining } = takeVested(remaining, begin + i))
      return Number(unlocked)
    })
    expect(seen).toEqual(vested)
    expect(sumOfFunds(remaining)).toBe(0n)
  })

  // Source: the same repository, `vesting_add_locked_funds.rs`: steps of 5 in 27 epochs on a grid of 7.
  test.each([
    { currEpoch: 21, vested: 0n },
    { currEpoch: 22, vested: 40n },
    { currEpoch: 28, vested: 40n },
    { currEpoch: 29, vested: 66n },
    { currEpoch: 36, vested: 92n },
    { currEpoch: 42, vested: 92n },
    { currEpoch: 43, vested: 100n },
  ])('steps, period and grid need no common divisor: $vested of 100 by epoch $currEpoch', (row) => {
    const { remaining } = addLockedFunds([], 10, 100n, 0, spec(0, 27, 5, 7))
    expect(takeVested(remaining, row.currEpoch).vested).toBe(row.vested)
  })

  test('adds steps of the same epoch together and keeps the others in order', () => {
    const old = [
      { epoch: 10, amount: 1n },
      { epoch: 12, amount: 2n },
      { epoch: 15, amount: 3n },
    ]
    // 4 attoFIL in 4 epochs of one each, 11 to 14.
    expect(addLockedFunds(old, 10, 4n, 0, spec(0, 4, 1, 1))).toEqual({
      vested: 0n,
      unvested: 0n,
      remaining: [
        { epoch: 10, amount: 1n },
        { epoch: 11, amount: 1n },
        { epoch: 12, amount: 3n },
        { epoch: 13, amount: 1n },
        { epoch: 14, amount: 1n },
        { epoch: 15, amount: 3n },
      ],
    })
  })

  test('unlocks what had vested before', () => {
    const old = [
      { epoch: 9, amount: 1n },
      { epoch: 10, amount: 2n },
    ]
    const { vested, remaining } = addLockedFunds(old, 10, 0n, 0, REWARD_VESTING_SPEC)
    expect({ vested, remaining }).toEqual({ vested: 1n, remaining: old.slice(1) })
  })

  // 180 days by one day on a grid of half a day: the last step is the first that is 180 days later or more.
  test('of rewards makes a step for each of 180 days, on the grid of the proving period', () => {
    const { remaining } = addLockedFunds([], 10_000, 10n ** 18n, 345, REWARD_VESTING_SPEC)
    expect(remaining).toHaveLength(180)
    expect(remaining[0]).toEqual({ epoch: 13_305, amount: 6_375_385_802_469_135n })
    expect(remaining.every(({ epoch }) => (epoch - 345) % 1440 === 0)).toBe(true)
    expect(remaining.at(-1)?.epoch).toBe(13_305 + 179 * 2880)
  })

  // Steps are no shorter than the grid, as with rewards, so that each has an epoch of its own.
  const anySpec: fc.Arbitrary<VestSpec> = fc.oneof(
    fc.constant(REWARD_VESTING_SPEC),
    fc
      .tuple(fc.nat(50), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 60 }), fc.nat(60))
      .map(([delay, period, grid, more]) => spec(delay, period, grid + more, grid)),
  )

  test.prop([anyVestingTable, anyEpoch, anyPositiveAmount, fc.nat(5000), anySpec])(
    'neither creates nor loses funds, and keeps the table ascending without equal epochs',
    (table, currEpoch, sum, periodStart, vestSpec) => {
      const { vested, unvested, remaining } = addLockedFunds(table, currEpoch, sum, periodStart, vestSpec)
      expect(vested + unvested + sumOfFunds(remaining)).toBe(sumOfFunds(table) + sum)
      expect(remaining.every(({ epoch }, i) => i === 0 || (remaining[i - 1]?.epoch ?? 0) < epoch)).toBe(true)
    },
  )

  test.prop([anyEpoch, anyPositiveAmount, fc.nat(5000)])(
    'follows the straight line at every step, rounded down',
    (currEpoch, sum, periodStart) => {
      const { remaining } = addLockedFunds([], currEpoch, sum, periodStart, REWARD_VESTING_SPEC)
      let soFar = 0n
      for (const { epoch, amount } of remaining) {
        soFar += amount
        const due = sum * BigInt(Math.min(epoch - currEpoch, 518_400))
        expect(soFar * 518_400n <= due && due < (soFar + 1n) * 518_400n).toBe(true)
      }
    },
  )
})

describe('unlockVestedAndUnvestedFunds', () => {
  const steps = (...pairs: readonly (readonly [epoch: number, amount: bigint])[]): VestingTable =>
    pairs.map(([epoch, amount]) => ({ epoch, amount }))
  const twenties = steps([101, 20n], [102, 20n], [103, 20n], [104, 20n], [105, 20n])

  // Source: builtin-actors v18, `actors/miner/tests/vesting_unvested_funds.rs`.
  test.each([
    {
      rule: 'reduces the step that the target ends in',
      target: 39n,
      unvested: 39n,
      remaining: steps([102, 1n], [103, 20n], [104, 20n], [105, 20n]),
    },
    {
      rule: 'keeps a step that the target empties',
      target: 40n,
      unvested: 40n,
      remaining: steps([102, 0n], [103, 20n], [104, 20n], [105, 20n]),
    },
    {
      rule: 'takes the head only where that is enough',
      target: 20n,
      unvested: 20n,
      remaining: steps([101, 0n], [102, 20n], [103, 20n], [104, 20n], [105, 20n]),
    },
    { rule: 'takes nothing for nothing', target: 0n, unvested: 0n, remaining: twenties },
    { rule: 'can take all', target: 100n, unvested: 100n, remaining: steps([105, 0n]) },
    { rule: 'takes no more than there is', target: 200n, unvested: 100n, remaining: [] },
  ])('$rule', ({ target, unvested, remaining }) => {
    expect(unlockVestedAndUnvestedFunds(twenties, 100, target)).toEqual({ vested: 0n, unvested, remaining })
  })

  test('does not count what has vested against the target', () => {
    // 2 attoFIL in each epoch from 11 to 60, of which 38 have vested at epoch 30.
    const table = Array.from({ length: 50 }, (_, i) => ({ epoch: 11 + i, amount: 2n }))
    expect(unlockVestedAndUnvestedFunds(table, 30, 60n)).toEqual({
      vested: 38n,
      unvested: 60n,
      remaining: [
        { epoch: 59, amount: 0n },
        { epoch: 60, amount: 2n },
      ],
    })
  })

  test.prop([anyVestingTable, anyEpoch, anyPositiveAmount])(
    'neither creates nor loses funds, and never takes more than the target before its time',
    (table, currEpoch, target) => {
      const { vested, unvested, remaining } = unlockVestedAndUnvestedFunds(table, currEpoch, target)
      const locked = sumOfFunds(table.filter(({ epoch }) => epoch >= currEpoch))
      expect(vested + unvested + sumOfFunds(remaining)).toBe(sumOfFunds(table))
      expect(vested).toBe(sumOfFunds(table) - locked)
      expect(unvested).toBe(target < locked ? target : locked)
    },
  )

  test.prop([anyVestingTable, anyEpoch, anyPositiveAmount])(
    'takes the earliest first',
    (table, currEpoch, target) => {
      const { remaining } = unlockVestedAndUnvestedFunds(table, currEpoch, target)
      // All steps but the first are as they were.
      const untouched = remaining.length <= 1 ? [] : table.slice(1 - remaining.length)
      expect(remaining.slice(1)).toEqual(untouched)
    },
  )
})

describe('sumOfFunds', () => {
  test('of no funds is zero', () => {
    expect(sumOfFunds([])).toBe(0n)
  })
})
