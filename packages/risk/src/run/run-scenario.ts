import { type Address, type AttoFil, type ChainEpoch, EPOCHS_IN_DAY, idAddress } from '@plimsoll/primitives'
import type { Receipt } from '@plimsoll/vm'
import type { ScenarioFile, ScenarioStep } from '../scenario/scenario-file.ts'
import { addBurnt, type NetworkMoment, observe } from './observe.ts'
import type { Run } from './open-run.ts'
import { operate, operatorState } from './operator.ts'
import { giveReward } from './reward.ts'
import { epochOfStep, operatorOf, requireStepsWithin } from './scenario-times.ts'
import { countFailures, type Sent } from './send.ts'
import { type Acting, takeStep } from './steps.ts'
import { isWoundUp, type TerminationSent, terminateWhatCanBe } from './wind-up.ts'

/** A step with the messages that it sent. */
export interface StepOutcome {
  readonly step: ScenarioStep
  readonly epoch: ChainEpoch
  readonly sent: readonly Sent[]
}

/** A wind-up: when it began and ended, and by which messages. */
export interface WindUp {
  readonly miner: Address
  readonly began: ChainEpoch
  /** The first epoch in which nothing was left and the funds could be withdrawn; undefined when the run ended before. */
  readonly ended: ChainEpoch | undefined
  readonly messages: readonly TerminationSent[]
}

/** What came of a run. */
export interface RunResult {
  /** The moment before anything happened, then one at the end of every day. */
  readonly moments: readonly NetworkMoment[]
  readonly steps: readonly StepOutcome[]
  readonly windUps: readonly WindUp[]
  /** Messages of the operators, and rewards, that failed, by what they are and how they ended. */
  readonly failures: ReadonlyMap<string, number>
}

/** Who looks on while a run goes on. */
export interface RunWatch {
  /** Hears of every day that has passed. */
  readonly onDay?: (day: number) => void
  /** Hears of every epoch, after its cron and before the next begins. */
  readonly onEpoch?: (tick: Receipt) => void
  /** Ends the run before its days are over; asked after every epoch. */
  readonly isOver?: () => boolean
}

/** Runs a scenario from the epoch that the run is in. */
export function runScenario(run: Run, scenario: ScenarioFile, watch: RunWatch = {}): RunResult {
  const world = openWorld(run, scenario)
  const start = run.vm.epoch
  const moments = [observe(run, world.burnt)]
  for (let day = 1; day <= scenario.days; day++) {
    const end = start + day * EPOCHS_IN_DAY
    let isOver = false
    while (run.vm.epoch < end && !isOver) {
      passEpoch(world, watch)
      isOver = watch.isOver?.() ?? false
    }
    moments.push(observe(run, world.burnt))
    watch.onDay?.(day)
    if (isOver) {
      break
    }
  }
  const { outcomes, windUps, failures } = world
  return { moments, steps: outcomes, windUps: [...windUps.values()], failures }
}

interface World {
  readonly run: Run
  /** The epoch that its days are counted from. */
  readonly start: ChainEpoch
  readonly rewards: ScenarioFile['rewards']
  readonly acting: ReadonlyMap<Address, Acting>
  readonly schedule: ReadonlyMap<ChainEpoch, readonly ScenarioStep[]>
  readonly burnt: Map<Address, AttoFil>
  readonly outcomes: StepOutcome[]
  readonly windUps: Map<Address, MutableWindUp>
  readonly failures: Map<string, number>
}

interface MutableWindUp extends WindUp {
  ended: ChainEpoch | undefined
  readonly messages: TerminationSent[]
}

function openWorld(run: Run, scenario: ScenarioFile): World {
  const start = run.vm.epoch
  const operator = operatorOf(scenario, start)
  const schedule = Map.groupBy(scenario.steps, (step) => epochOfStep(step, start))
  requireStepsWithin(scenario, start)
  return {
    run,
    start,
    rewards: scenario.rewards,
    acting: new Map(run.miners.map((miner) => [miner, { miner, operator: operatorState(operator) }])),
    schedule,
    burnt: new Map(),
    outcomes: [],
    windUps: new Map(),
    failures: new Map(),
  }
}

/** Steps first, then what the operators do of themselves, then wind-ups, then the rewards of a day that ends, then cron. */
function passEpoch(world: World, watch: RunWatch): void {
  const { run, acting, burnt } = world
  const { vm } = run
  takeSteps(world)
  for (const { miner, operator } of acting.values()) {
    noteSent(world, operate(run, miner, operator))
  }
  windUpWhatIsDue(world)
  if ((vm.epoch - world.start + 1) % EPOCHS_IN_DAY === 0) {
    const due = world.rewards.filter(({ miner }) => acting.has(idAddress(miner)))
    noteSent(
      world,
      due.map(({ miner, perDay }) => giveReward(run, miner, perDay)),
    )
  }
  const tick = vm.tick()
  addBurnt(burnt, run.miners, tick.trace)
  watch.onEpoch?.(tick)
  vm.epoch++
}

/** Messages that no step has asked for. */
function noteSent({ run, burnt, failures }: World, sent: readonly Sent[]): void {
  countFailures(failures, sent)
  for (const { receipt } of sent) {
    addBurnt(burnt, run.miners, receipt.trace)
  }
}

function takeSteps({ run, acting, schedule, burnt, outcomes, windUps }: World): void {
  const { epoch } = run.vm
  for (const step of schedule.get(epoch) ?? []) {
    const miner = idAddress(step.miner)
    const actor = acting.get(miner)
    if (actor !== undefined) {
      const sent = takeStep(run, actor, step)
      outcomes.push({ step, epoch, sent })
      for (const { receipt } of sent) {
        addBurnt(burnt, run.miners, receipt.trace)
      }
    }
    if (step.do === 'windUp' && !windUps.has(miner)) {
      windUps.set(miner, { miner, began: epoch, ended: undefined, messages: [] })
    }
  }
}

/** Deadlines become mutable as time goes by; what could not be terminated before is looked at again in every window. */
function windUpWhatIsDue({ run, windUps, burnt }: World): void {
  for (const windUp of windUps.values()) {
    const elapsed = run.vm.epoch - windUp.began
    if (windUp.ended !== undefined || elapsed % run.vm.host.policy.wpostChallengeWindow !== 0) {
      continue
    }
    if (isWoundUp(run, windUp.miner)) {
      windUp.ended = run.vm.epoch
      continue
    }
    for (const sent of terminateWhatCanBe(run, windUp.miner)) {
      windUp.messages.push(sent)
      addBurnt(burnt, run.miners, sent.receipt.trace)
    }
    if (isWoundUp(run, windUp.miner)) {
      windUp.ended = run.vm.epoch
    }
  }
}
