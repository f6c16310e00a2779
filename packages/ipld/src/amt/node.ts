import { type ByteString, byteString } from '@plimsoll/primitives'
import type { BitIndex } from '../bitfield/bit-field.ts'
import { type Blockstore, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { type Codec, invalidValue } from '../cbor/codec.ts'
import { itemEnd } from '../cbor/item-end.ts'
import { cborReader, MajorType } from '../cbor/reader.ts'
import { cid as cidCodec } from '../cbor/scalars.ts'
import { type CborWriter, cborWriter, writeBytes, writeHead, writeRaw, writtenBytes } from '../cbor/writer.ts'
import type { Cid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { type AmtNodeLayout, bitmapBytes, hasSlot, readAmtNode } from './layout.ts'

/** What nodes have to know of the AMT that they belong to. */
export interface AmtShape<T> {
  readonly value: Codec<T>
  readonly bitWidth: number
}

/**
 * The nodes of an AMT in memory, each as wide as the tree's bit width, with what is absent undefined.
 *
 * A value is decoded when it is asked for, and one that nobody replaced is written back as the bytes it had.
 */
export type AmtNode<T> = LeafNode<T> | InnerNode<T>

export interface LeafNode<T> {
  readonly isLeaf: true
  readonly values: (T | undefined)[]
  /** The encoded form of values that were loaded and not replaced. */
  readonly encoded: (Uint8Array | undefined)[]
}

export interface InnerNode<T> {
  readonly isLeaf: false
  /** The children's links as far as they are known; a changed child has none until it is flushed. */
  readonly links: (Cid | undefined)[]
  readonly children: (AmtNode<T> | undefined)[]
}

export function createLeafNode<T>(bitWidth: number): LeafNode<T> {
  return { isLeaf: true, values: slotsOf(bitWidth), encoded: slotsOf(bitWidth) }
}

export function createInnerNode<T>(bitWidth: number): InnerNode<T> {
  return { isLeaf: false, links: slotsOf(bitWidth), children: slotsOf(bitWidth) }
}

export function nodeFromLayout<T>(layout: AmtNodeLayout, bitWidth: number): AmtNode<T> {
  return layout.linkStarts.length > 0 ? innerFromLayout(layout, bitWidth) : leafFromLayout(layout, bitWidth)
}

/** The slots that hold something, ascending. */
export function presentSlots<T>(node: AmtNode<T>): number[] {
  const slots: number[] = []
  const [primary, secondary] = node.isLeaf ? [node.values, node.encoded] : [node.links, node.children]
  for (let slot = 0; slot < primary.length; slot++) {
    if (primary[slot] !== undefined || secondary[slot] !== undefined) {
      slots.push(slot)
    }
  }
  return slots
}

export function isEmptyNode<T>(node: AmtNode<T>): boolean {
  return presentSlots(node).length === 0
}

export function findInNode<T>(
  type: AmtShape<T>,
  store: Blockstore,
  node: AmtNode<T>,
  height: number,
  index: BitIndex,
): T | undefined {
  const slot = slotOf(index, height, type.bitWidth)
  if (node.isLeaf) {
    return isPresent(node, slot) ? valueAt(type, node, slot) : undefined
  }
  if (!isPresent(node, slot)) {
    return undefined
  }
  return findInNode(type, store, loadChild(type, store, node, height, slot), height - 1, index)
}

/** Sets a value; says whether the slot was empty before. */
export function setInNode<T>(
  type: AmtShape<T>,
  store: Blockstore,
  node: AmtNode<T>,
  height: number,
  index: BitIndex,
  value: T,
): boolean {
  const slot = slotOf(index, height, type.bitWidth)
  const isNew = !isPresent(node, slot)
  if (node.isLeaf) {
    node.values[slot] = value
    node.encoded[slot] = undefined
    return isNew
  }
  if (isNew) {
    node.children[slot] = height === 1 ? createLeafNode(type.bitWidth) : createInnerNode(type.bitWidth)
  }
  const child = loadChild(type, store, node, height, slot)
  node.links[slot] = undefined
  return setInNode(type, store, child, height - 1, index, value)
}

/** Deletes a value; says whether there was one. A child that became empty is taken out. */
export function deleteFromNode<T>(
  type: AmtShape<T>,
  store: Blockstore,
  node: AmtNode<T>,
  height: number,
  index: BitIndex,
): boolean {
  const slot = slotOf(index, height, type.bitWidth)
  if (!isPresent(node, slot)) {
    return false
  }
  if (node.isLeaf) {
    node.values[slot] = undefined
    node.encoded[slot] = undefined
    return true
  }
  const child = loadChild(type, store, node, height, slot)
  if (!deleteFromNode(type, store, child, height - 1, index)) {
    return false
  }
  node.links[slot] = undefined
  if (isEmptyNode(child)) {
    node.children[slot] = undefined
  }
  return true
}

/** The child in a slot that is present. */
export function loadChild<T>(
  type: AmtShape<T>,
  store: Blockstore,
  node: InnerNode<T>,
  height: number,
  slot: number,
): AmtNode<T> {
  const loaded = node.children[slot]
  if (loaded !== undefined) {
    return loaded
  }
  const block = requireBlock(store, node.links[slot] as Cid)
  const child = nodeFromLayout<T>(readAmtNode(block, type.bitWidth, height - 1), type.bitWidth)
  node.children[slot] = child
  return child
}

/** The value in a slot that is present. */
export function valueAt<T>(type: AmtShape<T>, node: LeafNode<T>, slot: number): T {
  const known = node.values[slot]
  if (known !== undefined) {
    return known
  }
  const reader = cborReader(node.encoded[slot] as Uint8Array)
  const value = type.value.decode(reader)
  if (reader.offset !== reader.bytes.length) {
    throw invalidValue(type.value.name, 'bytes left over', reader)
  }
  node.values[slot] = value
  return value
}

/** Stores every changed node below `node`. */
export function flushChildren<T>(type: AmtShape<T>, store: Blockstore, node: AmtNode<T>): void {
  if (node.isLeaf) {
    return
  }
  for (const slot of presentSlots(node)) {
    const child = node.children[slot]
    if (node.links[slot] === undefined && child !== undefined) {
      flushChildren(type, store, child)
      const writer = cborWriter()
      writeNode(type, writer, child)
      node.links[slot] = saveBlock(store, writtenBytes(writer))
    }
  }
}

export function encodeAmtRoot<T>(
  type: AmtShape<T>,
  node: AmtNode<T>,
  height: number,
  count: number,
): Uint8Array {
  const writer = cborWriter()
  writeHead(writer, MajorType.ARRAY, 4)
  writeHead(writer, MajorType.UINT, type.bitWidth)
  writeHead(writer, MajorType.UINT, height)
  writeHead(writer, MajorType.UINT, count)
  writeNode(type, writer, node)
  return writtenBytes(writer)
}

function writeNode<T>(type: AmtShape<T>, writer: CborWriter, node: AmtNode<T>): void {
  const slots = presentSlots(node)
  const bitmap = new Uint8Array(bitmapBytes(type.bitWidth))
  for (const slot of slots) {
    bitmap[slot >> 3] = (bitmap[slot >> 3] as number) | (1 << (slot & 7))
  }
  writeHead(writer, MajorType.ARRAY, 3)
  writeBytes(writer, bitmap)
  writeHead(writer, MajorType.ARRAY, node.isLeaf ? 0 : slots.length)
  if (!node.isLeaf) {
    for (const slot of slots) {
      cidCodec.encode(writer, node.links[slot] as Cid)
    }
  }
  writeHead(writer, MajorType.ARRAY, node.isLeaf ? slots.length : 0)
  if (node.isLeaf) {
    for (const slot of slots) {
      writeValue(type, writer, node, slot)
    }
  }
}

function writeValue<T>(type: AmtShape<T>, writer: CborWriter, node: LeafNode<T>, slot: number): void {
  const encoded = node.encoded[slot]
  if (encoded === undefined) {
    type.value.encode(writer, node.values[slot] as T)
  } else {
    writeRaw(writer, encoded)
  }
}

function leafFromLayout<T>(layout: AmtNodeLayout, bitWidth: number): LeafNode<T> {
  const node = createLeafNode<T>(bitWidth)
  let offset = layout.valuesStart
  for (let slot = 0; slot < node.encoded.length && layout.valueCount > 0; slot++) {
    if (hasSlot(layout, slot)) {
      const end = itemEnd(layout.block, offset)
      node.encoded[slot] = layout.block.subarray(offset, end)
      offset = end
    }
  }
  if (layout.valueCount > 0 && offset !== layout.block.length) {
    throw new CodecError(
      'CBOR_TRAILING_BYTES',
      `AMT: ${layout.block.length - offset} bytes after the values`,
      {
        offset,
      },
    )
  }
  return node
}

function innerFromLayout<T>(layout: AmtNodeLayout, bitWidth: number): InnerNode<T> {
  const node = createInnerNode<T>(bitWidth)
  let next = 0
  for (let slot = 0; slot < node.links.length; slot++) {
    if (hasSlot(layout, slot)) {
      const start = layout.linkStarts[next] as number
      const text: ByteString = byteString(layout.block.subarray(start, layout.linkEnds[next]))
      node.links[slot] = text as string as Cid
      next++
    }
  }
  return node
}

function isPresent<T>(node: AmtNode<T>, slot: number): boolean {
  return node.isLeaf
    ? node.values[slot] !== undefined || node.encoded[slot] !== undefined
    : node.links[slot] !== undefined || node.children[slot] !== undefined
}

function slotOf(index: BitIndex, height: number, bitWidth: number): number {
  const width = 1 << bitWidth
  return typeof index === 'number'
    ? Math.floor(index / 2 ** (bitWidth * height)) % width
    : Number((index >> BigInt(bitWidth * height)) & BigInt(width - 1))
}

function slotsOf<T>(bitWidth: number): (T | undefined)[] {
  return new Array<T | undefined>(1 << bitWidth).fill(undefined)
}
