import { fc, test } from '@fast-check/vitest'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { filterEstimate } from '../smooth/alpha-beta-filter.ts'
import { expectedRewardForPower } from './monies.ts'
import {
  pledgePenaltyForTerminationV15,
  TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
} from './monies-v15.ts'

const DAY = 2880
const NOTHING = {
  dayReward: 0n,
  twentyDayRewardAtActivation: 0n,
  replacedDayReward: 0n,
  replacedSectorAge: 0,
}

describe('pledgePenaltyForTerminationV15', () => {
  // Source: builtin-actors v15.0.0, `actors/miner/tests/pledge_penalty_for_termination.rs`; the formulas of its
  // expectations with 34,634,616,274,944 attoFIL a day, and twenty times as much for twenty days.
  const dayReward = 34634616274944n
  const twentyDayRewardAtActivation = 20n * dayReward
  const lowerBound = 692692325498880n
  test.each([
    {
      rule: 'is the lower bound where the recorded rewards are less',
      recorded: { ...NOTHING, dayReward: 51n, twentyDayRewardAtActivation: 1020n },
      age: 20 * DAY,
      bound: lowerBound,
      fee: lowerBound,
    },
    {
      rule: 'is the recorded 20 days and half of each day of its age',
      recorded: { ...NOTHING, dayReward, twentyDayRewardAtActivation },
      age: 20 * DAY,
      bound: lowerBound,
      fee: 1039038488248320n,
    },
    {
      rule: 'counts at most 140 days',
      recorded: { ...NOTHING, dayReward, twentyDayRewardAtActivation },
      age: 500 * DAY,
      bound: lowerBound,
      fee: 3117115464744960n,
    },
    {
      rule: 'counts the age of a sector that it replaced',
      recorded: {
        dayReward,
        twentyDayRewardAtActivation,
        replacedDayReward: dayReward,
        replacedSectorAge: 18 * DAY,
      },
      age: 2 * DAY,
      bound: 0n,
      fee: 1039038488248320n,
    },
    {
      rule: 'counts nothing of it where the sector itself has 140 days',
      recorded: {
        dayReward,
        twentyDayRewardAtActivation,
        replacedDayReward: dayReward,
        replacedSectorAge: 20 * DAY,
      },
      age: 141 * DAY,
      bound: 0n,
      fee: 3117115464744960n,
    },
    {
      rule: 'counts the days of that sector by the reward of that sector',
      recorded: {
        dayReward,
        twentyDayRewardAtActivation,
        replacedDayReward: 2n * dayReward,
        replacedSectorAge: 20 * DAY,
      },
      age: 15 * DAY,
      bound: 0n,
      fee: 1645144273059840n,
    },
  ])('$rule', ({ recorded, age, bound, fee }) => {
    expect(pledgePenaltyForTerminationV15(recorded, age, bound)).toBe(fee)
  })

  // Source: filecoin-project/fvm-test-vectors, TerminateSectors messages of one sector each: what the chain took.
  test.each([
    {
      miner: 'f0755650',
      age: 235267,
      day: 1990570406271680n,
      twenty: 37711874746033245n,
      fee: 119016653873172019n,
    },
    {
      miner: 'f01208189',
      age: 793,
      day: 5921730779745315n,
      twenty: 116472371114242484n,
      fee: 117287637174717837n,
    },
    {
      miner: 'f01918123',
      age: 14352,
      day: 345007128432425n,
      twenty: 6681448216530304n,
      fee: 7541090978207762n,
    },
    {
      miner: 'f02118084',
      age: 610,
      day: 3399012400840140n,
      twenty: 65702261673724248n,
      fee: 66062226528674332n,
    },
  ])('is what mainnet took from $miner for a sector of $age epochs', ({ age, day, twenty, fee }) => {
    const recorded = { ...NOTHING, dayReward: day, twentyDayRewardAtActivation: twenty }
    expect(pledgePenaltyForTerminationV15(recorded, age, 0n)).toBe(fee)
  })

  // Two attoFIL a day are one a day after the half: 403,200 epochs are the last that count.
  test.each([
    { age: 2879, fee: 0n },
    { age: 2880, fee: 1n },
    { age: 403_199, fee: 139n },
    { age: 403_200, fee: 140n },
    { age: 406_080, fee: 140n },
  ])('of 2 attoFIL a day at an age of $age epochs is $fee', ({ age, fee }) => {
    expect(pledgePenaltyForTerminationV15({ ...NOTHING, dayReward: 2n }, age, 0n)).toBe(fee)
  })

  test.each([
    { replacedSectorAge: 2880, fee: 139n + 1n },
    { replacedSectorAge: 2881, fee: 139n + 1n },
    { replacedSectorAge: 2879, fee: 139n },
  ])('of 139 days and $replacedSectorAge replaced epochs is $fee', ({ replacedSectorAge, fee }) => {
    const recorded = { ...NOTHING, dayReward: 2n, replacedDayReward: 2n, replacedSectorAge }
    expect(pledgePenaltyForTerminationV15(recorded, 139 * DAY, 0n)).toBe(fee)
  })

  test('rounds the half of the rewards over a day down', () => {
    // 3 · 1919 is 5757, half of it 2878.5, less than a day of epochs; half of 3 · 1920 is a day.
    expect(pledgePenaltyForTerminationV15({ ...NOTHING, dayReward: 3n }, 1919, 0n)).toBe(0n)
    expect(pledgePenaltyForTerminationV15({ ...NOTHING, dayReward: 3n }, 1920, 0n)).toBe(1n)
  })

  test.each([
    { lowerBound: 7n, fee: 8n },
    { lowerBound: 8n, fee: 8n },
    { lowerBound: 9n, fee: 9n },
  ])('of 8 attoFIL against a lower bound of $lowerBound is $fee', ({ lowerBound, fee }) => {
    expect(
      pledgePenaltyForTerminationV15({ ...NOTHING, twentyDayRewardAtActivation: 8n }, 0, lowerBound),
    ).toBe(fee)
  })

  const anyAge = fc.nat(2_000_000)
  const anyRecorded = fc.record({
    dayReward: anyPositiveAmount,
    twentyDayRewardAtActivation: anyPositiveAmount,
    replacedDayReward: anyPositiveAmount,
    replacedSectorAge: anyAge,
  })

  test.prop([anyRecorded, anyAge, anyPositiveAmount])(
    'is at most the lower bound, or 20 days and 70 of the better reward',
    (recorded, age, lowerBound) => {
      const { dayReward, replacedDayReward, twentyDayRewardAtActivation } = recorded
      const better = dayReward > replacedDayReward ? dayReward : replacedDayReward
      const most = twentyDayRewardAtActivation + 70n * better
      const fee = pledgePenaltyForTerminationV15(recorded, age, lowerBound)
      expect(fee).toBeGreaterThanOrEqual(lowerBound)
      expect(fee).toBeGreaterThanOrEqual(twentyDayRewardAtActivation)
      expect(fee).toBeLessThanOrEqual(most > lowerBound ? most : lowerBound)
    },
  )
})

describe('TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD', () => {
  // Source: the same test: the lower bound there is the reward of 3.5 days of 64 GiB on a network of 2^50 bytes
  // that earns 2^50 attoFIL an epoch.
  test('is 3.5 days', () => {
    const constant = filterEstimate(1n << 50n, 0n)
    const bound = expectedRewardForPower(
      { reward: constant, qaPower: constant },
      1n << 36n,
      TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
    )
    expect(bound).toBe(692692325498880n)
  })
})
