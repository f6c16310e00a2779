import type { Address } from '@plimsoll/primitives'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import { resolveToActorId } from '../../runtime/resolve-to-actor-id.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { emitVerifierBalance } from '../emit.ts'
import { VerifregState } from '../state.ts'
import { removeVerifierCap } from '../verifiers.ts'

/**
 * Method 3, `RemoveVerifier`.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `remove_verifier`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the root; `USR_ILLEGAL_ARGUMENT` for who is no verifier.
 */
export function removeVerifier(rt: Runtime, address: Address): void {
  const verifier = resolveToActorId(rt, address)
  rt.transaction(VerifregState, (state) => {
    rt.validateImmediateCallerIs([state.rootKey])
    removeVerifierCap(rt.store, state, verifier)
  })
  emitVerifierBalance(rt, idOfAddress(verifier), 0n)
}
