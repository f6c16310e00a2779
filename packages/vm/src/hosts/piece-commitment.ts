import type { PieceInfo } from '@plimsoll/actors'
import { type Cid, cidBytes, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import {
  encodeVarint,
  encodeZigZagVarint,
  findWindowPoStProof,
  type Hashes,
  windowPoStProofOf,
} from '@plimsoll/primitives'

const NODE_BYTES = 32

/** Data commitments leave the two highest bits free, so that they are members of the field of the proofs. */
const TRUNCATED_BYTE_MASK = 0x3f

/**
 * The commitment to a sector of zeros.
 *
 * Source: rust-fil-proofs `storage-proofs-core/src/merkle`; the constants of builtin-actors v18,
 * `actors/miner/src/commd.rs`, which this gives for every size.
 */
export function zeroPieceCommitment(hashes: Hashes, sizeBytes: number): Cid {
  let node: Uint8Array = new Uint8Array(NODE_BYTES)
  for (let bytes = NODE_BYTES; bytes < sizeBytes; bytes *= 2) {
    const pair = new Uint8Array(2 * NODE_BYTES)
    pair.set(node)
    pair.set(node, NODE_BYTES)
    node = hashes.sha256(pair)
    node[NODE_BYTES - 1] = (node[NODE_BYTES - 1] as number) & TRUNCATED_BYTE_MASK
  }
  return commitment(node)
}

/**
 * Stands for the commitment to the pieces of a sector: another one for other pieces, and not the real one. Of no
 * pieces it is the real one.
 *
 * Source: builtin-actors v18, `vm_api/src/lib.rs`, `FakePrimitives`, `compute_unsealed_sector_cid`.
 *
 * @returns undefined for a number that is no seal proof's.
 */
export function fakePieceCommitment(
  hashes: Hashes,
  sealProof: number,
  pieces: readonly PieceInfo[],
): Cid | undefined {
  const postProof = windowPoStProofOf(sealProof)
  if (postProof === undefined) {
    return undefined
  }
  if (pieces.length === 0) {
    return zeroPieceCommitment(hashes, findWindowPoStProof(postProof)?.sectorSizeBytes ?? NODE_BYTES)
  }
  const parts = pieces.flatMap(({ cid, size }) => [cidBytes(cid), encodeVarint(size)])
  return commitment(hashes.sha256(concat([encodeZigZagVarint(BigInt(sealProof)), ...parts])))
}

function commitment(digest: Uint8Array): Cid {
  return makeCid(Multicodec.FIL_COMMITMENT_UNSEALED, Multihash.SHA2_256_TRUNC254_PADDED, digest)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
