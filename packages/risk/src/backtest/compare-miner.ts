import { CONTINUED_FAULT_PROJECTION_PERIOD, type NetworkEstimates, rewardProjection } from '@plimsoll/actors'
import type { ActorId, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import type { NetworkView } from '../assess/network-view.ts'
import type { SectorBook } from '../book/sector-book.ts'
import { feeLanes } from '../fees/fast/fee-lanes.ts'
import { laneTotal } from '../fees/fast/lane-total.ts'
import { fip0098Fees } from '../fees/sector-fees.ts'
import { queuedTerminationFees } from '../fees/termination-fees.ts'
import { loadBalanceSheet } from '../position/balance-sheet.ts'
import { compareSectors, type SectorDifference } from './compare-sectors.ts'

/** An amount as it was forecast and as it is; attoFIL. */
export interface Compared {
  readonly forecast: AttoFil
  readonly actual: AttoFil
}

/** What is compared of a miner. */
export const COMPARED_KEYS = [
  'actorBalance',
  'preCommitDeposit',
  'initialPledge',
  'lockedFunds',
  'feeDebt',
  'availableBalance',
  'terminationFee',
  'queuedTerminationFee',
  'liquidationValue',
] as const
export type ComparedKey = (typeof COMPARED_KEYS)[number]

/**
 * Why a liquidation value is not what was forecast: the terms add up to the difference, to the attoFIL. What a term
 * takes away is negative.
 */
export interface DifferenceTerms {
  readonly balance: AttoFil
  readonly deposits: AttoFil
  readonly feeDebt: AttoFil
  /** What the forecast's own sectors would cost at the actual estimates instead. */
  readonly estimates: AttoFil
  /** What the actual live sectors cost instead of the forecast ones, both at the actual estimates. */
  readonly liveSectors: AttoFil
  /** The same of sectors that are queued. */
  readonly queuedSectors: AttoFil
}

export interface MinerBacktest {
  readonly miner: ActorId
  readonly figures: Readonly<Record<ComparedKey, Compared>>
  readonly terms: DifferenceTerms
  readonly sectors: SectorDifference
}

/** Compares a miner in a state that was forecast with the same in the actual one, both at one epoch. */
export function compareMiner(forecast: NetworkView, actual: NetworkView, miner: ActorId): MinerBacktest {
  const [expected, found] = [openAt(forecast, miner), openAt(actual, miner)]
  const [own, others] = [figuresOf(expected, forecast.estimates), figuresOf(found, actual.estimates)]
  // The forecast's sectors at the estimates that there really are.
  const at = figuresOf(expected, actual.estimates)
  const figures = Object.fromEntries(
    COMPARED_KEYS.map((key) => [key, { forecast: own[key], actual: others[key] }]),
  ) as Record<ComparedKey, Compared>
  return {
    miner,
    figures,
    terms: {
      balance: others.actorBalance - own.actorBalance,
      deposits: own.preCommitDeposit - others.preCommitDeposit,
      feeDebt: own.feeDebt - others.feeDebt,
      estimates: own.terminationFee + own.queuedTerminationFee - at.terminationFee - at.queuedTerminationFee,
      liveSectors: at.terminationFee - others.terminationFee,
      queuedSectors: at.queuedTerminationFee - others.queuedTerminationFee,
    },
    sectors: compareSectors(expected.book.columns, found.book.columns),
  }
}

/** A miner's sectors and its balance sheet in an epoch. */
interface MinerAt {
  readonly epoch: ChainEpoch
  readonly book: SectorBook
  readonly sheet: ReturnType<typeof loadBalanceSheet>
}

function openAt(view: NetworkView, id: ActorId): MinerAt {
  const { record } = requireMiner(view, id)
  const { miner, book } = openMiner(view, id, record)
  const epoch = view.assessedEpoch
  return { epoch, book, sheet: loadBalanceSheet(miner, record.balance, epoch) }
}

/** By the fees of FIP-0098, under which every fee is known. */
function figuresOf(
  { epoch, book, sheet }: MinerAt,
  estimates: NetworkEstimates,
): Readonly<Record<ComparedKey, AttoFil>> {
  const projection = rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
  const terminationFee = laneTotal(feeLanes(book), epoch, projection)
  const queuedTerminationFee = queuedTerminationFees(book, fip0098Fees(book, estimates)).fee ?? 0n
  const { actorBalance, preCommitDeposit, initialPledge, lockedFunds, feeDebt, availableBalance } = sheet
  return {
    ...{ actorBalance, preCommitDeposit, initialPledge, lockedFunds, feeDebt, availableBalance },
    terminationFee,
    queuedTerminationFee,
    liquidationValue: actorBalance - preCommitDeposit - feeDebt - terminationFee - queuedTerminationFee,
  }
}
