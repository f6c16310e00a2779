import { bitFieldOf } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { exitCodeOf, quickSector } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { figuresOf, filterSectors, sectorList, selectSectors } from './sector-list.ts'

const sector = (number: number) => quickSector(100, number, 0n, 1000n + BigInt(number), 10n)
const all = sectorList([5, 0, 1].map(sector))

describe('a list of sectors', () => {
  test('has the number of each beside its kind', () => {
    expect(all).toEqual({ numbers: [5, 0, 1], kinds: [sector(5), sector(0), sector(1)] })
    expect(figuresOf(all)).toEqual([sector(5), sector(0), sector(1)])
  })

  test('numbers sectors that have one kind', () => {
    const kind = sector(7)
    expect(figuresOf({ numbers: [3, 4], kinds: [kind, kind] })).toEqual([
      { ...kind, sectorNumber: 3 },
      { ...kind, sectorNumber: 4 },
    ])
  })

  test('is filtered by numbers', () => {
    expect(filterSectors(all, (number) => number !== 0)).toEqual(sectorList([5, 1].map(sector)))
  })
})

describe('selectSectors', () => {
  test('gives those of the list, in the order of the list', () => {
    expect(selectSectors(all, bitFieldOf([0, 5]))).toEqual(sectorList([5, 0].map(sector)))
    expect(selectSectors(all, bitFieldOf([]))).toEqual(sectorList([]))
  })

  test('fails when one is missing', () => {
    expect(exitCodeOf(() => selectSectors(all, bitFieldOf([0, 3])))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})
