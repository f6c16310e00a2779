import { itemEnd } from '../cbor/item-end.ts'
import { type CborReader, cborReader } from '../cbor/reader.ts'
import { CodecError } from '../errors.ts'
import { type AmtNodeLayout, hasSlot } from './layout.ts'
import type { AmtShape, LeafNode } from './node.ts'
import { decodeAt } from './node-blocks.ts'

/**
 * A part of a value that is read without the rest. A whole value is a part of itself, so that one that is in memory
 * is given as it is.
 */
export interface PartOf<T, P> {
  /** Reads a value to its end; must refuse what the value's own codec refuses. */
  readonly decode: (reader: CborReader) => P
  readonly of: (value: T) => P
}

/** The part of the value at a place. */
export function partAt<T, P>(type: AmtShape<T>, node: LeafNode<T>, place: number, part: PartOf<T, P>): P {
  const known = node.items[place]
  return known === undefined ? decodeAt(type, node, place, part.decode) : part.of(known)
}

/**
 * Reads the parts in `count` slots of a leaf, from `firstSlot` on, out of its block. Says false and leaves `parts` as
 * they were where a slot is empty or the block is damaged: the leaf's node says what is wrong, and in which order.
 */
export function readPartsInBlock<T, P>(
  leaf: AmtNodeLayout,
  firstSlot: number,
  count: number,
  part: PartOf<T, P>,
  parts: P[],
): boolean {
  const before = parts.length
  try {
    const reader = cborReader(leaf.block, leaf.valuesStart)
    for (let slot = 0, left = leaf.valueCount; left > 0; slot++) {
      if (hasSlot(leaf, slot)) {
        left--
        if (slot >= firstSlot && slot < firstSlot + count) {
          parts.push(part.decode(reader))
        } else {
          reader.offset = itemEnd(leaf.block, reader.offset)
        }
      }
    }
    if (reader.offset === leaf.block.length && parts.length === before + count) {
      return true
    }
  } catch (error) {
    if (!(error instanceof CodecError)) {
      throw error
    }
  }
  parts.length = before
  return false
}
