import { assert, type ByteString, bytesOf } from '@plimsoll/primitives'
import { type Blockstore, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { type Codec, decodeCbor, encodeCbor } from '../cbor/codec.ts'
import { MajorType } from '../cbor/reader.ts'
import { cid as cidCodec } from '../cbor/scalars.ts'
import {
  type CborWriter,
  withWriter,
  writeByteStringValue,
  writeBytes,
  writeHead,
  writeRaw,
  writtenBytes,
} from '../cbor/writer.ts'
import { type Link, linkTo, linkToHeld } from '../link.ts'
import {
  type HamtNodeLayout,
  type HamtShape,
  hamtBitfield,
  hamtError,
  hashSlot,
  MAX_BUCKET_ENTRIES,
  maxHamtDepth,
  readHamtNode,
} from './layout.ts'

/** What nodes have to know of the HAMT that they belong to. */
export interface HamtNodeShape<V> extends HamtShape {
  readonly value: Codec<V>
}

/** Who may change a node in place. A HAMT that is not the owner changes a copy. */
export type NodeOwner = object

/** A node in memory: pointers by slot, with what is absent undefined. */
export interface HamtNode<V> {
  readonly owner: NodeOwner | undefined
  readonly pointers: (Pointer<V> | undefined)[]
}

/** A child node, or one to three entries, ascending by key. Neither is changed, only replaced. */
type Pointer<V> = Child<V> | Bucket<V>

interface Child<V> {
  readonly isLink: true
  readonly link: Link<HamtNode<V>>
}

interface Bucket<V> {
  readonly isLink: false
  readonly entries: readonly Entry<V>[]
}

interface Entry<V> {
  readonly key: ByteString
  /** The encoded value of an entry that was loaded or written. */
  encoded: Uint8Array | undefined
  /** The value, once it was decoded or set. */
  value: V | undefined
}

/** A key with its hash; a hash is computed once for a whole descent. */
export interface HashedKey {
  readonly key: ByteString
  readonly hash: Uint8Array
}

export function createHamtNode<V>(bitWidth: number, owner?: NodeOwner): HamtNode<V> {
  return { owner, pointers: new Array<Pointer<V> | undefined>(1 << bitWidth).fill(undefined) }
}

/** The node itself if `owner` may change it, or else a copy that it may. */
export function ownedHamtNode<V>(node: HamtNode<V>, owner: NodeOwner): HamtNode<V> {
  return node.owner === owner ? node : { owner, pointers: node.pointers.slice() }
}

export function isEmptyHamtNode<V>(node: HamtNode<V>): boolean {
  return node.pointers.every((pointer) => pointer === undefined)
}

export function hashKey(shape: HamtShape, store: Blockstore, key: ByteString): HashedKey {
  return { key, hash: shape.hash(bytesOf(key), store.hashes) }
}

function hamtNodeFromLayout<V>(layout: HamtNodeLayout, bitWidth: number): HamtNode<V> {
  const node = createHamtNode<V>(bitWidth)
  layout.pointers.forEach((pointer, i) => {
    node.pointers[layout.slots[i] as number] = pointer.isLink
      ? { isLink: true, link: linkTo(pointer.cid) }
      : {
          isLink: false,
          entries: pointer.bucket.map(({ key, value }) => ({ key, encoded: value, value: undefined })),
        }
  })
  return node
}

/** The node of a block, decoded as far as the store says. */
export function openHamtNode<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  layout: HamtNodeLayout,
): HamtNode<V> {
  const node = hamtNodeFromLayout<V>(layout, shape.bitWidth)
  if (store.decoding === 'whole') {
    for (const pointer of node.pointers) {
      for (const entry of pointer === undefined || pointer.isLink ? [] : pointer.entries) {
        entryValue(shape, entry)
        entry.encoded = undefined
      }
    }
  }
  return node
}

/** The entry of a key, or undefined. */
export function findInHamt<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  root: HamtNode<V>,
  key: HashedKey,
): Entry<V> | undefined {
  let node = root
  for (let depth = 0; ; depth++) {
    const pointer = node.pointers[slotAt(shape, key, depth)]
    if (pointer === undefined) {
      return undefined
    }
    if (!pointer.isLink) {
      return pointer.entries.find((candidate) => candidate.key === key.key)
    }
    node = loadHamtChild(shape, store, pointer, depth)
  }
}

/** Sets a value in an owned node. */
export function setInHamt<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  owner: NodeOwner,
  node: HamtNode<V>,
  key: HashedKey,
  depth: number,
  entry: Entry<V>,
): void {
  const slot = slotAt(shape, key, depth)
  const pointer = node.pointers[slot]
  if (pointer === undefined) {
    node.pointers[slot] = { isLink: false, entries: [entry] }
    return
  }
  if (pointer.isLink) {
    const child = ownedHamtChild(shape, store, owner, node, slot, pointer, depth)
    setInHamt(shape, store, owner, child, key, depth + 1, entry)
    return
  }
  const others = pointer.entries.filter((candidate) => candidate.key !== entry.key)
  if (others.length < MAX_BUCKET_ENTRIES) {
    node.pointers[slot] = { isLink: false, entries: sortEntries([...others, entry]) }
    return
  }
  const child = createHamtNode<V>(shape.bitWidth, owner)
  for (const moved of [entry, ...others]) {
    setInHamt(shape, store, owner, child, hashKey(shape, store, moved.key), depth + 1, moved)
  }
  node.pointers[slot] = { isLink: true, link: hamtNodeLink(shape, store, child) }
}

/** Deletes a key that is there from an owned node. A child whose entries fit into one bucket becomes one. */
export function deleteFromHamt<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  owner: NodeOwner,
  node: HamtNode<V>,
  key: HashedKey,
  depth: number,
): void {
  const slot = slotAt(shape, key, depth)
  const pointer = node.pointers[slot] as Pointer<V>
  if (!pointer.isLink) {
    const entries = pointer.entries.filter((entry) => entry.key !== key.key)
    node.pointers[slot] = entries.length === 0 ? undefined : { isLink: false, entries }
    return
  }
  const child = ownedHamtChild(shape, store, owner, node, slot, pointer, depth)
  deleteFromHamt(shape, store, owner, child, key, depth + 1)
  const entries = findCollapsed(child)
  if (entries !== undefined) {
    node.pointers[slot] = { isLink: false, entries }
  }
}

/** Visits all entries in the order of their hashes, and checks that each lies where its hash says. */
export function* hamtEntries<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  node: HamtNode<V>,
  path: readonly number[],
): Generator<Entry<V>> {
  for (let slot = 0; slot < node.pointers.length; slot++) {
    const pointer = node.pointers[slot]
    if (pointer === undefined) {
      continue
    }
    const here = [...path, slot]
    if (pointer.isLink) {
      yield* hamtEntries(shape, store, loadHamtChild(shape, store, pointer, path.length), here)
      continue
    }
    for (const entry of pointer.entries) {
      const { hash } = hashKey(shape, store, entry.key)
      if (here.some((expected, depth) => hashSlot(hash, depth, shape.bitWidth) !== expected)) {
        throw hamtError('HAMT_NODE', 'a key that its hash puts elsewhere')
      }
      yield entry
    }
  }
}

/** The block of a node; the blocks of changed nodes below it are stored as its links are written. */
export function encodeHamtNode<V>(shape: HamtNodeShape<V>, node: HamtNode<V>): Uint8Array {
  const slots: number[] = []
  node.pointers.forEach((pointer, slot) => {
    if (pointer !== undefined) {
      slots.push(slot)
    }
  })
  return withWriter((writer) => {
    writeHead(writer, MajorType.ARRAY, 2)
    writeBytes(writer, hamtBitfield(slots))
    writeHead(writer, MajorType.ARRAY, slots.length)
    for (const slot of slots) {
      writePointer(shape, writer, node.pointers[slot] as Pointer<V>)
    }
    return writtenBytes(writer)
  })
}

/** The value of an entry. */
export function entryValue<V>(shape: HamtNodeShape<V>, entry: Entry<V>): V {
  if (entry.value === undefined) {
    entry.value = decodeCbor(shape.value, entry.encoded as Uint8Array)
  }
  return entry.value
}

function hamtNodeLink<V>(shape: HamtNodeShape<V>, store: Blockstore, node: HamtNode<V>): Link<HamtNode<V>> {
  return linkToHeld(node, () => saveBlock(store, encodeHamtNode(shape, node)))
}

function loadHamtChild<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  { link }: Child<V>,
  depth: number,
): HamtNode<V> {
  if (link.held !== undefined) {
    return link.held as HamtNode<V>
  }
  const block = requireBlock(store, link.cid)
  const node = openHamtNode(shape, store, readHamtNode(block, shape.bitWidth, depth + 1))
  link.hold(node)
  return node
}

/** The child in a slot of an owned node, owned as well. */
function ownedHamtChild<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  owner: NodeOwner,
  node: HamtNode<V>,
  slot: number,
  pointer: Child<V>,
  depth: number,
): HamtNode<V> {
  const present = loadHamtChild(shape, store, pointer, depth)
  if (present.owner === owner) {
    return present
  }
  const child = ownedHamtNode(present, owner)
  node.pointers[slot] = { isLink: true, link: hamtNodeLink(shape, store, child) }
  return child
}

/** Values that were written are kept in their encoded form, for the next time that the node is written. */
function writePointer<V>(shape: HamtNodeShape<V>, writer: CborWriter, pointer: Pointer<V>): void {
  if (pointer.isLink) {
    cidCodec.encode(writer, pointer.link.cid)
    return
  }
  writeHead(writer, MajorType.ARRAY, pointer.entries.length)
  for (const entry of pointer.entries) {
    writeHead(writer, MajorType.ARRAY, 2)
    writeByteStringValue(writer, entry.key)
    if (entry.encoded === undefined) {
      entry.encoded = encodeCbor(shape.value, entry.value as V)
    }
    writeRaw(writer, entry.encoded)
  }
}

/** The entries of a child that has no children of its own and few enough entries; undefined for any other. */
function findCollapsed<V>(child: HamtNode<V>): readonly Entry<V>[] | undefined {
  assert(!isEmptyHamtNode(child), 'a child never becomes empty, since it would have been a bucket before')
  const entries: Entry<V>[] = []
  for (const pointer of child.pointers) {
    if (pointer === undefined) {
      continue
    }
    if (pointer.isLink || entries.length + pointer.entries.length > MAX_BUCKET_ENTRIES) {
      return undefined
    }
    entries.push(...pointer.entries)
  }
  return sortEntries(entries)
}

function sortEntries<V>(entries: readonly Entry<V>[]): readonly Entry<V>[] {
  return entries.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

function slotAt(shape: HamtShape, key: HashedKey, depth: number): number {
  if (depth >= maxHamtDepth(shape.bitWidth)) {
    throw hamtError('HAMT_DEPTH', 'more keys share a hash than a HAMT can tell apart')
  }
  return hashSlot(key.hash, depth, shape.bitWidth)
}
