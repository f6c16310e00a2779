import {
  amountAt,
  pledgePenaltyForTermination,
  type RewardProjection,
  rewardForPower,
} from '@plimsoll/actors'
import type { AttoFil, ChainEpoch, StoragePower } from '@plimsoll/primitives'
import { type SectorColumns, SectorStatus } from '../../book/sector-columns.ts'
import { qaPowerAt } from '../sector-fees.ts'
import {
  createPledgeLanes,
  LANE_PLEDGE_LIMIT,
  type PledgeLanes,
  SMALLEST_LANE_PLEDGE,
  setPledge,
} from './pledge-lanes.ts'

/** The live sectors of a book in the form that fees are summed from, 32 bytes a sector. */
export interface FeeLanes {
  readonly count: number
  readonly activation: Int32Array
  readonly pledge: PledgeLanes
  /** By row, the index of the sector's power in `powers`. */
  readonly powerClass: Int32Array
  readonly powers: readonly StoragePower[]
  /**
   * While a byte's expected reward, as a number, is below this, no sector of the lanes is charged by its fault
   * fee. See {@link rewardPerByteIsBelow}.
   */
  readonly faultLimit: number
  /** The few whose pledge the lanes do not hold: below 15,000,000 attoFIL, or above 2^64 − 1025. */
  readonly literal: readonly LiteralSector[]
}

export interface LiteralSector {
  readonly initialPledge: AttoFil
  readonly activation: ChainEpoch
  readonly qaPower: StoragePower
}

/** What lanes are made from: the part of a book that fees depend on. */
export interface FeeBook {
  readonly columns: SectorColumns
  readonly sectorSizeBytes: number
}

/** Makes the lanes of the live sectors of a book. */
export function feeLanes(book: FeeBook): FeeLanes {
  return feeLanesOfRows(book, liveRows(book.columns))
}

/** Makes the lanes of the sectors in some rows. */
export function feeLanesOfRows({ columns, sectorSizeBytes }: FeeBook, all: Int32Array): FeeLanes {
  const rows = all.filter((row) => fitsLanes(columns, row))
  const count = rows.length
  const pledge = createPledgeLanes(count)
  const activation = new Int32Array(count)
  const powerClass = new Int32Array(count)
  const classes = new PowerClasses(columns, sectorSizeBytes)
  const { halves } = columns.initialPledge
  let faultLimit = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const row = rows[i] as number
    const [high, low] = [highAt(halves, row), lowAt(halves, row)]
    setPledge(pledge, i, high, low)
    activation[i] = columns.activation[row] as number
    const index = classes.indexAt(row)
    powerClass[i] = index
    faultLimit = Math.min(
      faultLimit,
      faultLimitOf(high * 2 ** 32 + low, classes.approximate[index] as number),
    )
  }
  return {
    count,
    activation,
    pledge,
    powerClass,
    powers: classes.powers,
    faultLimit,
    literal: literalSectors({ columns, sectorSizeBytes }, all),
  }
}

/** The fees of the sectors that lanes do not hold, by the formula itself. */
export function literalTotal(
  literal: readonly LiteralSector[],
  epoch: ChainEpoch,
  projection: RewardProjection,
): AttoFil {
  return literal.reduce(
    (sum, { initialPledge, activation, qaPower }) =>
      sum +
      pledgePenaltyForTermination(initialPledge, epoch - activation, rewardForPower(projection, qaPower)),
    0n,
  )
}

function liveRows(columns: SectorColumns): Int32Array {
  const rows = new Int32Array(columns.count)
  let count = 0
  for (let row = 0; row < columns.count; row++) {
    if (isLive(columns, row)) {
      rows[count++] = row
    }
  }
  return rows.subarray(0, count)
}

function literalSectors({ columns, sectorSizeBytes }: FeeBook, rows: Int32Array): readonly LiteralSector[] {
  return Array.from(
    rows.filter((row) => !fitsLanes(columns, row)),
    (row) => ({
      initialPledge: amountAt(columns.initialPledge, row),
      activation: columns.activation[row] as number,
      qaPower: qaPowerAt(columns, sectorSizeBytes, row),
    }),
  )
}

export function isLive(columns: SectorColumns, row: number): boolean {
  return ((columns.status[row] as number) & SectorStatus.LIVE) !== 0
}

function fitsLanes({ initialPledge: { halves } }: SectorColumns, row: number): boolean {
  const pledge = highAt(halves, row) * 2 ** 32 + lowAt(halves, row)
  // From 2^64 − 1024 on the nearest double is 2^64, and so is that of the mark for an amount in a side list.
  return pledge >= SMALLEST_LANE_PLEDGE && pledge < LANE_PLEDGE_LIMIT
}

function highAt(halves: Uint32Array, row: number): number {
  return halves[2 * row + 1] as number
}

function lowAt(halves: Uint32Array, row: number): number {
  return halves[2 * row] as number
}

/**
 * The reward of a byte up to which 105 % of the fault fee is at most 2 % of the pledge.
 *
 * One attofil is taken off for the floor of the 2 %, and 2^-30 for the roundings of doubles, which are 2^-53.
 */
function faultLimitOf(pledge: number, qaPower: number): number {
  return qaPower > 0 ? ((pledge / 50 - 1) * (1 - 2 ** -30)) / (1.05 * qaPower) : Number.POSITIVE_INFINITY
}

/** Whether it is certain that the fault fee decides no fee of the lanes. */
export function rewardPerByteIsBelow(limit: number, projection: RewardProjection): boolean {
  return 'perByte' in projection && Number(projection.perByte) * 2 ** -128 < limit
}

/** Numbers the distinct powers; neighbours in a batch have the same duration and weight. */
class PowerClasses {
  readonly powers: StoragePower[] = []
  readonly approximate: number[] = []
  readonly #columns: SectorColumns
  readonly #sectorSizeBytes: number
  readonly #indices = new Map<StoragePower, number>()
  #lastDuration = Number.NaN
  #lastWeightHigh = 0
  #lastWeightLow = 0
  #lastIndex = 0

  constructor(columns: SectorColumns, sectorSizeBytes: number) {
    this.#columns = columns
    this.#sectorSizeBytes = sectorSizeBytes
  }

  indexAt(row: number): number {
    const { expiration, powerBaseEpoch, verifiedDealWeight } = this.#columns
    const duration = (expiration[row] as number) - (powerBaseEpoch[row] as number)
    const low = verifiedDealWeight.halves[2 * row] as number
    const high = verifiedDealWeight.halves[2 * row + 1] as number
    // Weights in the side list have the same mark, whatever they are.
    const isWide = low === 0xffffffff && high === 0xffffffff
    const isSame =
      duration === this.#lastDuration && low === this.#lastWeightLow && high === this.#lastWeightHigh
    if (isWide || !isSame) {
      this.#lastIndex = this.#number(qaPowerAt(this.#columns, this.#sectorSizeBytes, row))
      this.#lastDuration = duration
      this.#lastWeightLow = low
      this.#lastWeightHigh = high
    }
    return this.#lastIndex
  }

  #number(power: StoragePower): number {
    const known = this.#indices.get(power)
    if (known !== undefined) {
      return known
    }
    const index = this.powers.length
    this.powers.push(power)
    this.approximate.push(Number(power))
    this.#indices.set(power, index)
    return index
  }
}
