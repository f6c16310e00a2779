import { fc, test } from '@fast-check/vitest'
import {
  createAmountColumn,
  expectedRewardForPower,
  filterEstimate,
  type NetworkEstimates,
  pledgePenaltyForTerminationV15,
  qaPowerForSector,
  type RecordedRewards,
  type SectorOnChainInfo,
  setAmount,
  setFigures,
} from '@plimsoll/actors'
import { anyPositiveAmount, plannedSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { RewardColumns } from '../book/reward-columns.ts'
import type { SectorBook } from '../book/sector-book.ts'
import { createSectorColumns } from '../book/sector-columns.ts'
import { preFip0098Fees, recordedRewardsAt } from './sector-fees.ts'

function bookOf(sectors: readonly SectorOnChainInfo[], sectorSizeBytes: number = SECTOR_BYTES): SectorBook {
  const columns = createSectorColumns(sectors.length)
  sectors.forEach((sector, row) => {
    setFigures(columns, row, sector)
  })
  return { sectorSizeBytes, columns, deadlines: [], queue: [] }
}

function rewardColumnsOf(rewards: readonly (RecordedRewards | undefined)[]): RewardColumns {
  const columns: RewardColumns = {
    expectedDayReward: createAmountColumn(rewards.length),
    expectedStoragePledge: createAmountColumn(rewards.length),
    replacedDayReward: createAmountColumn(rewards.length),
    replacedSectorAge: new Int32Array(rewards.length),
    isRecorded: new Uint8Array(rewards.length),
  }
  rewards.forEach((recorded, row) => {
    if (recorded !== undefined) {
      setAmount(columns.expectedDayReward, row, recorded.dayReward)
      setAmount(columns.expectedStoragePledge, row, recorded.twentyDayRewardAtActivation)
      setAmount(columns.replacedDayReward, row, recorded.replacedDayReward)
      columns.replacedSectorAge[row] = recorded.replacedSectorAge
      columns.isRecorded[row] = 1
    }
  })
  return columns
}

const anyEstimates: fc.Arbitrary<NetworkEstimates> = fc
  .record({
    reward: fc.bigInt({ min: 0n, max: 10n ** 20n }),
    rewardVelocity: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
    qaPower: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n << 55n, max: 1n << 66n })),
    qaPowerVelocity: fc.bigInt({ min: 0n, max: 1n << 40n }),
  })
  .map(({ reward, rewardVelocity, qaPower, qaPowerVelocity }) => ({
    reward: filterEstimate(reward, rewardVelocity),
    qaPower: filterEstimate(qaPower, qaPowerVelocity),
  }))

/** Few durations and weights, so that neighbours often share one of them and not the other. */
const anyLiveSector: fc.Arbitrary<SectorOnChainInfo> = fc
  .record({
    activation: fc.nat(1_000_000),
    snapEpochs: fc.constantFrom(0, 1, 400_000),
    duration: fc.constantFrom(1, 518_400, 1_555_200),
    verifiedDealWeight: fc.constantFrom(0n, 1n, 1n << 50n, BigInt(SECTOR_BYTES) * 518_400n),
    initialPledge: anyPositiveAmount,
  })
  .map(({ activation, snapEpochs, duration, verifiedDealWeight, initialPledge }) =>
    plannedSector({
      sectorNumber: 0,
      activation,
      powerBaseEpoch: activation + snapEpochs,
      expiration: activation + snapEpochs + duration,
      verifiedDealWeight,
      initialPledge,
    }),
  )

const laterEpoch = fc.integer({ min: 1_400_000, max: 4_000_000 })

describe('the fee before FIP-0098', () => {
  // One attoFIL a byte and epoch, so that 3.5 days of a 64 GiB sector are 2^36 × 10,080 attoFIL.
  const estimates: NetworkEstimates = {
    reward: filterEstimate(1n << 50n, 0n),
    qaPower: filterEstimate(1n << 50n, 0n),
  }
  const pledge = 692_692_325_498_880n
  const day = pledge / 20n
  const usual = {
    dayReward: day,
    twentyDayRewardAtActivation: pledge,
    replacedDayReward: 0n,
    replacedSectorAge: 0,
  }
  const feeOf = (recorded: RecordedRewards, age: number, sizeBytes: number) => {
    const sector = plannedSector({
      sectorNumber: 0,
      activation: 1000,
      powerBaseEpoch: 3000,
      expiration: 9000,
    })
    return preFip0098Fees(bookOf([sector], sizeBytes), rewardColumnsOf([recorded]), estimates)(0, 3000 + age)
  }

  // Source: builtin-actors v15, `actors/miner/tests/pledge_penalty_for_termination.rs`.
  test.each([
    {
      name: 'is the reward of 3.5 days for a sector with a small pledge',
      recorded: { ...usual, dayReward: 51n, twentyDayRewardAtActivation: 1020n },
      ageDays: 20,
      sizeBytes: 2 ** 36,
      fee: pledge,
      branch: 'lowerBound',
    },
    {
      name: 'is the pledge and half the reward of its days',
      recorded: usual,
      ageDays: 20,
      sizeBytes: 2 ** 36,
      fee: pledge + (20n * day) / 2n,
      branch: 'recordedReward',
    },
    {
      name: 'counts at most 140 days',
      recorded: usual,
      ageDays: 500,
      sizeBytes: 2 ** 36,
      fee: pledge + (140n * day) / 2n,
      branch: 'recordedReward',
    },
    {
      name: 'counts the days of the sector that was replaced',
      recorded: { ...usual, replacedDayReward: day, replacedSectorAge: 18 * 2880 },
      ageDays: 2,
      sizeBytes: 1,
      fee: pledge + (20n * day) / 2n,
      branch: 'recordedReward',
    },
    {
      name: 'counts none of them beyond 140 days together',
      recorded: { ...usual, replacedDayReward: day, replacedSectorAge: 20 * 2880 },
      ageDays: 141,
      sizeBytes: 1,
      fee: pledge + (140n * day) / 2n,
      branch: 'recordedReward',
    },
    {
      name: 'pays the days of the replaced sector at its own rate',
      recorded: { ...usual, replacedDayReward: 2n * day, replacedSectorAge: 20 * 2880 },
      ageDays: 15,
      sizeBytes: 1,
      fee: pledge + (20n * 2n * day) / 2n + (15n * day) / 2n,
      branch: 'recordedReward',
    },
    {
      name: 'is the lower bound at a tie',
      recorded: { ...usual, dayReward: 0n },
      ageDays: 20,
      sizeBytes: 2 ** 36,
      fee: pledge,
      branch: 'lowerBound',
    },
    {
      name: 'is the recorded reward from one attoFIL more on',
      recorded: { ...usual, dayReward: 0n, twentyDayRewardAtActivation: pledge + 1n },
      ageDays: 20,
      sizeBytes: 2 ** 36,
      fee: pledge + 1n,
      branch: 'recordedReward',
    },
  ])('$name', ({ recorded, ageDays, sizeBytes, fee, branch }) => {
    expect(feeOf(recorded, ageDays * 2880, sizeBytes)).toEqual({ fee, branch })
  })

  test('is not known for a sector without recorded rewards', () => {
    const sectors = [plannedSector({ sectorNumber: 0 }), plannedSector({ sectorNumber: 1 })]
    const fees = preFip0098Fees(bookOf(sectors), rewardColumnsOf([undefined, usual]), estimates)
    expect(fees(0, 5000)).toBeUndefined()
    expect(fees(1, 5000)).toBeDefined()
  })

  const anyRewards: fc.Arbitrary<RecordedRewards> = fc.record({
    dayReward: anyPositiveAmount,
    twentyDayRewardAtActivation: anyPositiveAmount,
    replacedDayReward: anyPositiveAmount,
    replacedSectorAge: fc.nat(600_000),
  })

  test.prop([fc.array(fc.tuple(anyLiveSector, anyRewards), { maxLength: 10 }), anyEstimates, laterEpoch])(
    'is that of the actor’s formula, sector by sector',
    (pairs, someEstimates, epoch) => {
      const book = bookOf(pairs.map(([sector]) => sector))
      const rewards = rewardColumnsOf(pairs.map(([, recorded]) => recorded))
      const fees = preFip0098Fees(book, rewards, someEstimates)
      expect(pairs.map((_, row) => recordedRewardsAt(rewards, row))).toEqual(
        pairs.map(([, recorded]) => recorded),
      )
      expect(pairs.map((_, row) => fees(row, epoch)?.fee)).toEqual(
        pairs.map(([sector, recorded]) =>
          pledgePenaltyForTerminationV15(
            recorded,
            epoch - sector.powerBaseEpoch,
            expectedRewardForPower(someEstimates, qaPowerForSector(SECTOR_BYTES, sector), 10_080),
          ),
        ),
      )
    },
  )
})
