import { itemEnd } from '../cbor/item-end.ts'
import { type CborReader, cborReader } from '../cbor/reader.ts'
import { CodecError } from '../errors.ts'
import { type AmtNodeLayout, hasSlot } from './layout.ts'
import type { AmtShape, LeafNode } from './node.ts'
import { decodeAt } from './node-blocks.ts'

/** What of values is read without the rest, and how it is gathered: in columns, say, instead of an object for each. */
export interface PartsOf<T, C> {
  /** A collection with nothing in it, and room for so many values if it is wise to make room. */
  readonly create: (count: number) => C
  /** Reads a value to its end and adds what is wanted of it; must refuse what the value's own codec refuses. */
  readonly read: (reader: CborReader, into: C) => void
  /** Adds what is wanted of a value that is in memory. */
  readonly take: (value: T, into: C) => void
  /** Adds all that another collection has. */
  readonly append: (into: C, others: C) => void
}

/** Adds what is wanted of the value at a place. */
export function gatherAt<T, C>(
  type: AmtShape<T>,
  node: LeafNode<T>,
  place: number,
  parts: PartsOf<T, C>,
  into: C,
): void {
  const known = node.items[place]
  if (known === undefined) {
    decodeAt(type, node, place, (reader) => parts.read(reader, into))
  } else {
    parts.take(known, into)
  }
}

/**
 * Gathers from `count` slots of a leaf, from `firstSlot` on, out of its block. Says false where a slot is empty or the
 * block is damaged: the leaf's node says what is wrong, and in which order.
 */
export function gatherFromBlock<T, C>(
  leaf: AmtNodeLayout,
  firstSlot: number,
  count: number,
  parts: PartsOf<T, C>,
  into: C,
): boolean {
  const before = countSlots(leaf, 0, firstSlot)
  if (countSlots(leaf, firstSlot, count) < count) {
    return false
  }
  try {
    const reader = cborReader(leaf.block, leaf.valuesStart)
    skipValues(reader, before)
    for (let i = 0; i < count; i++) {
      parts.read(reader, into)
    }
    skipValues(reader, leaf.valueCount - before - count)
    return reader.offset === leaf.block.length
  } catch (error) {
    if (!(error instanceof CodecError)) {
      throw error
    }
    return false
  }
}

/** How many of `count` slots from `first` on are present. */
function countSlots(leaf: AmtNodeLayout, first: number, count: number): number {
  let present = 0
  for (let slot = first; slot < first + count; slot++) {
    if (hasSlot(leaf, slot)) {
      present++
    }
  }
  return present
}

function skipValues(reader: CborReader, count: number): void {
  for (let i = 0; i < count; i++) {
    reader.offset = itemEnd(reader.bytes, reader.offset)
  }
}
