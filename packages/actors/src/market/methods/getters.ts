import { type AttoFil, EPOCH_UNDEFINED } from '@plimsoll/primitives'
import { ActorError } from '../../runtime/actor-error.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { type DealProposal, type DealState, dealDuration, type Label, totalStorageFee } from '../deal.ts'
import { findDealState } from '../state/deal-states.ts'
import { loadProposals, requireProposal } from '../state/proposals.ts'
import { MarketState } from '../state.ts'
import {
  EX_DEAL_EXPIRED,
  EX_DEAL_NOT_ACTIVATED,
  type GetDealActivationReturn,
  type GetDealDataCommitmentReturn,
  type GetDealTermReturn,
} from '../types.ts'

/**
 * What anybody may ask about a deal, from its publication until it is over.
 *
 * All end with `USR_NOT_FOUND` for a deal that there never was, and with `EX_DEAL_EXPIRED` for one that is over.
 *
 * Source of everything here: builtin-actors v18, `actors/market/src/lib.rs`.
 */

/** `GetDealDataCommitment`. Source: `get_deal_data_commitment`. */
export function getDealDataCommitment(rt: Runtime, dealId: bigint): GetDealDataCommitmentReturn {
  const { pieceCid, pieceSize } = askForProposal(rt, dealId)
  return { data: pieceCid, size: pieceSize }
}

/** `GetDealClient`: by its id. Source: `get_deal_client`. */
export function getDealClient(rt: Runtime, dealId: bigint): bigint {
  return idOfAddress(askForProposal(rt, dealId).client)
}

/** `GetDealProvider`: by its id. Source: `get_deal_provider`. */
export function getDealProvider(rt: Runtime, dealId: bigint): bigint {
  return idOfAddress(askForProposal(rt, dealId).provider)
}

/** `GetDealLabel`. Source: `get_deal_label`. */
export function getDealLabel(rt: Runtime, dealId: bigint): Label {
  return askForProposal(rt, dealId).label
}

/** `GetDealTerm`. Source: `get_deal_term`. */
export function getDealTerm(rt: Runtime, dealId: bigint): GetDealTermReturn {
  const proposal = askForProposal(rt, dealId)
  return { start: proposal.startEpoch, duration: dealDuration(proposal) }
}

/** `GetDealTotalPrice`. Source: `get_deal_total_price`. */
export function getDealTotalPrice(rt: Runtime, dealId: bigint): AttoFil {
  return totalStorageFee(askForProposal(rt, dealId))
}

/** `GetDealClientCollateral`. Source: `get_deal_client_collateral`. */
export function getDealClientCollateral(rt: Runtime, dealId: bigint): AttoFil {
  return askForProposal(rt, dealId).clientCollateral
}

/** `GetDealProviderCollateral`. Source: `get_deal_provider_collateral`. */
export function getDealProviderCollateral(rt: Runtime, dealId: bigint): AttoFil {
  return askForProposal(rt, dealId).providerCollateral
}

/** `GetDealVerified`. Source: `get_deal_verified`. */
export function getDealVerified(rt: Runtime, dealId: bigint): boolean {
  return askForProposal(rt, dealId).verifiedDeal
}

/** `GetDealActivation`: when the deal came into a sector, or −1 and −1. Source: `get_deal_activation`. */
export function getDealActivation(rt: Runtime, dealId: bigint): GetDealActivationReturn {
  const dealState = askForDealState(rt, dealId)
  const { sectorStartEpoch: activated, slashEpoch: terminated } = dealState ?? NOT_ACTIVATED
  return { activated: BigInt(activated), terminated: BigInt(terminated) }
}

/**
 * `GetDealSector`: the sector that holds the deal. Source: `get_deal_sector`.
 *
 * @throws {ActorError} `EX_DEAL_NOT_ACTIVATED` for one that is in none yet.
 */
export function getDealSector(rt: Runtime, dealId: bigint): bigint {
  const dealState = askForDealState(rt, dealId)
  if (dealState === undefined) {
    throw new ActorError(EX_DEAL_NOT_ACTIVATED, `the deal ${dealId} is not activated`)
  }
  return dealState.sectorNumber
}

const NOT_ACTIVATED = { sectorStartEpoch: EPOCH_UNDEFINED, slashEpoch: EPOCH_UNDEFINED }

function askForProposal(rt: Runtime, dealId: bigint): DealProposal {
  rt.validateImmediateCallerAcceptAny()
  const state = rt.state(MarketState)
  return requireProposal(loadProposals(rt.store, state), dealId, state.nextId)
}

/** Undefined for a deal that was published only. One that is marked for termination counts as over. */
function askForDealState(rt: Runtime, dealId: bigint): DealState | undefined {
  rt.validateImmediateCallerAcceptAny()
  const state = rt.state(MarketState)
  const dealState = findDealState(rt.store, state, dealId)
  if (dealState === undefined) {
    requireProposal(loadProposals(rt.store, state), dealId, state.nextId)
    return undefined
  }
  if (dealState.slashEpoch !== EPOCH_UNDEFINED) {
    throw new ActorError(EX_DEAL_EXPIRED, `the deal ${dealId} expired`)
  }
  return dealState
}
