import {
  amountAt,
  CONTINUED_FAULT_PROJECTION_PERIOD,
  type NetworkEstimates,
  pledgePenaltyForTerminationV15,
  qaPowerForWeight,
  type RecordedRewards,
  rewardForPower,
  rewardProjection,
  TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD,
  type TerminationFeeBranch,
  terminationFeeTerms,
} from '@plimsoll/actors'
import type { AttoFil, ChainEpoch, StoragePower } from '@plimsoll/primitives'
import type { RewardColumns } from '../book/reward-columns.ts'
import type { SectorBook } from '../book/sector-book.ts'
import type { SectorColumns } from '../book/sector-columns.ts'

/** Which term decided a fee: since FIP-0098 one of four, before the recorded reward or its lower bound. */
export type FeeBranch = TerminationFeeBranch | 'recordedReward' | 'lowerBound'

/** The fee of one sector, and the term that decided it. */
export interface SectorFee {
  readonly fee: AttoFil
  readonly branch: FeeBranch
}

/** The fee of the sector in a row if it was terminated in an epoch; undefined where it cannot be known. */
export type SectorFees = (row: number, epoch: ChainEpoch) => SectorFee | undefined

/** The fees of FIP-0098, sector by sector, at constant estimates. */
export function fip0098Fees(book: SectorBook, estimates: NetworkEstimates): SectorFees {
  const { columns } = book
  const projection = rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
  const faultFeeAt = memoizedByQaPower(book, (qaPower) => rewardForPower(projection, qaPower))
  return (row, epoch) => {
    const age = epoch - (columns.activation[row] as number)
    return terminationFeeTerms(amountAt(columns.initialPledge, row), age, faultFeeAt(row))
  }
}

/**
 * The fees before FIP-0098, sector by sector, at constant estimates; undefined for sectors that were committed
 * since and so have no rewards recorded.
 */
export function preFip0098Fees(
  book: SectorBook,
  rewards: RewardColumns,
  estimates: NetworkEstimates,
): SectorFees {
  const { columns } = book
  const projection = rewardProjection(estimates, TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD)
  const lowerBoundAt = memoizedByQaPower(book, (qaPower) => rewardForPower(projection, qaPower))
  return (row, epoch) => {
    if (rewards.isRecorded[row] === 0) {
      return undefined
    }
    const lowerBound = lowerBoundAt(row)
    const age = epoch - (columns.powerBaseEpoch[row] as number)
    const fee = pledgePenaltyForTerminationV15(recordedRewardsAt(rewards, row), age, lowerBound)
    return { fee, branch: fee > lowerBound ? 'recordedReward' : 'lowerBound' }
  }
}

export function recordedRewardsAt(rewards: RewardColumns, row: number): RecordedRewards {
  return {
    dayReward: amountAt(rewards.expectedDayReward, row),
    twentyDayRewardAtActivation: amountAt(rewards.expectedStoragePledge, row),
    replacedDayReward: amountAt(rewards.replacedDayReward, row),
    replacedSectorAge: rewards.replacedSectorAge[row] as number,
  }
}

/** The quality-adjusted power of the sector in a row. */
export function qaPowerAt(columns: SectorColumns, sectorSizeBytes: number, row: number): StoragePower {
  const duration = (columns.expiration[row] as number) - (columns.powerBaseEpoch[row] as number)
  return qaPowerForWeight(sectorSizeBytes, duration, amountAt(columns.verifiedDealWeight, row))
}

/**
 * A function of a sector's power, worked out again only when the sector differs from the one before: sectors
 * are committed in batches that have the same duration and weight.
 */
function memoizedByQaPower(
  { columns, sectorSizeBytes }: SectorBook,
  compute: (qaPower: StoragePower) => AttoFil,
): (row: number) => AttoFil {
  let lastDuration = -1
  let lastWeight = -1n
  let last = 0n
  return (row) => {
    const duration = (columns.expiration[row] as number) - (columns.powerBaseEpoch[row] as number)
    const weight = amountAt(columns.verifiedDealWeight, row)
    if (duration !== lastDuration || weight !== lastWeight) {
      last = compute(qaPowerAt(columns, sectorSizeBytes, row))
      lastDuration = duration
      lastWeight = weight
    }
    return last
  }
}
