import { fc, test } from '@fast-check/vitest'
import { anyMembers } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  type BitField,
  type BitIndex,
  bitFieldOf,
  bitFieldRange,
  bitsOf,
  canonicalIndex,
  countBits,
  EMPTY_BIT_FIELD,
  hasBit,
} from './bit-field.ts'
import {
  containsAllBits,
  containsAnyBits,
  cutBitField,
  intersectBitFields,
  sliceBitField,
  subtractBitFields,
  unionBitFields,
  unionOfBitFields,
} from './set-algebra.ts'

/** Sets with runs of any length between 0 and 2^64 − 2, which no test could list. */
const anyHugeField: fc.Arbitrary<BitField> = fc
  .uniqueArray(
    fc.oneof(
      fc.bigInt({ min: 0n, max: 40n }),
      fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    ),
    { maxLength: 16 },
  )
  .map((ends) => ({
    boundaries: ends
      .sort((a, b) => (a < b ? -1 : 1))
      .slice(ends.length % 2)
      .map(canonicalIndex),
  }))

function membersOf(field: BitField): BitIndex[] {
  return [...bitsOf(field)]
}

function sorted(members: Iterable<BitIndex>): BitIndex[] {
  return [...new Set(members)].sort((a, b) => (a < b ? -1 : 1))
}

/** Every point at which membership in one of the sets can change, and the points beside it. */
function probes(...fields: readonly BitField[]): BitIndex[] {
  return fields
    .flatMap(({ boundaries }) => boundaries)
    .flatMap((boundary) => [BigInt(boundary) - 1n, BigInt(boundary), BigInt(boundary) + 1n])
    .filter((index) => index >= 0n)
    .map(canonicalIndex)
}

function expectCanonical({ boundaries }: BitField): void {
  expect(boundaries.length % 2).toBe(0)
  for (const [i, boundary] of boundaries.entries()) {
    expect(i === 0 || (boundaries[i - 1] ?? 0) < boundary).toBe(true)
    expect(boundary).toBe(canonicalIndex(BigInt(boundary)))
  }
}

describe('the set operations', () => {
  // Source: ref-fvm ipld/bitfield/src/iter/mod.rs, test_combinators.
  test.each<{
    lhs: readonly number[]
    rhs: readonly number[]
    union: readonly number[]
    both: readonly number[]
    less: readonly number[]
    cut: readonly number[]
  }>([
    { lhs: [2, 5], rhs: [], union: [2, 5], both: [], less: [2, 5], cut: [2, 5] },
    {
      lhs: [0, 3, 10, 13],
      rhs: [5, 8],
      union: [0, 3, 5, 8, 10, 13],
      both: [],
      less: [0, 3, 10, 13],
      cut: [0, 3, 7, 10],
    },
    {
      lhs: [0, 3, 8, 11],
      rhs: [2, 5],
      union: [0, 5, 8, 11],
      both: [2, 3],
      less: [0, 2, 8, 11],
      cut: [0, 2, 5, 8],
    },
    {
      lhs: [0, 3, 4, 7, 8, 11],
      rhs: [2, 5, 6, 9, 10, 13],
      union: [0, 13],
      both: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      less: [0, 2, 5, 6, 9, 10],
      cut: [0, 4],
    },
    { lhs: [0, 6], rhs: [1, 3], union: [0, 6], both: [1, 3], less: [0, 1, 3, 6], cut: [0, 4] },
    {
      lhs: [0, 6],
      rhs: [1, 3, 5, 7, 9, 11],
      union: [0, 7, 9, 11],
      both: [1, 3, 5, 6],
      less: [0, 1, 3, 5],
      cut: [0, 3],
    },
    {
      lhs: [3, 6],
      rhs: [0, 2, 4, 5, 8, 10],
      union: [0, 2, 3, 6, 8, 10],
      both: [4, 5],
      less: [3, 4, 5, 6],
      cut: [1, 3],
    },
    { lhs: [3, 6, 8, 10], rhs: [2, 7, 8, 11], union: [2, 7, 8, 11], both: [3, 6, 8, 10], less: [], cut: [] },
    {
      lhs: [3, 6, 8, 10],
      rhs: [2, 4],
      union: [2, 6, 8, 10],
      both: [3, 4],
      less: [4, 6, 8, 10],
      cut: [2, 4, 6, 8],
    },
  ])('of runs $lhs and $rhs are those of the reference', ({ lhs, rhs, union, both, less, cut }) => {
    const [a, b] = [{ boundaries: lhs }, { boundaries: rhs }]
    expect(unionBitFields(a, b).boundaries).toEqual(union)
    expect(unionBitFields(b, a).boundaries).toEqual(union)
    expect(intersectBitFields(a, b).boundaries).toEqual(both)
    expect(intersectBitFields(b, a).boundaries).toEqual(both)
    expect(subtractBitFields(a, b).boundaries).toEqual(less)
    expect(cutBitField(a, b).boundaries).toEqual(cut)
  })

  test.prop([anyMembers, anyMembers])('agree with those of plain sets', (left, right) => {
    const [a, b] = [bitFieldOf(left), bitFieldOf(right)]
    const [inA, inB] = [new Set(left), new Set(right)]
    expect(unionBitFields(a, b)).toEqual(bitFieldOf([...left, ...right]))
    expect(membersOf(intersectBitFields(a, b))).toEqual(sorted(left).filter((member) => inB.has(member)))
    expect(membersOf(subtractBitFields(a, b))).toEqual(sorted(left).filter((member) => !inB.has(member)))
    expect(containsAllBits(a, b)).toBe(right.every((member) => inA.has(member)))
    expect(containsAnyBits(a, b)).toBe(right.some((member) => inA.has(member)))
  })

  test.prop([anyHugeField, anyHugeField])('agree at every edge of runs of any length', (a, b) => {
    const [union, both, less] = [unionBitFields(a, b), intersectBitFields(a, b), subtractBitFields(a, b)]
    for (const index of probes(a, b)) {
      const [inA, inB] = [hasBit(a, index), hasBit(b, index)]
      expect(hasBit(union, index)).toBe(inA || inB)
      expect(hasBit(both, index)).toBe(inA && inB)
      expect(hasBit(less, index)).toBe(inA && !inB)
    }
    for (const field of [union, both, less]) {
      expectCanonical(field)
    }
  })

  test.prop([anyHugeField, anyHugeField])('obey the laws of sets', (a, b) => {
    expect(unionBitFields(a, b)).toEqual(unionBitFields(b, a))
    expect(intersectBitFields(a, b)).toEqual(intersectBitFields(b, a))
    expect(unionBitFields(a, a)).toEqual(a)
    expect(intersectBitFields(a, a)).toEqual(a)
    expect(subtractBitFields(a, a)).toEqual(EMPTY_BIT_FIELD)
    expect(unionBitFields(subtractBitFields(a, b), intersectBitFields(a, b))).toEqual(a)
    expect(unionBitFields(subtractBitFields(a, b), b)).toEqual(unionBitFields(a, b))
    expect(containsAllBits(a, intersectBitFields(a, b))).toBe(true)
    expect(containsAllBits(unionBitFields(a, b), a)).toBe(true)
    expect(containsAnyBits(subtractBitFields(a, b), b)).toBe(false)
  })

  test.prop([anyHugeField])('leave a set as it is against the empty one', (field) => {
    expect(unionBitFields(field, EMPTY_BIT_FIELD)).toEqual(field)
    expect(unionBitFields(EMPTY_BIT_FIELD, field)).toEqual(field)
    expect(intersectBitFields(field, EMPTY_BIT_FIELD)).toEqual(EMPTY_BIT_FIELD)
    expect(subtractBitFields(field, EMPTY_BIT_FIELD)).toEqual(field)
    expect(subtractBitFields(EMPTY_BIT_FIELD, field)).toEqual(EMPTY_BIT_FIELD)
    expect(cutBitField(field, EMPTY_BIT_FIELD)).toEqual(field)
    expect(containsAllBits(field, EMPTY_BIT_FIELD)).toBe(true)
    expect(containsAnyBits(field, EMPTY_BIT_FIELD)).toBe(false)
  })

  // 2^60 members in two boundaries: were a run ever expanded, this would never end.
  test('work on runs of 2^60 members without expanding them', () => {
    const whole = bitFieldRange(0, 2n ** 60n)
    const middle = bitFieldRange(10, 2n ** 59n)
    expect(unionBitFields(whole, middle).boundaries).toEqual([0, 2n ** 60n])
    expect(intersectBitFields(whole, middle).boundaries).toEqual([10, 2n ** 59n])
    expect(subtractBitFields(whole, middle).boundaries).toEqual([0, 10, 2n ** 59n, 2n ** 60n])
    expect(cutBitField(whole, middle).boundaries).toEqual([0, 2n ** 59n + 10n])
    expect(sliceBitField(whole, 5, 2n ** 58n).boundaries).toEqual([5, 2n ** 58n + 5n])
    expect(containsAllBits(whole, middle)).toBe(true)
    expect(containsAllBits(middle, whole)).toBe(false)
  })
})

describe('unionOfBitFields', () => {
  test('of no sets is empty', () => {
    expect(unionOfBitFields([])).toEqual(EMPTY_BIT_FIELD)
  })

  test.prop([fc.array(anyMembers, { maxLength: 9 })])('has the members of all of them', (sets) => {
    expect(unionOfBitFields(sets.map(bitFieldOf))).toEqual(bitFieldOf(sets.flat()))
  })
})

describe('containsAllBits and containsAnyBits', () => {
  // Source: ref-fvm ipld/bitfield/tests/bitfield_tests.rs, contains_all and contains_any.
  test.each<{ a: readonly number[]; b: readonly number[]; hasAll: boolean; hasAny: boolean }>([
    { a: [0, 2, 4], b: [0, 2, 4, 5], hasAll: false, hasAny: true },
    { a: [0, 2, 4, 5], b: [0, 2, 4], hasAll: true, hasAny: true },
    { a: [1, 2, 3], b: [1, 2, 3], hasAll: true, hasAny: true },
    { a: [0, 4], b: [1, 3, 5], hasAll: false, hasAny: false },
    { a: [0, 2, 5, 6], b: [1, 3, 5], hasAll: false, hasAny: true },
    { a: [], b: [1], hasAll: false, hasAny: false },
    { a: [], b: [], hasAll: true, hasAny: false },
  ])('of $a and $b are $hasAll and $hasAny', ({ a, b, hasAll, hasAny }) => {
    expect(containsAllBits(bitFieldOf(a), bitFieldOf(b))).toBe(hasAll)
    expect(containsAnyBits(bitFieldOf(a), bitFieldOf(b))).toBe(hasAny)
  })
})

describe('sliceBitField', () => {
  // Source: ref-fvm ipld/bitfield/tests/bitfield_tests.rs, bitfield_slice_small: 4, 7 and 9 of 1, 4, 7, 9, 10, 11.
  test('takes members from the skipped one on', () => {
    expect(membersOf(sliceBitField(bitFieldOf([1, 4, 7, 9, 10, 11]), 1, 3))).toEqual([4, 7, 9])
  })

  test.prop([anyMembers, fc.nat(60), fc.nat(60)])(
    'takes what a slice of the list would',
    (members, skip, count) => {
      const field = bitFieldOf(members)
      expect(membersOf(sliceBitField(field, skip, count))).toEqual(sorted(members).slice(skip, skip + count))
    },
  )

  test.prop([anyHugeField, fc.bigInt({ min: 0n, max: 2n ** 64n })])(
    'splits any set into two without a member lost',
    (field, at) => {
      const skip = canonicalIndex(at)
      const [head, tail] = [sliceBitField(field, 0, skip), sliceBitField(field, skip, countBits(field))]
      expectCanonical(head)
      expectCanonical(tail)
      expect(unionBitFields(head, tail)).toEqual(field)
      expect(containsAnyBits(head, tail)).toBe(false)
      expect(countBits(head)).toBe(at < BigInt(countBits(field)) ? skip : countBits(field))
    },
  )
})

describe('cutBitField', () => {
  test.prop([anyMembers, anyMembers])(
    'moves members down by what was removed below them',
    (members, removed) => {
      const gone = sorted(removed)
      const expected = sorted(members)
        .filter((member) => !gone.includes(member))
        .map((member) => Number(member) - gone.filter((other) => other < member).length)
      expect(cutBitField(bitFieldOf(members), bitFieldOf(removed))).toEqual(bitFieldOf(expected))
    },
  )

  test.prop([anyHugeField, anyHugeField])('keeps the count of what is not removed', (field, removed) => {
    const cut = cutBitField(field, removed)
    expectCanonical(cut)
    expect(countBits(cut)).toBe(countBits(subtractBitFields(field, removed)))
  })

  test('joins runs that only removed integers separated', () => {
    expect(cutBitField({ boundaries: [0, 3, 5, 9] }, { boundaries: [3, 5] }).boundaries).toEqual([0, 7])
  })

  test('brings bigint boundaries down to numbers', () => {
    const field = bitFieldRange(2n ** 53n + 4n, 2n ** 53n + 6n)
    expect(cutBitField(field, bitFieldRange(0, 2n ** 53n)).boundaries).toEqual([4, 6])
  })
})
