import { STORAGE_MARKET_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireParam } from '../runtime/actor-error.ts'
import { batchOk, successesOf } from '../runtime/batch-return.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { deserialize, sendAndReturn, serialize } from '../runtime/send.ts'
import {
  batchClaimAllocations,
  type DataActivations,
  requireAllOrNothing,
  sumOfSizes,
} from './activate-data.ts'
import {
  BATCH_ACTIVATE_DEALS_METHOD,
  BatchActivateDealsParams,
  BatchActivateDealsResult,
  NO_ALLOCATION_ID,
} from './ext.ts'
import type { SectorPreCommitOnChainInfo } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/**
 * Activates the deals that sectors were pre-committed with, and claims their allocations.
 *
 * Source: `activate_sectors_deals`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when no sector's deals can be activated; what the market or the
 * verified registry ends with.
 */
export function activateSectorsDeals(
  rt: Runtime,
  preCommits: readonly SectorPreCommitOnChainInfo[],
): DataActivations {
  const { activationResults, activations } = batchActivateDeals(rt, preCommits)
  requireParam(activationResults.successCount > 0, 'all deals failed to activate')
  const activated = successesOf(activationResults, preCommits).slice(0, activations.length)
  const claims = activated.map(({ info }, i) => ({
    sector: BigInt(info.sectorNumber),
    expiry: info.expiration,
    claims: (activations[i]?.activated ?? []).filter((deal) => deal.allocationId !== NO_ALLOCATION_ID),
  }))
  const { sectorResults, sectorClaims } = batchClaimAllocations(rt, claims, true)
  requireAllOrNothing(sectorResults)
  return {
    batch: activationResults,
    activations: activations.slice(0, sectorClaims.length).map(({ activated: deals }, i) => ({
      unverifiedSpace: sumOfSizes(deals.filter((deal) => deal.allocationId === NO_ALLOCATION_ID)),
      verifiedSpace: sectorClaims[i] as bigint,
      pieces: deals.map(({ data, size }) => ({ cid: data, size })),
    })),
  }
}

/** Asks the market only when there are deals. The data commitments are known from the pre-commitments. */
function batchActivateDeals(
  rt: Runtime,
  preCommits: readonly SectorPreCommitOnChainInfo[],
): BatchActivateDealsResult {
  if (preCommits.every(({ info }) => info.dealIds.length === 0)) {
    return {
      activationResults: batchOk(preCommits.length),
      activations: preCommits.map(() => ({ activated: [], unsealedCid: null })),
    }
  }
  const sectors = preCommits.map(({ info }) => ({
    sectorNumber: BigInt(info.sectorNumber),
    sectorType: BigInt(info.sealProof),
    sectorExpiry: BigInt(info.expiration),
    dealIds: info.dealIds,
  }))
  const params = serialize(BatchActivateDealsParams, { sectors, computeCid: false })
  const answer = sendAndReturn(rt, STORAGE_MARKET_ACTOR_ADDR, BATCH_ACTIVATE_DEALS_METHOD, params)
  return deserialize(BatchActivateDealsResult, answer)
}
