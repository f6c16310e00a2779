import type { Codec } from '../cbor/codec.ts'
import type { Cid } from '../cid.ts'
import { slotAt, startAt, withoutPlace, withoutStart, withPlace } from './places.ts'

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
 * What is present, and nothing for what is not, since most nodes of a queue by epochs hold one item or two: the two
 * lists run beside each other, by ascending slots.
 */
interface NodeItems<I> {
  readonly owner: NodeOwner | undefined
  /** Undefined for an item that is encoded only. */
  readonly items: (I | undefined)[]
  /** Never changed in place, so that copies share the list. */
  places: readonly number[]
  /** Holds the items that were loaded or written and not replaced since: values, or the CIDs of nodes below. */
  block: Uint8Array
  /** The CID of a node below the root, once it was written or found by it; such a node has no owner any more. */
  cid: Cid | undefined
}

const NO_BLOCK = new Uint8Array()

export function createLeafNode<T>(owner?: NodeOwner): LeafNode<T> {
  return { isLeaf: true, owner, items: [], places: [], block: NO_BLOCK, cid: undefined }
}

export function createInnerNode<T>(owner?: NodeOwner): InnerNode<T> {
  return { isLeaf: false, owner, items: [], places: [], block: NO_BLOCK, cid: undefined }
}

/** The node itself if `owner` may change it, or else a copy that it may. */
export function ownedNode<T>(node: AmtNode<T>, owner: NodeOwner): AmtNode<T> {
  if (node.owner === owner) {
    return node
  }
  const { places, block } = node
  return node.isLeaf
    ? { isLeaf: true, owner, items: node.items.slice(), places, block, cid: undefined }
    : { isLeaf: false, owner, items: node.items.slice(), places, block, cid: undefined }
}

/** The first place whose slot is `slot` or beyond it; {@link holdsSlot} says whether it is that slot's. */
export function placeOf(node: NodeItems<unknown>, slot: number): number {
  const count = node.items.length
  // Of a node without gaps before the slot, every item is at the place of its own slot.
  if (slot < count && slotAt(node, slot) === slot) {
    return slot
  }
  let place = 0
  while (place < count && slotAt(node, place) < slot) {
    place++
  }
  return place
}

export function holdsSlot(node: NodeItems<unknown>, place: number, slot: number): boolean {
  return place < node.items.length && slotAt(node, place) === slot
}

/** Puts an item of its own into an owned node; says whether the slot was empty before. */
export function putItem<I>(node: NodeItems<I>, slot: number, item: I): boolean {
  const place = placeOf(node, slot)
  if (holdsSlot(node, place, slot)) {
    node.items[place] = item
    if (startAt(node, place) !== 0) {
      node.places = withoutStart(node.places, place)
      leaveUnusedBlock(node)
    }
    return false
  }
  node.items.splice(place, 0, item)
  node.places = withPlace(node.places, place, slot)
  return true
}

/** Takes an item that is there out of an owned node. */
export function takeItem(node: NodeItems<unknown>, slot: number): void {
  const place = placeOf(node, slot)
  node.items.splice(place, 1)
  node.places = withoutPlace(node.places, place)
  leaveUnusedBlock(node)
}

/** Of a node that is kept for long, the block is much of what it takes. */
function leaveUnusedBlock(node: NodeItems<unknown>): void {
  for (let place = 0; place < node.items.length; place++) {
    if (startAt(node, place) !== 0) {
      return
    }
  }
  node.block = NO_BLOCK
}
