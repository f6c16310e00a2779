import { type ByteString, byteString } from '@plimsoll/primitives'
import type { BitIndex } from '../bitfield/bit-field.ts'
import { type Blockstore, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { type Codec, invalidValue } from '../cbor/codec.ts'
import { itemEnd } from '../cbor/item-end.ts'
import { cborReader, MajorType } from '../cbor/reader.ts'
import { cid as cidCodec } from '../cbor/scalars.ts'
import { type CborWriter, withWriter, writeBytes, writeHead, writeRaw, writtenBytes } from '../cbor/writer.ts'
import type { Cid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { type Link, linkTo, linkToHeld } from '../link.ts'
import { type AmtNodeLayout, bitmapBytes, hasSlot, readAmtNode } from './layout.ts'

/** What nodes have to know of the AMT that they belong to. */
export interface AmtShape<T> {
  readonly value: Codec<T>
  readonly bitWidth: number
}

/** Who may change a node in place. An AMT that is not the owner changes a copy. */
export type NodeOwner = object

/**
 * The nodes of an AMT in memory, each as wide as the tree's bit width, with what is absent undefined.
 *
 * A value is decoded when it is asked for, and one that nobody replaced is written back as the bytes it had.
 */
export type AmtNode<T> = LeafNode<T> | InnerNode<T>

export interface LeafNode<T> {
  readonly isLeaf: true
  readonly owner: NodeOwner | undefined
  readonly values: (T | undefined)[]
  encoded: EncodedValues
}

/** The encoded form of values that were loaded or written, and not replaced since: where they lie in one block. */
interface EncodedValues {
  readonly block: Uint8Array
  /** By slot; zero, where no value can begin, for a slot of which the block has none. */
  readonly starts: number[]
  readonly ends: readonly number[]
}

export interface InnerNode<T> {
  readonly isLeaf: false
  readonly owner: NodeOwner | undefined
  readonly children: (Link<AmtNode<T>> | undefined)[]
}

export function createLeafNode<T>(bitWidth: number, owner?: NodeOwner): LeafNode<T> {
  return { isLeaf: true, owner, values: slotsOf(bitWidth), encoded: noneEncoded(bitWidth) }
}

function noneEncoded(bitWidth: number): EncodedValues {
  return { block: NO_BLOCK, starts: new Array<number>(1 << bitWidth).fill(0), ends: [] }
}

const NO_BLOCK = new Uint8Array()

export function createInnerNode<T>(bitWidth: number, owner?: NodeOwner): InnerNode<T> {
  return { isLeaf: false, owner, children: slotsOf(bitWidth) }
}

function nodeFromLayout<T>(layout: AmtNodeLayout, bitWidth: number): AmtNode<T> {
  return layout.linkStarts.length > 0 ? innerFromLayout(layout, bitWidth) : leafFromLayout(layout, bitWidth)
}

/** The node of a block, decoded as far as the store says. */
export function openNode<T>(type: AmtShape<T>, store: Blockstore, layout: AmtNodeLayout): AmtNode<T> {
  const node = nodeFromLayout<T>(layout, type.bitWidth)
  if (store.decoding === 'whole' && node.isLeaf) {
    for (const slot of presentSlots(node)) {
      valueAt(type, node, slot)
    }
    node.encoded = noneEncoded(type.bitWidth)
  }
  return node
}

/** The node itself if `owner` may change it, or else a copy that it may. */
export function ownedNode<T>(node: AmtNode<T>, owner: NodeOwner): AmtNode<T> {
  if (node.owner === owner) {
    return node
  }
  if (!node.isLeaf) {
    return { isLeaf: false, owner, children: node.children.slice() }
  }
  const encoded = { ...node.encoded, starts: node.encoded.starts.slice() }
  return { isLeaf: true, owner, values: node.values.slice(), encoded }
}

/** A link to a node in memory. */
export function nodeLink<T>(type: AmtShape<T>, store: Blockstore, node: AmtNode<T>): Link<AmtNode<T>> {
  return linkToHeld(node, () => saveBlock(store, encodeNode(type, node)))
}

/** The slots that hold something, ascending. */
export function presentSlots<T>(node: AmtNode<T>): number[] {
  const slots: number[] = []
  const width = node.isLeaf ? node.values.length : node.children.length
  for (let slot = 0; slot < width; slot++) {
    if (isPresent(node, slot)) {
      slots.push(slot)
    }
  }
  return slots
}

export function isEmptyNode<T>(node: AmtNode<T>): boolean {
  return node.isLeaf
    ? node.values.every((_, slot) => !isPresent(node, slot))
    : node.children.every((child) => child === undefined)
}

/** The leaf and the slot in it that `index` belongs to, or undefined where nothing is. */
export function findSlot<T>(
  type: AmtShape<T>,
  store: Blockstore,
  root: AmtNode<T>,
  rootHeight: number,
  index: BitIndex,
): { readonly leaf: LeafNode<T>; readonly slot: number } | undefined {
  let node = root
  for (let height = rootHeight; ; height--) {
    const slot = slotOf(index, height, type.bitWidth)
    if (!isPresent(node, slot)) {
      return undefined
    }
    if (node.isLeaf) {
      return { leaf: node, slot }
    }
    node = loadChild(type, store, node, height, slot)
  }
}

/** The block of the leaf that `index` belongs to, unless the leaf is in memory or nothing is there. */
export function findUnreadLeaf<T>(
  type: AmtShape<T>,
  store: Blockstore,
  root: AmtNode<T>,
  rootHeight: number,
  index: BitIndex,
): AmtNodeLayout | undefined {
  let node = root
  for (let height = rootHeight; !node.isLeaf; height--) {
    const slot = slotOf(index, height, type.bitWidth)
    const link = node.children[slot]
    if (link === undefined || (height === 1 && link.held !== undefined)) {
      return undefined
    }
    if (height === 1) {
      return readAmtNode(requireBlock(store, link.cid), type.bitWidth, 0)
    }
    node = loadChild(type, store, node, height, slot)
  }
  return undefined
}

/** Sets a value in an owned node; says whether the slot was empty before. */
export function setInNode<T>(
  type: AmtShape<T>,
  store: Blockstore,
  owner: NodeOwner,
  node: AmtNode<T>,
  height: number,
  index: BitIndex,
  value: T,
): boolean {
  const slot = slotOf(index, height, type.bitWidth)
  if (node.isLeaf) {
    const isNew = !isPresent(node, slot)
    node.values[slot] = value
    node.encoded.starts[slot] = 0
    return isNew
  }
  const child = ownedChild(type, store, owner, node, height, slot)
  return setInNode(type, store, owner, child, height - 1, index, value)
}

/** Deletes a value that is there from an owned node. A child that became empty is taken out. */
export function deleteFromNode<T>(
  type: AmtShape<T>,
  store: Blockstore,
  owner: NodeOwner,
  node: AmtNode<T>,
  height: number,
  index: BitIndex,
): void {
  const slot = slotOf(index, height, type.bitWidth)
  if (node.isLeaf) {
    node.values[slot] = undefined
    node.encoded.starts[slot] = 0
    return
  }
  const child = ownedChild(type, store, owner, node, height, slot)
  deleteFromNode(type, store, owner, child, height - 1, index)
  if (isEmptyNode(child)) {
    node.children[slot] = undefined
  }
}

/** The child in a slot that is present. */
export function loadChild<T>(
  type: AmtShape<T>,
  store: Blockstore,
  node: InnerNode<T>,
  height: number,
  slot: number,
): AmtNode<T> {
  const link = node.children[slot] as Link<AmtNode<T>>
  if (link.held !== undefined) {
    return link.held as AmtNode<T>
  }
  const block = requireBlock(store, link.cid)
  const child = openNode(type, store, readAmtNode(block, type.bitWidth, height - 1))
  link.hold(child)
  return child
}

/** The value in a slot that is present. */
export function valueAt<T>(type: AmtShape<T>, node: LeafNode<T>, slot: number): T {
  const known = node.values[slot]
  if (known !== undefined) {
    return known
  }
  const { block, starts, ends } = node.encoded
  const reader = cborReader(block, starts[slot])
  const value = type.value.decode(reader)
  if (reader.offset !== ends[slot]) {
    throw invalidValue(type.value.name, 'bytes left over', reader)
  }
  node.values[slot] = value
  return value
}

export function encodeAmtRoot<T>(
  type: AmtShape<T>,
  node: AmtNode<T>,
  height: number,
  count: number,
): Uint8Array {
  return withWriter((writer) => {
    writeHead(writer, MajorType.ARRAY, 4)
    writeHead(writer, MajorType.UINT, type.bitWidth)
    writeHead(writer, MajorType.UINT, height)
    writeHead(writer, MajorType.UINT, count)
    return writeNode(type, writer, node)
  })
}

function encodeNode<T>(type: AmtShape<T>, node: AmtNode<T>): Uint8Array {
  return withWriter((writer) => writeNode(type, writer, node))
}

/** The child in a slot of an owned node, owned as well; an empty slot gets a new child. */
function ownedChild<T>(
  type: AmtShape<T>,
  store: Blockstore,
  owner: NodeOwner,
  node: InnerNode<T>,
  height: number,
  slot: number,
): AmtNode<T> {
  const present = node.children[slot] === undefined ? undefined : loadChild(type, store, node, height, slot)
  if (present?.owner === owner) {
    return present
  }
  const child =
    present === undefined ? createNode<T>(type.bitWidth, height - 1, owner) : ownedNode(present, owner)
  node.children[slot] = nodeLink(type, store, child)
  return child
}

function createNode<T>(bitWidth: number, height: number, owner: NodeOwner): AmtNode<T> {
  return height === 0 ? createLeafNode(bitWidth, owner) : createInnerNode(bitWidth, owner)
}

/** Writes a node to the end of a block, which it returns. */
function writeNode<T>(type: AmtShape<T>, writer: CborWriter, node: AmtNode<T>): Uint8Array {
  const slots = presentSlots(node)
  const bitmap = new Uint8Array(bitmapBytes(type.bitWidth))
  for (const slot of slots) {
    bitmap[slot >> 3] = (bitmap[slot >> 3] as number) | (1 << (slot & 7))
  }
  writeHead(writer, MajorType.ARRAY, 3)
  writeBytes(writer, bitmap)
  return node.isLeaf ? writeLeafSlots(type, writer, node, slots) : writeInnerSlots(writer, node, slots)
}

function writeInnerSlots<T>(writer: CborWriter, node: InnerNode<T>, slots: readonly number[]): Uint8Array {
  writeHead(writer, MajorType.ARRAY, slots.length)
  for (const slot of slots) {
    cidCodec.encode(writer, (node.children[slot] as Link<AmtNode<T>>).cid)
  }
  writeHead(writer, MajorType.ARRAY, 0)
  return writtenBytes(writer)
}

/** Values that were written are kept in their encoded form, for the next time that the node is written. */
function writeLeafSlots<T>(
  type: AmtShape<T>,
  writer: CborWriter,
  node: LeafNode<T>,
  slots: readonly number[],
): Uint8Array {
  writeHead(writer, MajorType.ARRAY, 0)
  writeHead(writer, MajorType.ARRAY, slots.length)
  const starts = new Array<number>(node.values.length).fill(0)
  const ends = starts.slice()
  for (const slot of slots) {
    starts[slot] = writer.length
    const encoded = encodedAt(node, slot)
    if (encoded !== undefined && (type.value.isCurrent?.(encoded) ?? true)) {
      writeRaw(writer, encoded)
    } else {
      type.value.encode(writer, valueAt(type, node, slot))
    }
    ends[slot] = writer.length
  }
  const block = writtenBytes(writer)
  node.encoded = { block, starts, ends }
  return block
}

function leafFromLayout<T>(layout: AmtNodeLayout, bitWidth: number): LeafNode<T> {
  const values = slotsOf<T>(bitWidth)
  const starts = new Array<number>(values.length).fill(0)
  const ends = starts.slice()
  let offset = layout.valuesStart
  for (let slot = 0; slot < starts.length && layout.valueCount > 0; slot++) {
    if (hasSlot(layout, slot)) {
      starts[slot] = offset
      offset = itemEnd(layout.block, offset)
      ends[slot] = offset
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
  return { isLeaf: true, owner: undefined, values, encoded: { block: layout.block, starts, ends } }
}

function innerFromLayout<T>(layout: AmtNodeLayout, bitWidth: number): InnerNode<T> {
  const node = createInnerNode<T>(bitWidth)
  let next = 0
  for (let slot = 0; slot < node.children.length; slot++) {
    if (hasSlot(layout, slot)) {
      const start = layout.linkStarts[next] as number
      const text: ByteString = byteString(layout.block.subarray(start, layout.linkEnds[next]))
      node.children[slot] = linkTo(text as string as Cid)
      next++
    }
  }
  return node
}

export function isPresent<T>(node: AmtNode<T>, slot: number): boolean {
  return node.isLeaf
    ? node.values[slot] !== undefined || node.encoded.starts[slot] !== 0
    : node.children[slot] !== undefined
}

function encodedAt<T>(
  { encoded: { block, starts, ends } }: LeafNode<T>,
  slot: number,
): Uint8Array | undefined {
  const start = starts[slot]
  return start === 0 ? undefined : block.subarray(start, ends[slot])
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
