import { STORAGE_POWER_ACTOR_ADDR, type StoragePower } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { updateSmoothedEstimates, updateToNextEpoch, updateToNextEpochWithReward } from '../minting.ts'
import { RewardState } from '../state.ts'

/**
 * Method 4, `UpdateNetworkKPI`: ends the epoch, and every one since the last that ended, with the network's raw
 * power.
 *
 * Source: builtin-actors v18, `actors/reward/src/lib.rs`, `update_network_kpi`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the power actor; `USR_ILLEGAL_ARGUMENT` for null.
 */
export function updateNetworkKpi(rt: Runtime, currRealizedPower: StoragePower | null): void {
  rt.validateImmediateCallerIs([STORAGE_POWER_ACTOR_ADDR])
  requireParam(currRealizedPower !== null, 'the power must not be null')
  rt.transaction(RewardState, (state) => {
    const previous = state.epoch
    while (state.epoch < rt.currEpoch) {
      updateToNextEpoch(state, currRealizedPower)
    }
    updateToNextEpochWithReward(state, currRealizedPower)
    updateSmoothedEstimates(state, state.epoch - previous)
  })
}
