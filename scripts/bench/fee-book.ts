import { createSectorColumns, type FeeBook, type SectorColumns, SectorStatus } from '@plimsoll/risk'
import type { RandomSource } from '@plimsoll/testkit'

/** The epoch that books are generated at: every sector is younger than its term. */
export const NOW = 6_000_000

const SECTOR_BYTES = 32 * 2 ** 30
const TERM = 540 * 2880
const MEAN_BATCH = 24

/**
 * A book as miners have them: sectors come in batches of 24 on average with one activation and one price, half
 * without deals, four tenths full of verified ones, a tenth partly; 0.13 to 0.17 FIL of pledge for 32 GiB.
 * With `areAllDifferent` no two sectors have the same pledge.
 */
export function generateFeeBook(random: RandomSource, count: number, areAllDifferent = false): FeeBook {
  const columns = createSectorColumns(count)
  let row = 0
  while (row < count) {
    const end = Math.min(count, row + 1 + random.below(2 * MEAN_BATCH - 1))
    const activation = NOW - 1 - random.below(TERM)
    const price = 1.3e17 + random.below(2 ** 32) * 9.3e6
    for (; row < end; row++) {
      putSector(columns, row, activation, price, random, areAllDifferent)
    }
  }
  columns.status.fill(SectorStatus.LIVE)
  return { columns, sectorSizeBytes: SECTOR_BYTES }
}

function putSector(
  columns: SectorColumns,
  row: number,
  activation: number,
  price: number,
  random: RandomSource,
  areAllDifferent: boolean,
): void {
  const kind = random.below(10)
  const verified = kind < 5 ? 0 : kind < 9 ? 1 : (1 + random.below(1023)) / 1024
  columns.sectorNumber[row] = row
  columns.activation[row] = activation
  columns.powerBaseEpoch[row] = activation
  columns.expiration[row] = activation + TERM
  putNumber(columns.verifiedDealWeight.halves, row, verified * SECTOR_BYTES * TERM)
  const pledge = price * (1 + 9 * verified) + (areAllDifferent ? random.below(2 ** 32) * 2 ** 10 : 0)
  putNumber(columns.initialPledge.halves, row, Math.floor(pledge))
}

/** Puts an integer that a double holds exactly into a column, without a bigint for each of millions. */
function putNumber(halves: Uint32Array, row: number, value: number): void {
  halves[2 * row] = value % 2 ** 32
  halves[2 * row + 1] = Math.floor(value / 2 ** 32)
}
