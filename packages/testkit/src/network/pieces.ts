import { type Cid, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import { sealedCid } from '../sample-sectors.ts'
import type { TestNetwork } from './test-network.ts'

/** A piece of data, of which a sector holds one or more. */
export interface Piece {
  readonly cid: Cid
  /** The padded size, in bytes. */
  readonly size: bigint
}

/** A piece of data like no other one. */
export function newPiece({ made }: Pick<TestNetwork, 'made'>, size: bigint): Piece {
  made.pieces++
  const cid = makeCid(
    Multicodec.FIL_COMMITMENT_UNSEALED,
    Multihash.SHA2_256_TRUNC254_PADDED,
    digestOf(made.pieces),
  )
  return { cid, size }
}

/** What a sector is sealed to, another CID for each number. */
export function sealedSector(number: number): Cid {
  return sealedCid(digestOf(number))
}

/** The data commitment of a sector's pieces, or null for a sector without. */
export function unsealedSector(
  { vm }: Pick<TestNetwork, 'vm'>,
  sealProof: number,
  pieces: readonly Piece[],
): Cid | null {
  if (pieces.length === 0) {
    return null
  }
  const computed = vm.host.primitivesAt(vm.epoch).computeUnsealedSectorCid(sealProof, pieces)
  if (computed === undefined) {
    throw new Error(`no seal proof has the number ${sealProof}`)
  }
  return computed
}

function digestOf(number: number): Uint8Array {
  const digest = new Uint8Array(32)
  new DataView(digest.buffer).setBigUint64(0, BigInt(number))
  return digest
}
