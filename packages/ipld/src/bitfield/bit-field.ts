import { assert } from '@plimsoll/primitives'

/**
 * A set of unsigned 64-bit integers, as the ascending ends of its runs: `[start, end, start, end, …)`.
 *
 * Runs are maximal and never empty, so a set has one form and equal sets have equal boundaries. A boundary is
 * a number below 2^53 and a bigint from there on; sets of sectors stay numbers, and `<` and `===` work on both.
 */
export interface BitField {
  readonly boundaries: readonly BitIndex[]
}

/** An index into a bitfield: a number when it is safe, a bigint otherwise, never the other way round. */
export type BitIndex = number | bigint

export const EMPTY_BIT_FIELD: BitField = { boundaries: [] }

/** One more than the largest member, which is 2^64 − 2. Source: ref-fvm `ipld/bitfield/src/lib.rs`. */
export const MAX_BIT_FIELD_END = (1n << 64n) - 1n

/** A set from its members in any order, repeated or not. */
export function bitFieldOf(members: Iterable<BitIndex>): BitField {
  return (Array.isArray(members) ? findFieldOfAscending(members) : undefined) ?? fieldOfAny(members)
}

/** The set of numbers that ascend, which those that are read out of a set do; undefined for any others. */
function findFieldOfAscending(members: readonly BitIndex[]): BitField | undefined {
  const boundaries: number[] = []
  let end = -1
  for (const member of members) {
    if (typeof member !== 'number' || member < end || member >= Number.MAX_SAFE_INTEGER) {
      return undefined
    }
    if (member !== end) {
      if (end !== -1) {
        boundaries.push(end)
      }
      boundaries.push(member)
    }
    end = member + 1
  }
  if (end !== -1) {
    boundaries.push(end)
  }
  return { boundaries }
}

function fieldOfAny(members: Iterable<BitIndex>): BitField {
  const sorted = Array.from(members, canonical)
  if (!isAscending(sorted)) {
    sorted.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  }
  const boundaries: BitIndex[] = []
  for (const member of sorted) {
    const end = boundaries[boundaries.length - 1]
    if (end !== undefined && member < end) {
      continue
    }
    if (member === end) {
      boundaries.pop()
    } else {
      boundaries.push(member)
    }
    boundaries.push(addIndex(member, 1))
  }
  return { boundaries }
}

/** The set of all integers from `start` up to and without `end`. */
export function bitFieldRange(start: BitIndex, end: BitIndex): BitField {
  return start < end ? { boundaries: [canonical(start), canonical(end)] } : EMPTY_BIT_FIELD
}

export function isEmptyBitField(field: BitField): boolean {
  return field.boundaries.length === 0
}

export function equalBitFields(a: BitField, b: BitField): boolean {
  return (
    a.boundaries.length === b.boundaries.length &&
    a.boundaries.every((boundary, i) => boundary === b.boundaries[i])
  )
}

export function hasBit(field: BitField, index: BitIndex): boolean {
  return (countBoundariesUpTo(field.boundaries, index) & 1) === 1
}

/** How many members the set has. */
export function countBits(field: BitField): BitIndex {
  const { boundaries } = field
  let total: BitIndex = 0
  for (let i = 0; i < boundaries.length; i += 2) {
    total = addIndex(total, subtractIndex(boundaries[i + 1] as BitIndex, boundaries[i] as BitIndex))
  }
  return total
}

/** The smallest member, or undefined of an empty set. */
export function firstBit(field: BitField): BitIndex | undefined {
  return field.boundaries[0]
}

/** The largest member, or undefined of an empty set. */
export function lastBit(field: BitField): BitIndex | undefined {
  const end = field.boundaries[field.boundaries.length - 1]
  return end === undefined ? undefined : subtractIndex(end, 1)
}

/** The runs of members, ascending, each from `start` up to and without `end`. */
export function* runsOf(field: BitField): Generator<{ readonly start: BitIndex; readonly end: BitIndex }> {
  const { boundaries } = field
  for (let i = 0; i < boundaries.length; i += 2) {
    yield { start: boundaries[i] as BitIndex, end: boundaries[i + 1] as BitIndex }
  }
}

/** The members, ascending. The caller bounds how many it takes; a run can have 2^64 of them. */
export function* bitsOf(field: BitField): Generator<BitIndex> {
  const { boundaries } = field
  for (let i = 0; i < boundaries.length; i += 2) {
    const end = boundaries[i + 1] as BitIndex
    for (let index = boundaries[i] as BitIndex; index < end; index = addIndex(index, 1)) {
      yield index
    }
  }
}

/** `a + b` in the one form that an index has. */
export function addIndex(a: BitIndex, b: BitIndex): BitIndex {
  if (typeof a === 'number' && typeof b === 'number' && a + b <= Number.MAX_SAFE_INTEGER) {
    return a + b
  }
  return BigInt(a) + BigInt(b)
}

/** `a − b`, not negative, in the one form that an index has. */
export function subtractIndex(a: BitIndex, b: BitIndex): BitIndex {
  if (typeof a === 'number' && typeof b === 'number') {
    assert(a >= b, 'an index is never negative')
    return a - b
  }
  return canonicalIndex(BigInt(a) - BigInt(b))
}

/** The one form of an index: a number when it is safe. */
export function canonicalIndex(index: bigint): BitIndex {
  return index <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(index) : index
}

/** How many boundaries are at or below `index`; an odd count means that the index lies in a run. */
function countBoundariesUpTo(boundaries: readonly BitIndex[], index: BitIndex): number {
  let low = 0
  let high = boundaries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((boundaries[middle] as BitIndex) <= index) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

function isAscending(members: readonly BitIndex[]): boolean {
  for (let i = 1; i < members.length; i++) {
    if ((members[i - 1] as BitIndex) > (members[i] as BitIndex)) {
      return false
    }
  }
  return true
}

function canonical(index: BitIndex): BitIndex {
  return typeof index === 'bigint' ? canonicalIndex(index) : index
}
