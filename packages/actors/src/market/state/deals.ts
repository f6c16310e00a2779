import type { Blockstore, Cid } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { DealProposal, DealState } from '../deal.ts'
import type { MarketState } from '../state.ts'
import { findDealState, removeDealState } from './deal-states.ts'
import { processDealInitTimedOut } from './payments.ts'
import { removePendingDeal, removePendingDealAllocationId } from './pending-deals.ts'
import { removeProposal } from './proposals.ts'

/** How a deal begins and ends. Source of everything here: builtin-actors v18, `actors/market/src/state.rs`. */

/** How a deal stands that was published. Source: `LoadDealState`. */
export type LoadedDeal =
  | { readonly kind: 'tooEarly' }
  | { readonly kind: 'proposalExpired'; readonly slashed: AttoFil }
  | { readonly kind: 'active'; readonly dealState: DealState }

/**
 * The state of a deal; one that should be in a sector by now and is not is ended.
 *
 * Source: `get_active_deal_or_process_timeout`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` when the parts of the deal are not all there; and as
 * `processDealInitTimedOut` does.
 */
export function activeDealOrTimeout(
  store: Blockstore,
  state: Draft<MarketState>,
  currEpoch: ChainEpoch,
  dealId: bigint,
  { deal, dealCid }: { readonly deal: DealProposal; readonly dealCid: Cid },
): LoadedDeal {
  const dealState = findDealState(store, state, dealId)
  if (dealState !== undefined) {
    return { kind: 'active', dealState }
  }
  if (currEpoch < deal.startEpoch) {
    return { kind: 'tooEarly' }
  }
  const slashed = processDealInitTimedOut(store, state, deal)
  const hadProposal = removeProposal(store, state, dealId)
  requireState(hadProposal, () => `the deal ${dealId} has no proposal`)
  const wasPending = removePendingDeal(store, state, dealCid)
  requireState(wasPending, () => `the deal ${dealId} is not pending`)
  removePendingDealAllocationId(store, state, dealId)
  return { kind: 'proposalExpired', slashed }
}

/** Source: `remove_completed_deal`. @throws {ActorError} `USR_ILLEGAL_STATE` for a deal that is not in both maps. */
export function removeCompletedDeal(store: Blockstore, state: Draft<MarketState>, dealId: bigint): void {
  const hadState = removeDealState(store, state, dealId)
  requireState(hadState, () => `the deal ${dealId} has no state`)
  const hadProposal = removeProposal(store, state, dealId)
  requireState(hadProposal, () => `the deal ${dealId} has no proposal`)
}

/** Source: `generate_storage_deal_id`. */
export function generateStorageDealId(state: Draft<MarketState>): bigint {
  const dealId = state.nextId
  state.nextId = dealId + 1n
  return dealId
}
