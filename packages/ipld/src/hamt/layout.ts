import { type ByteString, byteString, type Hashes } from '@plimsoll/primitives'
import { readLength } from '../cbor/length.ts'
import {
  type CborReader,
  cborReader,
  enter,
  leave,
  MajorType,
  peekMajorType,
  requireEnd,
} from '../cbor/reader.ts'
import { readLinkStart } from '../cbor/scalars.ts'
import { skipItem } from '../cbor/skip.ts'
import type { Cid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { MAX_BIT_WIDTH } from '../limits.ts'

/**
 * The blocks of a HAMT of version 3, as they lie in their bytes.
 *
 * Node: `[bitfield, pointers]`; the bitfield is a big-endian number without leading zeros whose bit i stands
 * for slot i; a pointer is a link to a child or a bucket of one to three `[key, value]`, ascending by key.
 * A key's slots are the bits of its hash, from the most significant on, bit width by bit width.
 *
 * Source: ref-fvm `ipld/hamt/src/node.rs`, `pointer.rs`, `bitfield.rs`, `hash_bits.rs`.
 */
export interface HamtNodeLayout {
  /** Ascending; parallel to `pointers`. */
  readonly slots: readonly number[]
  readonly pointers: readonly HamtPointerLayout[]
}

export type HamtPointerLayout =
  | { readonly isLink: true; readonly cid: Cid }
  | { readonly isLink: false; readonly bucket: readonly HamtEntryLayout[] }

/** A key and the encoded form of its value. */
export interface HamtEntryLayout {
  readonly key: ByteString
  readonly value: Uint8Array
}

/** Entries of a bucket; a fourth makes a child. Source: ref-fvm `ipld/hamt/src/lib.rs`, `MAX_ARRAY_WIDTH`. */
export const MAX_BUCKET_ENTRIES = 3

/** How deep the bits of a hash of 32 bytes reach. */
export function maxHamtDepth(bitWidth: number): number {
  return Math.floor(256 / bitWidth)
}

/**
 * Reads the block of a node; only the root may be empty.
 *
 * @throws {CodecError} `HAMT_NODE`, `HAMT_DEPTH`
 */
export function readHamtNode(block: Uint8Array, bitWidth: number, depth: number): HamtNodeLayout {
  if (depth >= maxHamtDepth(bitWidth)) {
    throw hamtError('HAMT_DEPTH', `a node at depth ${depth}, beyond the bits of the hash`)
  }
  const reader = cborReader(block)
  requireCount(enter(reader, MajorType.ARRAY), 2, 'node')
  const slots = readSlots(reader, bitWidth)
  const count = enter(reader, MajorType.ARRAY)
  requireCount(count, slots.length, 'list of pointers')
  if (count === 0 && depth > 0) {
    throw hamtError('HAMT_NODE', 'an empty node below the root')
  }
  const pointers = slots.map(() => readPointer(reader))
  leave(reader)
  leave(reader)
  requireEnd(reader)
  return { slots, pointers }
}

/** The slot of a hash at a depth. */
export function hashSlot(hash: Uint8Array, depth: number, bitWidth: number): number {
  const firstBit = depth * bitWidth
  const byte = firstBit >> 3
  const pair = ((hash[byte] as number) << 8) | (hash[byte + 1] ?? 0)
  return (pair >> (16 - (firstBit & 7) - bitWidth)) & ((1 << bitWidth) - 1)
}

/** The bitfield that says which slots of a node are present. */
export function hamtBitfield(slots: readonly number[]): Uint8Array {
  const last = slots[slots.length - 1]
  const bytes = new Uint8Array(last === undefined ? 0 : (last >> 3) + 1)
  for (const slot of slots) {
    const at = bytes.length - 1 - (slot >> 3)
    bytes[at] = (bytes[at] as number) | (1 << (slot & 7))
  }
  return bytes
}

/** How keys are spread: the hash function and how many of its bits make one level. */
export interface HamtShape {
  readonly bitWidth: number
  readonly hash: (key: Uint8Array, hashes: Hashes) => Uint8Array
}

function readSlots(reader: CborReader, bitWidth: number): number[] {
  const start = readLength(reader, MajorType.BYTES)
  const bitfield = reader.bytes.subarray(start, reader.offset)
  if (bitWidth > MAX_BIT_WIDTH || bitfield.length > Math.ceil((1 << bitWidth) / 8) || bitfield[0] === 0) {
    throw hamtError('HAMT_NODE', `a bitfield of ${bitfield.length} bytes that is too long or not minimal`)
  }
  const slots: number[] = []
  for (let slot = 0; slot < bitfield.length * 8; slot++) {
    if ((((bitfield[bitfield.length - 1 - (slot >> 3)] as number) >> (slot & 7)) & 1) === 1) {
      slots.push(slot)
    }
  }
  if ((slots[slots.length - 1] ?? 0) >= 1 << bitWidth) {
    throw hamtError('HAMT_NODE', 'a bit beyond the width of the node')
  }
  return slots
}

function readPointer(reader: CborReader): HamtPointerLayout {
  switch (peekMajorType(reader)) {
    case MajorType.TAG: {
      const start = readLinkStart(reader)
      return { isLink: true, cid: byteString(reader.bytes.subarray(start, reader.offset)) as string as Cid }
    }
    case MajorType.ARRAY:
      return { isLink: false, bucket: readBucket(reader) }
    default:
      throw hamtError('HAMT_NODE', 'a pointer that is neither a link nor a bucket; maps are of old versions')
  }
}

function readBucket(reader: CborReader): HamtEntryLayout[] {
  const count = enter(reader, MajorType.ARRAY)
  if (count < 1 || count > MAX_BUCKET_ENTRIES) {
    throw hamtError('HAMT_NODE', `a bucket of ${count} entries`)
  }
  const bucket: HamtEntryLayout[] = []
  for (let i = 0; i < count; i++) {
    requireCount(enter(reader, MajorType.ARRAY), 2, 'bucket entry')
    const keyStart = readLength(reader, MajorType.BYTES)
    const key = byteString(reader.bytes.subarray(keyStart, reader.offset))
    const previous = bucket[i - 1]?.key
    if (previous !== undefined && previous >= key) {
      throw hamtError('HAMT_NODE', 'a bucket whose keys are out of order or twice')
    }
    const valueStart = reader.offset
    skipItem(reader)
    bucket.push({ key, value: reader.bytes.subarray(valueStart, reader.offset) })
    leave(reader)
  }
  leave(reader)
  return bucket
}

function requireCount(found: number, expected: number, what: string): void {
  if (found !== expected) {
    throw hamtError('HAMT_NODE', `a ${what} of ${found} instead of ${expected}`)
  }
}

export function hamtError(code: string, reason: string): CodecError {
  return new CodecError(code, `HAMT: ${reason}`, { reason })
}
