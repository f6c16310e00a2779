import { assert, type ByteString, bytesOf } from '@plimsoll/primitives'
import { type Blockstore, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { type Codec, decodeCbor } from '../cbor/codec.ts'
import { MajorType } from '../cbor/reader.ts'
import { cid as cidCodec } from '../cbor/scalars.ts'
import {
  type CborWriter,
  cborWriter,
  writeByteStringValue,
  writeBytes,
  writeHead,
  writeRaw,
  writtenBytes,
} from '../cbor/writer.ts'
import type { Cid } from '../cid.ts'
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

/** A node in memory: pointers by slot. */
export interface HamtNode<V> {
  readonly pointers: Map<number, Pointer<V>>
}

type Pointer<V> = Child<V> | Bucket<V>

interface Child<V> {
  readonly isLink: true
  /** Undefined while the child has changes that are not stored. */
  cid: Cid | undefined
  node: HamtNode<V> | undefined
}

interface Bucket<V> {
  readonly isLink: false
  /** One to three entries, ascending by key. */
  entries: readonly Entry<V>[]
}

interface Entry<V> {
  readonly key: ByteString
  /** The encoded value of an entry that was loaded. */
  readonly encoded: Uint8Array | undefined
  /** The value, once it was decoded or set. */
  value: V | undefined
}

/** A key with its hash; a hash is computed once for a whole descent. */
export interface HashedKey {
  readonly key: ByteString
  readonly hash: Uint8Array
}

export function createHamtNode<V>(): HamtNode<V> {
  return { pointers: new Map() }
}

export function hashKey(shape: HamtShape, store: Blockstore, key: ByteString): HashedKey {
  return { key, hash: shape.hash(bytesOf(key), store.hashes) }
}

export function hamtNodeFromLayout<V>(layout: HamtNodeLayout): HamtNode<V> {
  const node = createHamtNode<V>()
  layout.pointers.forEach((pointer, i) => {
    node.pointers.set(
      layout.slots[i] as number,
      pointer.isLink
        ? { isLink: true, cid: pointer.cid, node: undefined }
        : {
            isLink: false,
            entries: pointer.bucket.map(({ key, value }) => ({ key, encoded: value, value: undefined })),
          },
    )
  })
  return node
}

export function findInHamt<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  node: HamtNode<V>,
  key: HashedKey,
  depth: number,
): V | undefined {
  const pointer = node.pointers.get(slotAt(shape, key, depth))
  if (pointer === undefined) {
    return undefined
  }
  if (pointer.isLink) {
    return findInHamt(shape, store, loadHamtChild(shape, store, pointer, depth), key, depth + 1)
  }
  const entry = pointer.entries.find((candidate) => candidate.key === key.key)
  return entry === undefined ? undefined : entryValue(shape, entry)
}

/** Sets a value; says whether the key was not there before. */
export function setInHamt<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  node: HamtNode<V>,
  key: HashedKey,
  depth: number,
  entry: Entry<V>,
): boolean {
  const slot = slotAt(shape, key, depth)
  const pointer = node.pointers.get(slot)
  if (pointer === undefined) {
    node.pointers.set(slot, { isLink: false, entries: [entry] })
    return true
  }
  if (pointer.isLink) {
    const child = loadHamtChild(shape, store, pointer, depth)
    pointer.cid = undefined
    return setInHamt(shape, store, child, key, depth + 1, entry)
  }
  const isNew = !pointer.entries.some((candidate) => candidate.key === entry.key)
  const others = pointer.entries.filter((candidate) => candidate.key !== entry.key)
  if (others.length < MAX_BUCKET_ENTRIES) {
    pointer.entries = sortEntries([...others, entry])
    return isNew
  }
  const child = createHamtNode<V>()
  for (const moved of [entry, ...others]) {
    setInHamt(shape, store, child, hashKey(shape, store, moved.key), depth + 1, moved)
  }
  node.pointers.set(slot, { isLink: true, cid: undefined, node: child })
  return true
}

/** Deletes a key; says whether it was there. A child whose entries fit into one bucket becomes one. */
export function deleteFromHamt<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  node: HamtNode<V>,
  key: HashedKey,
  depth: number,
): boolean {
  const slot = slotAt(shape, key, depth)
  const pointer = node.pointers.get(slot)
  if (pointer === undefined) {
    return false
  }
  if (!pointer.isLink) {
    const rest = pointer.entries.filter((entry) => entry.key !== key.key)
    const isFound = rest.length < pointer.entries.length
    pointer.entries = rest
    if (rest.length === 0) {
      node.pointers.delete(slot)
    }
    return isFound
  }
  const child = loadHamtChild(shape, store, pointer, depth)
  if (!deleteFromHamt(shape, store, child, key, depth + 1)) {
    return false
  }
  pointer.cid = undefined
  const entries = findCollapsed(child)
  if (entries !== undefined) {
    node.pointers.set(slot, { isLink: false, entries })
  }
  return true
}

/** Visits all entries in the order of their hashes, and checks that each lies where its hash says. */
export function* hamtEntries<V>(
  shape: HamtNodeShape<V>,
  store: Blockstore,
  node: HamtNode<V>,
  path: readonly number[],
): Generator<readonly [ByteString, V]> {
  for (const slot of sortedSlots(node)) {
    const pointer = node.pointers.get(slot) as Pointer<V>
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
      yield [entry.key, entryValue(shape, entry)]
    }
  }
}

/** Stores a node and all changed nodes below it. */
export function flushHamtNode<V>(shape: HamtNodeShape<V>, store: Blockstore, node: HamtNode<V>): Cid {
  const slots = sortedSlots(node)
  for (const slot of slots) {
    const pointer = node.pointers.get(slot) as Pointer<V>
    if (pointer.isLink && pointer.cid === undefined) {
      pointer.cid = flushHamtNode(shape, store, pointer.node as HamtNode<V>)
    }
  }
  const writer = cborWriter()
  writeHead(writer, MajorType.ARRAY, 2)
  writeBytes(writer, hamtBitfield(slots))
  writeHead(writer, MajorType.ARRAY, slots.length)
  for (const slot of slots) {
    writePointer(shape, writer, node.pointers.get(slot) as Pointer<V>)
  }
  return saveBlock(store, writtenBytes(writer))
}

function loadHamtChild<V>(
  shape: HamtShape,
  store: Blockstore,
  pointer: Child<V>,
  depth: number,
): HamtNode<V> {
  if (pointer.node === undefined) {
    const block = requireBlock(store, pointer.cid as Cid)
    pointer.node = hamtNodeFromLayout<V>(readHamtNode(block, shape.bitWidth, depth + 1))
  }
  return pointer.node
}

function entryValue<V>(shape: HamtNodeShape<V>, entry: Entry<V>): V {
  if (entry.value === undefined) {
    entry.value = decodeCbor(shape.value, entry.encoded as Uint8Array)
  }
  return entry.value
}

function writePointer<V>(shape: HamtNodeShape<V>, writer: CborWriter, pointer: Pointer<V>): void {
  if (pointer.isLink) {
    cidCodec.encode(writer, pointer.cid as Cid)
    return
  }
  writeHead(writer, MajorType.ARRAY, pointer.entries.length)
  for (const { key, encoded, value } of pointer.entries) {
    writeHead(writer, MajorType.ARRAY, 2)
    writeByteStringValue(writer, key)
    if (encoded === undefined) {
      shape.value.encode(writer, value as V)
    } else {
      writeRaw(writer, encoded)
    }
  }
}

/** The entries of a child that has no children of its own and few enough entries; undefined for any other. */
function findCollapsed<V>(child: HamtNode<V>): readonly Entry<V>[] | undefined {
  assert(child.pointers.size > 0, 'a child never becomes empty, since it would have been a bucket before')
  const entries: Entry<V>[] = []
  for (const pointer of child.pointers.values()) {
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

function sortedSlots<V>(node: HamtNode<V>): number[] {
  return [...node.pointers.keys()].sort((a, b) => a - b)
}

function slotAt(shape: HamtShape, key: HashedKey, depth: number): number {
  if (depth >= maxHamtDepth(shape.bitWidth)) {
    throw hamtError('HAMT_DEPTH', 'more keys share a hash than a HAMT can tell apart')
  }
  return hashSlot(key.hash, depth, shape.bitWidth)
}
