import { requireAllowed, requireFound, requireState } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { MultisigState, PendingTxns } from '../state.ts'
import { matchesProposal, requireSigner } from '../transactions.ts'
import type { TxnIdParams } from '../types.ts'

/**
 * Method 4, `Cancel`: takes a proposal back.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `cancel`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the signer whose approval is the oldest; `USR_NOT_FOUND` for
 * an unknown proposal; `USR_ILLEGAL_STATE` for another's hash.
 */
export function cancel(rt: Runtime, { id, proposalHash }: TxnIdParams): void {
  rt.validateImmediateCallerAcceptAny()
  const { caller } = rt.message
  rt.transaction(MultisigState, (state) => {
    requireSigner(state, caller)
    const pending = PendingTxns.load(rt.store, state.pendingTxs)
    const txn = requireFound(pending.get(id), () => `no transaction ${id} to cancel`)
    pending.delete(id)
    requireAllowed(txn.approved[0] === caller, "cannot cancel another signer's transaction")
    requireState(matchesProposal(rt, txn, proposalHash), 'the hash does not match the proposal')
    state.pendingTxs = pending.flush()
  })
}
