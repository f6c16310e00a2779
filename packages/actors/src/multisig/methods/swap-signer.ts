import { requireParam } from '../../runtime/actor-error.ts'
import { resolveToActorId, resolveToExistingActorId } from '../../runtime/resolve-to-actor-id.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { purgeApprovals } from '../approvals.ts'
import { MultisigState } from '../state.ts'
import { requireSigner } from '../transactions.ts'
import type { SwapSignerParams } from '../types.ts'

/**
 * Method 7, `SwapSigner`: the new signer comes last, and does not inherit the approvals of the old one.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `swap_signer`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the multisig itself, or for one who is no signer;
 * `USR_ILLEGAL_ARGUMENT` for a new one who is already; `USR_NOT_FOUND` where there is no actor; and what the making
 * of an account ends with.
 */
export function swapSigner(rt: Runtime, { from, to }: SwapSignerParams): void {
  rt.validateImmediateCallerIs([rt.message.receiver])
  const oldSigner = resolveToActorId(rt, from)
  const newSigner = resolveToExistingActorId(rt, to)
  rt.transaction(MultisigState, (state) => {
    requireSigner(state, oldSigner)
    requireParam(!state.signers.includes(newSigner), 'a signer already')
    state.signers = [...state.signers.filter((present) => present !== oldSigner), newSigner]
    purgeApprovals(rt.store, state, oldSigner)
  })
}
