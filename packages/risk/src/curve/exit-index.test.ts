import { fc, test } from '@fast-check/vitest'
import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  filterEstimate,
  rewardProjection,
  setFigures,
} from '@plimsoll/actors'
import { plannedSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { expect } from 'vitest'
import type { SectorBook } from '../book/sector-book.ts'
import { createSectorColumns, SectorStatus } from '../book/sector-columns.ts'
import { fip0098Fees } from '../fees/sector-fees.ts'
import { CHUNK_ROWS, exitIndex, sectorsLeftAt } from './exit-index.ts'

const ESTIMATES = { reward: filterEstimate(1n << 40n, 0n), qaPower: filterEstimate(1n << 50n, 0n) }
const PROJECTION = rewardProjection(ESTIMATES, CONTINUED_FAULT_PROJECTION_PERIOD)
/** More than two chunks, so that parts of each can be left. */
const ROWS = 2 * CHUNK_ROWS + 100
const LAST_EXIT = 1_000_000

/** Sectors whose pledges, ages and exits follow from their rows by strides. */
const { book, exits } = build()

function build(): { readonly book: SectorBook; readonly exits: ReadonlyMap<number, number> } {
  const columns = createSectorColumns(ROWS)
  const exits = new Map<number, number>()
  for (let row = 0; row < ROWS; row++) {
    const initialPledge = 10n ** 17n + BigInt(row) * 7_654_321n
    const activation = (row * 7_919) % 400_000
    setFigures(
      columns,
      row,
      plannedSector({ sectorNumber: row, initialPledge, activation, expiration: 2_000_000 }),
    )
    columns.status[row] = SectorStatus.LIVE
    exits.set(row, (row * 104_729) % LAST_EXIT)
  }
  return { book: { sectorSizeBytes: SECTOR_BYTES, columns, deadlines: [], queue: [] }, exits }
}

const INDEX = exitIndex(book, exits)
const FEES = fip0098Fees(book, ESTIMATES)

test.prop([fc.integer({ min: 0, max: LAST_EXIT + 1 })], { numRuns: 30 })(
  'what is left is every sector whose exit is not before, and its fee the sum of theirs',
  (epoch) => {
    const rows = [...exits].flatMap(([row, exit]) => (exit >= epoch ? [row] : []))
    expect(sectorsLeftAt(INDEX, epoch, PROJECTION)).toEqual({
      sectors: rows.length,
      fee: rows.reduce((sum, row) => sum + (FEES(row, epoch)?.fee ?? 0n), 0n),
    })
  },
)
