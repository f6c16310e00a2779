import { address, bool, cid, i64, list, tuple, u64, type ValueOf } from '@plimsoll/ipld'
import { BatchReturn } from '../runtime/batch-return.ts'
import { signature } from '../runtime/signature.ts'
import { Claim, dataCap, RemoveDataCapProposalId } from './state.ts'

/**
 * Parameters and return values. Ids of actors, sizes in bytes and epochs keep the whole range that they have on
 * the wire.
 *
 * Source of everything here: builtin-actors v18, `actors/verifreg/src/types.rs`.
 */

/** Parameters of the constructor: who may add and remove verifiers. */
export const ConstructorParams = address

/** Parameters of `AddVerifier` and of `AddVerifiedClient`. CBOR tuple. */
export const VerifierParams = tuple('VerifierParams', { address, allowance: dataCap })
export type VerifierParams = ValueOf<typeof VerifierParams>

/** Parameters of `RemoveVerifier`. */
export const RemoveVerifierParams = address

/** A verifier's consent to the removal of DataCap. CBOR tuple. */
const RemoveDataCapRequest = tuple('RemoveDataCapRequest', { verifier: address, signature })
export type RemoveDataCapRequest = ValueOf<typeof RemoveDataCapRequest>

/** Parameters of `RemoveVerifiedClientDataCap`. CBOR tuple. */
export const RemoveDataCapParams = tuple('RemoveDataCapParams', {
  verifiedClientToRemove: address,
  dataCapAmountToRemove: dataCap,
  verifierRequest1: RemoveDataCapRequest,
  verifierRequest2: RemoveDataCapRequest,
})
export type RemoveDataCapParams = ValueOf<typeof RemoveDataCapParams>

/** What it returns: the client by its ID address, and how much was taken. CBOR tuple. */
export const RemoveDataCapReturn = tuple('RemoveDataCapReturn', {
  verifiedClient: address,
  dataCapRemoved: dataCap,
})
export type RemoveDataCapReturn = ValueOf<typeof RemoveDataCapReturn>

/** What a verifier signs. CBOR tuple. */
export const RemoveDataCapProposal = tuple('RemoveDataCapProposal', {
  verifiedClient: address,
  dataCapAmount: dataCap,
  removalProposalId: RemoveDataCapProposalId,
})
export type RemoveDataCapProposal = ValueOf<typeof RemoveDataCapProposal>

/** What stands before it in the signed bytes. */
export const SIGNATURE_DOMAIN_SEPARATION_REMOVE_DATA_CAP = 'fil_removedatacap:'

/** Parameters of `RemoveExpiredAllocations`; no ids are all that have expired. CBOR tuple. */
export const RemoveExpiredAllocationsParams = tuple('RemoveExpiredAllocationsParams', {
  client: u64,
  allocationIds: list(u64),
})
export type RemoveExpiredAllocationsParams = ValueOf<typeof RemoveExpiredAllocationsParams>

/** What it returns. CBOR tuple. */
export const RemoveExpiredAllocationsReturn = tuple('RemoveExpiredAllocationsReturn', {
  considered: list(u64),
  results: BatchReturn,
  dataCapRecovered: dataCap,
})
export type RemoveExpiredAllocationsReturn = ValueOf<typeof RemoveExpiredAllocationsReturn>

/** An allocation that a piece of a sector takes up. CBOR tuple. */
const AllocationClaim = tuple('AllocationClaim', { client: u64, allocationId: u64, data: cid, size: u64 })
export type AllocationClaim = ValueOf<typeof AllocationClaim>

/** The allocations of one sector, all of which are claimed or none. CBOR tuple. */
const SectorAllocationClaims = tuple('SectorAllocationClaims', {
  sector: u64,
  expiry: i64,
  claims: list(AllocationClaim),
})
export type SectorAllocationClaims = ValueOf<typeof SectorAllocationClaims>

/** Parameters of `ClaimAllocations`. CBOR tuple. */
export const ClaimAllocationsParams = tuple('ClaimAllocationsParams', {
  sectors: list(SectorAllocationClaims),
  allOrNothing: bool,
})
export type ClaimAllocationsParams = ValueOf<typeof ClaimAllocationsParams>

/** What it returns: how each sector ended, and the bytes that each successful one claimed. CBOR tuple. */
export const ClaimAllocationsReturn = tuple('ClaimAllocationsReturn', {
  sectorResults: BatchReturn,
  sectorClaims: list(dataCap),
})
export type ClaimAllocationsReturn = ValueOf<typeof ClaimAllocationsReturn>

/** A longer term for a claim. CBOR tuple. */
const ClaimTerm = tuple('ClaimTerm', { provider: u64, claimId: u64, termMax: i64 })
export type ClaimTerm = ValueOf<typeof ClaimTerm>

/** Parameters of `ExtendClaimTerms`. CBOR tuple. */
export const ExtendClaimTermsParams = tuple('ExtendClaimTermsParams', { terms: list(ClaimTerm) })
export type ExtendClaimTermsParams = ValueOf<typeof ExtendClaimTermsParams>

/** What it returns: how each term ended. */
export const ExtendClaimTermsReturn = BatchReturn

/** A request for an allocation, paid for with the tokens that it comes with. CBOR tuple. */
export const AllocationRequest = tuple('AllocationRequest', {
  provider: u64,
  data: cid,
  size: u64,
  termMin: i64,
  termMax: i64,
  expiration: i64,
})
export type AllocationRequest = ValueOf<typeof AllocationRequest>

/** A request for a longer term of a claim, paid for in the same way. CBOR tuple. */
export const ClaimExtensionRequest = tuple('ClaimExtensionRequest', {
  provider: u64,
  claim: u64,
  termMax: i64,
})
export type ClaimExtensionRequest = ValueOf<typeof ClaimExtensionRequest>

/** What the operator's data of a transfer of DataCap to the registry has to be. CBOR tuple. */
export const AllocationRequests = tuple('AllocationRequests', {
  allocations: list(AllocationRequest),
  extensions: list(ClaimExtensionRequest),
})
export type AllocationRequests = ValueOf<typeof AllocationRequests>

/** What the registry answers to it. CBOR tuple. */
export const AllocationsResponse = tuple('AllocationsResponse', {
  allocationResults: BatchReturn,
  extensionResults: BatchReturn,
  newAllocations: list(u64),
})
export type AllocationsResponse = ValueOf<typeof AllocationsResponse>

/** Parameters of `GetClaims`. CBOR tuple. */
export const GetClaimsParams = tuple('GetClaimsParams', { provider: u64, claimIds: list(u64) })
export type GetClaimsParams = ValueOf<typeof GetClaimsParams>

/** What it returns: whether there is each claim, and those that there are. CBOR tuple. */
export const GetClaimsReturn = tuple('GetClaimsReturn', { batchInfo: BatchReturn, claims: list(Claim) })
export type GetClaimsReturn = ValueOf<typeof GetClaimsReturn>

/** Parameters of `RemoveExpiredClaims`; no ids are all that have expired. CBOR tuple. */
export const RemoveExpiredClaimsParams = tuple('RemoveExpiredClaimsParams', {
  provider: u64,
  claimIds: list(u64),
})
export type RemoveExpiredClaimsParams = ValueOf<typeof RemoveExpiredClaimsParams>

/** What it returns. CBOR tuple. */
export const RemoveExpiredClaimsReturn = tuple('RemoveExpiredClaimsReturn', {
  considered: list(u64),
  results: BatchReturn,
})
export type RemoveExpiredClaimsReturn = ValueOf<typeof RemoveExpiredClaimsReturn>

/** Numbers of methods that other actors call. Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `Method`. */
export const CLAIM_ALLOCATIONS_METHOD = 9
export const GET_CLAIMS_METHOD = 10
