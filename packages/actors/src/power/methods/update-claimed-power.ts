import type { Runtime } from '../../runtime/runtime.ts'
import { addToClaim, loadClaims } from '../claims.ts'
import { PowerState } from '../state.ts'
import type { UpdateClaimedPowerParams } from '../types.ts'

/**
 * Method 3, `UpdateClaimedPower`: adds to the calling miner's claim.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `update_claimed_power`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a miner; `USR_NOT_FOUND` without a claim; `USR_ILLEGAL_STATE`
 * when a claim would be negative.
 */
export function updateClaimedPower(rt: Runtime, params: UpdateClaimedPowerParams): void {
  rt.validateImmediateCallerType(['storageminer'])
  const { rawByteDelta, qualityAdjustedDelta } = params
  rt.transaction(PowerState, (state) => {
    const claims = loadClaims(rt.store, state)
    addToClaim(rt.policy, state, claims, rt.message.caller, rawByteDelta, qualityAdjustedDelta)
    state.claims = claims.flush()
  })
}
