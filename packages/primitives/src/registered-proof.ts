/**
 * The proof types that sectors and miners are registered with, by number.
 *
 * Source: ref-fvm `shared/src/sector/registered_proof.rs`.
 */

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB

/** Every group of five proof numbers is one construction, in this order of sector sizes. */
const SECTOR_SIZES_BYTES = [2 * KIB, 8 * MIB, 512 * MIB, 32 * GIB, 64 * GIB] as const
const PARTITION_SECTORS = [2, 2, 2, 2349, 2300] as const

/** What a window PoSt proof type says of a miner. */
export interface WindowPoStProof {
  readonly sectorSizeBytes: number
  readonly partitionSectors: number
}

/**
 * Looks up a window PoSt proof type: 10 to 14 (V1P1), and 5 to 9 (V1), which network version 19 retired and
 * older states still hold. Undefined for any other number.
 */
export function findWindowPoStProof(proofType: number): WindowPoStProof | undefined {
  if (!Number.isInteger(proofType) || proofType < 5 || proofType > 14) {
    return undefined
  }
  const size = proofType % 5
  const sectorSizeBytes = SECTOR_SIZES_BYTES[size]
  const partitionSectors = PARTITION_SECTORS[size]
  return sectorSizeBytes === undefined || partitionSectors === undefined
    ? undefined
    : { sectorSizeBytes, partitionSectors }
}

/** The constructions of seal proofs, each with a number for every sector size. */
export const SealProofGroup = { V1: 0, V1P1: 1, SYNTHETIC: 2, NON_INTERACTIVE: 3 } as const
export type SealProofGroup = (typeof SealProofGroup)[keyof typeof SealProofGroup]

/** The construction of a registered seal proof, 0 to 19; undefined for any other number. */
export function sealProofGroup(sealProof: number): SealProofGroup | undefined {
  return Number.isInteger(sealProof) && sealProof >= 0 && sealProof < 20
    ? (Math.trunc(sealProof / 5) as SealProofGroup)
    : undefined
}

/** The window PoSt proof that sectors of a seal proof are proven with. Source: `registered_window_post_proof`. */
export function windowPoStProofOf(sealProof: number): number | undefined {
  return sealProofGroup(sealProof) === undefined ? undefined : 10 + (sealProof % 5)
}

/** The proof of an update of a sector. Source: `registered_update_proof`. */
export function updateProofOf(sealProof: number): number | undefined {
  return sealProofGroup(sealProof) === undefined ? undefined : sealProof % 5
}

/** How many bytes a seal proof has at most. Source: `RegisteredSealProof::proof_size`. */
export function sealProofSizeBytes(sealProof: number): number | undefined {
  const group = sealProofGroup(sealProof)
  if (group === undefined) {
    return undefined
  }
  const isLarge = sealProof % 5 >= 3
  return group === SealProofGroup.NON_INTERACTIVE ? (isLarge ? 23_092 : 14_164) : isLarge ? 1920 : 192
}

/** How many bytes a window PoSt proof has. Source: `RegisteredPoStProof::proof_size`. */
export const POST_PROOF_SIZE_BYTES = 192
