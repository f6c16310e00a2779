import { policyOf } from '@plimsoll/actors'
import type { ActorId, ChainEpoch } from '@plimsoll/primitives'
import {
  assessMiner,
  type MinerAssessment,
  type MinerTerms,
  type OpenMiner,
  openMiner,
} from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import type { NetworkView } from '../assess/network-view.ts'
import { SectorStatus } from '../book/sector-columns.ts'
import { type Forecast, forecast } from '../forecast/forecast.ts'
import type { MintRule } from '../ledger/mint-capacity.ts'
import type { ScenarioStep } from '../scenario/scenario-file.ts'
import { type BookActions, type BookEntry, enterIntoBooks } from './book-entries.ts'
import { type BranchInputs, type MessageOutcome, provingScenario, runBranch } from './branch.ts'
import { type LeftOut, planSteps, type WhatIfActions } from './plan-steps.ts'
import { rowsOfSet } from './sector-set.ts'

/** What is asked. */
export interface WhatIfInputs extends Omit<BranchInputs, 'miners'> {
  readonly miner: ActorId
  readonly terms: MinerTerms
  readonly actions: WhatIfActions & BookActions
  readonly mintRule: MintRule
  /** How far it is looked for levels that are crossed. */
  readonly days: number
}

/** A miner in an epoch, and what happens to it from then on if nothing else is done. */
export interface Situation {
  readonly assessment: MinerAssessment
  readonly forecast: Forecast
}

/** A miner with and without what is asked, both at the same epoch. */
export interface WhatIf {
  readonly inputs: WhatIfInputs
  /** As the state has it. */
  readonly now: MinerAssessment
  /** The epoch after the last message and the last proof, in which both are compared. */
  readonly comparedAt: ChainEpoch
  readonly without: Situation
  readonly with: Situation
  readonly messages: readonly MessageOutcome[]
  readonly leftOut: readonly LeftOut[]
  readonly entries: readonly BookEntry[]
}

/**
 * Carries actions out on a fork of a state, and compares it with a fork on which nothing is done.
 *
 * The background is frozen, no blocks are won. The operator proves what is not faulty; faults stay unless they are
 * recovered by the action, or were declared so before. A message that the actor refuses changes nothing.
 *
 * @throws {RunError} `STATE_NOT_EXECUTABLE`
 * @throws {WhatIfError} `SECTOR_NOT_LIVE`
 * @throws {AssessError} `NOT_A_MINER`
 */
export function whatIf(
  view: NetworkView,
  inputs: WhatIfInputs,
  onDay: (done: number, total: number) => void = () => {},
): WhatIf {
  const { miner, actions, terms, days } = inputs
  const opened = openMiner(view, miner, requireMiner(view, miner).record)
  const { book } = opened
  const ground = {
    ...{ miner, book, state: opened.miner.state, start: view.assessedEpoch },
    policy: policyOf(view.network.network),
  }
  const { steps, until, leftOut, lost } = planSteps(ground, actions)
  const losing = loseSteps(miner, view.assessedEpoch, lost)
  const branchInputs = { ...inputs, miners: [miner] }
  const undone = runBranch(view, branchInputs, losing, until)
  const done = runBranch(view, branchInputs, [...losing, ...steps], until)
  const assessed = assess(done.view, miner, terms)
  const { entries, outstanding } = enterIntoBooks(assessed, actions, inputs.mintRule)
  const onDone = (offset: number) => (day: number) => onDay(offset + day, 2 * days)
  return {
    inputs,
    now: assessMiner(view, opened, ['fip0098'], terms),
    comparedAt: until,
    without: situation(undone.view, inputs, terms, onDone(0)),
    with: situation(done.view, inputs, { ...terms, outstanding }, onDone(days)),
    messages: done.messages,
    leftOut,
    entries,
  }
}

function assess(view: NetworkView, miner: ActorId, terms: MinerTerms): MinerAssessment {
  return assessMiner(view, openAt(view, miner), ['fip0098'], terms)
}

function openAt(view: NetworkView, miner: ActorId): OpenMiner {
  return openMiner(view, miner, requireMiner(view, miner).record)
}

function situation(
  view: NetworkView,
  inputs: WhatIfInputs,
  terms: MinerTerms,
  onDay: (day: number) => void,
): Situation {
  const { miner, days } = inputs
  const { columns } = openAt(view, miner).book
  const lost = rowsOfSet(miner, columns, { kind: 'faulty' })
    .filter((row) => ((columns.status[row] as number) & SectorStatus.RECOVERING) === 0)
    .map((row) => columns.sectorNumber[row] as number)
  const { warningThreshold: warning, terminationThreshold: termination } = terms
  const { outstanding, passiveMintPerDay, interestPerYear } = terms
  const forecastInputs = {
    ...inputs,
    scenario: provingScenario(days, loseSteps(miner, view.assessedEpoch, lost)),
    ...{ outstanding, passiveMintPerDay, interestPerYear },
    thresholds: { warning, termination },
  }
  return { assessment: assess(view, miner, terms), forecast: forecast(view, forecastInputs, onDay) }
}

/** Faults that nobody recovers of their own accord. */
function loseSteps(miner: ActorId, epoch: ChainEpoch, sectors: readonly number[]): readonly ScenarioStep[] {
  return sectors.length === 0 ? [] : [{ do: 'lose', miner, epoch, sectors: [...sectors] }]
}
