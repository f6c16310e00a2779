import { amountAt } from '@plimsoll/actors'
import { type SectorColumns, SectorStatus } from '../book/sector-columns.ts'

/** Sectors, by their numbers, in which an actual book is not what was forecast; each list ascending. */
export interface SectorDifference {
  /** Live, and not forecast to be. */
  readonly added: readonly number[]
  /** Forecast to be live, and not. */
  readonly removed: readonly number[]
  /** Of those that are live in both: with another pledge, activation, expiration, or weight. */
  readonly changed: readonly number[]
  /** Faulty, and not forecast to be. */
  readonly faulty: readonly number[]
  /** Forecast to be faulty, and not, or not live any more. */
  readonly notFaulty: readonly number[]
}

export function compareSectors(forecast: SectorColumns, actual: SectorColumns): SectorDifference {
  const [expected, found] = [liveRows(forecast), liveRows(actual)]
  const isFaulty = (columns: SectorColumns, row: number | undefined) =>
    row !== undefined && ((columns.status[row] as number) & SectorStatus.FAULTY) !== 0
  const all = [...new Set([...expected.keys(), ...found.keys()])].sort((a, b) => a - b)
  const where = (isSo: (before: number | undefined, after: number | undefined) => boolean) =>
    all.filter((sector) => isSo(expected.get(sector), found.get(sector)))
  return {
    added: where((before, after) => before === undefined && after !== undefined),
    removed: where((before, after) => before !== undefined && after === undefined),
    changed: where(
      (before, after) =>
        before !== undefined && after !== undefined && termsOf(forecast, before) !== termsOf(actual, after),
    ),
    faulty: where((before, after) => !isFaulty(forecast, before) && isFaulty(actual, after)),
    notFaulty: where((before, after) => isFaulty(forecast, before) && !isFaulty(actual, after)),
  }
}

/** Rows of live sectors, by their numbers. */
function liveRows(columns: SectorColumns): ReadonlyMap<number, number> {
  const rows = new Map<number, number>()
  for (let row = 0; row < columns.count; row++) {
    if (((columns.status[row] as number) & SectorStatus.LIVE) !== 0) {
      rows.set(columns.sectorNumber[row] as number, row)
    }
  }
  return rows
}

function termsOf(columns: SectorColumns, row: number): string {
  const { activation, expiration, powerBaseEpoch, initialPledge, verifiedDealWeight } = columns
  const epochs = [activation, expiration, powerBaseEpoch].map((column) => column[row])
  const amounts = [initialPledge, verifiedDealWeight].map((column) => amountAt(column, row))
  return [...epochs, ...amounts].join(' ')
}
