import type { Hashes } from '@plimsoll/primitives'
import { type Codec, decodeCbor, encodeCbor } from '../cbor/codec.ts'
import { type Cid, cidOfBlock, formatCid } from '../cid.ts'
import { MissingBlockError } from '../errors.ts'
import { type Link, linkTo, linkToHeld } from '../link.ts'

/**
 * How long what was decoded lasts, and how much of a block is decoded at once; what is read and which blocks are
 * written is the same in all three.
 *
 * - `held`: links hold what was saved and loaded through them, so that a value is encoded only when somebody asks
 *   for its CID, and decoded once.
 * - `on demand`: every save is a block and every load decodes one. Of a collection's node, values are decoded when
 *   they are asked for, and those that nobody replaced are written as the bytes that they were.
 * - `whole`: the literal form, which is the reference's. As `on demand`, but a node is decoded with all its values
 *   and written from them.
 *
 * Source: ref-fvm `ipld/amt/src/node.rs` and `ipld/hamt/src/node.rs`, whose nodes are serialized whole.
 */
export type Decoding = 'held' | 'on demand' | 'whole'

/**
 * Where blocks are kept. Synchronous: remote state is pulled in before it is read.
 */
export interface Blockstore {
  readonly hashes: Hashes
  readonly decoding: Decoding
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
  if (link.held !== undefined) {
    return link.held as T
  }
  const block = requireBlock(store, link.cid)
  const value = decodeCbor(codec, block)
  // A value in an older layout becomes another block when it is saved, and its new link is another one.
  if (store.decoding === 'held' && (codec.isCurrent?.(block) ?? true)) {
    link.hold(value)
  }
  return value
}

/** Stores one value as a block and returns a link to it. The value must not be changed any more. */
export function save<T>(store: Blockstore, codec: Codec<T>, value: T): Link<T> {
  return linkToStored(store, value, () => saveBlock(store, encodeCbor(codec, value)))
}

/** A link to what becomes a block at once, or, in a store that holds values, when its CID is asked for. */
export function linkToStored<T>(store: Blockstore, held: unknown, storeBlock: () => Cid): Link<T> {
  return store.decoding === 'held' ? linkToHeld<T>(held, storeBlock) : linkTo<T>(storeBlock())
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
