import type { Hashes } from '@plimsoll/primitives'
import type { Vm } from '@plimsoll/vm'
import { attemptStep, type Outcome } from './attempt-step.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type Checkpoint, takeCheckpoint } from './checkpoint.ts'
import { type Coverage, countReceipt, countRefusal, createCoverage } from './coverage.ts'
import { nextStep } from './generate.ts'
import {
  type Touched,
  totalBalanceOf,
  touch,
  touchedViolation,
  type Violation,
  wholeViolation,
} from './oracles.ts'
import { type ProfileName, profileOf } from './profile.ts'
import type { Step } from './step.ts'
import { openTwin, rootViolation, twinViolation } from './twin.ts'
import { createWorld, observe, type World } from './world.ts'

/** A rule that was broken, and how to come there. */
export interface Failure {
  readonly violation: Violation
  readonly profile: ProfileName
  readonly checkpoint: Checkpoint
  /** From the checkpoint on, up to and with the one that broke the rule. */
  readonly steps: readonly Step[]
}

/** What came of a run. */
export interface FuzzReport {
  readonly seed: number
  readonly messages: number
  readonly ticks: number
  readonly firstEpoch: number
  readonly lastEpoch: number
  /** Steps that were done a second time on a state that was encoded and read again. */
  readonly repeated: number
  readonly coverage: Coverage
  readonly failure?: Failure
}

export interface FuzzOptions {
  readonly seed: number
  /** After how many steps the rules over touched actors are checked; after every step unless given. */
  readonly checkEvery?: number
  /** Messages, rewards included and ticks not. */
  readonly messages: number
  readonly onProgress?: (messages: number) => void
}

/** Steps between two looks at the whole state, and steps after each that a second machine repeats. */
const CHECKPOINT_STEPS = 1000
const TWIN_STEPS = 60

/** A run on its way. */
interface Run {
  readonly hashes: Hashes
  readonly seed: number
  readonly profile: ProfileName
  readonly world: World
  readonly chance: Chance
  readonly totalBalance: bigint
  readonly coverage: Coverage
  messages: number
  ticks: number
  repeated: number
  checkpoint: Checkpoint
  /** Since the checkpoint. */
  steps: Step[]
  /** Since the rules were checked. */
  readonly touched: Touched
  readonly checkEvery: number
  /** The second machine, as long as it repeats what the first one does. */
  twin: Vm | undefined
}

/** Drives one network until so many messages were sent, or a rule is broken. */
export function runFuzz(hashes: Hashes, options: FuzzOptions): FuzzReport {
  const { seed, messages, onProgress } = options
  const run = beginRun(hashes, options)
  const { vm } = run.world.network
  const firstEpoch = vm.epoch
  let violation: Violation | undefined
  while (violation === undefined && run.messages < messages) {
    if (run.steps.length === CHECKPOINT_STEPS) {
      onProgress?.(run.messages)
      violation = wholeViolation(vm, run.totalBalance)
      if (violation === undefined) {
        passCheckpoint(run)
      }
    } else {
      violation = driveOneStep(run)
    }
  }
  violation ??= wholeViolation(vm, run.totalBalance)
  const { ticks, repeated, coverage, profile, checkpoint, steps } = run
  const report = { seed, messages: run.messages, ticks, firstEpoch, lastEpoch: vm.epoch, repeated, coverage }
  return violation === undefined ? report : { ...report, failure: { violation, profile, checkpoint, steps } }
}

function beginRun(hashes: Hashes, { seed, checkEvery = 1 }: FuzzOptions): Run {
  const profile = profileOf(seed)
  const world = createWorld(hashes, profile, seed)
  const { vm } = world.network
  const checkpoint = takeCheckpoint(vm)
  return {
    hashes,
    seed,
    profile,
    world,
    chance: chanceOf(seed),
    totalBalance: totalBalanceOf(vm),
    coverage: createCoverage(),
    messages: 0,
    ticks: 0,
    repeated: 0,
    checkpoint,
    steps: [],
    touched: new Map(),
    checkEvery,
    twin: openTwin(hashes, profile, checkpoint),
  }
}

function passCheckpoint(run: Run): void {
  run.checkpoint = takeCheckpoint(run.world.network.vm)
  run.steps = []
  run.twin = openTwin(run.hashes, run.profile, run.checkpoint)
}

function driveOneStep(run: Run): Violation | undefined {
  const { world, coverage } = run
  const { vm } = world.network
  const step = nextStep(world, run.chance)
  run.steps.push(step)
  const outcome = attemptStep(vm, step)
  if ('violation' in outcome) {
    return outcome.violation
  }
  if ('receipt' in outcome) {
    countReceipt(coverage, vm, outcome.receipt)
    observe(world, step, outcome.receipt)
  } else {
    countRefusal(coverage, outcome.refusal)
  }
  if (step.kind === 'tick') {
    run.ticks++
  } else {
    run.messages++
  }
  return repeatOnTwin(run, step, outcome) ?? checkTouched(run, step, outcome)
}

function checkTouched(run: Run, step: Step, outcome: Outcome): Violation | undefined {
  if ('receipt' in outcome && step.kind !== 'impersonation') {
    touch(run.touched, outcome.receipt)
  }
  if (run.steps.length % run.checkEvery !== 0) {
    return undefined
  }
  const violation = touchedViolation(run.world.network.vm, run.touched)
  run.touched.clear()
  return violation
}

function repeatOnTwin(run: Run, step: Step, outcome: Outcome): Violation | undefined {
  const { twin, steps } = run
  if (twin === undefined) {
    return undefined
  }
  run.repeated++
  run.twin = steps.length < TWIN_STEPS ? twin : undefined
  const isRootCompared = steps.length % 20 === 0 || steps.length === TWIN_STEPS
  return (
    twinViolation(twin, step, outcome) ??
    (isRootCompared ? rootViolation(run.world.network.vm, twin) : undefined)
  )
}
