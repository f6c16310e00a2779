import { ExitCode } from '@plimsoll/primitives'
import { batchOf } from '../../runtime/batch-return.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import {
  type Activations,
  activatedDealState,
  beginActivations,
  computeDataCommitment,
  preactivateDeal,
} from '../activation.ts'
import type { DealProposal, DealState } from '../deal.ts'
import { emitDealActivated } from '../emit.ts'
import { putDealStates } from '../state/deal-states.ts'
import { putSectorDealIds } from '../state/provider-sectors.ts'
import { MarketState } from '../state.ts'
import {
  type ActivatedDeal,
  type BatchActivateDealsParams,
  type BatchActivateDealsResult,
  NO_ALLOCATION_ID,
  type SectorDealActivation,
  type SectorDeals,
} from '../types.ts'

type DealsToActivate = readonly (readonly [dealId: bigint, proposal: DealProposal])[]

/**
 * Method 6, `BatchActivateDeals`: puts deals of the calling miner into sectors, those of one sector together or not
 * at all.
 *
 * In the result stand `USR_ILLEGAL_ARGUMENT` for a deal that is named twice, is activated already or outlives the
 * sector, `USR_NOT_FOUND`, `EX_DEAL_EXPIRED`, `USR_FORBIDDEN` for another miner's, and `USR_ILLEGAL_STATE` for one
 * that is not pending.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `batch_activate_deals`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a miner; `USR_ILLEGAL_ARGUMENT` for deals that have no
 * commitment.
 */
export function batchActivateDeals(
  rt: Runtime,
  { sectors, computeCid }: BatchActivateDealsParams,
): BatchActivateDealsResult {
  rt.validateImmediateCallerType(['storageminer'])
  return rt.transaction(MarketState, (state) => {
    const activations = beginActivations(rt, state)
    const codes: number[] = []
    const activated: SectorDealActivation[] = []
    const dealStates: (readonly [bigint, DealState])[] = []
    const sectorDeals: (readonly [bigint, readonly bigint[]])[] = []
    for (const sector of sectors) {
      const deals = dealsToActivate(rt, activations, sector)
      if (typeof deals === 'number') {
        codes.push(deals)
        continue
      }
      codes.push(ExitCode.OK)
      activated.push(activateDeals(rt, activations, deals, computeCid ? sector.sectorType : undefined))
      const dealState = activatedDealState(sector.sectorNumber, rt.currEpoch)
      dealStates.push(...sector.dealIds.map((dealId) => [dealId, dealState] as const))
      sectorDeals.push([sector.sectorNumber, sector.dealIds])
    }
    putDealStates(rt.store, state, dealStates)
    putSectorDealIds(rt.store, state, idOfAddress(rt.message.caller), sectorDeals)
    state.pendingDealAllocationIds = activations.allocationIds.flush()
    return { activations: activated, activationResults: batchOf(codes) }
  })
}

/** All deals of a sector, or the code of the first that cannot be activated. */
function dealsToActivate(
  rt: Runtime,
  activations: Activations,
  { dealIds, sectorExpiry }: SectorDeals,
): DealsToActivate | number {
  if (new Set(dealIds).size < dealIds.length) {
    return ExitCode.USR_ILLEGAL_ARGUMENT
  }
  const deals: (readonly [bigint, DealProposal])[] = []
  for (const dealId of dealIds) {
    if (activations.activated.has(dealId)) {
      return ExitCode.USR_ILLEGAL_ARGUMENT
    }
    const preactivation = preactivateDeal(rt, activations, dealId, sectorExpiry)
    if (preactivation.proposal === undefined) {
      return preactivation.code
    }
    deals.push([dealId, preactivation.proposal])
  }
  return deals
}

/** The commitment is computed where a seal proof is given and there are deals. */
function activateDeals(
  rt: Runtime,
  { activated, allocationIds }: Activations,
  deals: DealsToActivate,
  sealProof: bigint | undefined,
): SectorDealActivation {
  const activatedDeals = deals.map(([dealId, proposal]): ActivatedDeal => {
    activated.add(dealId)
    const allocationId = allocationIds.get(dealId) ?? NO_ALLOCATION_ID
    allocationIds.delete(dealId)
    const { client, pieceCid: data, pieceSize: size } = proposal
    return { client: idOfAddress(client), allocationId, data, size }
  })
  const proposals = deals.map(([, proposal]) => proposal)
  const unsealedCid =
    sealProof === undefined || deals.length === 0 ? null : computeDataCommitment(rt, proposals, sealProof)
  for (const [dealId, proposal] of deals) {
    emitDealActivated(rt, dealId, proposal)
  }
  return { activated: activatedDeals, unsealedCid }
}
