import type { Cid } from '@plimsoll/ipld'
import { type ChainEpoch, VERIFIED_REGISTRY_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireInvariant, requireParam } from '../runtime/actor-error.ts'
import { type BatchReturn, batchOk, isAllOk, successesOf } from '../runtime/batch-return.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { deserialize, sendAndReturn, serialize } from '../runtime/send.ts'
import { commDOf } from './commd.ts'
import {
  CLAIM_ALLOCATIONS_METHOD,
  ClaimAllocationsParams,
  ClaimAllocationsReturn,
  type SectorAllocationClaims,
} from './ext.ts'
import type { PieceActivationManifest } from './method-types.ts'

/** Data of sectors that are proven. Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** Pieces that go into a sector. */
export interface SectorPieces {
  readonly pieces: readonly PieceActivationManifest[]
  readonly sectorNumber: bigint
  readonly sectorExpiry: ChainEpoch
  readonly sealProof: number
}

/** What data a sector holds, in bytes. */
export interface DataActivation {
  readonly unverifiedSpace: bigint
  readonly verifiedSpace: bigint
  readonly pieces: readonly { readonly cid: Cid; readonly size: bigint }[]
}

/** How activations ended, and those that went well. */
export interface DataActivations {
  readonly batch: BatchReturn
  readonly activations: readonly DataActivation[]
}

/**
 * Claims the allocations of pieces.
 *
 * Source: `activate_sectors_pieces`, after its check of the data commitments.
 *
 * @throws {ActorError} what the verified registry ends with.
 */
export function activateSectorsPieces(
  rt: Runtime,
  sectors: readonly SectorPieces[],
  allOrNothing: boolean,
): DataActivations {
  const claims = sectors.map(({ pieces, sectorNumber, sectorExpiry }) => ({
    sector: sectorNumber,
    expiry: sectorExpiry,
    claims: pieces.flatMap(({ cid, size, verifiedAllocationKey: key }) =>
      key === null ? [] : [{ client: key.client, allocationId: key.id, data: cid, size }],
    ),
  }))
  const { sectorResults, sectorClaims } = batchClaimAllocations(rt, claims, allOrNothing)
  if (allOrNothing) {
    requireAllOrNothing(sectorResults)
  }
  const claimed = successesOf(sectorResults, sectors)
  const count = Math.min(claimed.length, sectorClaims.length)
  return {
    batch: sectorResults,
    activations: claimed.slice(0, count).map(({ pieces }, i) => ({
      unverifiedSpace: sumOfSizes(pieces.filter((piece) => piece.verifiedAllocationKey === null)),
      verifiedSpace: sectorClaims[i] as bigint,
      pieces,
    })),
  }
}

/**
 * Whether pieces make up the data that was declared of their sector.
 *
 * Source: `activate_sectors_pieces`, its first check.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT`
 */
export function requireDeclaredCommD(
  rt: Runtime,
  { pieces, sealProof, sectorNumber }: SectorPieces,
  declared: Cid | null,
): void {
  const computed = commDOf(unsealedCidFromPieces(rt, pieces, sealProof), sealProof)
  requireParam(
    commDOf(declared, sealProof) === computed,
    () => `the unsealed CID does not match the pieces of sector ${sectorNumber}`,
  )
}

/** The data commitment of pieces, or null for none. Source: `unsealed_cid_from_pieces`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for pieces that do not fit. */
export function unsealedCidFromPieces(
  rt: Runtime,
  pieces: readonly PieceActivationManifest[],
  sealProof: number,
): Cid | null {
  if (pieces.length === 0) {
    return null
  }
  const computed = rt.computeUnsealedSectorCid(
    sealProof,
    pieces.map(({ cid, size }) => ({ cid, size })),
  )
  requireParam(computed !== undefined, 'failed to compute unsealed sector CID')
  return computed
}

/** Asks the verified registry only when there is something to claim. Source: `batch_claim_allocations`. */
export function batchClaimAllocations(
  rt: Runtime,
  sectors: readonly SectorAllocationClaims[],
  allOrNothing: boolean,
): ClaimAllocationsReturn {
  if (sectors.every(({ claims }) => claims.length === 0)) {
    return { sectorResults: batchOk(sectors.length), sectorClaims: sectors.map(() => 0n) }
  }
  const params = serialize(ClaimAllocationsParams, { sectors, allOrNothing })
  const answer = sendAndReturn(rt, VERIFIED_REGISTRY_ACTOR_ADDR, CLAIM_ALLOCATIONS_METHOD, params)
  return deserialize(ClaimAllocationsReturn, answer)
}

/** What the registry owes to who asked for all or nothing. @throws {ActorError} `USR_ASSERTION_FAILED` */
export function requireAllOrNothing(results: BatchReturn): void {
  requireInvariant(
    isAllOk(results) || results.successCount === 0,
    'claims partially succeeded that were to succeed all or not at all',
  )
}

export function sumOfSizes(pieces: readonly { readonly size: bigint }[]): bigint {
  return pieces.reduce((sum, { size }) => sum + size, 0n)
}
