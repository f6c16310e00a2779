import type { ByteString } from '@plimsoll/primitives'
import { type Blockstore, requireBlock } from '../blockstore/blockstore.ts'
import type { Cid } from '../cid.ts'
import { type HamtEntryLayout, type HamtNodeLayout, type HamtPointerLayout, readHamtNode } from './layout.ts'

/** A value that is not the same in two HAMTs, as encoded CBOR; a side that has none is undefined. */
export interface HamtChange {
  readonly key: ByteString
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array | undefined
}

/**
 * The changes from one HAMT to another, in the order of their keys' hashes.
 *
 * Opens only blocks that differ: where both sides link the same block, nothing below it is read. Where one
 * side has a bucket and the other a child in its place, the child is read whole, which is at most one level
 * of few entries in trees that the rules of deletion keep small.
 *
 * @throws {CodecError} when a block is missing or malformed on either side.
 */
export function diffHamt(store: Blockstore, before: Cid, after: Cid, bitWidth: number): HamtChange[] {
  const changes: HamtChange[] = []
  compareLinks({ store, bitWidth, changes }, before, after, 0)
  return changes
}

interface Diff {
  readonly store: Blockstore
  readonly bitWidth: number
  readonly changes: HamtChange[]
}

function compareLinks(diff: Diff, before: Cid, after: Cid, depth: number): void {
  if (before === after) {
    return
  }
  const left = loadNode(diff, before, depth)
  const right = loadNode(diff, after, depth)
  let i = 0
  let j = 0
  while (i < left.slots.length || j < right.slots.length) {
    const slotA = left.slots[i] ?? Number.POSITIVE_INFINITY
    const slotB = right.slots[j] ?? Number.POSITIVE_INFINITY
    const a = slotA <= slotB ? left.pointers[i++] : undefined
    const b = slotB <= slotA ? right.pointers[j++] : undefined
    comparePointers(diff, a, b, depth)
  }
}

function comparePointers(
  diff: Diff,
  before: HamtPointerLayout | undefined,
  after: HamtPointerLayout | undefined,
  depth: number,
): void {
  if (before?.isLink && after?.isLink) {
    compareLinks(diff, before.cid, after.cid, depth + 1)
  } else {
    compareEntries(diff, collectEntries(diff, before, depth), collectEntries(diff, after, depth))
  }
}

/** All entries of a pointer; of a link, those of everything below it. */
function collectEntries(
  diff: Diff,
  pointer: HamtPointerLayout | undefined,
  depth: number,
): readonly HamtEntryLayout[] {
  if (pointer === undefined) {
    return []
  }
  if (!pointer.isLink) {
    return pointer.bucket
  }
  const child = loadNode(diff, pointer.cid, depth + 1)
  return child.pointers.flatMap((below) => collectEntries(diff, below, depth + 1))
}

function compareEntries(
  diff: Diff,
  before: readonly HamtEntryLayout[],
  after: readonly HamtEntryLayout[],
): void {
  for (const { key, value } of before) {
    const other = after.find((entry) => entry.key === key)?.value
    if (other === undefined || !equalBytes(value, other)) {
      diff.changes.push({ key, before: value, after: other })
    }
  }
  for (const { key, value } of after) {
    if (!before.some((entry) => entry.key === key)) {
      diff.changes.push({ key, before: undefined, after: value })
    }
  }
}

function loadNode(diff: Diff, cid: Cid, depth: number): HamtNodeLayout {
  return readHamtNode(requireBlock(diff.store, cid), diff.bitWidth, depth)
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
