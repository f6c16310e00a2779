import { requireAllowed, requireParam } from '../../runtime/actor-error.ts'
import { resolveToActorId } from '../../runtime/resolve-to-actor-id.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { purgeApprovals } from '../approvals.ts'
import { MultisigState } from '../state.ts'
import { requireSigner } from '../transactions.ts'
import type { RemoveSignerParams } from '../types.ts'

/**
 * Method 6, `RemoveSigner`: the signer's approvals are taken back.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `remove_signer`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the multisig itself, or for one who is no signer or the only
 * one; `USR_ILLEGAL_ARGUMENT` when the threshold could not be met any more or would be zero; and what the making of
 * an account ends with.
 */
export function removeSigner(rt: Runtime, { signer, decrease }: RemoveSignerParams): void {
  rt.validateImmediateCallerIs([rt.message.receiver])
  const oldSigner = resolveToActorId(rt, signer)
  rt.transaction(MultisigState, (state) => {
    requireSigner(state, oldSigner)
    requireAllowed(state.signers.length !== 1, 'cannot remove the only signer')
    if (decrease) {
      requireParam(state.numApprovalsThreshold >= 2, 'the threshold cannot be decreased any more')
      state.numApprovalsThreshold--
    } else {
      requireParam(
        state.signers.length - 1 >= state.numApprovalsThreshold,
        'the threshold could not be met any more',
      )
    }
    purgeApprovals(rt.store, state, oldSigner)
    state.signers = state.signers.filter((present) => present !== oldSigner)
  })
}
