import { requireAllowed } from '../../runtime/actor-error.ts'
import { resolveToExistingActorId } from '../../runtime/resolve-to-actor-id.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { MultisigState } from '../state.ts'
import { type AddSignerParams, SIGNERS_MAX } from '../types.ts'

/**
 * Method 5, `AddSigner`.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `add_signer`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the multisig itself, or for a signer too many or one already;
 * `USR_NOT_FOUND` where there is no actor; and what the making of an account ends with.
 */
export function addSigner(rt: Runtime, { signer, increase }: AddSignerParams): void {
  rt.validateImmediateCallerIs([rt.message.receiver])
  const newSigner = resolveToExistingActorId(rt, signer)
  rt.transaction(MultisigState, (state) => {
    requireAllowed(state.signers.length < SIGNERS_MAX, () => `cannot have more than ${SIGNERS_MAX} signers`)
    requireAllowed(!state.signers.includes(newSigner), 'a signer already')
    state.signers = [...state.signers, newSigner]
    if (increase) {
      state.numApprovalsThreshold++
    }
  })
}
