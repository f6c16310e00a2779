import { byteString } from '@plimsoll/primitives'
import type { BitIndex } from '../bitfield/bit-field.ts'
import { type Blockstore, missingBlock, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { type Codec, invalidValue } from '../cbor/codec.ts'
import { itemEnd } from '../cbor/item-end.ts'
import { type CborReader, cborReader, MajorType } from '../cbor/reader.ts'
import { cid as cidCodec, writeLinkOf } from '../cbor/scalars.ts'
import { type CborWriter, withWriter, writeBytes, writeHead, writeRaw, writtenBytes } from '../cbor/writer.ts'
import type { Cid } from '../cid.ts'
import { CodecError } from '../errors.ts'
import { type AmtNodeLayout, bitmapBytes, hasSlot, readAmtNode } from './layout.ts'

/** What nodes have to know of the AMT that they belong to. */
export interface AmtShape<T> {
  readonly value: Codec<T>
  readonly bitWidth: number
}

/** Who may change a node in place. An AMT that is not the owner changes a copy. */
export type NodeOwner = object

/**
 * The nodes of an AMT in memory: values in a leaf, nodes below elsewhere.
 *
 * What is below is decoded when it is asked for, and what nobody replaced is written back as the bytes it had.
 */
export type AmtNode<T> = LeafNode<T> | InnerNode<T>

export interface LeafNode<T> extends NodeItems<T> {
  readonly isLeaf: true
}

export interface InnerNode<T> extends NodeItems<Child<T>> {
  readonly isLeaf: false
}

/** A node in memory, or the CID of one that nobody asked for. */
export type Child<T> = AmtNode<T> | Cid

/**
 * What is present, and nothing for what is not, since most nodes of a queue by epochs hold one item or two. The lists
 * run beside each other; the place of an item in them is that of its slot.
 */
interface NodeItems<I> {
  readonly owner: NodeOwner | undefined
  /** Ascending. Never changed in place, so that copies share it. */
  slots: readonly number[]
  /** Undefined for an item that is encoded only. */
  readonly items: (I | undefined)[]
  /** Holds the items that were loaded or written and not replaced since: values, or the CIDs of nodes below. */
  block: Uint8Array
  /** Where in the block each begins; zero, where none can, for one that is not there. */
  starts: number[]
  ends: readonly number[]
  /** The CID of a node below the root, once it was written or found by it; such a node has no owner any more. */
  cid: Cid | undefined
}

const NO_BLOCK = new Uint8Array()

export function createLeafNode<T>(owner?: NodeOwner): LeafNode<T> {
  return { isLeaf: true, owner, slots: [], items: [], block: NO_BLOCK, starts: [], ends: [], cid: undefined }
}

export function createInnerNode<T>(owner?: NodeOwner): InnerNode<T> {
  return { isLeaf: false, owner, slots: [], items: [], block: NO_BLOCK, starts: [], ends: [], cid: undefined }
}

/** The node of a block, decoded as far as the store says. */
export function openNode<T>(type: AmtShape<T>, store: Blockstore, layout: AmtNodeLayout): AmtNode<T> {
  const node: AmtNode<T> = layout.linkStarts.length > 0 ? openInner(type, layout) : openLeaf(type, layout)
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
  starts.fill(0)
}

function openInner<T>(type: AmtShape<T>, layout: AmtNodeLayout): InnerNode<T> {
  const slots = presentSlots(layout, type.bitWidth)
  const { block, linkStarts, linkEnds } = layout
  const items = noneDecoded(slots)
  const starts = linkStarts.slice()
  return { isLeaf: false, owner: undefined, slots, items, block, starts, ends: linkEnds, cid: undefined }
}

function openLeaf<T>(type: AmtShape<T>, layout: AmtNodeLayout): LeafNode<T> {
  const slots = layout.valueCount === 0 ? [] : presentSlots(layout, type.bitWidth)
  const { block } = layout
  const starts: number[] = []
  const ends: number[] = []
  let offset = layout.valuesStart
  for (let place = 0; place < slots.length; place++) {
    starts.push(offset)
    offset = itemEnd(block, offset)
    ends.push(offset)
  }
  if (slots.length > 0 && offset !== block.length) {
    throw new CodecError('CBOR_TRAILING_BYTES', `AMT: ${block.length - offset} bytes after the values`, {
      offset,
    })
  }
  const items = noneDecoded(slots)
  return { isLeaf: true, owner: undefined, slots, items, block, starts, ends, cid: undefined }
}

function presentSlots(layout: AmtNodeLayout, bitWidth: number): readonly number[] {
  const slots: number[] = []
  for (let slot = 0; slot < 1 << bitWidth; slot++) {
    if (hasSlot(layout, slot)) {
      slots.push(slot)
    }
  }
  return slots
}

function noneDecoded(slots: readonly number[]): undefined[] {
  return new Array<undefined>(slots.length).fill(undefined)
}

/** The node itself if `owner` may change it, or else a copy that it may. */
export function ownedNode<T>(node: AmtNode<T>, owner: NodeOwner): AmtNode<T> {
  if (node.owner === owner) {
    return node
  }
  const starts = node.starts.slice()
  return node.isLeaf
    ? { ...node, owner, items: node.items.slice(), starts, cid: undefined }
    : { ...node, owner, items: node.items.slice(), starts, cid: undefined }
}

/** The first place whose slot is `slot` or beyond it; {@link holdsSlot} says whether it is that slot's. */
function placeOf({ slots }: NodeItems<unknown>, slot: number): number {
  // Of a node without gaps before the slot, every item is at the place of its own slot.
  if (slots[slot] === slot) {
    return slot
  }
  let place = 0
  while (place < slots.length && (slots[place] as number) < slot) {
    place++
  }
  return place
}

export function holdsSlot({ slots }: NodeItems<unknown>, place: number, slot: number): boolean {
  return slots[place] === slot
}

/** The leaf and the place in it of `index`, or undefined where nothing is. */
export function findPlace<T>(
  type: AmtShape<T>,
  store: Blockstore,
  root: AmtNode<T>,
  rootHeight: number,
  index: BitIndex,
): { readonly leaf: LeafNode<T>; readonly place: number } | undefined {
  let node = root
  for (let height = rootHeight; ; height--) {
    const slot = slotOf(index, height, type.bitWidth)
    const place = placeOf(node, slot)
    if (!holdsSlot(node, place, slot)) {
      return undefined
    }
    if (node.isLeaf) {
      return { leaf: node, place }
    }
    node = loadChild(type, store, node, height, place)
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
    const place = placeOf(node, slot)
    if (!holdsSlot(node, place, slot) || (height === 1 && typeof node.items[place] === 'object')) {
      return undefined
    }
    if (height === 1) {
      return readAmtNode(childBlock(store, node, place), type.bitWidth, 0)
    }
    node = loadChild(type, store, node, height, place)
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
    return putItem(node, slot, value)
  }
  const child = ownedChild(type, store, owner, node, height, slot)
  return setInNode(type, store, owner, child, height - 1, index, value)
}

/**
 * A node without a value that is there: an owned one, or undefined when nothing is left. No copy is made of a node
 * that only becomes empty.
 */
export function withoutIndex<T>(
  type: AmtShape<T>,
  store: Blockstore,
  owner: NodeOwner,
  node: AmtNode<T>,
  height: number,
  index: BitIndex,
): AmtNode<T> | undefined {
  const slot = slotOf(index, height, type.bitWidth)
  if (!node.isLeaf) {
    const child = loadChild(type, store, node, height, placeOf(node, slot))
    const rest = withoutIndex(type, store, owner, child, height - 1, index)
    if (rest !== undefined) {
      const owned = ownedNode(node, owner) as InnerNode<T>
      if (rest !== child) {
        putItem<Child<T>>(owned, slot, rest)
      }
      return owned
    }
  }
  if (node.slots.length === 1) {
    return undefined
  }
  const owned = ownedNode(node, owner)
  takeItem(owned, slot)
  return owned
}

/** Puts an item of its own into an owned node; says whether the slot was empty before. */
export function putItem<I>(node: NodeItems<I>, slot: number, item: I): boolean {
  const place = placeOf(node, slot)
  if (holdsSlot(node, place, slot)) {
    node.items[place] = item
    node.starts[place] = 0
    return false
  }
  node.slots = node.slots.toSpliced(place, 0, slot)
  node.items.splice(place, 0, item)
  node.starts.splice(place, 0, 0)
  node.ends = node.ends.toSpliced(place, 0, 0)
  return true
}

/** Takes an item that is there out of an owned node. */
function takeItem(node: NodeItems<unknown>, slot: number): void {
  const place = placeOf(node, slot)
  node.slots = node.slots.toSpliced(place, 1)
  node.items.splice(place, 1)
  node.starts.splice(place, 1)
  node.ends = node.ends.toSpliced(place, 1)
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
function childBlock<T>(store: Blockstore, node: InnerNode<T>, place: number): Uint8Array {
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

/** The child in a slot of an owned node, owned as well; an empty slot gets a new child. */
function ownedChild<T>(
  type: AmtShape<T>,
  store: Blockstore,
  owner: NodeOwner,
  node: InnerNode<T>,
  height: number,
  slot: number,
): AmtNode<T> {
  const place = placeOf(node, slot)
  const present = holdsSlot(node, place, slot) ? loadChild(type, store, node, height, place) : undefined
  if (present?.owner === owner) {
    return present
  }
  const child: AmtNode<T> = present === undefined ? createNode(height - 1, owner) : ownedNode(present, owner)
  putItem<Child<T>>(node, slot, child)
  return child
}

function createNode<T>(height: number, owner: NodeOwner): AmtNode<T> {
  return height === 0 ? createLeafNode<T>(owner) : createInnerNode<T>(owner)
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
  const starts: number[] = []
  const ends: number[] = []
  writeHead(writer, MajorType.ARRAY, node.isLeaf ? 0 : slots.length)
  if (node.isLeaf) {
    writeHead(writer, MajorType.ARRAY, slots.length)
  }
  for (let place = 0; place < slots.length; place++) {
    starts.push(
      node.isLeaf ? writeValue(type, writer, node, place) : writeChild(type, store, writer, node, place),
    )
    ends.push(writer.length)
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

function slotOf(index: BitIndex, height: number, bitWidth: number): number {
  const width = 1 << bitWidth
  const shift = bitWidth * height
  if (typeof index === 'bigint') {
    return Number((index >> BigInt(shift)) & BigInt(width - 1))
  }
  // Sector numbers and epochs have up to 31 bits, which are shifted as they are.
  return index < 2 ** 31 && shift < 31
    ? (index >> shift) & (width - 1)
    : Math.floor(index / 2 ** shift) % width
}
