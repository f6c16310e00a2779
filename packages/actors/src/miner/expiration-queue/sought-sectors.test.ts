import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, hasBit } from '@plimsoll/ipld'
import { quickSector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { sectorList } from '../sector-list.ts'
import { type FoundSectors, firstSought, soughtSectors, takeSought } from './sought-sectors.ts'

/** One that is like those whose numbers have the same remainder. */
const sector = (number: number) => quickSector(100, number, 0n, 1000n + BigInt(number % 3), 10n)
const anyNumbers = fc.array(fc.nat(40), { maxLength: 20 })

/** What sectors of these numbers are when they are found. */
function foundOf(numbers: readonly number[]): unknown {
  return tallied({
    sectors: bitFieldOf(numbers),
    counted: numbers.map(sector).map((one) => ({ sector: one, count: 1 })),
  })
}

/** Sectors, and how many there are of each pledge. */
function tallied({ sectors, counted }: FoundSectors): unknown {
  const pledges = new Map<bigint, number>()
  for (const {
    sector: { initialPledge },
    count,
  } of counted) {
    pledges.set(initialPledge, (pledges.get(initialPledge) ?? 0) + count)
  }
  return { sectors, pledges }
}

describe('sought sectors', () => {
  test.prop([anyNumbers, fc.array(anyNumbers, { maxLength: 5 })])(
    'are found in the first set that has them, and only once',
    (numbers, sets) => {
      const sought = soughtSectors(sectorList(numbers.map(sector)))
      const left = new Set(numbers)
      for (const set of sets.map(bitFieldOf)) {
        const expected = [...left].filter((number) => hasBit(set, number)).sort((a, b) => a - b)
        expect(firstSought(sought, set)).toBe(expected[0])
        expect(tallied(takeSought(sought, set))).toEqual(foundOf(expected))
        expected.forEach((number) => {
          left.delete(number)
        })
        expect(sought.left).toBe(left.size)
      }
    },
  )

  test('are looked for among numbers of any size', () => {
    const sought = soughtSectors(sectorList([sector(7), sector(3)]))
    expect(tallied(takeSought(sought, bitFieldOf([2n ** 60n])))).toEqual(foundOf([]))
    expect(tallied(takeSought(sought, bitFieldOf([3, 2n ** 60n])))).toEqual(foundOf([3]))
    expect(sought.left).toBe(1)
  })
})
