import { type Finding, RewardState } from '@plimsoll/actors'
import { type ChainEpoch, type Hashes, REWARD_ACTOR_ADDR } from '@plimsoll/primitives'
import type { ActorChange } from '@plimsoll/vm'
import { checkTouched } from './check-touched.ts'
import type { Coverage } from './coverage.ts'
import { openReplay, type Replay, type ReplayedStep, replaySteps, type StoreAbove } from './replay.ts'
import type { ScenarioFile } from './scenario-file.ts'
import type { RecordedCoverage, ScenarioEnd, ScenarioHeader } from './scenario-types.ts'
import { explainFailure, type StepFailure } from './step-failure.ts'

export interface ReplayOptions {
  /** The last step to replay, from 0. The end is compared only when there is none. */
  readonly until?: number
  readonly storeAbove?: StoreAbove
  /** Checks the invariants of the actors that each step touches. */
  readonly checksInvariants?: boolean
  /** Hears of every step as it was replayed, while the machine stands after it. */
  readonly onStep?: (replayed: ReplayedStep, replay: Replay) => void
}

/** Something that the invariants find for the first time after a step. */
export interface StepFinding extends Finding {
  readonly step: number
}

/** What came of a scenario. */
export interface ReplayResult {
  readonly header: ScenarioHeader
  /** Steps that came out as they were recorded. */
  readonly steps: number
  readonly executions: number
  /** Processor time of this process, in seconds; reading the files included. */
  readonly cpuSeconds: number
  readonly coverage: RecordedCoverage
  readonly nestedCoverage: RecordedCoverage
  /** The first difference; nothing after it was replayed. */
  readonly failure?: StepFailure
  /** The last line, where the whole scenario was replayed. */
  readonly end?: ScenarioEnd
  readonly findings: readonly StepFinding[]
  readonly replay: Replay
}

/**
 * Replays a scenario up to its first difference.
 *
 * @throws {ScenarioError} `INVALID_SCENARIO`
 * @throws {CodecError} when the state beside the file is damaged.
 */
export function runReplay(file: ScenarioFile, hashes: Hashes, options: ReplayOptions = {}): ReplayResult {
  const startedAt = process.cpuUsage()
  const replay = openReplay(file, hashes, options.storeAbove)
  const watch = options.checksInvariants ? createWatch(replay) : undefined
  const result = replayUntil(replay, file, options, watch)
  const { user, system } = process.cpuUsage(startedAt)
  return {
    ...result,
    header: file.header,
    executions: replay.executions,
    cpuSeconds: (user + system) / 1e6,
    coverage: recordedCoverage(replay.coverage.topLevel),
    nestedCoverage: recordedCoverage(replay.coverage.nested),
    findings: watch?.findings ?? [],
    replay,
  }
}

function replayUntil(
  replay: Replay,
  file: ScenarioFile,
  { until = Number.POSITIVE_INFINITY, onStep }: ReplayOptions,
  watch: Watch | undefined,
): Pick<ReplayResult, 'steps' | 'failure' | 'end'> {
  let steps = 0
  for (const replayed of replaySteps(replay, file)) {
    if ('end' in replayed) {
      const { end, differences } = replayed
      return differences.length === 0
        ? { steps, end }
        : { steps, failure: { step: steps, message: 'the end of the scenario', differences, actors: [] } }
    }
    onStep?.(replayed, replay)
    if (replayed.differences.length > 0 || replayed.error !== undefined) {
      return { steps, failure: explainFailure(replay, file, replayed) }
    }
    steps++
    watch?.look(replayed)
    if (replayed.index >= until) {
      break
    }
  }
  return { steps }
}

/** Looks at the invariants after steps, and remembers what it has seen. */
interface Watch {
  readonly findings: readonly StepFinding[]
  look(replayed: ReplayedStep): void
}

function createWatch(replay: Replay): Watch {
  const { vm } = replay
  const findings: StepFinding[] = []
  const seen = new Set<string>()
  // Cron may not have run for the first epochs of a scenario; the reward actor knows when it last did.
  let priorEpoch: ChainEpoch = vm.stateOf(REWARD_ACTOR_ADDR, RewardState).epoch - 1
  return {
    findings,
    look: ({ index, step, executions }) => {
      if (step.t === 'cron' || step.t === 'cron_run') {
        priorEpoch = executions.at(-1)?.epoch ?? priorEpoch
      }
      for (const finding of checkTouched(vm, lastChanges(executions), priorEpoch)) {
        const key = `${finding.kind} ${finding.place}`
        if (!seen.has(key)) {
          seen.add(key)
          findings.push({ ...finding, step: index })
        }
      }
    },
  }
}

/** Every actor that changed, as it is after the last execution. */
function lastChanges(executions: ReplayedStep['executions']): Iterable<ActorChange> {
  const changes = executions.flatMap((execution) => execution.changes)
  return new Map(changes.map((change) => [change.actor, change])).values()
}

function recordedCoverage(coverage: Coverage): RecordedCoverage {
  const sorted = [...coverage].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    sorted.map(([method, codes]) => [method, Object.fromEntries([...codes].toSorted(([a], [b]) => a - b))]),
  )
}
