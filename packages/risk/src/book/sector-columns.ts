import { createFigureColumns, FIGURE_COLUMN_BYTES, type FigureColumns } from '@plimsoll/actors'

/**
 * Sectors as columns: what fees and positions need of each, 48 bytes a sector.
 *
 * Rows are in ascending order of sector numbers.
 */
export interface SectorColumns extends FigureColumns {
  readonly count: number
  /** Bits of {@link SectorStatus}. */
  readonly status: Uint8Array
  readonly deadline: Uint8Array
  readonly partition: Uint16Array
}

/** What a sector is at the moment; a terminated sector that was charged has no bit. */
export const SectorStatus = {
  LIVE: 1,
  FAULTY: 2,
  RECOVERING: 4,
  UNPROVEN: 8,
  /** Terminated early, and its fee is not charged yet. */
  QUEUED: 16,
} as const

/** Bytes that a sector takes in the columns. */
export const SECTOR_COLUMN_BYTES = FIGURE_COLUMN_BYTES + 1 + 1 + 2

export function createSectorColumns(count: number): SectorColumns {
  return {
    count,
    ...createFigureColumns(count),
    status: new Uint8Array(count),
    deadline: new Uint8Array(count),
    partition: new Uint16Array(count),
  }
}

/** The row of a sector, or −1. */
export function findRow(columns: SectorColumns, sectorNumber: number): number {
  const row = lowerBound(columns, sectorNumber)
  return columns.sectorNumber[row] === sectorNumber ? row : -1
}

/** The first row whose sector has that number or a larger one. */
export function lowerBound(columns: SectorColumns, sectorNumber: number): number {
  let low = 0
  let high = columns.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((columns.sectorNumber[middle] as number) < sectorNumber) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}
