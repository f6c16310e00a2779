import { byteString } from '@plimsoll/primitives'
import { type Blockstore, missingBlock, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { invalidValue } from '../cbor/codec.ts'
import { itemEnd } from '../cbor/item-end.ts'
import { type CborReader, cborReader, MajorType } from '../cbor/reader.ts'
import { cid as cidCodec, writeLinkOf } from '../cbor/scalars.ts'
import { type CborWriter, withWriter, writeByte, writeHead, writeRaw, writtenBytes } from '../cbor/writer.ts'
import type { Cid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { type AmtNodeLayout, bitmapBytes, hasSlot, readAmtNode } from './layout.ts'
import type { AmtNode, AmtShape, Child, InnerNode, LeafNode } from './node.ts'
import { countPlaces, createPlaces, endAt, setPlace, slotAt, startAt } from './places.ts'

/** The node of a block, decoded as far as the store says. */
export function openNode<T>(type: AmtShape<T>, store: Blockstore, layout: AmtNodeLayout): AmtNode<T> {
  const { block, valueCount } = layout
  const linkCount = countPlaces(layout)
  const isLeaf = linkCount === 0
  const places = isLeaf ? placesOfValues(layout) : layout.places
  const node: AmtNode<T> = isLeaf
    ? { isLeaf, owner: undefined, items: noneDecoded(valueCount), places, block, cid: undefined }
    : { isLeaf, owner: undefined, items: noneDecoded(linkCount), places, block, cid: undefined }
  if (store.decoding === 'whole') {
    decodeItems(type, node, places)
  }
  return node
}

function placesOfValues(layout: AmtNodeLayout): number[] {
  const { block, valueCount } = layout
  const places = createPlaces(valueCount)
  let offset = layout.valuesStart
  for (let place = 0, slot = 0; place < valueCount; slot++) {
    if (hasSlot(layout, slot)) {
      const end = itemEnd(block, offset)
      setPlace(places, place, slot, offset, end)
      offset = end
      place++
    }
  }
  if (valueCount > 0 && offset !== block.length) {
    throw new CodecError('CBOR_TRAILING_BYTES', `AMT: ${block.length - offset} bytes after the values`, {
      offset,
    })
  }
  return places
}

/** Decodes all items of a node, and says in its places that none is in the block. */
function decodeItems<T>(type: AmtShape<T>, node: AmtNode<T>, places: number[]): void {
  for (let place = 0; place < node.items.length; place++) {
    if (node.isLeaf) {
      valueAt(type, node, place)
    } else {
      node.items[place] = cidAt(node.block, startAt(node, place), endAt(node, place))
    }
    setPlace(places, place, slotAt(node, place), 0, 0)
  }
}

function noneDecoded(count: number): undefined[] {
  const items = new Array<undefined>(count)
  for (let place = 0; place < count; place++) {
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
  const [start, end] = [startAt(node, place), endAt(node, place)]
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
  node: LeafNode<T>,
  place: number,
  decode: (reader: CborReader) => P,
): P {
  const reader = cborReader(node.block, startAt(node, place))
  const value = decode(reader)
  if (reader.offset !== endAt(node, place)) {
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
  const count = node.items.length
  writeHead(writer, MajorType.ARRAY, 3)
  writeBitmap(type, writer, node)
  const places = createPlaces(count)
  writeHead(writer, MajorType.ARRAY, node.isLeaf ? 0 : count)
  if (node.isLeaf) {
    writeHead(writer, MajorType.ARRAY, count)
  }
  for (let place = 0; place < count; place++) {
    const start = node.isLeaf
      ? writeValue(type, writer, node, place)
      : writeChild(type, store, writer, node, place)
    setPlace(places, place, slotAt(node, place), start, writer.length)
  }
  if (!node.isLeaf) {
    writeHead(writer, MajorType.ARRAY, 0)
  }
  node.block = writtenBytes(writer)
  node.places = places
  return node.block
}

/** Writes which slots are present. */
function writeBitmap<T>({ bitWidth }: AmtShape<T>, writer: CborWriter, node: AmtNode<T>): void {
  const size = bitmapBytes(bitWidth)
  writeHead(writer, MajorType.BYTES, size)
  let place = 0
  for (let i = 0; i < size; i++) {
    let byte = 0
    for (; place < node.items.length && slotAt(node, place) >> 3 === i; place++) {
      byte |= 1 << (slotAt(node, place) & 7)
    }
    writeByte(writer, byte)
  }
}

/** Returns where the value begins. */
function writeValue<T>(type: AmtShape<T>, writer: CborWriter, node: LeafNode<T>, place: number): number {
  const start = writer.length
  const isEncoded = startAt(node, place) !== 0
  const encoded = isEncoded ? node.block.subarray(startAt(node, place), endAt(node, place)) : undefined
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
  const start = startAt(node, place)
  if (start !== 0) {
    return writeLinkOf(writer, node.block, start, endAt(node, place))
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
