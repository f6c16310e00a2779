import type { SectorOnChainInfo } from '@plimsoll/actors'
import { CodecError } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'

/**
 * Sectors as columns: what fees and positions need of each, 48 bytes a sector instead of an object of 300.
 *
 * Rows are in ascending order of sector numbers. Amounts from 2^64 up (over 18.4 FIL, which a pledge for
 * verified 64 GiB may be) stand in a side list.
 */
export interface SectorColumns {
  readonly count: number
  readonly sectorNumber: Float64Array
  readonly activation: Int32Array
  readonly expiration: Int32Array
  readonly powerBaseEpoch: Int32Array
  readonly initialPledge: AmountColumn
  readonly verifiedDealWeight: AmountColumn
  readonly dailyFee: AmountColumn
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
export const SECTOR_COLUMN_BYTES = 8 + 3 * 4 + 3 * 8 + 1 + 1 + 2

/** Unsigned amounts of 64 bits, and the few that are larger. */
export interface AmountColumn {
  readonly words: BigUint64Array
  /** The same memory as pairs of 32 bits, low word first. */
  readonly halves: Uint32Array
  readonly wide: Map<number, bigint>
}

/** Stands in the words for a value that is in the side list. */
const WIDE = (1n << 64n) - 1n

export function createSectorColumns(count: number): SectorColumns {
  return {
    count,
    sectorNumber: new Float64Array(count),
    activation: new Int32Array(count),
    expiration: new Int32Array(count),
    powerBaseEpoch: new Int32Array(count),
    initialPledge: createAmountColumn(count),
    verifiedDealWeight: createAmountColumn(count),
    dailyFee: createAmountColumn(count),
    status: new Uint8Array(count),
    deadline: new Uint8Array(count),
    partition: new Uint16Array(count),
  }
}

export function createAmountColumn(count: number): AmountColumn {
  const words = new BigUint64Array(count)
  return { words, halves: new Uint32Array(words.buffer), wide: new Map() }
}

export function amountAt(column: AmountColumn, row: number): AttoFil {
  const word = column.words[row] as bigint
  return word === WIDE ? (column.wide.get(row) ?? word) : word
}

/** Puts a non-negative amount into a column. */
export function setAmount(column: AmountColumn, row: number, amount: AttoFil): void {
  if (amount < WIDE) {
    column.words[row] = amount
  } else {
    column.words[row] = WIDE
    column.wide.set(row, amount)
  }
}

/**
 * Puts a decoded sector into a row.
 *
 * @throws {CodecError} `SECTOR_OUT_OF_RANGE` when an epoch does not fit into 32 bits or an amount is negative.
 */
export function setSector(columns: SectorColumns, row: number, sector: SectorOnChainInfo): void {
  columns.sectorNumber[row] = sector.sectorNumber
  columns.activation[row] = requireEpoch(sector, sector.activation)
  columns.expiration[row] = requireEpoch(sector, sector.expiration)
  columns.powerBaseEpoch[row] = requireEpoch(sector, sector.powerBaseEpoch)
  setAmount(columns.initialPledge, row, requireAmount(sector, sector.initialPledge))
  setAmount(columns.verifiedDealWeight, row, requireAmount(sector, sector.verifiedDealWeight))
  setAmount(columns.dailyFee, row, requireAmount(sector, sector.dailyFee))
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

function requireEpoch(sector: SectorOnChainInfo, epoch: ChainEpoch): ChainEpoch {
  if (epoch !== (epoch | 0)) {
    throw outOfRange(sector, `epoch ${epoch}, which has more than 32 bits`)
  }
  return epoch
}

function requireAmount(sector: SectorOnChainInfo, amount: bigint): bigint {
  if (amount < 0n) {
    throw outOfRange(sector, `an amount of ${amount}`)
  }
  return amount
}

function outOfRange({ sectorNumber }: SectorOnChainInfo, found: string): CodecError {
  return new CodecError('SECTOR_OUT_OF_RANGE', `sector ${sectorNumber} has ${found}`, { sectorNumber, found })
}
