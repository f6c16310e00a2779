import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { SectorBook } from '../book/sector-book.ts'
import { SectorStatus } from '../book/sector-columns.ts'
import type { FeeBranch, SectorFees } from './sector-fees.ts'

/** A number of sectors and their fees. */
export interface FeeSum {
  readonly sectors: number
  readonly fee: AttoFil
}

/**
 * What terminating sectors would cost, summed sector by sector: the fee of a sum is another number, since every
 * sector has floors and a maximum of its own.
 */
export interface TerminationFees {
  readonly sectors: number
  /** Null when the fee of any sector is not known; see `unknown`. */
  readonly fee: AttoFil | null
  /** Sectors without the fields that the rules need. */
  readonly unknown: number
  readonly byBranch: ReadonlyMap<FeeBranch, FeeSum>
  /** By the index of the deadline; deadlines without such sectors are left out. */
  readonly byDeadline: ReadonlyMap<number, FeeSum>
}

/** The fees of all live sectors if each was terminated in `epoch`. */
export function liveTerminationFees(book: SectorBook, fees: SectorFees, epoch: ChainEpoch): TerminationFees {
  const sum = new FeeAccumulator()
  const { status, deadline, count } = book.columns
  for (let row = 0; row < count; row++) {
    if (((status[row] as number) & SectorStatus.LIVE) !== 0) {
      sum.add(fees, row, epoch, deadline[row] as number)
    }
  }
  return sum.result()
}

/** The fees of the sectors that wait in the early-termination queue, each at the epoch that was recorded. */
export function queuedTerminationFees(book: SectorBook, fees: SectorFees): TerminationFees {
  const sum = new FeeAccumulator()
  for (const { deadline, epoch, firstRow, count } of book.queue) {
    for (let row = firstRow; row < firstRow + count; row++) {
      sum.add(fees, row, epoch, deadline)
    }
  }
  return sum.result()
}

/** Running sums of one walk over a book. */
class FeeAccumulator {
  #sectors = 0
  #unknown = 0
  #fee = 0n
  readonly #byBranch = new Map<FeeBranch, { sectors: number; fee: AttoFil }>()
  readonly #byDeadline = new Map<number, { sectors: number; fee: AttoFil }>()

  add(fees: SectorFees, row: number, epoch: ChainEpoch, deadline: number): void {
    const sectorFee = fees(row, epoch)
    this.#sectors++
    if (sectorFee === undefined) {
      this.#unknown++
      return
    }
    this.#fee += sectorFee.fee
    addTo(this.#byBranch, sectorFee.branch, sectorFee.fee)
    addTo(this.#byDeadline, deadline, sectorFee.fee)
  }

  result(): TerminationFees {
    return {
      sectors: this.#sectors,
      fee: this.#unknown > 0 ? null : this.#fee,
      unknown: this.#unknown,
      byBranch: this.#byBranch,
      byDeadline: new Map([...this.#byDeadline].sort(([a], [b]) => a - b)),
    }
  }
}

function addTo<K>(sums: Map<K, { sectors: number; fee: AttoFil }>, key: K, fee: AttoFil): void {
  const sum = sums.get(key)
  if (sum === undefined) {
    sums.set(key, { sectors: 1, fee })
  } else {
    sum.sectors++
    sum.fee += fee
  }
}
