import { amountAt, type RewardProjection } from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { SectorColumns } from '../../book/sector-columns.ts'
import { type FeeIndex, feeIndex } from './fee-index.ts'
import { type FeeBook, feeLanes, feeLanesOfRows, isLive } from './fee-lanes.ts'
import { type FeeInterval, indexInterval, indexTotal } from './index-total.ts'

/**
 * The fees of a book that has changed since its index was built: those of the index, less those of the sectors
 * that are not in the book any more as they were, and those of the sectors that stand there now.
 */
export interface OverlayIndex {
  /** The book that `base` was built from. */
  readonly book: FeeBook
  readonly base: FeeIndex
  readonly removed: FeeIndex
  readonly added: FeeIndex
}

/** Changed sectors from which on a new index costs less than the changes: a twentieth of the book. */
const REBUILD_SHARE = 20

export function overlayIndex(book: FeeBook): OverlayIndex {
  const none = feeIndex(feeLanesOfRows(book, new Int32Array(0)))
  return { book, base: feeIndex(feeLanes(book)), removed: none, added: none }
}

/** The overlay for what the book has become; a new index when too much has changed. */
export function updateOverlay({ book, base }: OverlayIndex, after: FeeBook): OverlayIndex {
  const { removed, added } = changedRows(book.columns, after.columns)
  if (
    book.sectorSizeBytes !== after.sectorSizeBytes ||
    (removed.length + added.length) * REBUILD_SHARE > book.columns.count
  ) {
    return overlayIndex(after)
  }
  return {
    book,
    base,
    removed: feeIndex(feeLanesOfRows(book, Int32Array.from(removed))),
    added: feeIndex(feeLanesOfRows(after, Int32Array.from(added))),
  }
}

export function overlayTotal(
  { base, removed, added }: OverlayIndex,
  epoch: ChainEpoch,
  projection: RewardProjection,
): AttoFil {
  return (
    indexTotal(base, epoch, projection) -
    indexTotal(removed, epoch, projection) +
    indexTotal(added, epoch, projection)
  )
}

/** As wide as the intervals of the three indexes together. */
export function overlayInterval(
  { base, removed, added }: OverlayIndex,
  epoch: ChainEpoch,
  projection: RewardProjection,
): FeeInterval {
  const [whole, less, more] = [base, removed, added].map((index) =>
    indexInterval(index, epoch, projection),
  ) as [FeeInterval, FeeInterval, FeeInterval]
  return { low: whole.low - less.high + more.low, high: whole.high - less.low + more.high }
}

interface ChangedRows {
  /** Rows of the book before. */
  readonly removed: readonly number[]
  /** Rows of the book after. */
  readonly added: readonly number[]
}

/** The live sectors whose fee may differ, by one walk over both books, which are in the order of numbers. */
function changedRows(before: SectorColumns, after: SectorColumns): ChangedRows {
  const removed: number[] = []
  const added: number[] = []
  let [left, right] = [0, 0]
  while (left < before.count || right < after.count) {
    const leftNumber = left < before.count ? (before.sectorNumber[left] as number) : Number.POSITIVE_INFINITY
    const rightNumber = right < after.count ? (after.sectorNumber[right] as number) : Number.POSITIVE_INFINITY
    const isSame = leftNumber === rightNumber && hasSameFees(before, left, after, right)
    if (leftNumber <= rightNumber) {
      addIf(removed, left, !isSame && isLive(before, left))
      left++
    }
    if (rightNumber <= leftNumber) {
      addIf(added, right, !isSame && isLive(after, right))
      right++
    }
  }
  return { removed, added }
}

function addIf(rows: number[], row: number, isChanged: boolean): void {
  if (isChanged) {
    rows.push(row)
  }
}

function hasSameFees(before: SectorColumns, left: number, after: SectorColumns, right: number): boolean {
  return (
    isLive(before, left) === isLive(after, right) &&
    before.activation[left] === after.activation[right] &&
    durationAt(before, left) === durationAt(after, right) &&
    isSameAmount(before, left, after, right, 'initialPledge') &&
    isSameAmount(before, left, after, right, 'verifiedDealWeight')
  )
}

function durationAt({ expiration, powerBaseEpoch }: SectorColumns, row: number): number {
  return (expiration[row] as number) - (powerBaseEpoch[row] as number)
}

/** Compares the halves first, which makes no bigint; amounts in the side lists have the same. */
function isSameAmount(
  before: SectorColumns,
  left: number,
  after: SectorColumns,
  right: number,
  name: 'initialPledge' | 'verifiedDealWeight',
): boolean {
  const [one, other] = [before[name], after[name]]
  return (
    one.halves[2 * left] === other.halves[2 * right] &&
    one.halves[2 * left + 1] === other.halves[2 * right + 1] &&
    (one.wide.size === 0 || amountAt(one, left) === amountAt(other, right))
  )
}
