import type { Hashes } from '@plimsoll/primitives'
import { type Codec, decodeCbor, encodeCbor } from '../cbor/codec.ts'
import { type Cid, cidOfBlock, formatCid, type Link } from '../cid.ts'
import { MissingBlockError } from '../errors.ts'

/**
 * Where blocks are kept. Synchronous: remote state is pulled in before it is read.
 */
export interface Blockstore {
  readonly hashes: Hashes
  /** The block of that CID, not to be changed, or undefined when the store does not hold it. */
  find(cid: Cid): Uint8Array | undefined
  /** Like `find`, for the CID that stands in `bytes[start, end)`. */
  findAt(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined
  /** Keeps a block whose CID was computed or verified by the caller. */
  put(cid: Cid, block: Uint8Array): void
}

/**
 * Loads one block as a value.
 *
 * @throws {MissingBlockError} `MISSING_BLOCK`
 * @throws {CodecError} when the block is not one of the type.
 */
export function load<T>(store: Blockstore, codec: Codec<T>, link: Link<T>): T {
  return decodeCbor(codec, requireBlock(store, link))
}

/** Stores one value as a block and returns its CID. */
export function save<T>(store: Blockstore, codec: Codec<T>, value: T): Link<T> {
  return saveBlock(store, encodeCbor(codec, value)) as Link<T>
}

/** Stores encoded DAG-CBOR and returns its CID. */
export function saveBlock(store: Blockstore, block: Uint8Array): Cid {
  const cid = cidOfBlock(block, store.hashes)
  store.put(cid, block)
  return cid
}

/** @throws {MissingBlockError} `MISSING_BLOCK` */
export function requireBlock(store: Blockstore, cid: Cid): Uint8Array {
  const block = store.find(cid)
  if (block === undefined) {
    throw missingBlock(cid)
  }
  return block
}

export function missingBlock(cid: Cid): MissingBlockError {
  const text = formatCid(cid)
  return new MissingBlockError('MISSING_BLOCK', `the block ${text} is not in the store`, { cid: text })
}
