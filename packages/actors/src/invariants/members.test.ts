import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, bitFieldRange, bitsOf } from '@plimsoll/ipld'
import { anyMembers } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { createFindings, MAX_REPORTED_MEMBERS } from './findings.ts'
import { formatMembers, reportedMembers, requireContainsAll, requireContainsNone } from './members.ts'

describe('reportedMembers', () => {
  test.each([
    { of: 'as many as are reported', size: MAX_REPORTED_MEMBERS, count: 10_000 },
    { of: 'one more', size: MAX_REPORTED_MEMBERS + 1, count: 10_000 },
    { of: 'nearly all that there can be', size: (1n << 64n) - 2n, count: 10_000 },
    { of: 'none', size: 0, count: 0 },
  ])('of a set of $of are $count', ({ size, count }) => {
    expect([...reportedMembers(bitFieldRange(0, size))]).toHaveLength(count)
  })

  test.prop([anyMembers])('are all of a sane set', (members) => {
    const field = bitFieldOf(members)
    expect([...reportedMembers(field)]).toEqual([...bitsOf(field)])
  })
})

describe('formatMembers', () => {
  test.each([
    { members: [], text: '{}' },
    { members: [7], text: '{7}' },
    { members: [1, 2, 3, 4, 7], text: '{1-4, 7}' },
    { members: [0, 1], text: '{0-1}' },
    { members: [2 ** 40], text: '{1099511627776}' },
  ])('writes $members as $text', ({ members, text }) => {
    expect(formatMembers(bitFieldOf(members))).toBe(text)
  })

  test.each([
    { runs: 20, isCut: false },
    { runs: 21, isCut: true },
  ])('cuts a set of $runs runs: $isCut', ({ runs, isCut }) => {
    const text = formatMembers(bitFieldOf(Array.from({ length: runs }, (_, i) => 2 * i)))
    expect(text.endsWith(', …}')).toBe(isCut)
    expect(text.split(',')).toHaveLength(runs)
  })
})

describe('sets', () => {
  test.each([
    { superset: [1, 2, 3], subset: [1, 3], kinds: [] },
    { superset: [1, 2, 3], subset: [], kinds: [] },
    { superset: [1, 2, 3], subset: [3, 4], kinds: ['set/missing'] },
    { superset: [], subset: [1], kinds: ['set/missing'] },
  ])('$superset has to contain $subset: $kinds', ({ superset, subset, kinds }) => {
    const findings = createFindings()
    requireContainsAll(findings, 'set/missing', bitFieldOf(superset), bitFieldOf(subset))
    expect(findings.list.map(({ kind }) => kind)).toEqual(kinds)
  })

  test.each([
    { a: [1, 2], b: [3], kinds: [] },
    { a: [], b: [], kinds: [] },
    { a: [1, 2], b: [2, 3], kinds: ['set/common'] },
  ])('$a and $b must have nothing in common: $kinds', ({ a, b, kinds }) => {
    const findings = createFindings()
    requireContainsNone(findings, 'set/common', bitFieldOf(a), bitFieldOf(b))
    expect(findings.list.map(({ kind }) => kind)).toEqual(kinds)
  })

  test.prop([fc.uniqueArray(fc.nat(50)), fc.uniqueArray(fc.nat(50))])(
    'break one of both rules unless they say so, member by member',
    (a, b) => {
      const findings = createFindings()
      requireContainsAll(findings, 'missing', bitFieldOf(a), bitFieldOf(b))
      requireContainsNone(findings, 'common', bitFieldOf(a), bitFieldOf(b))
      const expected = [
        ...(b.every((member) => a.includes(member)) ? [] : ['missing']),
        ...(b.some((member) => a.includes(member)) ? ['common'] : []),
      ]
      expect(findings.list.map(({ kind }) => kind)).toEqual(expected)
    },
  )
})
