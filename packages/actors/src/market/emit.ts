import { u64 } from '@plimsoll/ipld'
import { eventType, indexed } from '../runtime/events.ts'
import { idOfAddress } from '../runtime/id-of-address.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { DealProposal } from './deal.ts'

/** Source of everything here: builtin-actors v18, `actors/market/src/emit.rs`. */

/** Source: `deal_published`. */
export function emitDealPublished(rt: Runtime, dealId: bigint, proposal: DealProposal): void {
  emitDealEvent(rt, 'deal-published', dealId, proposal)
}

/** Source: `deal_activated`. */
export function emitDealActivated(rt: Runtime, dealId: bigint, proposal: DealProposal): void {
  emitDealEvent(rt, 'deal-activated', dealId, proposal)
}

/** Source: `deal_terminated`. */
export function emitDealTerminated(rt: Runtime, dealId: bigint, proposal: DealProposal): void {
  emitDealEvent(rt, 'deal-terminated', dealId, proposal)
}

/** Source: `deal_completed`. */
export function emitDealCompleted(rt: Runtime, dealId: bigint, proposal: DealProposal): void {
  emitDealEvent(rt, 'deal-completed', dealId, proposal)
}

/** Source: `WithParties`. */
function emitDealEvent(rt: Runtime, type: string, dealId: bigint, { client, provider }: DealProposal): void {
  rt.emitEvent([
    eventType(type),
    indexed('id', u64, dealId),
    indexed('client', u64, idOfAddress(client)),
    indexed('provider', u64, idOfAddress(provider)),
  ])
}
