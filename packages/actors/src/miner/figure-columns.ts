import { CodecError } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { type AmountColumn, createAmountColumn, setAmount } from './amount-column.ts'
import type { SectorFigures } from './types.ts'

/**
 * Figures of sectors as columns: 44 bytes a sector instead of an object of 300.
 *
 * Amounts from 2^64 up (over 18.4 FIL, which a pledge for verified 64 GiB may be) stand in a side list.
 */
export interface FigureColumns {
  readonly sectorNumber: Float64Array
  readonly activation: Int32Array
  readonly expiration: Int32Array
  readonly powerBaseEpoch: Int32Array
  readonly initialPledge: AmountColumn
  readonly verifiedDealWeight: AmountColumn
  readonly dailyFee: AmountColumn
}

/** Bytes that a sector takes in these columns. */
export const FIGURE_COLUMN_BYTES = 8 + 3 * 4 + 3 * 8

export function createFigureColumns(count: number): FigureColumns {
  return {
    sectorNumber: new Float64Array(count),
    activation: new Int32Array(count),
    expiration: new Int32Array(count),
    powerBaseEpoch: new Int32Array(count),
    initialPledge: createAmountColumn(count),
    verifiedDealWeight: createAmountColumn(count),
    dailyFee: createAmountColumn(count),
  }
}

/**
 * Puts the figures of a sector into a row.
 *
 * @throws {CodecError} `SECTOR_OUT_OF_RANGE` when an epoch does not fit into 32 bits or an amount is negative.
 */
export function setFigures(columns: FigureColumns, row: number, sector: SectorFigures): void {
  columns.sectorNumber[row] = sector.sectorNumber
  columns.activation[row] = requireEpoch(sector, sector.activation)
  columns.expiration[row] = requireEpoch(sector, sector.expiration)
  columns.powerBaseEpoch[row] = requireEpoch(sector, sector.powerBaseEpoch)
  setAmount(columns.initialPledge, row, requireAmount(sector, sector.initialPledge))
  setAmount(columns.verifiedDealWeight, row, requireAmount(sector, sector.verifiedDealWeight))
  setAmount(columns.dailyFee, row, requireAmount(sector, sector.dailyFee))
}

function requireEpoch(sector: SectorFigures, epoch: ChainEpoch): ChainEpoch {
  if (epoch !== (epoch | 0)) {
    throw outOfRange(sector, `epoch ${epoch}, which has more than 32 bits`)
  }
  return epoch
}

function requireAmount(sector: SectorFigures, amount: bigint): bigint {
  if (amount < 0n) {
    throw outOfRange(sector, `an amount of ${amount}`)
  }
  return amount
}

function outOfRange({ sectorNumber }: SectorFigures, found: string): CodecError {
  return new CodecError('SECTOR_OUT_OF_RANGE', `sector ${sectorNumber} has ${found}`, { sectorNumber, found })
}
