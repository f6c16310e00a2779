import { ExitCode } from '@plimsoll/primitives'
import { type BatchReturn, batchOf } from '../../runtime/batch-return.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { type ClaimMap, loadClaims } from '../allocations.ts'
import { emitClaimUpdated } from '../emit.ts'
import { VerifregState } from '../state.ts'
import type { ClaimTerm, ExtendClaimTermsParams } from '../types.ts'

/**
 * `ExtendClaimTerms`: a client lengthens the longest terms of its claims, up to what an allocation may have, even
 * when they have expired.
 *
 * In the result stand `USR_ILLEGAL_ARGUMENT` for a term that is too long, or shorter than it was, `USR_NOT_FOUND`
 * for a claim that there is not, and `USR_FORBIDDEN` for one of another client.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `extend_claim_terms`.
 */
export function extendClaimTerms(rt: Runtime, { terms }: ExtendClaimTermsParams): BatchReturn {
  rt.validateImmediateCallerAcceptAny()
  return rt.transaction(VerifregState, (state) => {
    const claims = loadClaims(rt.store, state)
    const codes = terms.map((term) => extendClaimTerm(rt, claims, term))
    state.claims = claims.flush()
    return batchOf(codes)
  })
}

function extendClaimTerm(rt: Runtime, claims: ClaimMap, { provider, claimId, termMax }: ClaimTerm): number {
  if (termMax > rt.policy.maximumVerifiedAllocationTerm) {
    return ExitCode.USR_ILLEGAL_ARGUMENT
  }
  const claim = claims.get(provider, claimId)
  if (claim === undefined) {
    return ExitCode.USR_NOT_FOUND
  }
  if (claim.client !== idOfAddress(rt.message.caller)) {
    return ExitCode.USR_FORBIDDEN
  }
  if (termMax < claim.termMax) {
    return ExitCode.USR_ILLEGAL_ARGUMENT
  }
  const extended = { ...claim, termMax: Number(termMax) }
  claims.set(provider, claimId, extended)
  emitClaimUpdated(rt, claimId, extended)
  return ExitCode.OK
}
