import type { AttoFil } from '@plimsoll/primitives'
import { requireAllowed, requireState } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { loadClaims } from '../claims.ts'
import { PowerState } from '../state.ts'

/**
 * Method 6, `UpdatePledgeTotal`: adds to the pledge of the network. A miner's deposit at its creation never comes
 * in here and leaves here as it vests, so that on a network with little pledge the total can run out.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `update_pledge_total`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a miner with a claim; `USR_ILLEGAL_STATE` below zero.
 */
export function updatePledgeTotal(rt: Runtime, pledgeDelta: AttoFil): void {
  rt.validateImmediateCallerType(['storageminer'])
  rt.transaction(PowerState, (state) => {
    requireAllowed(loadClaims(rt.store, state).has(rt.message.caller), 'the miner has no claim')
    state.totalPledgeCollateral += pledgeDelta
    requireState(state.totalPledgeCollateral >= 0n, 'negative total pledge collateral')
  })
}
