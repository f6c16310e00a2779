import { bitFieldOf, type Cid } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import { requireAllowed, requireFound, requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { type AdmittedDeal, admitDeals, allocateForDeals } from '../admit-deals.ts'
import type { DealProposal } from '../deal.ts'
import { emitDealPublished } from '../emit.ts'
import {
  isControllingAddress,
  notifyDeal,
  requestCurrentBaselinePower,
  requestCurrentNetworkPower,
} from '../ext.ts'
import { lockClientAndProviderBalances } from '../state/balances.ts'
import { nextUpdateEpoch, putDealsByEpoch } from '../state/deal-ops.ts'
import { generateStorageDealId } from '../state/deals.ts'
import { putPendingDealAllocationIds, putPendingDeals } from '../state/pending-deals.ts'
import { putDealProposals } from '../state/proposals.ts'
import { MarketState } from '../state.ts'
import type { PublishStorageDealsParams, PublishStorageDealsReturn } from '../types.ts'
import { isValidDeal } from '../validate-deal.ts'

/**
 * Method 4, `PublishStorageDeals`: publishes the deals of one provider that are valid and paid for, and leaves out
 * the others.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `publish_storage_deals`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for no deals, none that can be published, a provider that is no miner,
 * and a client that does not take the news; `USR_NOT_FOUND` for a provider without an actor, and for DataCap that
 * cannot be known; `USR_FORBIDDEN` unless called by somebody who may act for the provider; `USR_ILLEGAL_STATE` when
 * allocations cannot be made; `USR_INSUFFICIENT_FUNDS` when making them costs what a deal needs.
 */
export function publishStorageDeals(
  rt: Runtime,
  { deals }: PublishStorageDealsParams,
): PublishStorageDealsReturn {
  rt.validateImmediateCallerAcceptAny()
  const [first] = deals
  requireParam(first !== undefined, 'no deals')
  const provider = requireProvider(rt, first.proposal)
  const isControlling = isControllingAddress(rt, provider, rt.message.caller)
  requireAllowed(isControlling, 'the caller may not act for the provider')
  const baselinePower = requestCurrentBaselinePower(rt)
  const networkRawPower = requestCurrentNetworkPower(rt)
  // All clients are asked for their consent before the state is read, which they might have changed.
  const proposals = deals.map((deal) => {
    const { proposal } = deal
    const isOfProvider = proposal.provider === provider || proposal.provider === first.proposal.provider
    return isValidDeal(rt, deal, networkRawPower, baselinePower) && isOfProvider ? proposal : undefined
  })
  const admission = admitDeals(rt, provider, proposals)
  const allocationIds = allocateForDeals(rt, admission)
  requireParam(admission.deals.length > 0, 'no deal can be published')
  const ids = rt.transaction(MarketState, (state) => putDeals(rt, state, admission.deals, allocationIds))
  for (const [i, { proposal, serialized }] of admission.deals.entries()) {
    const dealId = ids[i] as bigint
    notifyDeal(rt, proposal.client, serialized, dealId)
    emitDealPublished(rt, dealId, proposal)
  }
  return { ids, validDeals: bitFieldOf(admission.deals.map(({ index }) => index)) }
}

/** The ID address of the miner that a deal is with. */
function requireProvider(rt: Runtime, { provider }: DealProposal): Address {
  const resolved = requireFound(rt.resolveAddress(provider), 'the provider cannot be resolved')
  const code = requireFound(rt.getActorCodeCid(resolved), 'no code for the provider')
  requireParam(rt.resolveBuiltinActorType(code) === 'storageminer', 'the provider is no miner')
  return resolved
}

/** Locks the funds of deals, gives them ids, and puts them where they are looked for. */
function putDeals(
  rt: Runtime,
  state: Draft<MarketState>,
  deals: readonly AdmittedDeal[],
  allocationIds: ReadonlyMap<Cid, bigint>,
): readonly bigint[] {
  const { dealUpdatesInterval } = rt.policy
  const published = deals.map(({ proposal, cid }) => {
    lockClientAndProviderBalances(rt.store, state, proposal)
    const dealId = generateStorageDealId(state)
    const firstUpdate = nextUpdateEpoch(dealId, dealUpdatesInterval, proposal.startEpoch)
    return { dealId, proposal, firstUpdate, allocationId: allocationIds.get(cid) }
  })
  putPendingDeals(
    rt.store,
    state,
    deals.map(({ cid }) => cid),
  )
  putDealProposals(
    rt.store,
    state,
    published.map(({ dealId, proposal }) => [dealId, proposal]),
  )
  putPendingDealAllocationIds(
    rt.store,
    state,
    published.flatMap(({ dealId, allocationId }) =>
      allocationId === undefined ? [] : [[dealId, allocationId] as const],
    ),
  )
  putDealsByEpoch(
    rt.store,
    state,
    published.map(({ dealId, firstUpdate }) => [firstUpdate, dealId]),
  )
  return published.map(({ dealId }) => dealId)
}
