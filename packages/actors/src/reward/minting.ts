import {
  ATTO_FIL_PER_FIL,
  type AttoFil,
  EPOCH_UNDEFINED,
  minBigInt,
  type StoragePower,
} from '@plimsoll/primitives'
import { type Draft, draftOf, valueOfDraft } from '../runtime/draft.ts'
import { filterEstimate, nextEstimate } from '../smooth/alpha-beta-filter.ts'
import {
  BASELINE_INITIAL_VALUE,
  baselinePowerFromPrev,
  computeBaselineSupply,
  computeRTheta,
  INIT_BASELINE_POWER,
  rewardBetween,
} from './logic.ts'
import type { RewardState } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/reward/src/state.rs`. */
const INITIAL_REWARD_POSITION_ESTIMATE: AttoFil = 36266260308195979333n
const INITIAL_REWARD_VELOCITY_ESTIMATE: AttoFil = -109897758509n
/** What is minted by time alone. */
export const SIMPLE_TOTAL: AttoFil = 330_000_000n * ATTO_FIL_PER_FIL
/** What is minted by growth of the network. */
export const BASELINE_TOTAL: AttoFil = 770_000_000n * ATTO_FIL_PER_FIL

/** The first state, for epoch 0. Source: `State::new`. */
export function initialRewardState(currRealizedPower: StoragePower): RewardState {
  const state = draftOf<RewardState>({
    cumsumBaseline: 0n,
    cumsumRealized: 0n,
    effectiveNetworkTime: 0,
    effectiveBaselinePower: BASELINE_INITIAL_VALUE,
    thisEpochReward: 0n,
    thisEpochRewardSmoothed: filterEstimate(
      INITIAL_REWARD_POSITION_ESTIMATE,
      INITIAL_REWARD_VELOCITY_ESTIMATE,
    ),
    thisEpochBaselinePower: INIT_BASELINE_POWER,
    epoch: EPOCH_UNDEFINED,
    totalStoragePowerReward: 0n,
    simpleTotal: SIMPLE_TOTAL,
    baselineTotal: BASELINE_TOTAL,
  })
  updateToNextEpochWithReward(state, currRealizedPower)
  return valueOfDraft(state)
}

/** Lets an epoch pass in which nobody won. Source: `update_to_next_epoch`. */
export function updateToNextEpoch(state: Draft<RewardState>, currRealizedPower: StoragePower): void {
  state.epoch++
  state.thisEpochBaselinePower = baselinePowerFromPrev(state.thisEpochBaselinePower)
  state.cumsumRealized += minBigInt(state.thisEpochBaselinePower, currRealizedPower)
  while (state.cumsumRealized > state.cumsumBaseline) {
    state.effectiveNetworkTime++
    state.effectiveBaselinePower = baselinePowerFromPrev(state.effectiveBaselinePower)
    state.cumsumBaseline += state.effectiveBaselinePower
  }
}

/** Lets an epoch pass and works out its reward. Source: `update_to_next_epoch_with_reward`. */
export function updateToNextEpochWithReward(
  state: Draft<RewardState>,
  currRealizedPower: StoragePower,
): void {
  updateToNextEpochAfter(state, currRealizedPower, baselineSupplyOf(state))
}

/**
 * The same for a state of which it is known what the baseline part has minted, Q.128: where one epoch follows another,
 * a third of the work is to find out that again. The reference works it out in every epoch.
 *
 * Source: `update_to_next_epoch_with_reward`.
 *
 * @returns what it has minted after the epoch, Q.128.
 */
export function updateToNextEpochAfter(
  state: Draft<RewardState>,
  currRealizedPower: StoragePower,
  previousSupply: bigint,
): bigint {
  updateToNextEpoch(state, currRealizedPower)
  const supply = baselineSupplyOf(state)
  state.thisEpochReward = rewardBetween(state.epoch, previousSupply, supply, state.simpleTotal)
  return supply
}

/** What the baseline part of a state has minted, Q.128. Source: `compute_baseline_supply` of `logic.rs`. */
export function baselineSupplyOf(state: Draft<RewardState>): bigint {
  return computeBaselineSupply(computeRTheta(state), state.baselineTotal)
}

/** Source: `update_smoothed_estimates`. */
export function updateSmoothedEstimates(state: Draft<RewardState>, delta: number): void {
  state.thisEpochRewardSmoothed = nextEstimate(state.thisEpochRewardSmoothed, state.thisEpochReward, delta)
}
