import {
  type ActorRecord,
  addPower,
  loadMiner,
  type Miner,
  minerLayout,
  type PowerPair,
  policyOf,
  ZERO_POWER,
} from '@plimsoll/actors'
import { within } from '@plimsoll/ipld'
import { type ActorId, type AttoFil, type ChainEpoch, formatActorId } from '@plimsoll/primitives'
import { loadRewardColumns } from '../book/reward-columns.ts'
import { loadSectorBook, type SectorBook } from '../book/sector-book.ts'
import { SectorStatus } from '../book/sector-columns.ts'
import type { FeeRules } from '../fees/fee-rules.ts'
import { fip0098Fees, preFip0098Fees, type SectorFees } from '../fees/sector-fees.ts'
import { liveTerminationFees, queuedTerminationFees, type TerminationFees } from '../fees/termination-fees.ts'
import { type BalanceSheet, loadBalanceSheet } from '../position/balance-sheet.ts'
import { bufferV1, bufferV2, type DailySlashing, dailySlashing } from '../position/buffer.ts'
import { type Position, positionOf } from '../position/position.ts'
import type { Ratio } from '../power-table/ratio.ts'
import type { NetworkView } from './network-view.ts'

/** How a buffer is given: as days of slashing, by version 1 unless it is said, as an amount, or not at all. */
export type BufferChoice = DaysOfSlashing | { readonly amount: AttoFil } | undefined

export interface DaysOfSlashing {
  readonly days: number
  readonly version?: BufferVersion | undefined
}

/** 1: a day's charges at the state's estimates, times the days. 2: each day's, with the estimates extrapolated. */
export type BufferVersion = 1 | 2

/** What is known of a miner beside the state. */
export interface MinerTerms {
  /** Minted against it and not burned; attoFIL. */
  readonly outstanding: AttoFil
  /** How it grows in a forecast: what a passive mint adds at the end of each day, attoFIL, and simple interest a year. */
  readonly passiveMintPerDay?: AttoFil | undefined
  readonly interestPerYear?: Ratio | undefined
  readonly buffer: BufferChoice
  readonly label?: string | undefined
  /** What it is counted with where losses are added up; its owner's miners unless given. */
  readonly cluster?: string | undefined
  /** Levels of the eligible asset below which the lender warns, and below which it terminates; attoFIL. */
  readonly warningThreshold?: AttoFil | undefined
  readonly terminationThreshold?: AttoFil | undefined
}

/** A miner that owes nothing outside the protocol. */
export const NO_TERMS: MinerTerms = { outstanding: 0n, buffer: undefined }

/** How many sectors are in which state. */
export interface SectorCounts {
  readonly liveSectors: number
  readonly faultySectors: number
  readonly recoveringSectors: number
  readonly unprovenSectors: number
  /** Terminated early and not charged yet; not among the live ones. */
  readonly queuedSectors: number
}

/** Fees by one set of rules, and the position that follows from them. */
export interface RuleAssessment {
  readonly rules: FeeRules
  readonly live: TerminationFees
  readonly queued: TerminationFees
  readonly position: Position
}

/** Everything that is said of one miner. */
export interface MinerAssessment {
  readonly miner: ActorId
  readonly assessedEpoch: ChainEpoch
  readonly counts: SectorCounts
  readonly livePower: PowerPair
  readonly faultyPower: PowerPair
  readonly sheet: BalanceSheet
  readonly terms: MinerTerms
  readonly slashing: DailySlashing
  /** AttoFIL, or null where no buffer was given. */
  readonly buffer: AttoFil | null
  /** By each of the rules that were asked for, in that order. */
  readonly byRules: readonly [RuleAssessment, ...RuleAssessment[]]
}

/** A miner opened for assessment: its state, and its sectors in columns. */
export interface OpenMiner {
  readonly id: ActorId
  readonly record: ActorRecord
  readonly miner: Miner
  readonly book: SectorBook
}

/**
 * Opens one miner.
 *
 * @throws {CodecError} when a block is missing or malformed, with a path that begins at the miner's address.
 */
export function openMiner(view: NetworkView, id: ActorId, record: ActorRecord): OpenMiner {
  return within(formatActorId(id), () => {
    const miner = loadMiner(view.tree.store, minerLayout(view.version), record.head)
    return { id, record, miner, book: loadSectorBook(view.version, miner) }
  })
}

/** Works out the position of an opened miner by each set of rules. */
export function assessMiner(
  view: NetworkView,
  opened: OpenMiner,
  rules: readonly [FeeRules, ...FeeRules[]],
  terms: MinerTerms = NO_TERMS,
): MinerAssessment {
  const { id, miner, record, book } = opened
  const { assessedEpoch, estimates } = view
  const sheet = within(formatActorId(id), () => loadBalanceSheet(miner, record.balance, assessedEpoch))
  const slashing = dailySlashing(book, estimates)
  const buffer = bufferOf(view, opened, terms.buffer, slashing)
  const [first, ...others] = rules.map((rule): RuleAssessment => {
    const fees = sectorFees(view, opened, rule)
    const live = liveTerminationFees(book, fees, assessedEpoch)
    const queued = queuedTerminationFees(book, fees)
    const claims = {
      terminationFee: live.fee,
      queuedTerminationFee: queued.fee,
      outstanding: terms.outstanding,
      buffer,
    }
    return { rules: rule, live, queued, position: positionOf(sheet, claims) }
  }) as [RuleAssessment, ...RuleAssessment[]]
  return {
    miner: id,
    assessedEpoch,
    counts: countSectors(book),
    livePower: book.deadlines.reduce((sum, { livePower }) => addPower(sum, livePower), ZERO_POWER),
    faultyPower: book.deadlines.reduce((sum, { faultyPower }) => addPower(sum, faultyPower), ZERO_POWER),
    sheet,
    terms,
    slashing,
    buffer,
    byRules: [first, ...others],
  }
}

/** The fee of each sector of a miner by one set of rules. */
export function sectorFees(view: NetworkView, { id, miner, book }: OpenMiner, rules: FeeRules): SectorFees {
  if (rules === 'fip0098') {
    return fip0098Fees(book, view.estimates)
  }
  const rewards = within(formatActorId(id), () => loadRewardColumns(miner, book.columns))
  return preFip0098Fees(book, rewards, view.estimates)
}

function bufferOf(
  view: NetworkView,
  { book, miner }: OpenMiner,
  choice: BufferChoice,
  slashing: DailySlashing,
): AttoFil | null {
  if (choice === undefined) {
    return null
  }
  if ('amount' in choice) {
    return choice.amount
  }
  if (choice.version !== 2) {
    return bufferV1(slashing, choice.days)
  }
  const { estimates, stateEpoch, assessedEpoch, network } = view
  const given = {
    ...{ deadlines: book.deadlines, periodStart: miner.state.provingPeriodStart },
    ...{ policy: policyOf(network.network), estimates, estimatedFor: stateEpoch + 1, assessedEpoch },
  }
  return bufferV2(given, choice.days)
}

function countSectors({ columns }: SectorBook): SectorCounts {
  const counts = {
    liveSectors: 0,
    faultySectors: 0,
    recoveringSectors: 0,
    unprovenSectors: 0,
    queuedSectors: 0,
  }
  for (const status of columns.status) {
    counts.liveSectors += status & SectorStatus.LIVE ? 1 : 0
    counts.faultySectors += status & SectorStatus.FAULTY ? 1 : 0
    counts.recoveringSectors += status & SectorStatus.RECOVERING ? 1 : 0
    counts.unprovenSectors += status & SectorStatus.UNPROVEN ? 1 : 0
    counts.queuedSectors += status & SectorStatus.QUEUED ? 1 : 0
  }
  return counts
}
