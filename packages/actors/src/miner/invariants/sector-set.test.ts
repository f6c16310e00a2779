import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, bitsOf } from '@plimsoll/ipld'
import { anyMembers, plannedSector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { sectorSet, selectSectors } from './sector-set.ts'

const setOf = (numbers: readonly number[]) =>
  sectorSet(new Map(numbers.map((sectorNumber) => [sectorNumber, plannedSector({ sectorNumber })])))

describe('selectSectors', () => {
  test('tells the sectors of a set from the numbers that are no sectors', () => {
    const { selected, missing } = selectSectors(setOf([1, 2, 3, 9]), bitFieldOf([2, 3, 4, 10]))
    expect([...selected.byNumber.keys()]).toEqual([2, 3])
    expect([...bitsOf(selected.numbers)]).toEqual([2, 3])
    expect([...bitsOf(missing)]).toEqual([4, 10])
  })

  test.prop([fc.uniqueArray(fc.nat(300)), anyMembers])('loses no number', (numbers, members) => {
    const include = bitFieldOf(members)
    const { selected, missing } = selectSectors(setOf(numbers), include)
    expect(bitFieldOf([...selected.byNumber.keys(), ...bitsOf(missing)])).toEqual(include)
  })
})
