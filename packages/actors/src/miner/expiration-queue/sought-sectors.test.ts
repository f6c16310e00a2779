import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, hasBit } from '@plimsoll/ipld'
import { quickSector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { firstSought, soughtSectors, takeSought } from './sought-sectors.ts'

const sector = (number: number) => quickSector(100, number, 0n, 1000n, 10n)
const anyNumbers = fc.array(fc.nat(40), { maxLength: 20 })

describe('sought sectors', () => {
  test.prop([anyNumbers, fc.array(anyNumbers, { maxLength: 5 })])(
    'are found in the first set that has them, ascending, and only once',
    (numbers, sets) => {
      const sought = soughtSectors(numbers.map(sector))
      const left = new Set(numbers)
      for (const set of sets.map(bitFieldOf)) {
        const expected = [...left].filter((number) => hasBit(set, number)).sort((a, b) => a - b)
        expect(firstSought(sought, set)?.sectorNumber).toBe(expected[0])
        expect(takeSought(sought, set).map(({ sectorNumber }) => sectorNumber)).toEqual(expected)
        expected.forEach((number) => {
          left.delete(number)
        })
        expect(sought.left).toBe(left.size)
      }
    },
  )

  test('are looked for among numbers of any size', () => {
    const sought = soughtSectors([sector(7), sector(3)])
    expect(takeSought(sought, bitFieldOf([2n ** 60n]))).toEqual([])
    expect(takeSought(sought, bitFieldOf([3, 2n ** 60n]))).toEqual([sector(3)])
    expect(sought.left).toBe(1)
  })
})
