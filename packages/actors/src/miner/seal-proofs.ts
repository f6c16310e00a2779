import { address, type Cid, encodeCbor } from '@plimsoll/ipld'
import { type ChainEpoch, sealProofSizeBytes } from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'
import { requireParam, requireState } from '../runtime/actor-error.ts'
import { DomainSeparationTag, type SealClaim, type WireNumber } from '../runtime/primitives.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** The aggregation that is still accepted. Source: ref-fvm `shared/src/sector/registered_proof.rs`, `SnarkPackV2`. */
export const SNARK_PACK_V2 = 1n

/** What randomness of a miner's proofs is mixed with. */
export function proofEntropy(rt: Runtime): Uint8Array {
  return encodeCbor(address, rt.message.receiver)
}

/** The randomness that a replica was sealed with. */
export function sealRandomness(rt: Runtime, epoch: ChainEpoch, entropy: Uint8Array): Uint8Array {
  return rt.getRandomnessFromTickets(DomainSeparationTag.SEAL_RANDOMNESS, epoch, entropy)
}

/** Source: `validate_seal_proofs`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for one that is too long. */
export function validateSealProofs(sealProof: number, proofs: readonly Uint8Array[]): void {
  const maxBytes = sealProofSizeBytes(sealProof)
  requireState(maxBytes !== undefined, () => `no proof size for seal proof ${sealProof}`)
  for (const { length } of proofs) {
    requireParam(length <= maxBytes, () => `a sector proof of ${length} bytes, more than ${maxBytes}`)
  }
}

/** How many sectors one aggregate may prove. */
export interface AggregateBounds {
  readonly min: number
  readonly max: number
}

/** Source: `validate_seal_aggregate_proof`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function validateSealAggregateProof(
  policy: Policy,
  proof: Uint8Array,
  sectorCount: number,
  { min, max }: AggregateBounds,
): void {
  requireParam(sectorCount <= max, () => `too many sectors addressed: ${sectorCount} > ${max}`)
  requireParam(sectorCount >= min, () => `too few sectors addressed: ${sectorCount} < ${min}`)
  const maxBytes = policy.maxAggregatedProofSizeBytes
  requireParam(proof.length <= maxBytes, () => `a proof of ${proof.length} bytes, more than ${maxBytes}`)
}

/** A proof of many seals at once. */
export interface AggregateSeal {
  readonly sealer: WireNumber
  readonly sealProof: number
  readonly aggregateProof: bigint
  readonly proof: Uint8Array
  readonly claims: readonly SealClaim[]
}

/** Source: `verify_aggregate_seal`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a proof that does not hold. */
export function verifyAggregateSeal(
  rt: Runtime,
  { sealer, sealProof, aggregateProof, proof, claims }: AggregateSeal,
): void {
  const isValid = rt.verifyAggregateSeals({
    miner: sealer,
    sealProof,
    aggregateProof: Number(aggregateProof),
    proof,
    infos: claims,
  })
  requireParam(isValid, 'aggregate seal verify failed')
}

/** What is proven of one sector's seal. Source: `SectorSealProofInput`. */
export function sealClaim(
  sectorNumber: WireNumber,
  randomness: { readonly seal: Uint8Array; readonly interactive: Uint8Array },
  sealedCid: Cid,
  unsealedCid: Cid,
): SealClaim {
  return {
    sectorNumber,
    randomness: randomness.seal,
    interactiveRandomness: randomness.interactive,
    sealedCid,
    unsealedCid,
  }
}
