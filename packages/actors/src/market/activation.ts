import type { Amt, Cid, Hamt } from '@plimsoll/ipld'
import {
  type Address,
  type ChainEpoch,
  EPOCH_UNDEFINED,
  ExitCode,
  findWindowPoStProof,
  formatIdAddress,
  windowPoStProofOf,
} from '@plimsoll/primitives'
import { ActorError, requireAllowed, requireParam } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { type DealProposal, type DealState, dealCid } from './deal.ts'
import { loadDealStates } from './state/deal-states.ts'
import { loadPendingDealAllocationIds, loadPendingDeals } from './state/pending-deals.ts'
import { loadProposals, requireProposal } from './state/proposals.ts'
import type { MarketState } from './state.ts'
import { EX_DEAL_EXPIRED } from './types.ts'

/** When a sector may take a deal in. Source of everything here: builtin-actors v18, `actors/market/src/lib.rs`. */

/** What activations of one message are checked against: the state before the first of them. */
export interface Activations {
  readonly proposals: Amt<DealProposal>
  readonly states: Amt<DealState>
  readonly pending: Hamt<Cid, null>
  readonly allocationIds: Hamt<bigint, bigint>
  readonly nextId: bigint
  /** Deals that this message has activated so far. */
  readonly activated: Set<bigint>
}

export function beginActivations(rt: Runtime, state: Draft<MarketState>): Activations {
  return {
    proposals: loadProposals(rt.store, state),
    states: loadDealStates(rt.store, state),
    pending: loadPendingDeals(rt.store, state),
    allocationIds: loadPendingDealAllocationIds(rt.store, state),
    nextId: state.nextId,
    activated: new Set(),
  }
}

/** The proposal of a deal that can be activated, or the code for why this one cannot. */
export type Preactivation =
  | { readonly proposal: DealProposal }
  | { readonly proposal: undefined; readonly code: number }

/**
 * Whether the caller may activate a deal in a sector that is committed until `sectorCommitment`. A deal that cannot
 * be activated is an answer, a state that contradicts itself is not.
 *
 * Source: `preactivate_deal`.
 */
export function preactivateDeal(
  rt: Runtime,
  { proposals, states, pending, nextId }: Activations,
  dealId: bigint,
  sectorCommitment: bigint | ChainEpoch,
): Preactivation {
  try {
    const proposal = requireProposal(proposals, dealId, nextId)
    validateDealCanActivate(proposal, rt.message.caller, sectorCommitment, rt.currEpoch)
    requireParam(states.get(dealId) === undefined, () => `the deal ${dealId} is activated already`)
    return pending.has(dealCid(rt, proposal))
      ? { proposal }
      : { proposal: undefined, code: ExitCode.USR_ILLEGAL_STATE }
  } catch (error) {
    if (error instanceof ActorError) {
      return { proposal: undefined, code: error.exitCode }
    }
    throw error
  }
}

/** The first state of a deal in a sector. */
export function activatedDealState(sectorNumber: bigint, sectorStartEpoch: ChainEpoch): DealState {
  return {
    sectorNumber,
    sectorStartEpoch,
    lastUpdatedEpoch: EPOCH_UNDEFINED,
    slashEpoch: EPOCH_UNDEFINED,
  }
}

/**
 * Source: `validate_deal_can_activate`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` for another miner's deal; `EX_DEAL_EXPIRED` after its start;
 * `USR_ILLEGAL_ARGUMENT` when it outlives the sector.
 */
export function validateDealCanActivate(
  { provider, startEpoch, endEpoch }: DealProposal,
  miner: Address,
  sectorExpiration: bigint | ChainEpoch,
  currEpoch: ChainEpoch,
): void {
  requireAllowed(provider === miner, () => `the deal is with ${formatIdAddress(provider)}`)
  if (currEpoch > startEpoch) {
    // The code is the one that it will have once it was cleaned up.
    throw new ActorError(EX_DEAL_EXPIRED, `the deal should have started at ${startEpoch}`)
  }
  requireParam(endEpoch <= sectorExpiration, () => `the deal ends at ${endEpoch}, after the sector`)
}

/**
 * That a miner can put deals into one sector, and that they fit. The size is in bytes.
 *
 * Source: `validate_deals_for_sector`.
 *
 * @throws {ActorError} as {@link validateDealCanActivate} does; `USR_ILLEGAL_ARGUMENT` for too much data.
 */
export function validateDealsForSector(
  proposals: readonly DealProposal[],
  miner: Address,
  sectorExpiry: bigint,
  currEpoch: ChainEpoch,
  sectorSizeBytes: number,
): void {
  let dealSpace = 0n
  for (const proposal of proposals) {
    validateDealCanActivate(proposal, miner, sectorExpiry, currEpoch)
    dealSpace += proposal.pieceSize
  }
  requireParam(
    dealSpace <= sectorSizeBytes,
    () => `${dealSpace} bytes do not fit into ${sectorSizeBytes} of a sector`,
  )
}

/**
 * Source: `get_proposals`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a deal that is named twice; and as `requireProposal` does.
 */
export function requireProposals(
  proposals: Amt<DealProposal>,
  dealIds: readonly bigint[],
  nextId: bigint,
): readonly DealProposal[] {
  const seen = new Set<bigint>()
  return dealIds.map((dealId) => {
    requireParam(!seen.has(dealId), () => `the deal ${dealId} is named twice`)
    seen.add(dealId)
    return requireProposal(proposals, dealId, nextId)
  })
}

/** Source: ref-fvm `shared/src/sector/registered_proof.rs`, `RegisteredSealProof::sector_size`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function requireSectorSize(sealProof: bigint): number {
  const postProof = windowPoStProofOf(Number(sealProof))
  const proof = postProof === undefined ? undefined : findWindowPoStProof(postProof)
  requireParam(proof !== undefined, () => `unknown seal proof ${sealProof}`)
  return proof.sectorSizeBytes
}

/** The commitment to the data of deals in a sector. Source: `compute_data_commitment`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when there is none. */
export function computeDataCommitment(
  rt: Runtime,
  proposals: readonly DealProposal[],
  sealProof: bigint,
): Cid {
  const pieces = proposals.map(({ pieceCid: cid, pieceSize: size }) => ({ cid, size }))
  const commitment = rt.computeUnsealedSectorCid(Number(sealProof), pieces)
  requireParam(commitment !== undefined, 'the pieces have no commitment in such a sector')
  return commitment
}
