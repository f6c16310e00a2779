import { byteString } from '@plimsoll/primitives'
import { type Blockstore, missingBlock, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { invalidValue } from '../cbor/codec.ts'
import { itemEnd } from '../cbor/item-end.ts'
import { type CborReader, cborReader, MajorType } from '../cbor/reader.ts'
import { cid as cidCodec, writeLinkOf } from '../cbor/scalars.ts'
import { type CborWriter, withWriter, writeBytes, writeHead, writeRaw, writtenBytes } from '../cbor/writer.ts'
import type { Cid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { type AmtNodeLayout, bitmapBytes, hasSlot, readAmtNode, zeros } from './layout.ts'
import type { AmtNode, AmtShape, Child, InnerNode, LeafNode } from './node.ts'

/** The node of a block, decoded as far as the store says. */
export function openNode<T>(type: AmtShape<T>, store: Blockstore, layout: AmtNodeLayout): AmtNode<T> {
  const node: AmtNode<T> = layout.linkStarts.length > 0 ? openInner<T>(layout) : openLeaf<T>(layout)
  if (store.decoding === 'whole') {
    decodeItems(type, node)
  }
  return node
}

function decodeItems<T>(type: AmtShape<T>, node: AmtNode<T>): void {
  const { block, starts, ends } = node
  for (let place = 0; place < starts.length; place++) {
    if (node.isLeaf) {
      valueAt(type, node, place)
    } else {
      node.items[place] = cidAt(block, starts[place] as number, ends[place] as number)
    }
  }
  node.starts = zeros(starts.length)
}

function openInner<T>(layout: AmtNodeLayout): InnerNode<T> {
  const slots = presentSlots(layout)
  const { block, linkStarts, linkEnds } = layout
  const items = noneDecoded(slots)
  return {
    isLeaf: false,
    owner: undefined,
    slots,
    items,
    block,
    starts: linkStarts,
    ends: linkEnds,
    cid: undefined,
  }
}

function openLeaf<T>(layout: AmtNodeLayout): LeafNode<T> {
  const slots = presentSlots(layout)
  const { block } = layout
  const starts = zeros(slots.length)
  const ends = zeros(slots.length)
  let offset = layout.valuesStart
  for (let place = 0; place < slots.length; place++) {
    starts[place] = offset
    offset = itemEnd(block, offset)
    ends[place] = offset
  }
  if (slots.length > 0 && offset !== block.length) {
    throw new CodecError('CBOR_TRAILING_BYTES', `AMT: ${block.length - offset} bytes after the values`, {
      offset,
    })
  }
  const items = noneDecoded(slots)
  return { isLeaf: true, owner: undefined, slots, items, block, starts, ends, cid: undefined }
}

function presentSlots(layout: AmtNodeLayout): readonly number[] {
  const slots = zeros(layout.linkStarts.length + layout.valueCount)
  for (let slot = 0, place = 0; place < slots.length; slot++) {
    if (hasSlot(layout, slot)) {
      slots[place++] = slot
    }
  }
  return slots
}

function noneDecoded(slots: readonly number[]): undefined[] {
  const items = new Array<undefined>(slots.length)
  for (let place = 0; place < slots.length; place++) {
    items[place] = undefined
  }
  return items
}

/** The child at a place. */
export function loadChild<T>(
  type: AmtShape<T>,
  store: Blockstore,
  node: InnerNode<T>,
  height: number,
  place: number,
): AmtNode<T> {
  const present = node.items[place]
  if (typeof present === 'object') {
    return present
  }
  const child = openNode(type, store, readAmtNode(childBlock(store, node, place), type.bitWidth, height - 1))
  child.cid = present
  node.items[place] = child
  return child
}

/** The block of the child at a place that is not in memory. */
export function childBlock<T>(store: Blockstore, node: InnerNode<T>, place: number): Uint8Array {
  const present = node.items[place]
  if (typeof present === 'string') {
    return requireBlock(store, present)
  }
  const [start, end] = [node.starts[place] as number, node.ends[place] as number]
  const found = store.findAt(node.block, start, end)
  if (found === undefined) {
    throw missingBlock(cidAt(node.block, start, end))
  }
  return found
}

function cidAt(block: Uint8Array, start: number, end: number): Cid {
  return byteString(block.subarray(start, end)) as string as Cid
}

/** The value at a place. */
export function valueAt<T>(type: AmtShape<T>, node: LeafNode<T>, place: number): T {
  const known = node.items[place]
  if (known !== undefined) {
    return known
  }
  const value = decodeAt(type, node, place, type.value.decode)
  node.items[place] = value
  return value
}

/** Reads what is encoded at a place by `decode`, which has to read the whole of it. */
export function decodeAt<T, P>(
  type: AmtShape<T>,
  { block, starts, ends }: LeafNode<T>,
  place: number,
  decode: (reader: CborReader) => P,
): P {
  const reader = cborReader(block, starts[place])
  const value = decode(reader)
  if (reader.offset !== ends[place]) {
    throw invalidValue(type.value.name, 'bytes left over', reader)
  }
  return value
}

export function encodeAmtRoot<T>(
  type: AmtShape<T>,
  store: Blockstore,
  node: AmtNode<T>,
  height: number,
  count: number,
): Uint8Array {
  return withWriter((writer) => {
    writeHead(writer, MajorType.ARRAY, 4)
    writeHead(writer, MajorType.UINT, type.bitWidth)
    writeHead(writer, MajorType.UINT, height)
    writeHead(writer, MajorType.UINT, count)
    return writeNode(type, store, writer, node)
  })
}

/**
 * Writes a node to the end of a block, which it returns, and what is below it to blocks of its own. What was written is
 * kept for the next time.
 */
function writeNode<T>(
  type: AmtShape<T>,
  store: Blockstore,
  writer: CborWriter,
  node: AmtNode<T>,
): Uint8Array {
  const { slots } = node
  const bitmap = new Uint8Array(bitmapBytes(type.bitWidth))
  for (const slot of slots) {
    bitmap[slot >> 3] = (bitmap[slot >> 3] as number) | (1 << (slot & 7))
  }
  writeHead(writer, MajorType.ARRAY, 3)
  writeBytes(writer, bitmap)
  const starts = zeros(slots.length)
  const ends = zeros(slots.length)
  writeHead(writer, MajorType.ARRAY, node.isLeaf ? 0 : slots.length)
  if (node.isLeaf) {
    writeHead(writer, MajorType.ARRAY, slots.length)
  }
  for (let place = 0; place < slots.length; place++) {
    starts[place] = node.isLeaf
      ? writeValue(type, writer, node, place)
      : writeChild(type, store, writer, node, place)
    ends[place] = writer.length
  }
  if (!node.isLeaf) {
    writeHead(writer, MajorType.ARRAY, 0)
  }
  node.block = writtenBytes(writer)
  node.starts = starts
  node.ends = ends
  return node.block
}

/** Returns where the value begins. */
function writeValue<T>(type: AmtShape<T>, writer: CborWriter, node: LeafNode<T>, place: number): number {
  const start = writer.length
  const { block, starts, ends } = node
  const encoded = starts[place] === 0 ? undefined : block.subarray(starts[place], ends[place])
  if (encoded !== undefined && (type.value.isCurrent?.(encoded) ?? true)) {
    writeRaw(writer, encoded)
  } else {
    type.value.encode(writer, valueAt(type, node, place))
  }
  return start
}

/** Returns where the CID of the child begins. */
function writeChild<T>(
  type: AmtShape<T>,
  store: Blockstore,
  writer: CborWriter,
  node: InnerNode<T>,
  place: number,
): number {
  const start = node.starts[place] as number
  if (start !== 0) {
    return writeLinkOf(writer, node.block, start, node.ends[place] as number)
  }
  const child = node.items[place] as Child<T>
  const cid = typeof child === 'string' ? child : saveNode(type, store, child)
  cidCodec.encode(writer, cid)
  return writer.length - cid.length
}

/** The CID of a node below the root, which is stored unless it was before. */
function saveNode<T>(type: AmtShape<T>, store: Blockstore, node: AmtNode<T>): Cid {
  node.cid ??= saveBlock(
    store,
    withWriter((writer) => writeNode(type, store, writer, node)),
  )
  return node.cid
}
