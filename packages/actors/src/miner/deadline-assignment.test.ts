import { fc, test } from '@fast-check/vitest'
import { ExitCode } from '@plimsoll/primitives'
import { exitCodeOf, quickSector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { type AssignableDeadline, assignDeadlines } from './deadline-assignment.ts'

const sectorsFrom0 = (count: number) => Array.from({ length: count }, (_, i) => quickSector(1, i, 0n, 0n, 0n))

/** A deadline with so many live and dead sectors. */
const deadline = (index: number, live: number, dead: number): AssignableDeadline => ({
  index,
  liveSectors: live,
  totalSectors: live + dead,
})

function assign(
  maxPartitions: number,
  partitionSize: number,
  deadlines: readonly AssignableDeadline[],
  count: number,
) {
  const assigned = assignDeadlines(maxPartitions, partitionSize, deadlines, sectorsFrom0(count))
  return Object.fromEntries(
    [...assigned].map(([index, sectors]) => [index, sectors.map(({ sectorNumber }) => sectorNumber)]),
  )
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/deadline_assignment.rs`, in partitions of 4.
describe('assignDeadlines', () => {
  test.each([
    {
      rule: 'fills a partition of each deadline in turn',
      count: 10,
      deadlines: [deadline(0, 0, 0), deadline(1, 0, 0)],
      expected: { 0: [0, 1, 2, 3, 8, 9], 1: [4, 5, 6, 7] },
    },
    {
      rule: 'fills an open partition first, and skips deadlines that cannot take any',
      count: 5,
      deadlines: [deadline(0, 0, 0), deadline(3, 1, 0)],
      expected: { 0: [3, 4], 3: [0, 1, 2] },
    },
    {
      rule: 'goes where there are the fewest partitions after compaction',
      count: 1,
      deadlines: [deadline(0, 8, 0), deadline(1, 7, 5)],
      expected: { 1: [0] },
    },
    {
      rule: 'goes where there are the fewest partitions now, when compaction makes no difference',
      count: 1,
      deadlines: [deadline(0, 4, 4), deadline(1, 4, 0)],
      expected: { 1: [0] },
    },
    {
      rule: 'goes to the fullest of the open partitions',
      count: 1,
      deadlines: [deadline(0, 1, 0), deadline(1, 2, 0)],
      expected: { 1: [0] },
    },
    {
      rule: 'counts dead sectors too in an open partition',
      count: 1,
      deadlines: [deadline(0, 1, 0), deadline(1, 0, 2)],
      expected: { 1: [0] },
    },
    {
      rule: 'counts dead sectors alone as well',
      count: 1,
      deadlines: [deadline(0, 0, 1), deadline(1, 0, 2)],
      expected: { 1: [0] },
    },
    {
      rule: 'goes where fewer sectors are live, when partitions are equally full',
      count: 1,
      deadlines: [deadline(0, 1, 1), deadline(1, 0, 2)],
      expected: { 1: [0] },
    },
    {
      rule: 'goes to the first of equal deadlines',
      count: 1,
      deadlines: [deadline(7, 2, 1), deadline(4, 2, 1)],
      expected: { 4: [0] },
    },
  ])('$rule', ({ count, deadlines, expected }) => {
    expect(assign(100, 4, deadlines, count)).toEqual(expected)
  })

  // 48 deadlines of 5 partitions of 5 sectors take 1,200.
  const all = Array.from({ length: 48 }, (_, index) => deadline(index, 0, 0))

  test('can fill every deadline', () => {
    const assigned = assign(5, 5, all, 1200)
    expect(Object.values(assigned).map(({ length }) => length)).toEqual(Array.from({ length: 48 }, () => 25))
  })

  test.each([
    { failure: 'there are more sectors than places', deadlines: all, count: 1201 },
    {
      failure: 'places are taken, by dead sectors too',
      deadlines: all.map(({ index }) => deadline(index, 1, 1)),
      count: 1105,
    },
  ])('fails when $failure', ({ deadlines, count }) => {
    expect(exitCodeOf(() => assign(5, 5, deadlines, count))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  // The reference asserts that there is one.
  test('fails when no deadline can take sectors', () => {
    expect(exitCodeOf(() => assign(5, 5, [], 1))).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  const anyDeadlines = fc
    .array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 8 })
    .map((counts) => counts.map(([live, dead], index) => deadline(index, live, dead)))

  test.prop([anyDeadlines, fc.nat(60)])(
    'assigns every sector once, in order, and is the same one sector at a time',
    (deadlines, count) => {
      const assigned = assignDeadlines(100, 4, deadlines, sectorsFrom0(count))
      const numbers = [...assigned.values()].map((own) => own.map(({ sectorNumber }) => sectorNumber))
      expect(numbers.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
      expect(numbers.every((own) => own.every((n, i) => i === 0 || (own[i - 1] ?? 0) < n))).toBe(true)
      let state = deadlines
      for (const sector of sectorsFrom0(count)) {
        const [index] = assignDeadlines(100, 4, state, [sector]).keys()
        expect(assigned.get(index ?? -1)).toContainEqual(sector)
        state = state.map((one) =>
          one.index === index
            ? deadline(one.index, one.liveSectors + 1, one.totalSectors - one.liveSectors)
            : one,
        )
      }
    },
  )
})
