import { CodecError } from '@plimsoll/ipld'
import { plannedSector } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { amountAt } from './amount-column.ts'
import { createFigureColumns, setFigures } from './figure-columns.ts'

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

describe('setFigures', () => {
  test('keeps every field in the column of its name', () => {
    const columns = createFigureColumns(2)
    const sector = plannedSector({
      sectorNumber: 2 ** 53 - 1,
      activation: 11,
      expiration: 22,
      powerBaseEpoch: 33,
      initialPledge: 44n,
      verifiedDealWeight: 55n,
      dailyFee: 66n,
    })
    setFigures(columns, 1, sector)
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
      const columns = createFigureColumns(1)
      const sector = plannedSector({ sectorNumber: 3 })
      for (const epoch of [2 ** 31 - 1, -(2 ** 31)]) {
        setFigures(columns, 0, { ...sector, [field]: epoch })
        expect(columns[field][0]).toBe(epoch)
      }
      for (const epoch of [2 ** 31, -(2 ** 31) - 1, 2 ** 32]) {
        const error = thrownBy(() => setFigures(columns, 0, { ...sector, [field]: epoch }))
        expect(error).toBeInstanceOf(CodecError)
        expect(error).toMatchObject({ code: 'SECTOR_OUT_OF_RANGE', data: { sectorNumber: 3 } })
      }
    },
  )

  test.each(['initialPledge', 'verifiedDealWeight', 'dailyFee'] as const)(
    'takes zero for %s, and no negative amount',
    (field) => {
      const columns = createFigureColumns(1)
      setFigures(columns, 0, plannedSector({ sectorNumber: 3, [field]: 0n }))
      expect(amountAt(columns[field], 0)).toBe(0n)
      const error = thrownBy(() => setFigures(columns, 0, plannedSector({ sectorNumber: 3, [field]: -1n })))
      expect(error).toBeInstanceOf(CodecError)
      expect(error).toMatchObject({ code: 'SECTOR_OUT_OF_RANGE', data: { sectorNumber: 3 } })
    },
  )
})
