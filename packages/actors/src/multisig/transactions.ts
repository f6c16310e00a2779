import { address, attoFil, bytes, encodeCbor, nullable, tuple } from '@plimsoll/ipld'
import { type Address, byteString, ExitCode } from '@plimsoll/primitives'
import { ActorError, requireAllowed, requireFound, requireParam } from '../runtime/actor-error.ts'
import { type Draft, valueOfDraft } from '../runtime/draft.ts'
import { methodNum } from '../runtime/method-num.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { blockOfRawBytes, sendAndReturn } from '../runtime/send.ts'
import { checkAvailable } from './lock.ts'
import { MultisigState, PendingTxns } from './state.ts'
import type { ApproveReturn, Transaction, TxnId, TxnIdParams } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/multisig/src/lib.rs`. */

/** What the hash of a proposal is made of. CBOR tuple. Source: `actors/multisig/src/types.rs`, `ProposalHashData`. */
const ProposalHashData = tuple('ProposalHashData', {
  requester: nullable(address),
  to: address,
  value: attoFil,
  method: methodNum,
  params: bytes,
})

const NO_RETURN = new Uint8Array()

/** @throws {ActorError} `USR_FORBIDDEN` for an address that is no signer's. */
export function requireSigner(state: MultisigState | Draft<MultisigState>, caller: Address): void {
  requireAllowed(state.signers.includes(caller), 'not a signer')
}

/** BLAKE2b-256 of a proposal as it was made. Source: `compute_proposal_hash`. */
export function computeProposalHash(rt: Runtime, txn: Transaction): Uint8Array {
  const requester = txn.approved[0] ?? null
  return rt.hashBlake2b(encodeCbor(ProposalHashData, { ...txn, requester }))
}

/** Whether a hash that came along is that of the proposal; none is of any. */
export function matchesProposal(rt: Runtime, txn: Transaction, proposalHash: Uint8Array): boolean {
  return proposalHash.length === 0 || byteString(proposalHash) === byteString(computeProposalHash(rt, txn))
}

/**
 * Source: `get_transaction`.
 *
 * @throws {ActorError} `USR_NOT_FOUND` for an unknown id; `USR_ILLEGAL_ARGUMENT` for the hash of another proposal.
 */
export function getTransaction(
  rt: Runtime,
  state: Draft<MultisigState>,
  { id, proposalHash }: TxnIdParams,
): Transaction {
  const pending = PendingTxns.load(rt.store, state.pendingTxs)
  const txn = requireFound(pending.get(id), () => `no transaction ${id} to approve`)
  requireParam(matchesProposal(rt, txn, proposalHash), 'the hash does not match the proposal')
  return txn
}

/**
 * Adds the caller's approval, and executes the proposal if that was the last it needed.
 *
 * Source: `approve_transaction`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` the second time; and as {@link executeTransactionIfApproved} does.
 */
export function approveTransaction(rt: Runtime, id: TxnId, txn: Transaction): ApproveReturn {
  const { caller } = rt.message
  requireAllowed(!txn.approved.includes(caller), 'the caller has approved this already')
  const approvedTxn = { ...txn, approved: [...txn.approved, caller] }
  const state = rt.transaction(MultisigState, (state) => {
    const pending = PendingTxns.load(rt.store, state.pendingTxs)
    pending.set(id, approvedTxn)
    state.pendingTxs = pending.flush()
    return valueOfDraft(state)
  })
  return executeTransactionIfApproved(rt, state, id, approvedTxn)
}

/**
 * Executes a proposal that has enough approvals. That what it calls fails is an answer; the proposal is done.
 *
 * Source: `execute_transaction_if_approved`.
 *
 * @throws {ActorError} as `checkAvailable` does.
 */
export function executeTransactionIfApproved(
  rt: Runtime,
  state: MultisigState,
  id: TxnId,
  txn: Transaction,
): ApproveReturn {
  if (txn.approved.length < state.numApprovalsThreshold) {
    return { applied: false, code: ExitCode.OK, ret: NO_RETURN }
  }
  checkAvailable(state, rt.currentBalance(), txn.value, rt.currEpoch)
  rt.transaction(MultisigState, (state) => {
    const pending = PendingTxns.load(rt.store, state.pendingTxs)
    pending.delete(id)
    state.pendingTxs = pending.flush()
  })
  return { applied: true, ...execute(rt, txn) }
}

function execute(
  rt: Runtime,
  { to, method, params, value }: Transaction,
): { readonly code: number; readonly ret: Uint8Array } {
  try {
    const returned = sendAndReturn(rt, to, method, blockOfRawBytes(params), value)
    return { code: ExitCode.OK, ret: returned?.data ?? NO_RETURN }
  } catch (error) {
    if (error instanceof ActorError) {
      return { code: error.exitCode, ret: error.returnData?.data ?? NO_RETURN }
    }
    throw error
  }
}
