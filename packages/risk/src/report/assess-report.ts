import { formatCid } from '@plimsoll/ipld'
import type { MinerAssessment } from '../assess/assess-miner.ts'
import type { NetworkView } from '../assess/network-view.ts'
import { type MinerFigures, minerFigures, type RuleFigures } from './miner-figures.ts'

/** Of which state a report speaks. */
export interface StateHead {
  readonly format: 1
  readonly stateRoot: string
  readonly network: string
  /** The last epoch that was executed. */
  readonly stateEpoch: number
  readonly actorsVersion: number
}

/** Of which state figures are, for when, and by which rules. */
export interface ReportHead extends StateHead {
  /** The epoch that the figures are for. */
  readonly assessedEpoch: number
  readonly feeRules: 'fip0098' | 'pre-fip0098' | 'both'
}

/** The sums over all miners of a report; an amount that is not known of one of them is null. */
export type Totals = Readonly<Record<SummedCount, number> & Record<SummedAmount, string | null>> &
  RuleTotals & {
    /** The sums by the other rules, where both were asked for. */
    readonly otherFeeRules?: RuleTotals
    /** The sum of the buffers that were given; null where none was. */
    readonly buffer: string | null
  }

type RuleTotals = Readonly<Record<SummedRuleAmount, string | null>> & {
  readonly sectorsWithoutRewards: number
}

export interface AssessReport extends ReportHead {
  readonly miners: readonly MinerFigures[]
  readonly totals: Totals
}

const SUMMED_COUNTS = [
  'liveSectors',
  'faultySectors',
  'recoveringSectors',
  'unprovenSectors',
  'queuedSectors',
] as const
const SUMMED_AMOUNTS = [
  'actorBalance',
  'preCommitDeposit',
  'initialPledge',
  'lockedFunds',
  'feeDebt',
  'outstanding',
  'eligibleAsset',
] as const
const SUMMED_RULE_AMOUNTS = [
  'terminationFee',
  'queuedTerminationFee',
  'liquidationValue',
  'recoverableNow',
  'recoverableLater',
  'safePledge',
  'safePledgeStrict',
] as const
type SummedCount = (typeof SUMMED_COUNTS)[number]
type SummedAmount = (typeof SUMMED_AMOUNTS)[number]
type SummedRuleAmount = (typeof SUMMED_RULE_AMOUNTS)[number]

export function stateHead(view: NetworkView): StateHead {
  return {
    format: 1,
    stateRoot: formatCid(view.tree.root),
    network: view.network.networkName,
    stateEpoch: view.stateEpoch,
    actorsVersion: view.version,
  }
}

export function reportHead(view: NetworkView, feeRules: ReportHead['feeRules']): ReportHead {
  return { ...stateHead(view), assessedEpoch: view.assessedEpoch, feeRules }
}

/** The report of many miners, in their order, with the totals. */
export function assessReport(head: ReportHead, assessments: readonly MinerAssessment[]): AssessReport {
  const miners = assessments.map(minerFigures)
  return { ...head, miners, totals: totalsOf(miners) }
}

function totalsOf(miners: readonly MinerFigures[]): Totals {
  const others = miners.flatMap(({ otherFeeRules }) => otherFeeRules ?? [])
  return {
    ...sumsOf(SUMMED_COUNTS, (key) => miners.reduce((sum, figures) => sum + figures[key], 0)),
    ...sumsOf(SUMMED_AMOUNTS, (key) => sumOfAmounts(miners.map((figures) => figures[key]))),
    buffer: sumOfBuffers(miners),
    ...ruleTotals(miners),
    ...(others.length === 0 ? {} : { otherFeeRules: ruleTotals(others) }),
  }
}

function ruleTotals(figures: readonly RuleFigures[]): RuleTotals {
  return {
    ...sumsOf(SUMMED_RULE_AMOUNTS, (key) => sumOfAmounts(figures.map((miner) => miner[key]))),
    sectorsWithoutRewards: figures.reduce((sum, { sectorsWithoutRewards }) => sum + sectorsWithoutRewards, 0),
  }
}

function sumsOf<K extends string, V>(keys: readonly K[], sumOf: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, sumOf(key)])) as Record<K, V>
}

function sumOfBuffers(miners: readonly MinerFigures[]): string | null {
  const given = miners.flatMap(({ buffer }) => buffer ?? [])
  return given.length === 0 ? null : sumOfAmounts(given)
}

function sumOfAmounts(amounts: readonly (string | null)[]): string | null {
  let sum = 0n
  for (const amount of amounts) {
    if (amount === null) {
      return null
    }
    sum += BigInt(amount)
  }
  return String(sum)
}
