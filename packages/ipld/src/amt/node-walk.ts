import type { BitIndex } from '../bitfield/bit-field.ts'
import type { Blockstore } from '../blockstore/blockstore.ts'
import { type AmtNodeLayout, readAmtNode } from './layout.ts'
import {
  type AmtNode,
  type AmtShape,
  type Child,
  createInnerNode,
  createLeafNode,
  holdsSlot,
  type InnerNode,
  type LeafNode,
  type NodeOwner,
  ownedNode,
  placeOf,
  putItem,
  takeItem,
} from './node.ts'
import { childBlock, loadChild } from './node-blocks.ts'

/** The leaf in which a value at `index` would be, or undefined where there is no such leaf. */
export function findLeaf<T>(
  type: AmtShape<T>,
  store: Blockstore,
  root: AmtNode<T>,
  rootHeight: number,
  index: BitIndex,
): LeafNode<T> | undefined {
  let node = root
  for (let height = rootHeight; !node.isLeaf; height--) {
    const slot = slotOf(index, height, type.bitWidth)
    const place = placeOf(node, slot)
    if (!holdsSlot(node, place, slot)) {
      return undefined
    }
    node = loadChild(type, store, node, height, place)
  }
  return node
}

/** The place of `index` in its leaf, or −1 where nothing is. */
export function placeInLeaf<T>({ bitWidth }: AmtShape<T>, leaf: LeafNode<T>, index: BitIndex): number {
  const slot = slotOf(index, 0, bitWidth)
  const place = placeOf(leaf, slot)
  return holdsSlot(leaf, place, slot) ? place : -1
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
 * A node without the value at an index: an owned one, undefined when nothing is left, or {@link ABSENT} where there is no
 * such value. No copy is made of a node that only becomes empty.
 */
export function withoutIndex<T>(
  type: AmtShape<T>,
  store: Blockstore,
  owner: NodeOwner,
  node: AmtNode<T>,
  height: number,
  index: BitIndex,
): AmtNode<T> | typeof ABSENT | undefined {
  const slot = slotOf(index, height, type.bitWidth)
  const place = placeOf(node, slot)
  if (!holdsSlot(node, place, slot)) {
    return ABSENT
  }
  if (!node.isLeaf) {
    const child = loadChild(type, store, node, height, place)
    const rest = withoutIndex(type, store, owner, child, height - 1, index)
    if (rest === ABSENT) {
      return ABSENT
    }
    if (rest !== undefined) {
      const owned = ownedNode(node, owner) as InnerNode<T>
      if (rest !== child) {
        putItem<Child<T>>(owned, slot, rest)
      }
      return owned
    }
  }
  if (node.items.length === 1) {
    return undefined
  }
  const owned = ownedNode(node, owner)
  takeItem(owned, slot)
  return owned
}

/** There was no value to be taken out. */
export const ABSENT = 'absent'

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
