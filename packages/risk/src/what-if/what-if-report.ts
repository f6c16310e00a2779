import { formatActorId } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import type { Crossing, Outlook } from '../forecast/crossings.ts'
import type { MintRule } from '../ledger/mint-capacity.ts'
import { type StateHead, stateHead } from '../report/assess-report.ts'
import { type MinerFigures, minerFigures } from '../report/miner-figures.ts'
import type { BookEntry } from './book-entries.ts'
import { type MessageOutcome, MONEY_FIELDS } from './branch.ts'
import type { LeftOut } from './plan-steps.ts'
import type { Situation, WhatIf } from './what-if.ts'

/** A message as JSON has it: amounts in decimal text of attoFIL. */
export interface MessageFigures {
  readonly epoch: number
  readonly action: string
  readonly method: string
  readonly exitCode: number
  readonly error?: string
  /** Null where it was refused. */
  readonly changed: Readonly<Record<(typeof MONEY_FIELDS)[number], string>> | null
}

/** An entry into the books as JSON has it. */
export interface EntryFigures {
  readonly kind: BookEntry['kind']
  readonly amount: string
  readonly limit: string
  readonly isAccepted: boolean
  /** Of a mint that is refused, the term of Safe Pledge that binds. */
  readonly binding?: string
}

/** A miner, and when it crosses what, as JSON has it. */
export interface SituationFigures {
  readonly figures: MinerFigures
  readonly outlook: Outlook
  readonly crossings: readonly Crossing[]
}

/** What would be, as JSON has it. */
export interface WhatIfReport extends StateHead {
  readonly miner: string
  readonly assumptions: {
    readonly fromEpoch: number
    readonly comparedAt: number
    readonly forecastDays: number
    readonly operator: 'proves what is not faulty; faults stay unless they are recovered'
    readonly background: 'frozen'
    readonly blockRewards: 'none are won'
    readonly rules: string
    readonly mintRule: MintRule
  }
  readonly thresholds: { readonly warning: string | null; readonly termination: string | null }
  readonly messages: readonly MessageFigures[]
  readonly leftOut: readonly LeftOut[]
  readonly entries: readonly EntryFigures[]
  readonly now: MinerFigures
  readonly without: SituationFigures
  readonly with: SituationFigures
}

export function whatIfReport(view: NetworkView, rules: string, result: WhatIf): WhatIfReport {
  const { inputs, now, comparedAt, messages, leftOut, entries } = result
  const { warningThreshold, terminationThreshold } = inputs.terms
  return {
    ...stateHead(view),
    miner: formatActorId(inputs.miner),
    assumptions: {
      fromEpoch: view.assessedEpoch,
      comparedAt,
      forecastDays: inputs.days,
      operator: 'proves what is not faulty; faults stay unless they are recovered',
      background: 'frozen',
      blockRewards: 'none are won',
      rules,
      mintRule: inputs.mintRule,
    },
    thresholds: {
      warning: warningThreshold === undefined ? null : String(warningThreshold),
      termination: terminationThreshold === undefined ? null : String(terminationThreshold),
    },
    messages: messages.map(messageFigures),
    leftOut,
    entries: entries.map(entryFigures),
    now: minerFigures(now),
    without: situationFigures(result.without),
    with: situationFigures(result.with),
  }
}

function messageFigures({
  epoch,
  step,
  methodName,
  exitCode,
  error,
  changed,
}: MessageOutcome): MessageFigures {
  return {
    epoch,
    action: step.do,
    method: methodName,
    exitCode,
    ...(error !== undefined && { error }),
    changed:
      changed === undefined
        ? null
        : (Object.fromEntries(MONEY_FIELDS.map((field) => [field, String(changed[field])])) as NonNullable<
            MessageFigures['changed']
          >),
  }
}

function entryFigures(entry: BookEntry): EntryFigures {
  const { kind, amount, limit, isAccepted } = entry
  return {
    kind,
    amount: String(amount),
    limit: String(limit),
    isAccepted,
    ...(entry.kind === 'mint' && entry.binding !== undefined && { binding: entry.binding }),
  }
}

function situationFigures({ assessment, forecast }: Situation): SituationFigures {
  const { outlook, crossings } = forecast
  return { figures: minerFigures(assessment), outlook, crossings }
}
