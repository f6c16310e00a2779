import { type AmountColumn, type SectorOnChainInfo, setAmount, setFigures } from '@plimsoll/actors'
import { type AmtChange, type Codec, CodecError, decodeCbor, within } from '@plimsoll/ipld'
import { createSectorColumns, findRow, lowerBound, type SectorColumns } from './sector-columns.ts'

/**
 * The columns after changes of the stored sectors, as they would be if all were read again: what is stored of
 * each sector, and none placed, since partitions say that and not sectors.
 *
 * `changes` are those from the tree that the columns were read from, ascending by index.
 *
 * @throws {CodecError} when a changed record is malformed; `SECTOR_OUT_OF_RANGE`, `SECTOR_NUMBER_MISMATCH`
 */
export function updateSectorColumns(
  columns: SectorColumns,
  changes: readonly AmtChange[],
  codec: Codec<SectorOnChainInfo>,
): SectorColumns {
  const updated = createSectorColumns(
    changes.reduce((count, change) => count + growth(change), columns.count),
  )
  let [from, to] = [0, 0]
  for (const { index, before, after } of changes) {
    const until = lowerBound(columns, index)
    copyRows(columns, from, until, updated, to)
    to += until - from
    from = before === undefined ? until : until + 1
    if (after !== undefined) {
      within('sectors', () => within(index, () => putRecord(updated, to, index, decodeCbor(codec, after))))
      to++
    }
  }
  copyRows(columns, from, columns.count, updated, to)
  copyWide(columns, updated, 'initialPledge')
  copyWide(columns, updated, 'verifiedDealWeight')
  copyWide(columns, updated, 'dailyFee')
  return updated
}

function growth({ before, after }: AmtChange): number {
  return (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1)
}

function putRecord(columns: SectorColumns, row: number, index: number, sector: SectorOnChainInfo): void {
  if (sector.sectorNumber !== index) {
    const { sectorNumber } = sector
    throw new CodecError(
      'SECTOR_NUMBER_MISMATCH',
      `sector ${sectorNumber} is stored under the number ${index}`,
      {
        sectorNumber,
        index,
      },
    )
  }
  setFigures(columns, row, sector)
}

function copyRows(from: SectorColumns, start: number, end: number, to: SectorColumns, at: number): void {
  to.sectorNumber.set(from.sectorNumber.subarray(start, end), at)
  to.activation.set(from.activation.subarray(start, end), at)
  to.expiration.set(from.expiration.subarray(start, end), at)
  to.powerBaseEpoch.set(from.powerBaseEpoch.subarray(start, end), at)
  to.initialPledge.words.set(from.initialPledge.words.subarray(start, end), at)
  to.verifiedDealWeight.words.set(from.verifiedDealWeight.words.subarray(start, end), at)
  to.dailyFee.words.set(from.dailyFee.words.subarray(start, end), at)
}

/** Brings the side lists along: rows move, and a row that was changed has its own amount already. */
function copyWide(
  from: SectorColumns,
  to: SectorColumns,
  name: 'initialPledge' | 'verifiedDealWeight' | 'dailyFee',
): void {
  const column: AmountColumn = to[name]
  for (const [row, amount] of from[name].wide) {
    const moved = findRow(to, from.sectorNumber[row] as number)
    if (moved >= 0 && !column.wide.has(moved) && column.words[moved] === from[name].words[row]) {
      setAmount(column, moved, amount)
    }
  }
}
