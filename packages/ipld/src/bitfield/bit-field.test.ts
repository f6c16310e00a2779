import { fc, test } from '@fast-check/vitest'
import { anyMembers } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  addIndex,
  type BitField,
  type BitIndex,
  bitFieldOf,
  bitFieldRange,
  bitsOf,
  canonicalIndex,
  countBits,
  EMPTY_BIT_FIELD,
  equalBitFields,
  firstBit,
  hasBit,
  isEmptyBitField,
  lastBit,
  runsOf,
  subtractIndex,
} from './bit-field.ts'

const MAX_SAFE = Number.MAX_SAFE_INTEGER
const LIMIT_OF_SAFE = 2n ** 53n
const LARGEST_MEMBER = 2n ** 64n - 2n

/** Members near the edge of exact numbers and near the largest that there is, in their one form. */
const anyMember: fc.Arbitrary<BitIndex> = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 60n }),
    fc.bigInt({ min: LIMIT_OF_SAFE - 6n, max: LIMIT_OF_SAFE + 6n }),
    fc.bigInt({ min: LARGEST_MEMBER - 6n, max: LARGEST_MEMBER }),
  )
  .map((index) => (index < LIMIT_OF_SAFE ? Number(index) : index))

const anyMemberList = fc.array(anyMember, { maxLength: 40 })

function ascending(members: Iterable<BitIndex>): BitIndex[] {
  return [...new Set(members)].sort((a, b) => (a < b ? -1 : 1))
}

describe('bitFieldOf', () => {
  test.each<{ rule: string; members: readonly BitIndex[]; boundaries: readonly BitIndex[] }>([
    { rule: 'of nothing has no boundaries', members: [], boundaries: [] },
    { rule: 'of zero is one run', members: [0], boundaries: [0, 1] },
    // Source: ref-fvm ipld/bitfield/src/iter/mod.rs, test_ranges_from_bits.
    {
      rule: 'joins neighbours into runs',
      members: [2, 3, 4, 7, 9, 11, 12],
      boundaries: [2, 5, 7, 8, 9, 10, 11, 13],
    },
    { rule: 'takes members in any order', members: [4, 2, 3], boundaries: [2, 5] },
    { rule: 'takes a member twice', members: [5, 5, 6, 5], boundaries: [5, 7] },
    {
      rule: 'ends a run in a number below 2^53',
      members: [MAX_SAFE - 1],
      boundaries: [MAX_SAFE - 1, MAX_SAFE],
    },
    { rule: 'ends a run in a bigint at 2^53', members: [MAX_SAFE], boundaries: [MAX_SAFE, LIMIT_OF_SAFE] },
    {
      rule: 'runs over the edge of exact numbers',
      members: [LIMIT_OF_SAFE, MAX_SAFE],
      boundaries: [MAX_SAFE, LIMIT_OF_SAFE + 1n],
    },
    // An index has one form, whatever form it came in: `hasBit` and `equalBitFields` compare by it.
    { rule: 'takes a small bigint as a number', members: [5n], boundaries: [5, 6] },
    { rule: 'joins a number and a bigint', members: [5, 6n, 7n], boundaries: [5, 8] },
    {
      rule: 'takes the last bigint below 2^53 as a number',
      members: [2n ** 53n - 1n],
      boundaries: [MAX_SAFE, LIMIT_OF_SAFE],
    },
    {
      rule: 'holds the largest member',
      members: [LARGEST_MEMBER],
      boundaries: [LARGEST_MEMBER, LARGEST_MEMBER + 1n],
    },
  ])('$rule', ({ members, boundaries }) => {
    expect(bitFieldOf(members).boundaries).toEqual(boundaries)
  })

  test.prop([anyMemberList])('lists as its bits what it was made of, ascending and once', (members) => {
    expect([...bitsOf(bitFieldOf(members))]).toEqual(ascending(members))
  })

  test.prop([anyMemberList])('gives ascending boundaries, numbers exactly below 2^53', (members) => {
    const { boundaries } = bitFieldOf(members)
    expect(boundaries.length % 2).toBe(0)
    for (const [i, boundary] of boundaries.entries()) {
      expect(i === 0 || (boundaries[i - 1] ?? 0) < boundary).toBe(true)
      expect(typeof boundary).toBe(boundary < LIMIT_OF_SAFE ? 'number' : 'bigint')
    }
  })

  test.prop([anyMemberList])('does not depend on the form of the members', (members) => {
    const field = bitFieldOf(members.map(BigInt))
    expect(field).toEqual(bitFieldOf(members))
    expect(equalBitFields(field, bitFieldOf(members))).toBe(true)
    expect(members.every((member) => hasBit(field, member))).toBe(true)
  })

  test.prop([anyMembers])('does not depend on the order of the members', (members) => {
    expect(bitFieldOf(members.toReversed())).toEqual(bitFieldOf(members))
  })
})

describe('bitFieldRange', () => {
  test.each<{ start: BitIndex; end: BitIndex; boundaries: readonly BitIndex[] }>([
    { start: 3, end: 3, boundaries: [] },
    { start: 4, end: 3, boundaries: [] },
    { start: 3, end: 4, boundaries: [3, 4] },
    { start: 0, end: 2n ** 60n, boundaries: [0, 2n ** 60n] },
    { start: 3n, end: 4n, boundaries: [3, 4] },
    { start: 3n, end: 3n, boundaries: [] },
    { start: 3n, end: LIMIT_OF_SAFE, boundaries: [3, LIMIT_OF_SAFE] },
    { start: 2n ** 53n - 1n, end: 2n ** 60n, boundaries: [MAX_SAFE, 2n ** 60n] },
  ])('from $start up to and without $end has boundaries $boundaries', ({ start, end, boundaries }) => {
    expect(bitFieldRange(start, end).boundaries).toEqual(boundaries)
  })
})

describe('hasBit', () => {
  const field: BitField = { boundaries: [2, 5, 7, 8, MAX_SAFE, LIMIT_OF_SAFE + 1n] }

  test.each<{ index: BitIndex; isMember: boolean }>([
    { index: 0, isMember: false },
    { index: 1, isMember: false },
    { index: 2, isMember: true },
    { index: 4, isMember: true },
    { index: 5, isMember: false },
    { index: 6, isMember: false },
    { index: 7, isMember: true },
    { index: 8, isMember: false },
    { index: MAX_SAFE - 1, isMember: false },
    { index: MAX_SAFE, isMember: true },
    { index: LIMIT_OF_SAFE, isMember: true },
    { index: LIMIT_OF_SAFE + 1n, isMember: false },
    { index: LARGEST_MEMBER, isMember: false },
  ])('of $index is $isMember', ({ index, isMember }) => {
    expect(hasBit(field, index)).toBe(isMember)
  })

  test.prop([anyMemberList, anyMember])('says whether an index is a member', (members, index) => {
    expect(hasBit(bitFieldOf(members), index)).toBe(members.includes(index))
  })
})

describe('the measures of a bitfield', () => {
  test('are none of an empty one', () => {
    expect(countBits(EMPTY_BIT_FIELD)).toBe(0)
    expect(firstBit(EMPTY_BIT_FIELD)).toBeUndefined()
    expect(lastBit(EMPTY_BIT_FIELD)).toBeUndefined()
    expect([...runsOf(EMPTY_BIT_FIELD)]).toEqual([])
    expect(isEmptyBitField(EMPTY_BIT_FIELD)).toBe(true)
    expect(isEmptyBitField(bitFieldOf([0]))).toBe(false)
  })

  // The whole line: 2^64 − 1 members, from 0 to 2^64 − 2.
  test('are exact of the largest set that there is', () => {
    const whole = bitFieldRange(0, 2n ** 64n - 1n)
    expect(countBits(whole)).toBe(2n ** 64n - 1n)
    expect(firstBit(whole)).toBe(0)
    expect(lastBit(whole)).toBe(LARGEST_MEMBER)
    expect(hasBit(whole, LARGEST_MEMBER)).toBe(true)
  })

  // 2^53 − 1 members are counted by a number, 2^53 by a bigint; both end beyond 2^53.
  test.each<{ start: bigint; end: bigint; count: BitIndex; last: BitIndex }>([
    { start: 2n ** 60n, end: 2n ** 60n + 2n ** 53n - 1n, count: MAX_SAFE, last: 2n ** 60n + 2n ** 53n - 2n },
    { start: 2n ** 60n, end: 2n ** 60n + 2n ** 53n, count: LIMIT_OF_SAFE, last: 2n ** 60n + 2n ** 53n - 1n },
  ])('count $count members from $start to $last', ({ start, end, count, last }) => {
    const field = bitFieldRange(start, end)
    expect(countBits(field)).toBe(count)
    expect(lastBit(field)).toBe(last)
  })

  test('give the last member before 2^53 as a number', () => {
    expect(lastBit({ boundaries: [0, LIMIT_OF_SAFE] })).toBe(MAX_SAFE)
  })

  test.prop([anyMemberList])('agree with the list of members', (members) => {
    const field = bitFieldOf(members)
    const expected = ascending(members)
    expect(countBits(field)).toBe(expected.length)
    expect(firstBit(field)).toBe(expected[0])
    expect(lastBit(field)).toBe(expected.at(-1))
    expect(isEmptyBitField(field)).toBe(expected.length === 0)
  })
})

describe('runsOf', () => {
  test('gives every run from its start up to and without its end', () => {
    expect([...runsOf(bitFieldOf([2, 3, 4, 7]))]).toEqual([
      { start: 2, end: 5 },
      { start: 7, end: 8 },
    ])
  })
})

describe('bitsOf', () => {
  test('takes no more members of a huge run than the caller asks for', () => {
    const taken: BitIndex[] = []
    for (const index of bitsOf(bitFieldRange(MAX_SAFE, 2n ** 64n - 1n))) {
      taken.push(index)
      if (taken.length === 3) {
        break
      }
    }
    expect(taken).toEqual([MAX_SAFE, LIMIT_OF_SAFE, LIMIT_OF_SAFE + 1n])
  })
})

describe('equalBitFields', () => {
  test.each<{ rule: string; a: readonly BitIndex[]; b: readonly BitIndex[]; isEqual: boolean }>([
    { rule: 'two empty sets are equal', a: [], b: [], isEqual: true },
    { rule: 'equal members in another order are equal', a: [1, 2, 9], b: [9, 1, 2], isEqual: true },
    { rule: 'a set and a larger one differ', a: [1, 2], b: [1, 2, 9], isEqual: false },
    { rule: 'a set and a smaller one differ', a: [1, 2, 9], b: [1, 2], isEqual: false },
    { rule: 'a run and a longer run differ', a: [1, 2], b: [1, 2, 3], isEqual: false },
    { rule: 'sets with other last members differ', a: [1, LARGEST_MEMBER], b: [1, 2], isEqual: false },
  ])('$rule', ({ a, b, isEqual }) => {
    expect(equalBitFields(bitFieldOf(a), bitFieldOf(b))).toBe(isEqual)
  })
})

describe('the arithmetic of indices', () => {
  test.prop([fc.bigInt({ min: 0n, max: 2n ** 63n }), fc.bigInt({ min: 0n, max: 2n ** 63n })])(
    'adds and subtracts exactly and keeps the one form',
    (a, b) => {
      const sum = addIndex(canonicalIndex(a), canonicalIndex(b))
      expect(BigInt(sum)).toBe(a + b)
      expect(sum).toBe(canonicalIndex(a + b))
      expect(subtractIndex(sum, canonicalIndex(b))).toBe(canonicalIndex(a))
    },
  )

  test.each<{ a: BitIndex; b: BitIndex; sum: BitIndex }>([
    { a: MAX_SAFE, b: 0, sum: MAX_SAFE },
    { a: MAX_SAFE, b: 1, sum: LIMIT_OF_SAFE },
    { a: MAX_SAFE, b: 2, sum: LIMIT_OF_SAFE + 1n },
    { a: MAX_SAFE, b: MAX_SAFE, sum: 2n ** 54n - 2n },
  ])('$a + $b is $sum', ({ a, b, sum }) => {
    expect(addIndex(a, b)).toBe(sum)
    expect(subtractIndex(sum, b)).toBe(a)
  })

  test('refuses a negative index as a bug of the caller', () => {
    expect(() => subtractIndex(1, 2)).toThrow('assertion failed')
  })
})
