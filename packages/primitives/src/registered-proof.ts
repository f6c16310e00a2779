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
