import { requireParam } from '../../runtime/actor-error.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import { resolveToExistingActorId } from '../../runtime/resolve-to-actor-id.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { dataCapBalance } from '../datacap-calls.ts'
import { emitVerifierBalance } from '../emit.ts'
import { VerifregState } from '../state.ts'
import type { VerifierParams } from '../types.ts'
import { putVerifier } from '../verifiers.ts'

/**
 * Method 2, `AddVerifier`: lets an actor give out DataCap, or sets anew how much.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `add_verifier`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the root; `USR_ILLEGAL_ARGUMENT` for less DataCap than an
 * allocation has at least, for the root itself, and for who has DataCap; `USR_NOT_FOUND` where there is no actor.
 */
export function addVerifier(rt: Runtime, { address, allowance }: VerifierParams): void {
  requireParam(
    allowance >= rt.policy.minimumVerifiedAllocationSize,
    () => `an allowance of ${allowance} is below the minimum of an allocation`,
  )
  const verifier = resolveToExistingActorId(rt, address)
  const { rootKey } = rt.state(VerifregState)
  rt.validateImmediateCallerIs([rootKey])
  requireParam(verifier !== rootKey, 'the root cannot be a verifier')
  requireParam(dataCapBalance(rt, verifier) <= 0n, 'a verified client cannot become a verifier')
  rt.transaction(VerifregState, (state) => putVerifier(rt.store, state, verifier, allowance))
  emitVerifierBalance(rt, idOfAddress(verifier), allowance)
}
