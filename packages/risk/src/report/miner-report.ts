import type { MinerAssessment, OpenMiner, RuleAssessment } from '../assess/assess-miner.ts'
import type { SectorBook } from '../book/sector-book.ts'
import type { FeeRules } from '../fees/fee-rules.ts'
import type { SectorFees } from '../fees/sector-fees.ts'
import type { FeeSum, TerminationFees } from '../fees/termination-fees.ts'
import type { ReportHead } from './assess-report.ts'
import { type MinerFigures, minerFigures } from './miner-figures.ts'

/** A number of sectors and the sum of their fees, attoFIL in decimal. */
export interface SummedFees {
  readonly sectors: number
  readonly fee: string
}

/** The fees of one miner by one set of rules. */
export interface FeeBreakdown {
  readonly feeRules: FeeRules
  readonly byBranch: Readonly<Record<string, SummedFees>>
  readonly byDeadline: Readonly<Record<string, SummedFees>>
  readonly queuedByBranch: Readonly<Record<string, SummedFees>>
}

/** Sectors that were terminated in one epoch and are not charged yet. */
export interface QueueEntry {
  readonly deadline: number
  readonly partition: number
  /** The epoch that their age is counted to. */
  readonly epoch: number
  readonly sectors: number
  /** The sum of their fees, or null when that of any is not known. */
  readonly fee: string | null
}

/** One miner in full. */
export interface MinerReport extends ReportHead {
  readonly miner: MinerFigures
  readonly vestingTable: readonly {
    readonly epoch: number
    readonly amount: string
    readonly isVested: boolean
  }[]
  readonly fees: readonly FeeBreakdown[]
  readonly earlyTerminationQueue: readonly QueueEntry[]
}

export function minerReport(
  head: ReportHead,
  opened: OpenMiner,
  assessment: MinerAssessment,
  fees: SectorFees,
): MinerReport {
  const { vestingTable } = assessment.sheet
  return {
    ...head,
    miner: minerFigures(assessment),
    vestingTable: vestingTable.map(({ epoch, amount }) => ({
      epoch,
      amount: String(amount),
      isVested: epoch < assessment.assessedEpoch,
    })),
    fees: assessment.byRules.map(breakdown),
    earlyTerminationQueue: queueEntries(opened.book, fees),
  }
}

function breakdown({ rules, live, queued }: RuleAssessment): FeeBreakdown {
  return {
    feeRules: rules,
    byBranch: sums(live.byBranch),
    byDeadline: sums(live.byDeadline),
    queuedByBranch: sums(queued.byBranch),
  }
}

function sums(
  byKey: TerminationFees['byBranch'] | TerminationFees['byDeadline'],
): Record<string, SummedFees> {
  const entries = [...(byKey as ReadonlyMap<string | number, FeeSum>)]
  return Object.fromEntries(entries.map(([key, { sectors, fee }]) => [key, { sectors, fee: String(fee) }]))
}

/** The queue by deadline, partition and epoch, each with the sum of its fees. */
function queueEntries(book: SectorBook, fees: SectorFees): readonly QueueEntry[] {
  const entries = new Map<string, { readonly entry: Omit<QueueEntry, 'fee'>; readonly fee: bigint | null }>()
  for (const { deadline, partition, epoch, firstRow, count } of book.queue) {
    const key = `${deadline}/${partition}/${epoch}`
    const known = entries.get(key)
    let fee: bigint | null = known === undefined ? 0n : known.fee
    for (let row = firstRow; row < firstRow + count; row++) {
      const sectorFee = fees(row, epoch)
      fee = fee === null || sectorFee === undefined ? null : fee + sectorFee.fee
    }
    const sectors = (known?.entry.sectors ?? 0) + count
    entries.set(key, { entry: { deadline, partition, epoch, sectors }, fee })
  }
  return [...entries.values()].map(({ entry, fee }) => ({ ...entry, fee: fee === null ? null : String(fee) }))
}
