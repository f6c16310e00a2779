import { valueOfDraft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { MultisigState } from '../state.ts'
import {
  approveTransaction,
  executeTransactionIfApproved,
  getTransaction,
  requireSigner,
} from '../transactions.ts'
import type { ApproveReturn, TxnIdParams } from '../types.ts'

/**
 * Method 3, `Approve`. A proposal that has become approved by a lower threshold executes whoever of the signers
 * calls, also one who has approved it before.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `approve`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a signer who has not approved yet; `USR_NOT_FOUND` for an
 * unknown proposal; `USR_ILLEGAL_ARGUMENT` for another's hash; `USR_INSUFFICIENT_FUNDS` when the value is not there
 * or locked.
 */
export function approve(rt: Runtime, params: TxnIdParams): ApproveReturn {
  rt.validateImmediateCallerAcceptAny()
  const { state, txn } = rt.transaction(MultisigState, (state) => {
    requireSigner(state, rt.message.caller)
    return { txn: getTransaction(rt, state, params), state: valueOfDraft(state) }
  })
  const executed = executeTransactionIfApproved(rt, state, params.id, txn)
  return executed.applied ? executed : approveTransaction(rt, params.id, txn)
}
