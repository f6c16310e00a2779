import { test as property } from '@fast-check/vitest'
import { type PowerPair, ZERO_POWER } from '@plimsoll/actors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { todaysTable } from './today.ts'

const MINIMUM = 10n << 40n

/** Quality-adjusted power is ten times the raw, so that the two cannot be mistaken for each other. */
const pair = (raw: bigint): PowerPair => ({ raw, qa: raw * 10n })

describe("today's table", () => {
  // `CONSENSUS_MINER_MIN_MINERS` is 4.
  test('of three miners above the minimum has the power of all, and any power meets it', () => {
    const claims = [pair(MINIMUM), pair(1n), pair(MINIMUM + 5n), pair(0n), pair(MINIMUM)]
    expect(todaysTable(claims, MINIMUM)).toEqual({
      minersAboveMinimum: 3,
      meetsMinimum: [0, 1, 2, 4],
      committed: pair(3n * MINIMUM + 6n),
      aboveMinimum: pair(3n * MINIMUM + 5n),
      currentTotal: pair(3n * MINIMUM + 6n),
    })
  })

  test('of a fourth has the power of those above it only, and no other meets it', () => {
    const claims = [pair(MINIMUM), pair(MINIMUM - 1n), pair(MINIMUM), pair(MINIMUM), pair(MINIMUM)]
    expect(todaysTable(claims, MINIMUM)).toMatchObject({
      minersAboveMinimum: 4,
      meetsMinimum: [0, 2, 3, 4],
      committed: pair(5n * MINIMUM - 1n),
      currentTotal: pair(4n * MINIMUM),
    })
  })

  // The threshold is on raw power: quality does not help over it.
  test('does not let quality reach the minimum', () => {
    expect(todaysTable([{ raw: MINIMUM - 1n, qa: 10n * MINIMUM }], MINIMUM).minersAboveMinimum).toBe(0)
  })

  test('of no claims is empty', () => {
    expect(todaysTable([], MINIMUM)).toMatchObject({ meetsMinimum: [], currentTotal: ZERO_POWER })
  })

  property.prop([fc.array(fc.bigInt(0n, 2n * MINIMUM), { maxLength: 12 })])(
    'has in its total exactly the power of those that meet the minimum',
    (raws) => {
      const { meetsMinimum, currentTotal } = todaysTable(raws.map(pair), MINIMUM)
      const sum = meetsMinimum.reduce((total, index) => total + (raws[index] ?? 0n), 0n)
      expect(currentTotal).toEqual(pair(sum))
    },
  )
})
