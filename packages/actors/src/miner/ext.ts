import {
  bigInt,
  bitField,
  bool,
  chainEpoch,
  cid,
  i64,
  list,
  nullable,
  tuple,
  u64,
  type ValueOf,
} from '@plimsoll/ipld'
import { BatchReturn } from '../runtime/batch-return.ts'

/**
 * What a miner knows of the market and of the verified registry.
 *
 * Source of everything here: builtin-actors v18, `actors/miner/src/ext.rs`.
 */

export const VERIFY_DEALS_FOR_ACTIVATION_METHOD = 5
export const BATCH_ACTIVATE_DEALS_METHOD = 6
export const ON_MINER_SECTORS_TERMINATE_METHOD = 7

/** The allocation of a deal that has none. */
export const NO_ALLOCATION_ID = 0n

/** Deals that go into a sector. CBOR tuple. */
const SectorDeals = tuple('SectorDeals', {
  sectorNumber: u64,
  sectorType: i64,
  sectorExpiry: i64,
  dealIds: list(u64),
})
export type SectorDeals = ValueOf<typeof SectorDeals>

/** CBOR tuple. */
export const VerifyDealsForActivationParams = tuple('VerifyDealsForActivationParams', {
  sectors: list(SectorDeals),
})
/** The data commitment of each sector, or null for one without deals. CBOR tuple. */
export const VerifyDealsForActivationReturn = tuple('VerifyDealsForActivationReturn', {
  unsealedCids: list(nullable(cid)),
})

/** CBOR tuple. */
export const BatchActivateDealsParams = tuple('BatchActivateDealsParams', {
  sectors: list(SectorDeals),
  computeCid: bool,
})

/** The deals of a sector that were activated. CBOR tuple. */
const SectorDealActivation = tuple('SectorDealActivation', {
  activated: list(tuple('ActivatedDeal', { client: u64, allocationId: u64, data: cid, size: u64 })),
  unsealedCid: nullable(cid),
})
export type SectorDealActivation = ValueOf<typeof SectorDealActivation>

/** CBOR tuple. */
export const BatchActivateDealsResult = tuple('BatchActivateDealsResult', {
  activationResults: BatchReturn,
  activations: list(SectorDealActivation),
})
export type BatchActivateDealsResult = ValueOf<typeof BatchActivateDealsResult>

/** CBOR tuple. */
export const OnMinerSectorsTerminateParams = tuple('OnMinerSectorsTerminateParams', {
  epoch: chainEpoch,
  sectors: bitField,
})

export const CLAIM_ALLOCATIONS_METHOD = 9
export const GET_CLAIMS_METHOD = 10

/** Verified data in a sector. CBOR tuple. */
const Claim = tuple('Claim', {
  provider: u64,
  client: u64,
  data: cid,
  size: u64,
  termMin: chainEpoch,
  termMax: chainEpoch,
  termStart: chainEpoch,
  sector: u64,
})
export type Claim = ValueOf<typeof Claim>

/** CBOR tuple. */
export const GetClaimsParams = tuple('GetClaimsParams', { provider: u64, claimIds: list(u64) })
/** CBOR tuple. */
export const GetClaimsReturn = tuple('GetClaimsReturn', { batchInfo: BatchReturn, claims: list(Claim) })

/** Allocations that a sector claims. CBOR tuple. */
const SectorAllocationClaims = tuple('SectorAllocationClaims', {
  sector: u64,
  expiry: chainEpoch,
  claims: list(tuple('AllocationClaim', { client: u64, allocationId: u64, data: cid, size: u64 })),
})
export type SectorAllocationClaims = ValueOf<typeof SectorAllocationClaims>

/** CBOR tuple. */
export const ClaimAllocationsParams = tuple('ClaimAllocationsParams', {
  sectors: list(SectorAllocationClaims),
  allOrNothing: bool,
})
/** How the sectors ended, and the space that each successful one claimed. CBOR tuple. */
export const ClaimAllocationsReturn = tuple('ClaimAllocationsReturn', {
  sectorResults: BatchReturn,
  sectorClaims: list(bigInt),
})
export type ClaimAllocationsReturn = ValueOf<typeof ClaimAllocationsReturn>
