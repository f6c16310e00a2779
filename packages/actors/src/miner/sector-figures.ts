import type { CborReader, PartsOf } from '@plimsoll/ipld'
import { RECENT_KINDS } from './alike-sectors.ts'
import { type AmountColumn, amountAt } from './amount-column.ts'
import { createFigureColumns, type FigureColumns } from './figure-columns.ts'
import { createRecordMemory, turnToBlock } from './record-memory.ts'
import type { SectorList } from './sector-list.ts'
import { hasDealWeight, sectorRecordReader, UNUSUAL_RECORD } from './sector-record.ts'
import { type SectorKind, SectorOnChainInfo } from './types.ts'

/** Sectors that more are added to, in lists that have room for them. */
interface GrowingList extends SectorList {
  readonly numbers: number[]
  readonly kinds: SectorKind[]
  count: number
}

/**
 * The figures of sectors in today's layout, read without the rest; a sector that has another form than nearly all, or
 * deals that are not verified, or is damaged, is read whole.
 *
 * Sectors that were sealed together lie near each other and have the same figures but for the number. So the last few
 * different ones are remembered as they were read, in columns, and one that is equal is of the same kind: an object and
 * its bigints cost more than everything else of a sector.
 */
export const SECTOR_FIGURES: PartsOf<SectorOnChainInfo, GrowingList> = {
  create: (count) => ({ numbers: new Array<number>(count), kinds: new Array<SectorKind>(count), count: 0 }),
  read: (reader, list) => {
    if (moveToRecord(reader)) {
      const number = columns.sectorNumber[rows[RECENT_KINDS] as number] as number
      addSector(list, smallInteger(number), kindOfRecord())
    } else {
      takeSector(SectorOnChainInfo.decode(reader), list)
    }
  },
  take: takeSector,
  append: (list, { numbers, kinds, count }) => {
    for (let i = 0; i < count; i++) {
      addSector(list, numbers[i] as number, kinds[i] as SectorKind)
    }
  },
}

function takeSector(sector: SectorOnChainInfo, list: GrowingList): void {
  addSector(list, sector.sectorNumber, sector)
}

function addSector(list: GrowingList, number: number, kind: SectorKind): void {
  list.numbers[list.count] = number
  list.kinds[list.count] = kind
  list.count++
}

/** A row for each that is remembered, and one for the sector at the cursor. */
const columns: FigureColumns = createFigureColumns(RECENT_KINDS + 1)

/** The rows, the latest first, and at the end the one for the next sector. */
const rows = Array.from({ length: RECENT_KINDS + 1 }, (_, row) => row)

/** By row. A row that was never read into is equal to no sector: its epochs have not the form that records have. */
const kindOfRow: SectorKind[] = []

const readRecord = sectorRecordReader(18)

/** The block that is read at present. */
const memory = createRecordMemory()

/** Reads the record at the cursor into the free row and goes to its end; stays and says false where it cannot. */
function moveToRecord(reader: CborReader): boolean {
  const { bytes } = reader
  if (bytes !== memory.block) {
    turnToBlock(memory, bytes)
  }
  const start = memory.start + reader.offset
  if (start > memory.lastFast || reader.isLoose) {
    return false
  }
  const end = readRecord(memory.view, start, rows[RECENT_KINDS] as number, columns)
  if (end === UNUSUAL_RECORD || end > memory.end || hasDealWeight(memory.view, start)) {
    return false
  }
  reader.offset = end - memory.start
  return true
}

/** The kind of what is in the free row, which is remembered. */
function kindOfRecord(): SectorKind {
  const read = rows[RECENT_KINDS] as number
  for (let i = 0; i < RECENT_KINDS; i++) {
    const row = rows[i] as number
    if (isAlike(row, read)) {
      moveToFront(i)
      return kindOfRow[row] as SectorKind
    }
  }
  moveToFront(RECENT_KINDS)
  const kind = {
    activation: columns.activation[read] as number,
    expiration: columns.expiration[read] as number,
    dealWeight: 0n,
    verifiedDealWeight: amountAt(columns.verifiedDealWeight, read),
    initialPledge: amountAt(columns.initialPledge, read),
    powerBaseEpoch: columns.powerBaseEpoch[read] as number,
    dailyFee: amountAt(columns.dailyFee, read),
  }
  kindOfRow[read] = kind
  return kind
}

/** Makes the row at a place the latest. */
function moveToFront(place: number): void {
  const row = rows[place] as number
  for (let i = place; i > 0; i--) {
    rows[i] = rows[i - 1] as number
  }
  rows[0] = row
}

/** A number out of a column of floats as the integer that it is: V8 would make an object of each float. */
function smallInteger(value: number): number {
  return value < 2 ** 31 ? value | 0 : value
}

/** Whether two rows differ in nothing but the number. */
function isAlike(a: number, b: number): boolean {
  return (
    columns.expiration[a] === columns.expiration[b] &&
    columns.activation[a] === columns.activation[b] &&
    columns.powerBaseEpoch[a] === columns.powerBaseEpoch[b] &&
    isSameAmount(columns.initialPledge, a, b) &&
    isSameAmount(columns.verifiedDealWeight, a, b) &&
    isSameAmount(columns.dailyFee, a, b)
  )
}

function isSameAmount({ halves }: AmountColumn, a: number, b: number): boolean {
  return halves[2 * a] === halves[2 * b] && halves[2 * a + 1] === halves[2 * b + 1]
}
