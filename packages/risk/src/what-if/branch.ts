import { type ActorRecord, MinerState } from '@plimsoll/actors'
import { type Link, load } from '@plimsoll/ipld'
import { type AttoFil, type ChainEpoch, EPOCHS_IN_DAY, idAddress } from '@plimsoll/primitives'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { openRun, type Run, type RunInputs } from '../run/open-run.ts'
import { runScenario, type StepOutcome } from '../run/run-scenario.ts'
import type { Sent } from '../run/send.ts'
import type { ScenarioFile, ScenarioStep } from '../scenario/scenario-file.ts'

/** A fork of a state, run on to an epoch. */
export interface Branch {
  /** The fork's own state, open at that epoch. */
  readonly view: NetworkView
  readonly messages: readonly MessageOutcome[]
}

/** Of a miner's state, what a message may change at once; attoFIL. */
export const MONEY_FIELDS = [
  'balance',
  'initialPledge',
  'preCommitDeposits',
  'lockedFunds',
  'feeDebt',
] as const
export type MoneyChange = Readonly<Record<(typeof MONEY_FIELDS)[number], AttoFil>>

/** A message of a step, and what came of it. */
export interface MessageOutcome {
  readonly epoch: ChainEpoch
  readonly step: ScenarioStep
  readonly methodName: string
  readonly exitCode: number
  /** Why it was refused. */
  readonly error: string | undefined
  /** Undefined where it was refused, and so changed nothing. */
  readonly changed: MoneyChange | undefined
}

/** What a fork is run with; its background is frozen, and the miner alone in it. */
export type BranchInputs = Pick<
  RunInputs,
  'hashes' | 'rules' | 'networkVersion' | 'circulatingSupply' | 'miners'
>

/** Runs a fork to an epoch, with operators that prove what they have not lost. */
export function runBranch(
  view: NetworkView,
  inputs: BranchInputs,
  steps: readonly ScenarioStep[],
  until: ChainEpoch,
): Branch {
  const run = openRun(view, { ...inputs, background: 'frozen' })
  const days = Math.max(1, Math.ceil((until - view.assessedEpoch) / EPOCHS_IN_DAY))
  const result = runScenario(run, provingScenario(days, steps), { isOver: () => run.vm.epoch >= until })
  const options = { actorsVersion: view.version, epoch: until }
  return {
    view: openNetworkView(run.vm.store, [run.vm.root()], options),
    messages: result.steps.flatMap((outcome) => messagesOf(run, outcome)),
  }
}

/** A scenario in which the operator proves, and steps are taken. */
export function provingScenario(days: number, steps: readonly ScenarioStep[]): ScenarioFile {
  return {
    ...{ format: 1, days, operator: 'proves', background: 'frozen', miners: [], rewards: [] },
    steps: [...steps],
  }
}

function messagesOf(run: Run, { step, epoch, sent }: StepOutcome): readonly MessageOutcome[] {
  return sent.map((each) => ({
    epoch,
    step,
    methodName: each.message.methodName,
    exitCode: each.receipt.exitCode,
    error: each.receipt.error,
    changed: each.receipt.exitCode === 0 ? changeOf(run, step, each) : undefined,
  }))
}

function changeOf(run: Run, step: ScenarioStep, { receipt }: Sent): MoneyChange {
  const miner = idAddress(step.miner)
  const change = receipt.changes.find(({ actor }) => actor === miner)
  const [before, after] = [moneyOf(run, change?.before), moneyOf(run, change?.after)]
  return Object.fromEntries(MONEY_FIELDS.map((field) => [field, after[field] - before[field]])) as MoneyChange
}

function moneyOf({ vm }: Run, record: ActorRecord | undefined): MoneyChange {
  return record === undefined
    ? { balance: 0n, initialPledge: 0n, preCommitDeposits: 0n, lockedFunds: 0n, feeDebt: 0n }
    : { ...load(vm.store, MinerState, record.head as Link<MinerState>), balance: record.balance }
}
