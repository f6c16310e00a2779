import type { RewardProjection } from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { type FeeIndex, feeIndex } from '../fees/fast/fee-index.ts'
import { type FeeBook, feeLanesOfRows } from '../fees/fast/fee-lanes.ts'
import { indexTotal } from '../fees/fast/index-total.ts'
import { laneTotal } from '../fees/fast/lane-total.ts'

/**
 * Live sectors by when they leave, with an index of fees for each chunk of them. What is left at an epoch is whole
 * chunks and a part of one.
 */
export interface ExitIndex {
  readonly book: FeeBook
  /** By the epoch in which they leave, ascending. */
  readonly rows: Int32Array
  /** By place in `rows`. */
  readonly exits: Float64Array
  readonly chunks: readonly FeeIndex[]
}

/** Sectors that are still there, and what terminating them would cost. */
export interface SectorsLeft {
  readonly sectors: number
  readonly fee: AttoFil
}

/** Few enough that a pass over a part of one is short, many enough that there are few indexes. */
export const CHUNK_ROWS = 4096

/** Indexes rows, each with the epoch at whose end it leaves. */
export function exitIndex(book: FeeBook, exitOfRow: ReadonlyMap<number, ChainEpoch>): ExitIndex {
  const sorted = [...exitOfRow].sort(([rowA, a], [rowB, b]) => a - b || rowA - rowB)
  const rows = Int32Array.from(sorted, ([row]) => row)
  const chunks = Array.from({ length: Math.ceil(rows.length / CHUNK_ROWS) }, (_, chunk) =>
    feeIndex(feeLanesOfRows(book, rows.subarray(chunk * CHUNK_ROWS, (chunk + 1) * CHUNK_ROWS))),
  )
  return { book, rows, exits: Float64Array.from(sorted, ([, exit]) => exit), chunks }
}

/** The sectors that have not left before an epoch, terminated in it. */
export function sectorsLeftAt(
  { book, rows, exits, chunks }: ExitIndex,
  epoch: ChainEpoch,
  projection: RewardProjection,
): SectorsLeft {
  const first = countBefore(exits, epoch)
  const firstWhole = Math.ceil(first / CHUNK_ROWS)
  const part = rows.subarray(first, Math.min(firstWhole * CHUNK_ROWS, rows.length))
  let fee = laneTotal(feeLanesOfRows(book, part), epoch, projection)
  for (const chunk of chunks.slice(firstWhole)) {
    fee += indexTotal(chunk, epoch, projection)
  }
  return { sectors: rows.length - first, fee }
}

/** How many exits are before an epoch. */
function countBefore(exits: Float64Array, epoch: ChainEpoch): number {
  let low = 0
  let high = exits.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((exits[middle] as number) < epoch) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}
