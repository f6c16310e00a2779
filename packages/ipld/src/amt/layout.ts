import { readLength } from '../cbor/length.ts'
import {
  type CborReader,
  cborReader,
  enter,
  LINK_TAG,
  leave,
  MajorType,
  readHead,
  requireEnd,
} from '../cbor/reader.ts'
import { LINK_BYTES, readLinkStart } from '../cbor/scalars.ts'
import { BLAKE2B_CID_BYTES } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { MAX_BIT_WIDTH } from '../limits.ts'
import { countPlaces, createPlaces, setPlace } from './places.ts'

/**
 * The blocks of an AMT of version 3, as they lie in their bytes.
 *
 * Root: `[bit width, height, count, node]`; node: `[bitmap, links, values]`. Bit i of the bitmap, from the low
 * end of each byte, stands for slot i; only slots that are present are listed. Leaves (height 0) have values,
 * inner nodes have links.
 *
 * Source: ref-fvm `ipld/amt/src/root.rs`, `ipld/amt/src/node.rs`.
 */
export interface AmtRootLayout {
  readonly height: number
  readonly count: number
  readonly node: AmtNodeLayout
}

/** One node; offsets are into `block`. */
export interface AmtNodeLayout {
  readonly block: Uint8Array
  readonly bitmapStart: number
  /** Of the CIDs in the links of an inner node; whoever reads the block may keep the list. */
  readonly places: number[]
  /** Of the values in a leaf: how many there are and where the first begins; they fill the block to its end. */
  readonly valueCount: number
  readonly valuesStart: number
}

/** The largest height that indices of 64 bits need. */
export function maxAmtHeight(bitWidth: number): number {
  return Math.ceil(64 / bitWidth) - 1
}

/**
 * Reads a root block.
 *
 * @throws {CodecError} `AMT_BIT_WIDTH`, `AMT_HEIGHT`, `AMT_NODE`, `AMT_NOT_CANONICAL`
 */
export function readAmtRoot(block: Uint8Array, bitWidth: number): AmtRootLayout {
  const reader = cborReader(block)
  requireCount(enter(reader, MajorType.ARRAY), 4, 'root')
  const storedBitWidth = readHead(reader, MajorType.UINT)
  if (storedBitWidth !== bitWidth || bitWidth > MAX_BIT_WIDTH) {
    throw amtError('AMT_BIT_WIDTH', `a bit width of ${storedBitWidth} instead of ${bitWidth}`)
  }
  const height = readHead(reader, MajorType.UINT)
  if (height > maxAmtHeight(bitWidth)) {
    throw amtError('AMT_HEIGHT', `a height of ${height}, over ${maxAmtHeight(bitWidth)}`)
  }
  const count = readHead(reader, MajorType.UINT)
  const node = readNode(reader, bitWidth, height)
  requireEnd(reader)
  requireCanonicalRoot(height, count, node)
  return { height, count, node }
}

/**
 * Reads the block of a node below the root.
 *
 * @throws {CodecError} `AMT_NODE`
 */
export function readAmtNode(block: Uint8Array, bitWidth: number, height: number): AmtNodeLayout {
  return (
    (height === 0 ? readPlainLeaf(block, bitWidth) : readPlainInner(block, bitWidth)) ??
    readAmtNodeByCursor(block, bitWidth, height)
  )
}

/** The literal form of {@link readAmtNode}. */
export function readAmtNodeByCursor(block: Uint8Array, bitWidth: number, height: number): AmtNodeLayout {
  const reader = cborReader(block)
  const node = readNode(reader, bitWidth, height)
  requireEnd(reader)
  if (node.valueCount + countPlaces(node) === 0) {
    throw amtError('AMT_NODE', 'an empty node below the root')
  }
  return node
}

const NODE_HEAD = 0x83
const EMPTY_BYTES = 0x40
const EMPTY_ARRAY = 0x80
const ARRAY_UINT_8 = 0x98
const TAG_UINT_8 = 0xd8
const BYTES_UINT_8 = 0x58
const MAX_SMALL_COUNT = 23
const NO_PLACES: number[] = []

/**
 * A leaf as nearly all are, read without a cursor: what a whole book is loaded through. Undefined is a leaf that
 * looks different, of which {@link readAmtNodeByCursor} says what it is.
 */
function readPlainLeaf(block: Uint8Array, bitWidth: number): AmtNodeLayout | undefined {
  const size = bitmapBytes(bitWidth)
  const linksAt = 2 + size
  if (
    bitWidth < 3 ||
    size > MAX_SMALL_COUNT ||
    block[0] !== NODE_HEAD ||
    block[1] !== EMPTY_BYTES + size ||
    block[linksAt] !== EMPTY_ARRAY
  ) {
    return undefined
  }
  const valueCount = readPlainCount(block, linksAt + 1)
  const valuesStart = linksAt + (valueCount > MAX_SMALL_COUNT ? 3 : 2)
  if (
    valueCount > 0 &&
    valueCount === countPresent(block, 2, bitWidth) &&
    valueCount <= block.length - valuesStart
  ) {
    return { block, bitmapStart: 2, places: NO_PLACES, valueCount, valuesStart }
  }
  return undefined
}

/** The count of the array whose head, the shortest there is for it, stands at `at`; −1 of anything else. */
function readPlainCount(block: Uint8Array, at: number): number {
  const head = block[at] as number
  if (head !== ARRAY_UINT_8) {
    const count = head - EMPTY_ARRAY
    return count <= MAX_SMALL_COUNT ? count : -1
  }
  const count = block[at + 1] as number
  return count > MAX_SMALL_COUNT ? count : -1
}

/** An inner node as nearly all are, whose links are to blocks of state, read without a cursor. */
function readPlainInner(block: Uint8Array, bitWidth: number): AmtNodeLayout | undefined {
  const size = bitmapBytes(bitWidth)
  const linksAt = 2 + size
  if (bitWidth < 3 || size > MAX_SMALL_COUNT || block[0] !== NODE_HEAD || block[1] !== EMPTY_BYTES + size) {
    return undefined
  }
  const count = readPlainCount(block, linksAt)
  const firstLink = linksAt + (count > MAX_SMALL_COUNT ? 2 : 1)
  const valuesStart = firstLink + count * LINK_BYTES + 1
  if (
    count <= 0 ||
    count !== countPresent(block, 2, bitWidth) ||
    valuesStart !== block.length ||
    block[valuesStart - 1] !== EMPTY_ARRAY
  ) {
    return undefined
  }
  const places = createPlaces(count)
  for (let place = 0, slot = 0, at = firstLink; place < count; slot++) {
    if (!isPresent(block, 2, slot)) {
      continue
    }
    if (!isPlainLinkHead(block, at)) {
      return undefined
    }
    setPlace(places, place, slot, at + LINK_BYTES - BLAKE2B_CID_BYTES, at + LINK_BYTES)
    place++
    at += LINK_BYTES
  }
  return { block, bitmapStart: 2, places, valueCount: 0, valuesStart }
}

/** Whether tag 42 stands at `at`, and a byte string as long as a zero and the CID of a block of state, and that zero. */
function isPlainLinkHead(block: Uint8Array, at: number): boolean {
  return (
    block[at] === TAG_UINT_8 &&
    block[at + 1] === LINK_TAG &&
    block[at + 2] === BYTES_UINT_8 &&
    block[at + 3] === 1 + BLAKE2B_CID_BYTES &&
    block[at + 4] === 0
  )
}

/** Whether slot `slot` is present. */
export function hasSlot({ block, bitmapStart }: AmtNodeLayout, slot: number): boolean {
  return isPresent(block, bitmapStart, slot)
}

function isPresent(block: Uint8Array, bitmapStart: number, slot: number): boolean {
  return (((block[bitmapStart + (slot >> 3)] as number) >> (slot & 7)) & 1) === 1
}

export function bitmapBytes(bitWidth: number): number {
  return bitWidth <= 3 ? 1 : 1 << (bitWidth - 3)
}

function readNode(reader: CborReader, bitWidth: number, height: number): AmtNodeLayout {
  const block = reader.bytes
  requireCount(enter(reader, MajorType.ARRAY), 3, 'node')
  const bitmapStart = readLength(reader, MajorType.BYTES)
  if (reader.offset - bitmapStart !== bitmapBytes(bitWidth)) {
    throw amtError('AMT_NODE', `a bitmap of ${reader.offset - bitmapStart} bytes`)
  }
  const present = countPresent(block, bitmapStart, bitWidth)
  const places = readLinks(reader, height === 0 ? 0 : present, bitmapStart)
  const valueCount = enter(reader, MajorType.ARRAY)
  requireCount(valueCount, height === 0 ? present : 0, 'list of values')
  const node = { block, bitmapStart, places, valueCount, valuesStart: reader.offset }
  if (valueCount > 0) {
    // Nothing follows the values, in a node as in the root; whoever decodes them checks that they end there.
    reader.offset = block.length
  }
  leave(reader)
  leave(reader)
  return node
}

function readLinks(reader: CborReader, expected: number, bitmapStart: number): number[] {
  requireCount(enter(reader, MajorType.ARRAY), expected, 'list of links')
  const places = createPlaces(expected)
  for (let place = 0, slot = 0; place < expected; slot++) {
    if (isPresent(reader.bytes, bitmapStart, slot)) {
      const start = readLinkStart(reader)
      setPlace(places, place, slot, start, reader.offset)
      place++
    }
  }
  leave(reader)
  return places
}

function countPresent(block: Uint8Array, start: number, bitWidth: number): number {
  let count = 0
  for (let i = 0; i < bitmapBytes(bitWidth); i++) {
    for (let bits = block[start + i] as number; bits !== 0; bits &= bits - 1) {
      count++
    }
  }
  if (bitWidth < 3 && (block[start] as number) >> (1 << bitWidth) !== 0) {
    throw amtError('AMT_NODE', 'a bit beyond the width of the node')
  }
  return count
}

/** The tree is as low as its largest index allows, and only an empty tree has an empty root. */
function requireCanonicalRoot(height: number, count: number, node: AmtNodeLayout): void {
  const present = node.valueCount + countPlaces(node)
  if (present === 0 && (height > 0 || count > 0)) {
    throw amtError('AMT_NOT_CANONICAL', `an empty root of height ${height} that counts ${count}`)
  }
  if (height > 0 && present === 1 && hasSlot(node, 0)) {
    throw amtError('AMT_NOT_CANONICAL', 'a root with nothing but its first child')
  }
}

function requireCount(found: number, expected: number, what: string): void {
  if (found !== expected) {
    throw amtError('AMT_NODE', `a ${what} of ${found} instead of ${expected}`)
  }
}

function amtError(code: string, reason: string): CodecError {
  return new CodecError(code, `AMT: ${reason}`, { reason })
}
