import type { Blockstore, Cid, Hamt } from '@plimsoll/ipld'
import type { Draft } from '../../runtime/draft.ts'
import { type MarketState, PendingDealAllocations, PendingProposals } from '../state.ts'

/**
 * What is known of deals only until they are activated or paid: that their proposals were published, and their
 * allocations.
 *
 * Source of everything here: builtin-actors v18, `actors/market/src/state.rs`.
 */

/** Source: `load_pending_deals`. */
export function loadPendingDeals(
  store: Blockstore,
  state: Pick<MarketState, 'pendingProposals'>,
): Hamt<Cid, null> {
  return PendingProposals.load(store, state.pendingProposals)
}

/** Source: `put_pending_deals`. */
export function putPendingDeals(store: Blockstore, state: Draft<MarketState>, added: readonly Cid[]): void {
  const pending = loadPendingDeals(store, state)
  for (const proposal of added) {
    pending.set(proposal, null)
  }
  state.pendingProposals = pending.flush()
}

/** Says whether there was one. Source: `remove_pending_deal`. */
export function removePendingDeal(store: Blockstore, state: Draft<MarketState>, proposal: Cid): boolean {
  const pending = loadPendingDeals(store, state)
  const wasThere = pending.delete(proposal)
  state.pendingProposals = pending.flush()
  return wasThere
}

/** Source: `load_pending_deal_allocation_ids`. */
export function loadPendingDealAllocationIds(
  store: Blockstore,
  state: Pick<MarketState, 'pendingDealAllocationIds'>,
): Hamt<bigint, bigint> {
  return PendingDealAllocations.load(store, state.pendingDealAllocationIds)
}

/** Source: `put_pending_deal_allocation_ids`. */
export function putPendingDealAllocationIds(
  store: Blockstore,
  state: Draft<MarketState>,
  added: readonly (readonly [dealId: bigint, allocationId: bigint])[],
): void {
  const pending = loadPendingDealAllocationIds(store, state)
  for (const [dealId, allocationId] of added) {
    pending.set(dealId, allocationId)
  }
  state.pendingDealAllocationIds = pending.flush()
}

/** Source: `remove_pending_deal_allocation_id`. */
export function removePendingDealAllocationId(
  store: Blockstore,
  state: Draft<MarketState>,
  dealId: bigint,
): void {
  const pending = loadPendingDealAllocationIds(store, state)
  pending.delete(dealId)
  state.pendingDealAllocationIds = pending.flush()
}
