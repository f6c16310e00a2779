import { type Cid, encodeCbor } from '@plimsoll/ipld'
import { type Address, type AttoFil, type ChainEpoch, minBigInt } from '@plimsoll/primitives'
import { TOKEN_PRECISION, type TokenAmount } from '../datacap/types.ts'
import type { Policy } from '../policy.ts'
import { idOfAddress } from '../runtime/id-of-address.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { AllocationRequest } from '../verifreg/types.ts'
import { clientBalanceRequirement, DealProposal, dealDuration, serializedDealCid } from './deal.ts'
import { dataCapBalance, requestAllocations } from './ext.ts'
import { isBalanceCovered } from './state/balances.ts'
import { loadPendingDeals } from './state/pending-deals.ts'
import { MarketState } from './state.ts'

/** Which of valid deals are published. Source of everything here: builtin-actors v18, `actors/market/src/lib.rs`, in `publish_storage_deals`. */

/** A deal that will be published: its proposal with the ID addresses of both parties. */
export interface AdmittedDeal {
  /** Its place in the parameters. */
  readonly index: number
  readonly proposal: DealProposal
  readonly serialized: Uint8Array
  readonly cid: Cid
}

/** The deals that will be published, and the allocations that their clients need, by client. */
export interface Admission {
  readonly deals: readonly AdmittedDeal[]
  readonly requests: ReadonlyMap<Address, readonly DealRequest[]>
}

interface DealRequest {
  readonly cid: Cid
  readonly request: AllocationRequest
}

/** What the deals that were admitted so far take. Amounts in attoFIL and in tokens of DataCap. */
interface Taken {
  readonly clientLockups: Map<Address, AttoFil>
  providerLockup: AttoFil
  readonly dataCapRemaining: Map<Address, TokenAmount>
  readonly cids: Set<Cid>
  readonly requests: Map<Address, DealRequest[]>
}

/**
 * Goes through proposals in order, of which those that are not to be published already are undefined, and leaves
 * out whatever its parties cannot pay for after those before it, and whatever was published already.
 *
 * @throws {ActorError} `USR_NOT_FOUND` when a client's DataCap cannot be known.
 */
export function admitDeals(
  rt: Runtime,
  provider: Address,
  proposals: readonly (DealProposal | undefined)[],
): Admission {
  const state = rt.state(MarketState)
  const taken: Taken = {
    clientLockups: new Map(),
    providerLockup: 0n,
    dataCapRemaining: new Map(),
    cids: new Set(),
    requests: new Map(),
  }
  const deals: AdmittedDeal[] = []
  for (const [index, given] of proposals.entries()) {
    const client = given && rt.resolveAddress(given.client)
    if (given !== undefined && client !== undefined) {
      const proposal = { ...given, provider, client }
      const admitted = admitDeal(rt, state, taken, index, proposal)
      deals.push(...(admitted === undefined ? [] : [admitted]))
    }
  }
  return { deals, requests: taken.requests }
}

function admitDeal(
  rt: Runtime,
  state: MarketState,
  taken: Taken,
  index: number,
  proposal: DealProposal,
): AdmittedDeal | undefined {
  const { client, provider } = proposal
  const clientLockup = (taken.clientLockups.get(client) ?? 0n) + clientBalanceRequirement(proposal)
  const providerLockup = taken.providerLockup + proposal.providerCollateral
  if (
    !isBalanceCovered(rt.store, state, client, clientLockup) ||
    !isBalanceCovered(rt.store, state, provider, providerLockup)
  ) {
    return undefined
  }
  const serialized = encodeCbor(DealProposal, proposal)
  const cid = serializedDealCid(rt, serialized)
  if (loadPendingDeals(rt.store, state).has(cid) || taken.cids.has(cid)) {
    return undefined
  }
  if (proposal.verifiedDeal && !takeDataCap(rt, taken, cid, proposal)) {
    return undefined
  }
  taken.providerLockup = providerLockup
  taken.clientLockups.set(client, clientLockup)
  taken.cids.add(cid)
  return { index, proposal, serialized, cid }
}

/** Takes the DataCap of a verified deal from what its client has left; says whether there was enough. */
function takeDataCap(rt: Runtime, taken: Taken, cid: Cid, proposal: DealProposal): boolean {
  const { client } = proposal
  const remaining = taken.dataCapRemaining.get(client) ?? dataCapBalance(rt, client)
  // The reference reads the size as a signed number here: one of 2^63 takes less than nothing, and fails later on.
  const required = BigInt.asIntN(64, proposal.pieceSize) * TOKEN_PRECISION
  if (remaining < required) {
    taken.dataCapRemaining.set(client, remaining)
    return false
  }
  taken.dataCapRemaining.set(client, remaining - required)
  const requests = taken.requests.get(client) ?? []
  requests.push({ cid, request: allocationRequestForDeal(proposal, rt.policy, rt.currEpoch) })
  taken.requests.set(client, requests)
  return true
}

/** Source: `alloc_request_for_deal`. */
export function allocationRequestForDeal(
  proposal: DealProposal,
  policy: Policy,
  currEpoch: ChainEpoch,
): AllocationRequest {
  const termMin = dealDuration(proposal)
  const termMax = minBigInt(
    termMin + BigInt(policy.marketDefaultAllocationTermBuffer),
    BigInt(policy.maximumVerifiedAllocationTerm),
  )
  const latest = BigInt(currEpoch + policy.maximumVerifiedAllocationExpiration)
  return {
    provider: idOfAddress(proposal.provider),
    data: proposal.pieceCid,
    size: proposal.pieceSize,
    termMin,
    termMax,
    expiration: minBigInt(proposal.startEpoch, latest),
  }
}

/**
 * Makes the allocations, for one client after the other by ascending ids, and returns them by the proposals' CIDs.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` when that fails.
 */
export function allocateForDeals(rt: Runtime, { requests }: Admission): ReadonlyMap<Cid, bigint> {
  const allocationIds = new Map<Cid, bigint>()
  const clients = [...requests].sort(([a], [b]) => (idOfAddress(a) < idOfAddress(b) ? -1 : 1))
  for (const [client, deals] of clients) {
    const ids = requestAllocations(
      rt,
      client,
      deals.map(({ request }) => request),
    )
    for (const [i, { cid }] of deals.entries()) {
      allocationIds.set(cid, ids[i] as bigint)
    }
  }
  return allocationIds
}
