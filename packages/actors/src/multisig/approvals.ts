import type { Blockstore } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import type { Draft } from '../runtime/draft.ts'
import { type MultisigState, PendingTxns } from './state.ts'

/**
 * Takes a signer's approvals back; a proposal that nobody is left of is gone.
 *
 * Source: builtin-actors v18, `actors/multisig/src/state.rs`, `purge_approvals`.
 */
export function purgeApprovals(store: Blockstore, state: Draft<MultisigState>, signer: Address): void {
  const txns = PendingTxns.load(store, state.pendingTxs)
  const touched = [...txns.entries()].filter(([, { approved }]) => approved.includes(signer))
  for (const [id, txn] of touched) {
    const approved = txn.approved.filter((approver) => approver !== signer)
    if (approved.length > 0) {
      txns.set(id, { ...txn, approved })
    } else {
      txns.delete(id)
    }
  }
  state.pendingTxs = txns.flush()
}
