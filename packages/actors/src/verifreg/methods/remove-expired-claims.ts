import { requireInvariant } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { loadClaims } from '../allocations.ts'
import { emitClaimRemoved } from '../emit.ts'
import { claimExpiration, selectExpired } from '../expiration.ts'
import { VerifregState } from '../state.ts'
import type { RemoveExpiredClaimsParams, RemoveExpiredClaimsReturn } from '../types.ts'

/**
 * `RemoveExpiredClaims`: deletes claims whose longest term is over. Anybody may call it.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `remove_expired_claims`.
 *
 * @throws {ActorError} `USR_ASSERTION_FAILED` for an expired claim that is named twice.
 */
export function removeExpiredClaims(
  rt: Runtime,
  { provider, claimIds }: RemoveExpiredClaimsParams,
): RemoveExpiredClaimsReturn {
  rt.validateImmediateCallerAcceptAny()
  return rt.transaction(VerifregState, (state) => {
    const claims = loadClaims(rt.store, state)
    const expired = selectExpired(claims, claimExpiration, provider, claimIds, rt.currEpoch)
    for (const id of expired.toRemove) {
      const claim = claims.delete(provider, id)
      requireInvariant(claim !== undefined, 'a claim was removed twice')
      emitClaimRemoved(rt, id, claim)
    }
    state.claims = claims.flush()
    return { considered: expired.considered, results: expired.results }
  })
}
