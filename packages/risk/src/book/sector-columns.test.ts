import { fc, test } from '@fast-check/vitest'
import { CodecError } from '@plimsoll/ipld'
import { anyPositiveAmount, plannedSector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  amountAt,
  createAmountColumn,
  createSectorColumns,
  findRow,
  lowerBound,
  SECTOR_COLUMN_BYTES,
  type SectorColumns,
  setAmount,
  setSector,
} from './sector-columns.ts'

function columnsOf(sectorNumbers: readonly number[]): SectorColumns {
  const columns = createSectorColumns(sectorNumbers.length)
  sectorNumbers.forEach((sectorNumber, row) => {
    setSector(columns, row, plannedSector({ sectorNumber }))
  })
  return columns
}

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

/** Bytes that one row takes in all typed arrays of the columns; halves are the memory of the words. */
function rowBytes(columns: object): number {
  return Object.values(columns).reduce((sum: number, column) => {
    const array = typeof column === 'object' && 'words' in column ? column.words : column
    return sum + (ArrayBuffer.isView(array) ? array.byteLength : 0)
  }, 0)
}

describe('an amount column', () => {
  // The word of all ones marks an amount of the side list, so that amount itself is in the list too.
  test.each([
    { name: 'zero', amount: 0n, isWide: false },
    { name: '2^32', amount: 1n << 32n, isWide: false },
    { name: '2^64 − 2', amount: (1n << 64n) - 2n, isWide: false },
    { name: '2^64 − 1', amount: (1n << 64n) - 1n, isWide: true },
    { name: '2^64', amount: 1n << 64n, isWide: true },
    { name: '2^64 + 1', amount: (1n << 64n) + 1n, isWide: true },
    { name: 'two billion FIL', amount: 2n * 10n ** 27n, isWide: true },
  ])('gives back $name, which is in the side list: $isWide', ({ amount, isWide }) => {
    const column = createAmountColumn(3)
    setAmount(column, 1, amount)
    expect(amountAt(column, 1)).toBe(amount)
    expect(column.wide.has(1)).toBe(isWide)
    expect([amountAt(column, 0), amountAt(column, 2)]).toEqual([0n, 0n])
  })

  test('shares the memory of its words with its halves, low half first', () => {
    const column = createAmountColumn(2)
    setAmount(column, 1, (7n << 32n) | 5n)
    expect([...column.halves]).toEqual([0, 0, 5, 7])
  })

  test.prop([fc.array(anyPositiveAmount, { minLength: 1, maxLength: 20 })])(
    'gives back every amount that is not negative, in its row',
    (amounts) => {
      const column = createAmountColumn(amounts.length)
      amounts.forEach((amount, row) => {
        setAmount(column, row, amount)
      })
      expect(amounts.map((_, row) => amountAt(column, row))).toEqual(amounts)
    },
  )
})

describe('setSector', () => {
  test('keeps every field in the column of its name', () => {
    const columns = createSectorColumns(2)
    const sector = plannedSector({
      sectorNumber: 2 ** 53 - 1,
      activation: 11,
      expiration: 22,
      powerBaseEpoch: 33,
      initialPledge: 44n,
      verifiedDealWeight: 55n,
      dailyFee: 66n,
    })
    setSector(columns, 1, sector)
    const { sectorNumber, activation, expiration, powerBaseEpoch } = columns
    expect([sectorNumber[1], activation[1], expiration[1], powerBaseEpoch[1]]).toEqual([
      2 ** 53 - 1,
      11,
      22,
      33,
    ])
    const amounts = [columns.initialPledge, columns.verifiedDealWeight, columns.dailyFee]
    expect(amounts.map((column) => amountAt(column, 1))).toEqual([44n, 55n, 66n])
    expect(amounts.map((column) => amountAt(column, 0))).toEqual([0n, 0n, 0n])
  })

  test.each(['activation', 'expiration', 'powerBaseEpoch'] as const)(
    'takes for %s an epoch of 32 bits, and no longer one',
    (field) => {
      const columns = createSectorColumns(1)
      const sector = plannedSector({ sectorNumber: 3 })
      for (const epoch of [2 ** 31 - 1, -(2 ** 31)]) {
        setSector(columns, 0, { ...sector, [field]: epoch })
        expect(columns[field][0]).toBe(epoch)
      }
      for (const epoch of [2 ** 31, -(2 ** 31) - 1, 2 ** 32]) {
        const error = thrownBy(() => setSector(columns, 0, { ...sector, [field]: epoch }))
        expect(error).toBeInstanceOf(CodecError)
        expect(error).toMatchObject({ code: 'SECTOR_OUT_OF_RANGE', data: { sectorNumber: 3 } })
      }
    },
  )

  test.each(['initialPledge', 'verifiedDealWeight', 'dailyFee'] as const)(
    'takes zero for %s, and no negative amount',
    (field) => {
      const columns = createSectorColumns(1)
      setSector(columns, 0, plannedSector({ sectorNumber: 3, [field]: 0n }))
      expect(amountAt(columns[field], 0)).toBe(0n)
      const error = thrownBy(() => setSector(columns, 0, plannedSector({ sectorNumber: 3, [field]: -1n })))
      expect(error).toBeInstanceOf(CodecError)
      expect(error).toMatchObject({ code: 'SECTOR_OUT_OF_RANGE', data: { sectorNumber: 3 } })
    },
  )
})

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
