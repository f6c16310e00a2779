import { fc, test } from '@fast-check/vitest'
import { setFigures } from '@plimsoll/actors'
import { plannedSector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  createSectorColumns,
  findRow,
  lowerBound,
  SECTOR_COLUMN_BYTES,
  type SectorColumns,
} from './sector-columns.ts'

function columnsOf(sectorNumbers: readonly number[]): SectorColumns {
  const columns = createSectorColumns(sectorNumbers.length)
  sectorNumbers.forEach((sectorNumber, row) => {
    setFigures(columns, row, plannedSector({ sectorNumber }))
  })
  return columns
}

/** Bytes that one row takes in all typed arrays of the columns; halves are the memory of the words. */
function rowBytes(columns: object): number {
  return Object.values(columns).reduce((sum: number, column) => {
    const array = typeof column === 'object' && 'words' in column ? column.words : column
    return sum + (ArrayBuffer.isView(array) ? array.byteLength : 0)
  }, 0)
}

describe('looking a sector up', () => {
  test.each([
    { sectorNumber: 4, bound: 0, row: -1 },
    { sectorNumber: 5, bound: 0, row: 0 },
    { sectorNumber: 6, bound: 1, row: -1 },
    { sectorNumber: 9, bound: 1, row: 1 },
    { sectorNumber: 10, bound: 2, row: 2 },
    { sectorNumber: 2 ** 40 - 1, bound: 3, row: -1 },
    { sectorNumber: 2 ** 40, bound: 3, row: 3 },
    { sectorNumber: 2 ** 40 + 1, bound: 4, row: -1 },
  ])('finds sector $sectorNumber in row $row, and its bound is $bound', ({ sectorNumber, bound, row }) => {
    const columns = columnsOf([5, 9, 10, 2 ** 40])
    expect(lowerBound(columns, sectorNumber)).toBe(bound)
    expect(findRow(columns, sectorNumber)).toBe(row)
  })

  test('finds nothing in columns without rows', () => {
    const columns = createSectorColumns(0)
    expect(lowerBound(columns, 0)).toBe(0)
    expect(findRow(columns, 0)).toBe(-1)
  })

  test.prop([fc.uniqueArray(fc.nat(60), { maxLength: 30 }), fc.nat(60)])(
    'finds the first row that is not below, by its definition',
    (numbers, wanted) => {
      const ascending = numbers.sort((a, b) => a - b)
      const columns = columnsOf(ascending)
      expect(lowerBound(columns, wanted)).toBe(ascending.filter((number) => number < wanted).length)
      expect(findRow(columns, wanted)).toBe(ascending.indexOf(wanted))
    },
  )
})

describe('the size of the columns', () => {
  test('is what it says for a sector, and at most 56 bytes', () => {
    expect(rowBytes(createSectorColumns(1))).toBe(SECTOR_COLUMN_BYTES)
    expect(rowBytes(createSectorColumns(1000))).toBe(1000 * SECTOR_COLUMN_BYTES)
    expect(SECTOR_COLUMN_BYTES).toBeLessThanOrEqual(56)
  })
})
