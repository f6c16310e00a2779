import {
  addIndex,
  type BitField,
  type BitIndex,
  EMPTY_BIT_FIELD,
  isEmptyBitField,
  subtractIndex,
} from './bit-field.ts'

/**
 * Set algebra on runs. Every operation walks the boundaries of its operands once and never the members.
 *
 * Source: ref-fvm `ipld/bitfield/src/ops.rs` and `ipld/bitfield/src/lib.rs`.
 */

export function unionBitFields(a: BitField, b: BitField): BitField {
  if (isEmptyBitField(b)) {
    return a
  }
  return isEmptyBitField(a) ? b : combine(a, b, (inA, inB) => inA || inB)
}

export function intersectBitFields(a: BitField, b: BitField): BitField {
  return overlap(a, b) ? combine(a, b, (inA, inB) => inA && inB) : EMPTY_BIT_FIELD
}

/** The members of `a` that are not in `b`. */
export function subtractBitFields(a: BitField, b: BitField): BitField {
  return overlap(a, b) ? combine(a, b, (inA, inB) => inA && !inB) : a
}

/** The union of many sets, merged pairwise so that each member set is walked a logarithmic number of times. */
export function unionOfBitFields(fields: readonly BitField[]): BitField {
  let rest = fields
  while (rest.length > 1) {
    const merged: BitField[] = []
    for (let i = 0; i < rest.length; i += 2) {
      merged.push(unionBitFields(rest[i] as BitField, rest[i + 1] ?? EMPTY_BIT_FIELD))
    }
    rest = merged
  }
  return rest[0] ?? EMPTY_BIT_FIELD
}

/** Whether every member of `subset` is in `superset`. */
export function containsAllBits(superset: BitField, subset: BitField): boolean {
  return isEmptyBitField(subset) || isEmptyBitField(subtractBitFields(subset, superset))
}

/** Whether any member is in both. */
export function containsAnyBits(a: BitField, b: BitField): boolean {
  return !isEmptyBitField(intersectBitFields(a, b))
}

/**
 * The members from the `skip`-th smallest on, at most `count` of them.
 *
 * Source: ref-fvm `ipld/bitfield/src/lib.rs`, `slice`.
 */
export function sliceBitField(field: BitField, skip: BitIndex, count: BitIndex): BitField {
  const { boundaries } = field
  const sliced: BitIndex[] = []
  let toSkip = skip
  let toTake = count
  for (let i = 0; i < boundaries.length && toTake > 0; i += 2) {
    const start = boundaries[i] as BitIndex
    const length = subtractIndex(boundaries[i + 1] as BitIndex, start)
    if (toSkip >= length) {
      toSkip = subtractIndex(toSkip, length)
      continue
    }
    const from = addIndex(start, toSkip)
    const available = subtractIndex(length, toSkip)
    const taken = available < toTake ? available : toTake
    sliced.push(from, addIndex(from, taken))
    toTake = subtractIndex(toTake, taken)
    toSkip = 0
  }
  return { boundaries: sliced }
}

/**
 * Removes the integers of `removed` from the number line itself: members above move down by what was removed
 * below them.
 *
 * Source: ref-fvm `ipld/bitfield/src/lib.rs`, `cut`.
 */
export function cutBitField(field: BitField, removed: BitField): BitField {
  const kept = subtractBitFields(field, removed)
  const cut: BitIndex[] = []
  let shift: BitIndex = 0
  let next = 0
  for (const boundary of kept.boundaries) {
    while (next < removed.boundaries.length && (removed.boundaries[next + 1] as BitIndex) <= boundary) {
      const start = removed.boundaries[next] as BitIndex
      shift = addIndex(shift, subtractIndex(removed.boundaries[next + 1] as BitIndex, start))
      next += 2
    }
    const moved = subtractIndex(boundary, shift)
    // Runs that only removed integers separated have become one run.
    if (cut.length % 2 === 0 && cut[cut.length - 1] === moved) {
      cut.pop()
    } else {
      cut.push(moved)
    }
  }
  return { boundaries: cut }
}

function combine(a: BitField, b: BitField, isMember: (inA: boolean, inB: boolean) => boolean): BitField {
  const [left, right] = [a.boundaries, b.boundaries]
  const boundaries: BitIndex[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    const boundary = nextBoundary(left[i], right[j])
    if (left[i] === boundary) {
      i++
    }
    if (right[j] === boundary) {
      j++
    }
    const wasMember = (boundaries.length & 1) === 1
    if (isMember((i & 1) === 1, (j & 1) === 1) !== wasMember) {
      boundaries.push(boundary)
    }
  }
  return { boundaries }
}

function nextBoundary(left: BitIndex | undefined, right: BitIndex | undefined): BitIndex {
  if (left === undefined) {
    return right as BitIndex
  }
  return right === undefined || left <= right ? left : right
}

function overlap(a: BitField, b: BitField): boolean {
  const [startA, startB] = [a.boundaries[0], b.boundaries[0]]
  const [endA, endB] = [a.boundaries[a.boundaries.length - 1], b.boundaries[b.boundaries.length - 1]]
  if (startA === undefined || startB === undefined || endA === undefined || endB === undefined) {
    return false
  }
  return startA < endB && startB < endA
}
