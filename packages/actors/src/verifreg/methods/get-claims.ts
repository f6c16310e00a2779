import { ExitCode } from '@plimsoll/primitives'
import { batchOf } from '../../runtime/batch-return.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { loadClaims } from '../allocations.ts'
import { VerifregState } from '../state.ts'
import type { GetClaimsParams, GetClaimsReturn } from '../types.ts'

/**
 * `GetClaims`: a provider's claims of some ids. `USR_NOT_FOUND` stands for those that there are not.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `get_claims`.
 */
export function getClaims(rt: Runtime, { provider, claimIds }: GetClaimsParams): GetClaimsReturn {
  rt.validateImmediateCallerAcceptAny()
  const claims = loadClaims(rt.store, rt.state(VerifregState))
  const found = claimIds.map((id) => claims.get(provider, id))
  return {
    batchInfo: batchOf(found.map((claim) => (claim === undefined ? ExitCode.USR_NOT_FOUND : ExitCode.OK))),
    claims: found.filter((claim) => claim !== undefined),
  }
}
