import type { Codec } from '../cbor/codec.ts'
import type { Cid } from '../cid.ts'

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
 * run beside each other; the place of an item in them is that of its slot. The lists of numbers are never changed in
 * place, so that copies share them.
 */
interface NodeItems<I> {
  readonly owner: NodeOwner | undefined
  /** Ascending. */
  slots: readonly number[]
  /** Undefined for an item that is encoded only. */
  readonly items: (I | undefined)[]
  /** Holds the items that were loaded or written and not replaced since: values, or the CIDs of nodes below. */
  block: Uint8Array
  /** Where in the block each begins; zero, where none can, for one that is not there. */
  starts: readonly number[]
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

/** The node itself if `owner` may change it, or else a copy that it may. */
export function ownedNode<T>(node: AmtNode<T>, owner: NodeOwner): AmtNode<T> {
  if (node.owner === owner) {
    return node
  }
  return node.isLeaf
    ? { ...node, owner, items: node.items.slice(), cid: undefined }
    : { ...node, owner, items: node.items.slice(), cid: undefined }
}

/** The first place whose slot is `slot` or beyond it; {@link holdsSlot} says whether it is that slot's. */
export function placeOf({ slots }: NodeItems<unknown>, slot: number): number {
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

/** Puts an item of its own into an owned node; says whether the slot was empty before. */
export function putItem<I>(node: NodeItems<I>, slot: number, item: I): boolean {
  const place = placeOf(node, slot)
  if (holdsSlot(node, place, slot)) {
    node.items[place] = item
    if (node.starts[place] !== 0) {
      node.starts = node.starts.with(place, 0)
    }
    return false
  }
  node.slots = node.slots.toSpliced(place, 0, slot)
  node.items.splice(place, 0, item)
  node.starts = node.starts.toSpliced(place, 0, 0)
  node.ends = node.ends.toSpliced(place, 0, 0)
  return true
}

/** Takes an item that is there out of an owned node. */
export function takeItem(node: NodeItems<unknown>, slot: number): void {
  const place = placeOf(node, slot)
  node.slots = node.slots.toSpliced(place, 1)
  node.items.splice(place, 1)
  node.starts = node.starts.toSpliced(place, 1)
  node.ends = node.ends.toSpliced(place, 1)
}
