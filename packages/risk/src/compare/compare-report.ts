import { type ActorId, type Address, findActorId, formatActorId } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type StateHead, stateHead } from '../report/assess-report.ts'
import type { MinerMoment, NetworkMoment } from '../run/observe.ts'
import type { StepOutcome } from '../run/run-scenario.ts'
import type { Comparison, RuledRun, WindUpFigures } from './compare-rules.ts'
import type { RatedSums, ReRating } from './re-rate.ts'

/** A miner at the end of a day. Amounts in attoFIL and power in bytes, as decimal text. */
export interface MinerDay {
  readonly epoch: number
  readonly balance: string
  readonly initialPledge: string
  readonly lockedFunds: string
  readonly preCommitDeposits: string
  readonly feeDebt: string
  readonly available: string
  readonly burnt: string
  readonly rawPower: string
  readonly qaPower: string
  readonly liveSectors: number
  readonly faultySectors: number
}

/** The network at the end of a day. */
export interface NetworkDay {
  readonly epoch: number
  readonly rawPower: string
  readonly qaPower: string
  readonly totalPledge: string
  /** Power of miners that owe fees, among those that are looked at. */
  readonly indebtedPower: string
}

export interface RuledReport {
  readonly rules: string
  readonly warnings: readonly string[]
  readonly network: readonly NetworkDay[]
  readonly miners: readonly { readonly miner: string; readonly days: readonly MinerDay[] }[]
  readonly steps: readonly StepReport[]
  readonly windUps: readonly {
    readonly miner: string
    readonly began: number
    readonly ended: number | null
    readonly messages: number
  }[]
  /** Messages of the operators that failed, with how many. */
  readonly failures: Readonly<Record<string, number>>
}

interface StepReport {
  readonly do: string
  readonly miner: string
  readonly epoch: number
  readonly messages: readonly {
    readonly method: string
    readonly exitCode: number
    readonly error?: string
  }[]
}

/** A comparison as JSON has it; what was assumed stands first. */
export interface CompareReport extends StateHead {
  readonly assumptions: {
    readonly fromEpoch: number
    readonly days: number
    readonly operator: string
    readonly background: string
    readonly networkVersion: number
    readonly circulatingSupply: string | null
    readonly blockRewards: 'none are paid'
  }
  readonly runs: readonly RuledReport[]
  readonly termination: readonly { readonly rules: string; readonly miners: readonly WindUpReport[] }[]
  readonly reRated: readonly { readonly rules: string; readonly miners: readonly ReRatingReport[] }[]
}

interface WindUpReport {
  readonly miner: string
  readonly method: string
  readonly messages: number
  readonly failedMessages: number
  readonly sectors: number
  readonly gas: string
  readonly gasIs: 'estimated' | 'extrapolated, unmeasured'
  readonly epochs: number | null
  readonly burnt: string
  readonly withdrawable: string
}

type SumsReport = Readonly<Record<keyof RatedSums, string | null>>

interface ReRatingReport {
  readonly miner: string
  readonly sectors: number
  readonly asIs: SumsReport
  readonly reRated: SumsReport
}

export function compareReport(view: NetworkView, comparison: Comparison): CompareReport {
  const { inputs, runs, windUps, reRatings } = comparison
  const { scenario, networkVersion, circulatingSupply } = inputs
  const { operator, background, days } = scenario
  return {
    ...stateHead(view),
    assumptions: {
      fromEpoch: view.assessedEpoch,
      days,
      operator: typeof operator === 'string' ? operator : `recovers at day ${operator.recoversAtDay}`,
      background,
      networkVersion,
      circulatingSupply: circulatingSupply === undefined ? null : String(circulatingSupply),
      blockRewards: 'none are paid',
    },
    runs: runs.map(ruledReport),
    termination: windUps.map(([{ text }, figures]) => ({ rules: text, miners: figures.map(windUpReport) })),
    reRated: reRatings.map(([{ text }, ratings]) => ({ rules: text, miners: ratings.map(reRatingReport) })),
  }
}

function ruledReport(run: RuledRun): RuledReport {
  const { ruleSet, warnings, moments, steps, windUps, failures } = run
  const miners = [...(moments[0]?.miners.keys() ?? [])]
  return {
    rules: ruleSet.text,
    warnings,
    network: moments.map(networkDay),
    miners: miners.map((miner) => ({
      miner: nameOf(miner),
      days: moments.map((moment) => minerDay(moment, miner)),
    })),
    steps: steps.map(stepReport),
    windUps: windUps.map(({ miner, began, ended, messages }) => ({
      miner: nameOf(miner),
      began,
      ended: ended ?? null,
      messages: messages.length,
    })),
    failures: Object.fromEntries(failures),
  }
}

function networkDay({ epoch, totalPower, totalPledge, indebtedPower }: NetworkMoment): NetworkDay {
  return {
    epoch,
    rawPower: String(totalPower.raw),
    qaPower: String(totalPower.qa),
    totalPledge: String(totalPledge),
    indebtedPower: String(indebtedPower),
  }
}

function minerDay({ epoch, miners }: NetworkMoment, miner: Address): MinerDay {
  const moment = miners.get(miner) as MinerMoment
  return {
    epoch,
    balance: String(moment.balance),
    initialPledge: String(moment.initialPledge),
    lockedFunds: String(moment.lockedFunds),
    preCommitDeposits: String(moment.preCommitDeposits),
    feeDebt: String(moment.feeDebt),
    available: String(moment.available),
    burnt: String(moment.burnt),
    rawPower: String(moment.power.raw),
    qaPower: String(moment.power.qa),
    liveSectors: moment.liveSectors,
    faultySectors: moment.faultySectors,
  }
}

function stepReport({ step, epoch, sent }: StepOutcome): StepReport {
  return {
    do: step.do,
    miner: formatActorId(step.miner),
    epoch,
    messages: sent.map(({ message, receipt }) => ({
      method: message.methodName,
      exitCode: receipt.exitCode,
      ...(receipt.error !== undefined && { error: receipt.error }),
    })),
  }
}

function windUpReport(figures: WindUpFigures): WindUpReport {
  const { miner, method, messages, failedMessages, sectors, gas, epochs, burnt, withdrawable } = figures
  return {
    miner: formatActorId(miner),
    method,
    messages,
    failedMessages,
    sectors,
    gas: String(gas),
    gasIs: method === 'TerminateSectors' ? 'estimated' : 'extrapolated, unmeasured',
    epochs: epochs ?? null,
    burnt: String(burnt),
    withdrawable: String(withdrawable),
  }
}

function reRatingReport({ miner, sectors, asIs, reRated }: ReRating): ReRatingReport {
  return { miner: formatActorId(miner), sectors, asIs: sumsReport(asIs), reRated: sumsReport(reRated) }
}

function sumsReport(sums: RatedSums): SumsReport {
  const text = (amount: bigint | null) => (amount === null ? null : String(amount))
  return {
    qaPower: text(sums.qaPower),
    pledgeToday: text(sums.pledgeToday),
    dailyFee: text(sums.dailyFee),
    faultFee: text(sums.faultFee),
    terminationFee: text(sums.terminationFee),
  }
}

function nameOf(miner: Address): string {
  return formatActorId(findActorId(miner) as ActorId)
}
