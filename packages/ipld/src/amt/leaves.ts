import { type Blockstore, missingBlock, requireBlock } from '../blockstore/blockstore.ts'
import { type Cid, cidFromBytes } from '../cid.ts'
import { CodecError, within } from '../errors.ts'
import { type AmtNodeLayout, hasSlot, readAmtNode, readAmtRoot } from './layout.ts'
import { endAt, startAt } from './places.ts'

/** Receives one leaf and the index of its first slot; reads `leaf.valueCount` values from `leaf.valuesStart` on. */
export type LeafVisitor = (leaf: AmtNodeLayout, firstIndex: number) => void

/**
 * Visits the leaves of an AMT in order without decoding any value.
 *
 * For readers that take values from the blocks' bytes into columns; `Amt.entries` is the literal form.
 *
 * @returns how many values the leaves hold; the root counts the same.
 * @throws {CodecError} as `Amt.load` and `Amt.entries` do.
 */
export function visitAmtLeaves(store: Blockstore, root: Cid, bitWidth: number, visit: LeafVisitor): number {
  const layout = readAmtRoot(requireBlock(store, root), bitWidth)
  const seen = visitBelow(store, layout.node, layout.height, 0, bitWidth, visit)
  if (seen !== layout.count) {
    throw new CodecError('AMT_COUNT', `AMT: the root counts ${layout.count} values, there are ${seen}`, {
      counted: layout.count,
      found: seen,
    })
  }
  return seen
}

function visitBelow(
  store: Blockstore,
  node: AmtNodeLayout,
  height: number,
  first: number,
  bitWidth: number,
  visit: LeafVisitor,
): number {
  if (height === 0) {
    if (node.valueCount > 0) {
      visit(node, first)
    }
    return node.valueCount
  }
  let seen = 0
  let next = 0
  const span = 2 ** (bitWidth * height)
  for (let slot = 0; slot < 1 << bitWidth; slot++) {
    if (!hasSlot(node, slot)) {
      continue
    }
    const childFirst = first + slot * span
    if (childFirst > Number.MAX_SAFE_INTEGER) {
      throw new CodecError('AMT_INDEX_TOO_LARGE', 'AMT: an index of 2^53 or more', {})
    }
    const child = within(childFirst, () => loadNodeAt(store, node, next, bitWidth, height - 1))
    seen += visitBelow(store, child, height - 1, childFirst, bitWidth, visit)
    next++
  }
  return seen
}

/** Loads the node that the `ordinal`-th link of `parent` names. */
export function loadNodeAt(
  store: Blockstore,
  parent: AmtNodeLayout,
  ordinal: number,
  bitWidth: number,
  height: number,
): AmtNodeLayout {
  const start = startAt(parent, ordinal)
  const end = endAt(parent, ordinal)
  const block = store.findAt(parent.block, start, end)
  if (block === undefined) {
    throw missingBlock(cidFromBytes(parent.block.subarray(start, end)))
  }
  return readAmtNode(block, bitWidth, height)
}
