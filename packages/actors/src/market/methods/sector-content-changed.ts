import { u64 } from '@plimsoll/ipld'
import type { SectorContentChangedParams, SectorContentChangedReturn } from '../../miner/method-types.ts'
import { ActorError } from '../../runtime/actor-error.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import { CBOR_CODEC } from '../../runtime/ipld-block.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { deserialize } from '../../runtime/send.ts'
import { type Activations, activatedDealState, beginActivations, preactivateDeal } from '../activation.ts'
import type { DealState } from '../deal.ts'
import { emitDealActivated } from '../emit.ts'
import { putDealStates } from '../state/deal-states.ts'
import { putSectorDealIds } from '../state/provider-sectors.ts'
import { MarketState } from '../state.ts'

type SectorChanges = SectorContentChangedParams[number]
type PieceChange = SectorChanges['added'][number]

/**
 * `SectorContentChanged`: puts deals of the calling miner into sectors, each by itself, where a piece of data that
 * names a deal is the deal's. Returns for each piece whether that was so.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `sector_content_changed`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a miner.
 */
export function sectorContentChanged(
  rt: Runtime,
  sectors: SectorContentChangedParams,
): SectorContentChangedReturn {
  rt.validateImmediateCallerType(['storageminer'])
  return rt.transaction(MarketState, (state) => {
    const activations = beginActivations(rt, state)
    const dealStates: (readonly [bigint, DealState])[] = []
    const sectorDeals: (readonly [bigint, readonly bigint[]])[] = []
    const accepted = sectors.map(({ sector, minimumCommitmentEpoch, added }) => {
      const dealIds = added.map((piece) => activateDeal(rt, activations, piece, minimumCommitmentEpoch))
      const activated = dealIds.filter((dealId) => dealId !== undefined)
      const dealState = activatedDealState(sector, rt.currEpoch)
      dealStates.push(...activated.map((dealId) => [dealId, dealState] as const))
      sectorDeals.push([sector, activated])
      return dealIds.map((dealId) => dealId !== undefined)
    })
    putDealStates(rt.store, state, dealStates)
    putSectorDealIds(rt.store, state, idOfAddress(rt.message.caller), sectorDeals)
    state.pendingDealAllocationIds = activations.allocationIds.flush()
    return accepted
  })
}

/** The deal that a piece has activated, if any. */
function activateDeal(
  rt: Runtime,
  activations: Activations,
  { data, size, payload }: PieceChange,
  minimumCommitmentEpoch: SectorChanges['minimumCommitmentEpoch'],
): bigint | undefined {
  const dealId = findDealId(payload)
  if (dealId === undefined || activations.activated.has(dealId)) {
    return undefined
  }
  const { proposal } = preactivateDeal(rt, activations, dealId, minimumCommitmentEpoch)
  if (proposal === undefined || data !== proposal.pieceCid || size !== proposal.pieceSize) {
    return undefined
  }
  activations.activated.add(dealId)
  emitDealActivated(rt, dealId, proposal)
  activations.allocationIds.delete(dealId)
  return dealId
}

function findDealId(payload: Uint8Array): bigint | undefined {
  try {
    return deserialize(u64, { codec: CBOR_CODEC, data: payload })
  } catch (error) {
    if (error instanceof ActorError) {
      return undefined
    }
    throw error
  }
}
