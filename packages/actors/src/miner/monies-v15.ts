import { type AttoFil, type ChainEpoch, divFloor, EPOCHS_IN_DAY, maxBigInt } from '@plimsoll/primitives'
import { TERMINATION_LIFETIME_CAP } from './monies.ts'

/** Source of everything here: builtin-actors v15.0.0, `actors/miner/src/monies.rs`; the same since v2. */

/** 3.5 days: the fee is at least the reward of that time. */
export const TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD = (EPOCHS_IN_DAY * 35) / 10

const TERMINATION_REWARD_FACTOR_DENOM = 2n

/** What a sector recorded when its power was last set; all attoFIL and epochs. */
export interface RecordedRewards {
  readonly dayReward: AttoFil
  readonly twentyDayRewardAtActivation: AttoFil
  readonly replacedDayReward: AttoFil
  readonly replacedSectorAge: ChainEpoch
}

/**
 * The fee for terminating a sector before FIP-0098: what it was pledged for at the time, and half the reward
 * of each day of its age, the age of a sector that it replaced included, up to 140 days.
 *
 * `sectorAge` counts from `powerBaseEpoch` in v12 to v15 and from activation before, `lowerBound` is the
 * expected reward of {@link TERMINATION_PENALTY_LOWER_BOUND_PROJECTION_PERIOD} epochs.
 *
 * Source: `pledge_penalty_for_termination`.
 */
export function pledgePenaltyForTerminationV15(
  { dayReward, twentyDayRewardAtActivation, replacedDayReward, replacedSectorAge }: RecordedRewards,
  sectorAge: ChainEpoch,
  lowerBound: AttoFil,
): AttoFil {
  const lifetimeCap = TERMINATION_LIFETIME_CAP * EPOCHS_IN_DAY
  const cappedSectorAge = Math.min(sectorAge, lifetimeCap)
  const relevantReplacedAge = Math.min(replacedSectorAge, lifetimeCap - cappedSectorAge)
  const expectedReward = dayReward * BigInt(cappedSectorAge) + replacedDayReward * BigInt(relevantReplacedAge)
  const penalizedReward = divFloor(expectedReward, TERMINATION_REWARD_FACTOR_DENOM)
  return maxBigInt(lowerBound, twentyDayRewardAtActivation + divFloor(penalizedReward, BigInt(EPOCHS_IN_DAY)))
}
