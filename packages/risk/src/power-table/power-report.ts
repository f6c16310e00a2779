import { policyOf } from '@plimsoll/actors'
import { formatActorId, formatDecimal } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type StateHead, stateHead } from '../report/assess-report.ts'
import type { MinerPower } from './load-miner-powers.ts'
import {
  type Ineligibility,
  type PowerMeasure,
  type PowerRow,
  type PowerRows,
  spec2019Rows,
  todaysRows,
} from './power-rows.ts'
import { type Ratio, scaleFloor } from './ratio.ts'
import type { Spec2019Parameters } from './spec2019.ts'

/** Which table is asked for; the measure of today's elections is quality-adjusted power, that of 2019 raw. */
export type PowerQuestion =
  | { readonly rule: 'today'; readonly measure: PowerMeasure }
  | { readonly rule: 'spec2019'; readonly measure: PowerMeasure; readonly parameters: Spec2019Parameters }

/** A power table as the program prints it: bytes and attoFIL in decimal, ratios with 18 decimals, rounded down. */
export interface PowerReport extends StateHead {
  readonly assessedEpoch: number
  readonly rule: PowerQuestion['rule']
  readonly power: PowerMeasure
  /** Of the rule of 2019 only. */
  readonly parameters?: {
    readonly minMinerSizeStor: string
    readonly minMinerSizeTarg: number
    readonly zeroesUnderCollateralised: boolean
  }
  /** Power from which a miner is large enough, `0` where any is: today raw, in 2019 nominal. */
  readonly minimum: string
  /** What all wins of an epoch share. */
  readonly thisEpochReward: string
  /** Largest nominal power first, then largest claim, ties by id. */
  readonly miners: readonly PowerFigures[]
  readonly totals: PowerTotals
}

/** One miner of a power table. */
export interface PowerFigures {
  readonly miner: string
  /** False where the state holds no miner of that id, and so nothing but the claim is known. */
  readonly hasMiner: boolean
  readonly claimedRaw: string
  readonly claimedQa: string
  readonly nominal: string
  readonly isEligible: boolean
  readonly reasons: readonly Ineligibility[]
  readonly share: string
  readonly expectedWinsPerDay: string
  readonly rewardPerDay: string
  /** Today's share of quality-adjusted power; this and what follows of the rule of 2019 only. */
  readonly todayShare?: string
  /** Today's share in the measure of the table. */
  readonly todayShareInMeasure?: string
  readonly ruleEffect?: string
  readonly measureEffect?: string
}

/** Over all miners, also those that are not shown. */
export interface PowerTotals {
  readonly miners: number
  readonly eligibleMiners: number
  readonly claimedRaw: string
  readonly claimedQa: string
  /** What shares are of. */
  readonly nominal: string
  readonly expectedWinsPerDay: string
  readonly rewardPerDay: string
}

/** Decimals of a ratio in a report. */
export const RATIO_DECIMALS = 18

/** Works a table out for the miners of a state. */
export function powerReport(
  view: NetworkView,
  miners: readonly MinerPower[],
  question: PowerQuestion,
): PowerReport {
  const { measure } = question
  const { thisEpochReward } = view.network.reward
  const terms = {
    measure,
    minimumPower: policyOf(view.network.network).minimumConsensusPower,
    thisEpochReward,
  }
  const table =
    question.rule === 'today' ? todaysRows(miners, terms) : spec2019Rows(miners, question.parameters, terms)
  return {
    ...stateHead(view),
    assessedEpoch: view.assessedEpoch,
    rule: question.rule,
    power: measure,
    ...(question.rule === 'today' ? {} : { parameters: parametersOf(question.parameters) }),
    minimum: String(table.minimum),
    thisEpochReward: String(thisEpochReward),
    miners: table.rows.toSorted((a, b) => compareLargestFirst(a, b, measure)).map(figuresOf),
    totals: totalsOf(table),
  }
}

function parametersOf(parameters: Spec2019Parameters): NonNullable<PowerReport['parameters']> {
  return { ...parameters, minMinerSizeStor: String(parameters.minMinerSizeStor) }
}

function compareLargestFirst(a: PowerRow, b: PowerRow, measure: PowerMeasure): number {
  return (
    compareDescending(a.nominal, b.nominal) ||
    compareDescending(a.claimed[measure], b.claimed[measure]) ||
    a.miner - b.miner
  )
}

function compareDescending(a: bigint, b: bigint): number {
  return a < b ? 1 : a > b ? -1 : 0
}

function figuresOf(row: PowerRow): PowerFigures {
  const { claimed, nominal, reasons, share, winsPerDay, rewardPerDay, comparison } = row
  return {
    miner: formatActorId(row.miner),
    hasMiner: row.hasMiner,
    claimedRaw: String(claimed.raw),
    claimedQa: String(claimed.qa),
    nominal: String(nominal),
    isEligible: reasons.length === 0,
    reasons,
    share: formatRatio(share),
    expectedWinsPerDay: formatRatio(winsPerDay),
    rewardPerDay: String(rewardPerDay),
    ...(comparison !== undefined && {
      todayShare: formatRatio(comparison.today),
      todayShareInMeasure: formatRatio(comparison.todayInMeasure),
      ruleEffect: formatRatio(comparison.ruleEffect),
      measureEffect: formatRatio(comparison.measureEffect),
    }),
  }
}

function totalsOf({ rows, total }: PowerRows): PowerTotals {
  const sumOf = (of: (row: PowerRow) => bigint) => rows.reduce((sum, row) => sum + of(row), 0n)
  const eligible = rows.filter(({ reasons }) => reasons.length === 0)
  // All chances are of the same whole, unless there is none.
  const wins = eligible.reduce((sum, { winsPerDay }) => sum + winsPerDay.num, 0n)
  return {
    miners: rows.length,
    eligibleMiners: eligible.length,
    claimedRaw: String(sumOf(({ claimed }) => claimed.raw)),
    claimedQa: String(sumOf(({ claimed }) => claimed.qa)),
    nominal: String(total),
    expectedWinsPerDay: formatRatio({ num: wins, denom: total > 0n ? total : 1n }),
    rewardPerDay: String(sumOf(({ rewardPerDay }) => rewardPerDay)),
  }
}

function formatRatio(ratio: Ratio): string {
  return formatDecimal(scaleFloor(ratio, 10n ** BigInt(RATIO_DECIMALS)), RATIO_DECIMALS)
}
