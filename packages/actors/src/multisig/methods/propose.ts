import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { MultisigState, PendingTxns } from '../state.ts'
import { approveTransaction, requireSigner } from '../transactions.ts'
import type { ProposeParams, ProposeReturn, Transaction } from '../types.ts'

/**
 * Method 2, `Propose`: makes a proposal and approves it, which may execute it.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `propose`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a negative value; `USR_FORBIDDEN` unless called by a signer;
 * `USR_INSUFFICIENT_FUNDS` when it would execute and the value is not there or locked.
 */
export function propose(rt: Runtime, params: ProposeParams): ProposeReturn {
  rt.validateImmediateCallerAcceptAny()
  requireParam(params.value >= 0n, 'the value must not be negative')
  const txn: Transaction = { ...params, approved: [] }
  const txnId = rt.transaction(MultisigState, (state) => {
    requireSigner(state, rt.message.caller)
    const pending = PendingTxns.load(rt.store, state.pendingTxs)
    const id = state.nextTxId
    state.nextTxId++
    pending.set(id, txn)
    state.pendingTxs = pending.flush()
    return id
  })
  return { txnId, ...approveTransaction(rt, txnId, txn) }
}
