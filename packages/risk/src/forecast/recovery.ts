import {
  type BitField,
  bitFieldOf,
  countBits,
  EMPTY_BIT_FIELD,
  intersectBitFields,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import { type ActorId, BaseError, type ChainEpoch, EPOCHS_IN_DAY, idAddress } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { loadDeadlineParts, minerState } from '../run/miner-parts.ts'
import { openRun, type Run } from '../run/open-run.ts'
import { runScenario } from '../run/run-scenario.ts'
import { epochOfStep, operatorOf } from '../run/scenario-times.ts'
import type { ScenarioFile, ScenarioStep } from '../scenario/scenario-file.ts'
import type { ForecastInputs } from './forecast.ts'

/** Recovering as a cure. */
export interface Recovery {
  /** What is to be proven from then on: what is faulty then, and what would become so. */
  readonly sectors: BitField
  /** How many of these are faulty then, and have to be declared recovered. */
  readonly faulty: number
  /**
   * The last epoch in which it cures to begin: to prove, and to declare the faults of each deadline two deadlines
   * ahead. Begun a deadline later, it does not.
   */
  readonly latest: ChainEpoch
}

/** Whether beginning to recover in an epoch cures, run on the actors; and in closed form where that is the same. */
export interface CureTests {
  readonly onMachine: (from: ChainEpoch) => boolean
  readonly inClosedForm: ((from: ChainEpoch) => boolean) | undefined
}

/**
 * Looks for the last epoch in which it still cures to begin to recover, among those in which an operator acts: the first
 * of the run and the beginnings of deadlines, up to the epoch of the crossing.
 *
 * The search halves what is left, which takes as many paths as the number of deadlines has binary digits. It supposes
 * that where an earlier beginning does not cure, a later one does not either. What it ends with is run: the epoch that
 * is found cures, and the deadline after it does not.
 */
export function latestRecovery(
  view: NetworkView,
  inputs: ForecastInputs,
  crossing: ChainEpoch,
  { onMachine, inClosedForm }: CureTests,
): Recovery | undefined {
  const turns = turnsUntil(view, inputs, crossing)
  const [start] = turns
  if (start === undefined || !onMachine(start)) {
    return undefined
  }
  const closed = inClosedForm && lastCure(turns, inClosedForm)
  const isSoOnMachine =
    closed !== undefined &&
    (closed === 0 || isCure(turns[closed], onMachine)) &&
    !isCure(turns[closed + 1], onMachine)
  const latest = turns[isSoOnMachine ? closed : (lastCure(turns, onMachine) ?? 0)] ?? start
  return { latest, ...sectorsToRecover(view, inputs, latest) }
}

function isCure(epoch: ChainEpoch | undefined, cures: (from: ChainEpoch) => boolean): boolean {
  return epoch !== undefined && cures(epoch)
}

/** The index of the last turn that cures, where the first does; undefined where a closed form does not follow one. */
function lastCure(turns: readonly ChainEpoch[], cures: (from: ChainEpoch) => boolean): number | undefined {
  let [low, high] = [0, turns.length]
  try {
    while (high - low > 1) {
      const middle = low + Math.trunc((high - low) / 2)
      if (isCure(turns[middle], cures)) {
        low = middle
      } else {
        high = middle
      }
    }
  } catch (error) {
    if (error instanceof BaseError && error.code === 'STATE_NOT_PREDICTABLE') {
      return undefined
    }
    throw error
  }
  return low
}

/** Epochs in which an operator acts, until a level is crossed; until the end where it is from the beginning on. */
function turnsUntil(view: NetworkView, inputs: ForecastInputs, crossing: ChainEpoch): readonly ChainEpoch[] {
  const run = openMinerRun(view, inputs)
  const { wpostChallengeWindow: window } = run.vm.host.policy
  const { provingPeriodStart } = minerState(run, idAddress(inputs.miner))
  const start = view.assessedEpoch
  const end = crossing < start ? start + inputs.scenario.days * EPOCHS_IN_DAY - 1 : crossing
  const elapsed = (((start - provingPeriodStart) % window) + window) % window
  const turns = [start]
  for (let turn = start + window - elapsed; turn <= end; turn += window) {
    turns.push(turn)
  }
  return turns
}

function openMinerRun(view: NetworkView, inputs: ForecastInputs): Run {
  return openRun(view, { ...inputs, background: 'frozen', miners: [inputs.miner] })
}

/** A scenario in which nothing is lost from an epoch on, and what was is recovered; `start` is the run's first epoch. */
export function recoveredFrom(
  scenario: ScenarioFile,
  miner: ActorId,
  start: ChainEpoch,
  from: ChainEpoch,
): ScenarioFile {
  const { operator, steps } = scenario
  const fromDay = (from - start) / EPOCHS_IN_DAY
  const kept = steps.filter((step) => step.do !== 'lose' || epochOfStep(step, start) < from)
  return {
    ...scenario,
    operator: recoveredOperator(operator, fromDay),
    steps: [...kept, { do: 'regain', miner, epoch: from, sectors: 'all' }],
  }
}

function recoveredOperator(operator: ScenarioFile['operator'], fromDay: number): ScenarioFile['operator'] {
  switch (operator) {
    case 'proves':
      return operator
    case 'stops':
      return { recoversAtDay: fromDay }
    default:
      return { recoversAtDay: Math.min(operator.recoversAtDay, fromDay) }
  }
}

/** What is faulty in an epoch, before its messages, and what would become so if nothing else were done. */
function sectorsToRecover(
  view: NetworkView,
  inputs: ForecastInputs,
  epoch: ChainEpoch,
): Pick<Recovery, 'sectors' | 'faulty'> {
  const run = openMinerRun(view, inputs)
  if (epoch > run.vm.epoch) {
    runScenario(run, inputs.scenario, { isOver: () => run.vm.epoch >= epoch })
  }
  const { live, faulty } = sectorsOf(run, inputs.miner)
  const { scenario } = inputs
  const operator = operatorOf(scenario, run.start)
  const isProving = operator.kind === 'proves' || (operator.kind === 'recovers' && operator.at <= epoch)
  const lost = intersectBitFields(lostFrom(scenario.steps, run.start, epoch, live), live)
  return { sectors: isProving ? unionBitFields(faulty, lost) : live, faulty: Number(countBits(faulty)) }
}

function sectorsOf(run: Run, id: ActorId): { readonly live: BitField; readonly faulty: BitField } {
  const state = minerState(run, idAddress(id))
  let [live, faulty] = [EMPTY_BIT_FIELD, EMPTY_BIT_FIELD]
  for (let index = 0; index < run.vm.host.policy.wpostPeriodDeadlines; index++) {
    for (const { partition } of loadDeadlineParts(run, state, index).partitions) {
      live = unionBitFields(live, subtractBitFields(partition.sectors, partition.terminated))
      faulty = unionBitFields(faulty, partition.faults)
    }
  }
  return { live, faulty }
}

/** What the steps have lost by an epoch, or lose later. */
function lostFrom(
  steps: readonly ScenarioStep[],
  start: ChainEpoch,
  epoch: ChainEpoch,
  all: BitField,
): BitField {
  let lost = EMPTY_BIT_FIELD
  for (const step of steps.toSorted((a, b) => epochOfStep(a, start) - epochOfStep(b, start))) {
    if (step.do === 'lose') {
      lost = unionBitFields(lost, chosen(step.sectors, all))
    } else if ((step.do === 'regain' || step.do === 'recover') && epochOfStep(step, start) < epoch) {
      lost = subtractBitFields(lost, chosen(step.sectors, all))
    }
  }
  return lost
}

function chosen(sectors: 'all' | readonly number[], all: BitField): BitField {
  return sectors === 'all' ? all : bitFieldOf(sectors)
}
