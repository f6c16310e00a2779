import { chainEpoch, cid, u64 } from '@plimsoll/ipld'
import { type ActorEvent, eventType, field, indexed } from '../runtime/events.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { type Allocation, type Claim, type DataCap, dataCap } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/verifreg/src/emit.rs`. */

/** A verifier's DataCap was set, because it gave some to `client` where there is one. Source: `verifier_balance`. */
export function emitVerifierBalance(
  rt: Runtime,
  verifier: bigint,
  newBalance: DataCap,
  client?: bigint,
): void {
  rt.emitEvent([
    eventType('verifier-balance'),
    indexed('verifier', u64, verifier),
    field('balance', dataCap, newBalance),
    ...(client === undefined ? [] : [indexed('client', u64, client)]),
  ])
}

/** Source: `allocation`. */
export function emitAllocation(rt: Runtime, id: bigint, allocation: Allocation): void {
  rt.emitEvent(allocationEvent('allocation', id, allocation))
}

/** Source: `allocation_removed`. */
export function emitAllocationRemoved(rt: Runtime, id: bigint, allocation: Allocation): void {
  rt.emitEvent(allocationEvent('allocation-removed', id, allocation))
}

/** Source: `claim`. */
export function emitClaim(rt: Runtime, id: bigint, claim: Claim): void {
  rt.emitEvent(claimEvent('claim', id, claim))
}

/** Source: `claim_updated`. */
export function emitClaimUpdated(rt: Runtime, id: bigint, claim: Claim): void {
  rt.emitEvent(claimEvent('claim-updated', id, claim))
}

/** Source: `claim_removed`. */
export function emitClaimRemoved(rt: Runtime, id: bigint, claim: Claim): void {
  rt.emitEvent(claimEvent('claim-removed', id, claim))
}

function allocationEvent(type: string, id: bigint, allocation: Allocation): ActorEvent {
  return [...commonEntries(type, id, allocation), field('expiration', chainEpoch, allocation.expiration)]
}

function claimEvent(type: string, id: bigint, claim: Claim): ActorEvent {
  return [
    ...commonEntries(type, id, claim),
    field('term-start', chainEpoch, claim.termStart),
    indexed('sector', u64, claim.sector),
  ]
}

/** Source: `WithParties`, `WithPiece` and `WithTerm`. */
function commonEntries(type: string, id: bigint, record: Allocation | Claim): ActorEvent {
  return [
    eventType(type),
    indexed('id', u64, id),
    indexed('client', u64, record.client),
    indexed('provider', u64, record.provider),
    indexed('piece-cid', cid, record.data),
    field('piece-size', u64, record.size),
    field('term-min', chainEpoch, record.termMin),
    field('term-max', chainEpoch, record.termMax),
  ]
}
