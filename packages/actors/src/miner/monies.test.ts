import { fc, test } from '@fast-check/vitest'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { filterEstimate } from '../smooth/alpha-beta-filter.ts'
import {
  BASE_REWARD_FOR_DISPUTED_WINDOW_POST,
  CONTINUED_FAULT_PROJECTION_PERIOD,
  consensusFaultPenalty,
  expectedRewardForPower,
  expectedRewardForPowerClampedAtAttoFil,
  lockedRewardFromReward,
  type NetworkEstimates,
  pledgePenaltyForContinuedFault,
  pledgePenaltyForInvalidWindowPoSt,
  preCommitDepositForPower,
  rewardForConsensusSlashReport,
  rewardForPower,
  rewardProjection,
} from './monies.ts'

const DAY = 2880
const GIB = 1n << 30n

/** Source of the figures: filecoin-project/fvm-test-vectors, states and sectors of mainnet. */
const EPOCH_2679964: NetworkEstimates = {
  reward: {
    position: 29732492475669414587972259185054402799194942836663398015818n,
    velocity: -22234747448025968584792586466060315960695971764466023n,
  },
  qaPower: {
    position: 7549388862287276467909630238357858678338595217146491394004n,
    velocity: 4512260980069015056980159000726929590984105318571805n,
  },
}
const EPOCH_2679980: NetworkEstimates = {
  reward: {
    position: 29731711010264090492268696336645593473088579695069958617223n,
    velocity: -22365155209548270010086105842635135993102225449307762n,
  },
  qaPower: {
    position: 7549348231361510353292623880950288354180997022022854641790n,
    velocity: 4477698498805011931646659598408441778082355605948536n,
  },
}
const EPOCH_2679999: NetworkEstimates = {
  reward: {
    position: 29730757701587276145085961738143950461555571472515661429853n,
    velocity: -22526935980563259165596704776431521304495384705413123n,
  },
  qaPower: {
    position: 7549295529576310215838087653753677916046011309823421228181n,
    velocity: 4435512728386936986742870709703203060951518196780485n,
  },
}
const EPOCH_2799220: NetworkEstimates = {
  reward: {
    position: 26707092734627660270666900533725731454795030394724715814191n,
    velocity: -25892906837937260815455777063903962833412406753147370n,
  },
  qaPower: {
    position: 7768957427962979356876003530978313572194919010235389345524n,
    velocity: 1768539523415845755057347930814114941450524175079571n,
  },
}

const anyEstimates: fc.Arbitrary<NetworkEstimates> = fc.record({
  reward: fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }))
    .map(([position, velocity]) => filterEstimate(position, velocity)),
  qaPower: fc
    .tuple(fc.bigInt({ min: 0n, max: 1n << 68n }), fc.bigInt({ min: 0n, max: 1n << 50n }))
    .map(([position, velocity]) => filterEstimate(position, velocity)),
})
const anyDuration = fc.integer({ min: 1, max: 60_000 })

describe('expectedRewardForPower', () => {
  // `expected_day_reward` and `expected_storage_pledge` of sectors that were committed at that epoch.
  test.each([
    {
      sector: 'a sector of 32 GiB without data, at epoch 2,679,964',
      estimates: EPOCH_2679964,
      qaPower: 32n * GIB,
      dayReward: 388973968222068n,
      storagePledge: 7499274564335652n,
    },
    {
      sector: 'a sector of 64 GiB of verified data, at epoch 2,679,980',
      estimates: EPOCH_2679980,
      qaPower: 640n * GIB,
      dayReward: 7779318527572646n,
      storagePledge: 149982090268114684n,
    },
    {
      sector: 'a sector of 32 GiB without data, at epoch 2,799,220',
      estimates: EPOCH_2799220,
      qaPower: 32n * GIB,
      dayReward: 339591810241061n,
      storagePledge: 6571016552304915n,
    },
  ])('is what mainnet recorded in $sector', ({ estimates, qaPower, dayReward, storagePledge }) => {
    expect(expectedRewardForPower(estimates, qaPower, DAY)).toBe(dayReward)
    expect(expectedRewardForPower(estimates, qaPower, 20 * DAY)).toBe(storagePledge)
  })

  test.each([
    { qaPower: 0n, duration: 1 },
    { qaPower: 1n << 60n, duration: 57_600 },
  ])('is the reward of one epoch on a network without power, for $qaPower bytes', ({ qaPower, duration }) => {
    // The estimate of the power is below one byte, so it is none.
    const estimates = {
      reward: filterEstimate(75n, 9n),
      qaPower: { position: (1n << 128n) - 1n, velocity: 1n << 128n },
    }
    expect(expectedRewardForPower(estimates, qaPower, duration)).toBe(75n)
  })

  // Source: builtin-actors v18, `actors/miner/tests/monies_test.rs`, `negative_br_clamp`.
  test('is zero where the power of the network would fall below zero', () => {
    const estimates = { reward: filterEstimate(1n << 50n, 0n), qaPower: filterEstimate(1024n, -1024n) }
    expect(expectedRewardForPower(estimates, 1n << 36n, 4)).toBe(0n)
  })

  test('is the share of the power, rounded down, where nothing moves', () => {
    const estimates = { reward: filterEstimate(100n, 0n), qaPower: filterEstimate(1n << 10n, 0n) }
    // 10 epochs of 100 attoFIL, of which 3 of 1024 bytes have 2.93; 1025 bytes have 1000.98.
    expect(expectedRewardForPower(estimates, 3n, 10)).toBe(2n)
    expect(expectedRewardForPower(estimates, 1025n, 10)).toBe(1000n)
  })

  test.prop([anyEstimates, anyPositiveAmount, anyDuration])(
    'is the reward of the projection that all sectors share',
    (estimates, qaPower, duration) => {
      expect(expectedRewardForPower(estimates, qaPower, duration)).toBe(
        rewardForPower(rewardProjection(estimates, duration), qaPower),
      )
    },
  )

  test.prop([anyEstimates, anyPositiveAmount, anyDuration])(
    'is never negative',
    (estimates, power, duration) => {
      expect(expectedRewardForPower(estimates, power, duration)).toBeGreaterThanOrEqual(0n)
    },
  )
})

describe('rewardForPower', () => {
  test.prop([fc.bigInt({ min: 0n, max: 1n << 128n }), anyPositiveAmount, anyPositiveAmount])(
    'of two powers together is that of each, but for one attoFIL of rounding',
    (perByte, a, b) => {
      const together = rewardForPower({ perByte }, a + b)
      const apart = rewardForPower({ perByte }, a) + rewardForPower({ perByte }, b)
      expect([apart, apart + 1n]).toContain(together)
    },
  )

  test.each([
    { perByte: -1n, reward: 0n },
    { perByte: 1n << 128n, reward: 5n },
    { perByte: (1n << 128n) - 1n, reward: 4n },
  ])('of 5 bytes at $perByte · 2⁻¹²⁸ is $reward', ({ perByte, reward }) => {
    expect(rewardForPower({ perByte }, 5n)).toBe(reward)
  })
})

describe('expectedRewardForPowerClampedAtAttoFil', () => {
  // Source: builtin-actors v18, `expected_reward_for_power_clampted_at_atto_fil_test.rs`.
  test.each([
    { of: 'no power', qaPower: 0n, velocity: 1024n, duration: 1 },
    { of: 'a shrinking network', qaPower: 1n << 36n, velocity: -1024n, duration: 4 },
  ])('is one attoFIL for $of', ({ qaPower, velocity, duration }) => {
    const estimates = { reward: filterEstimate(1n << 50n, 0n), qaPower: filterEstimate(1024n, velocity) }
    expect(expectedRewardForPowerClampedAtAttoFil(estimates, qaPower, duration)).toBe(1n)
  })

  test.prop([anyEstimates, anyPositiveAmount, anyDuration])(
    'is the expected reward wherever that is positive',
    (estimates, qaPower, duration) => {
      const reward = expectedRewardForPower(estimates, qaPower, duration)
      const clamped = expectedRewardForPowerClampedAtAttoFil(estimates, qaPower, duration)
      expect(clamped).toBe(reward > 0n ? reward : 1n)
    },
  )
})

describe('pledgePenaltyForContinuedFault', () => {
  test('is the reward of 3.51 days in whole epochs', () => {
    expect(CONTINUED_FAULT_PROJECTION_PERIOD).toBe(10_108)
    // One attoFIL per byte and epoch.
    const estimates = { reward: filterEstimate(1024n, 0n), qaPower: filterEstimate(1024n, 0n) }
    expect(pledgePenaltyForContinuedFault(estimates, 7n)).toBe(70_756n)
  })

  // Source: builtin-actors v18, `monies_test.rs`, `zero_power_means_zero_fault_penalty`.
  test('is nothing for no power', () => {
    const estimates = { reward: filterEstimate(1n << 50n, 0n), qaPower: filterEstimate(1024n, 1024n) }
    expect(pledgePenaltyForContinuedFault(estimates, 0n)).toBe(0n)
  })

  // Source: the same file, `aggregate_power_pledge_penalty_for_continued_fault`; FIP-0098.
  test.each([
    { count: 10n, qaPower: 1n << 6n },
    { count: 10n, qaPower: 1n << 36n },
    { count: 10n, qaPower: 1n << 50n },
    { count: 1000n, qaPower: 1n << 6n },
    { count: 1000n, qaPower: 1n << 36n },
    { count: 1000n, qaPower: 1n << 50n },
  ])('of $count sectors together is theirs, within an attoFIL for each', ({ count, qaPower }) => {
    const estimates = { reward: filterEstimate(1n << 50n, 0n), qaPower: filterEstimate(1024n, 1024n) }
    const together = pledgePenaltyForContinuedFault(estimates, count * qaPower)
    const difference = together - count * pledgePenaltyForContinuedFault(estimates, qaPower)
    expect(together).toBeGreaterThan(0n)
    expect(difference).toBeGreaterThanOrEqual(0n)
    expect(difference).toBeLessThanOrEqual(count)
  })
})

describe('preCommitDepositForPower', () => {
  // FIP-0034: the deposit of a sector of any content is that of one full of verified data.
  test.each([
    { size: '32 GiB', qaPower: 320n * GIB, deposit: 74988807925828567n },
    { size: '64 GiB', qaPower: 640n * GIB, deposit: 149977615851657135n },
  ])('is what mainnet took for $size at epoch 2,679,999', ({ qaPower, deposit }) => {
    expect(preCommitDepositForPower(EPOCH_2679999, qaPower)).toBe(deposit)
  })

  // Source: builtin-actors v18, `precommit_deposit_and_initial_pledge_positive_test.rs`.
  test('is one attoFIL where no reward is expected', () => {
    const estimates = { reward: filterEstimate(0n, 0n), qaPower: filterEstimate(1024n, 1024n) }
    expect(preCommitDepositForPower(estimates, 1n << 36n)).toBe(1n)
  })
})

// Source: builtin-actors v18, `actors/miner/src/monies.rs`, `pledge_penalty_for_invalid_windowpost`.
describe('a proof that was disputed', () => {
  test('costs 20 FIL and the reward of 5.51 days in whole epochs, of which 4 FIL are for who disputed it', () => {
    // One attoFIL per byte and epoch, and two days beyond the 10,108 epochs of a fault: 15,868.
    const estimates = { reward: filterEstimate(1024n, 0n), qaPower: filterEstimate(1024n, 0n) }
    expect(pledgePenaltyForInvalidWindowPoSt(estimates, 7n)).toBe(20n * 10n ** 18n + 7n * 15_868n)
    expect(BASE_REWARD_FOR_DISPUTED_WINDOW_POST).toBe(4n * 10n ** 18n)
  })
})

// Source: `consensus_fault_penalty` of the same file; `reward_for_consensus_slash_report` of `policy.rs`.
describe('a consensus fault', () => {
  test('costs five times what one of five winners gets, and the reporter has a quarter of that of one', () => {
    expect(consensusFaultPenalty(7n)).toBe(7n)
    expect([39n, 40n, 41n].map(rewardForConsensusSlashReport)).toEqual([1n, 2n, 2n])
  })
})

// Source: `locked_reward_from_reward` of the same file.
describe('the locked part of a reward', () => {
  test('is three quarters of it, rounded down', () => {
    expect([0n, 1n, 7n, 8n].map(lockedRewardFromReward)).toEqual([0n, 0n, 5n, 6n])
  })
})
