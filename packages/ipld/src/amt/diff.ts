import { type Blockstore, requireBlock } from '../blockstore/blockstore.ts'
import { itemEnd } from '../cbor/item-end.ts'
import type { Cid } from '../cid.ts'
import { equalInViews, viewOf } from '../equal-in-views.ts'
import { CodecError } from '../errors.ts'
import { type AmtNodeLayout, hasSlot, readAmtRoot } from './layout.ts'
import { loadNodeAt } from './leaves.ts'
import { endAt, startAt } from './places.ts'

/** A value that is not the same in two AMTs, as encoded CBOR; a side that has none is undefined. */
export interface AmtChange {
  readonly index: number
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array | undefined
}

/**
 * The changes from one AMT to another, by ascending index.
 *
 * Opens only blocks that differ: where both sides link the same block, nothing below it is read. Values are
 * compared as bytes, since the encoding of a value is unique.
 *
 * Source: ref-fvm `ipld/amt/src/diff.rs`.
 *
 * @throws {CodecError} when a block is missing or malformed on either side.
 */
export function diffAmt(store: Blockstore, before: Cid, after: Cid, bitWidth: number): AmtChange[] {
  const changes: AmtChange[] = []
  if (before !== after) {
    const [left, right] = [before, after].map((root) => readAmtRoot(requireBlock(store, root), bitWidth))
    const diff: Diff = { store, bitWidth, changes }
    compareTrees(diff, subtree(left?.node, left?.height ?? 0), subtree(right?.node, right?.height ?? 0), 0)
  }
  return changes
}

interface Diff {
  readonly store: Blockstore
  readonly bitWidth: number
  readonly changes: AmtChange[]
}

/** A node and its height, or nothing. */
interface Subtree {
  readonly node: AmtNodeLayout | undefined
  readonly height: number
}

function subtree(node: AmtNodeLayout | undefined, height: number): Subtree {
  return { node, height }
}

/** Compares two subtrees whose first slots have the same index; one may be higher than the other. */
function compareTrees(diff: Diff, left: Subtree, right: Subtree, first: number): void {
  const height = Math.max(left.height, right.height)
  if (height === 0) {
    compareLeaves(diff, left.node, right.node, first)
    return
  }
  const span = 2 ** (diff.bitWidth * height)
  const cursors = [cursorOf(left, height), cursorOf(right, height)] as const
  for (let slot = 0; slot < 1 << diff.bitWidth; slot++) {
    const [a, b] = cursors
    const linkA = nextLink(a, slot)
    const linkB = nextLink(b, slot)
    if (isSameChild(a, linkA, b, linkB, slot)) {
      continue
    }
    const childFirst = first + slot * span
    if (childFirst > Number.MAX_SAFE_INTEGER) {
      throw new CodecError('AMT_INDEX_TOO_LARGE', 'AMT: an index of 2^53 or more', {})
    }
    compareTrees(diff, childOf(diff, a, linkA, slot), childOf(diff, b, linkB, slot), childFirst)
  }
}

/** Walks the links of an inner node by slot; a lower tree acts as the first child of a taller one. */
interface LinkCursor {
  readonly tree: Subtree
  readonly height: number
  ordinal: number
}

function cursorOf(tree: Subtree, height: number): LinkCursor {
  return { tree, height, ordinal: 0 }
}

function isLower(cursor: LinkCursor): boolean {
  return cursor.tree.height < cursor.height
}

/** The ordinal of the link in `slot`, or −1. */
function nextLink(cursor: LinkCursor, slot: number): number {
  const { node } = cursor.tree
  if (node === undefined || isLower(cursor) || !hasSlot(node, slot)) {
    return -1
  }
  return cursor.ordinal++
}

function childOf(diff: Diff, cursor: LinkCursor, ordinal: number, slot: number): Subtree {
  const { node } = cursor.tree
  if (isLower(cursor)) {
    return slot === 0 ? cursor.tree : subtree(undefined, 0)
  }
  if (node === undefined || ordinal < 0) {
    return subtree(undefined, 0)
  }
  return subtree(loadNodeAt(diff.store, node, ordinal, diff.bitWidth, cursor.height - 1), cursor.height - 1)
}

function isSameChild(a: LinkCursor, linkA: number, b: LinkCursor, linkB: number, slot: number): boolean {
  if (linkA < 0 || linkB < 0) {
    // Absent on both sides, unless a lower tree stands for the first child.
    return linkA === linkB && (slot > 0 || !(isLower(a) || isLower(b)))
  }
  const [nodeA, nodeB] = [a.tree.node as AmtNodeLayout, b.tree.node as AmtNodeLayout]
  const [startA, startB] = [startAt(nodeA, linkA), startAt(nodeB, linkB)]
  const length = endAt(nodeA, linkA) - startA
  return (
    endAt(nodeB, linkB) - startB === length && equalBytes(nodeA.block, startA, nodeB.block, startB, length)
  )
}

/**
 * Compares two leaves value by value.
 *
 * While the values are equal, lengths are followed on one side only: CBOR is prefix-free, so equal bytes are
 * an equal value of equal length.
 */
function compareLeaves(
  diff: Diff,
  left: AmtNodeLayout | undefined,
  right: AmtNodeLayout | undefined,
  first: number,
): void {
  const [a, b] = [valuesOf(left), valuesOf(right)]
  for (let slot = 0; slot < 1 << diff.bitWidth; slot++) {
    const endA = valueEnd(a, slot)
    const length = endA - a.offset
    if (endA >= 0 && hasEqualValue(a, b, slot, length)) {
      a.offset += length
      b.offset += length
      continue
    }
    const endB = valueEnd(b, slot)
    if (endA >= 0 || endB >= 0) {
      diff.changes.push({ index: first + slot, before: takeValue(a, endA), after: takeValue(b, endB) })
      if (isRestSame(a, b, slot + 1, 1 << diff.bitWidth)) {
        return
      }
    }
  }
}

/** Whether two leaves have the same values from a slot on; most leaves that differ do so in one value. */
function isRestSame(a: ValueCursor, b: ValueCursor, slot: number, end: number): boolean {
  const [length, other] = [a.view.byteLength - a.offset, b.view.byteLength - b.offset]
  if (a.node === undefined || b.node === undefined || length !== other) {
    return false
  }
  for (let i = slot; i < end; i++) {
    if (hasSlot(a.node, i) !== hasSlot(b.node, i)) {
      return false
    }
  }
  return equalInViews(a.view, a.offset, b.view, b.offset, length)
}

/** Walks the values of a leaf by slot. */
interface ValueCursor {
  readonly node: AmtNodeLayout | undefined
  /** The block, for comparing four bytes at once: most of what a diff reads are values that are the same. */
  readonly view: DataView
  offset: number
}

function valuesOf(node: AmtNodeLayout | undefined): ValueCursor {
  return { node, view: viewOf(node?.block ?? NO_BLOCK), offset: node?.valuesStart ?? 0 }
}

const NO_BLOCK = new Uint8Array()

/** Where the value in `slot` ends, or −1 where there is none. */
function valueEnd({ node, offset }: ValueCursor, slot: number): number {
  return node !== undefined && hasSlot(node, slot) ? itemEnd(node.block, offset) : -1
}

function takeValue(cursor: ValueCursor, end: number): Uint8Array | undefined {
  if (end < 0) {
    return undefined
  }
  const value = cursor.node?.block.subarray(cursor.offset, end)
  cursor.offset = end
  return value
}

function hasEqualValue(a: ValueCursor, b: ValueCursor, slot: number, length: number): boolean {
  return (
    a.node !== undefined &&
    b.node !== undefined &&
    hasSlot(b.node, slot) &&
    equalInViews(a.view, a.offset, b.view, b.offset, length)
  )
}

function equalBytes(a: Uint8Array, startA: number, b: Uint8Array, startB: number, length: number): boolean {
  if (startB + length > b.length) {
    return false
  }
  for (let i = 0; i < length; i++) {
    if (a[startA + i] !== b[startB + i]) {
      return false
    }
  }
  return true
}
