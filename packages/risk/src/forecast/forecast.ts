import { type ActorEvent, Claims, MinerState, PowerState } from '@plimsoll/actors'
import { decodeCbor, text } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  type AttoFil,
  type ChainEpoch,
  ExitCode,
  type Hashes,
  idAddress,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import type { CallTrace } from '@plimsoll/vm'
import type { NetworkView } from '../assess/network-view.ts'
import { openRun, type Run, type RunInputs } from '../run/open-run.ts'
import { runScenario } from '../run/run-scenario.ts'
import { countFailures } from '../run/send.ts'
import type { ScenarioFile } from '../scenario/scenario-file.ts'
import {
  type Crossing,
  type CrossingKind,
  growTrack,
  type MoneyPoint,
  type MoneyTrack,
  moneyPoint,
  nextTrack,
  noteCrossings,
  type Outlook,
  outlookOf,
  sortedCrossings,
  type Thresholds,
} from './crossings.ts'
import { type OutstandingTerms, outstandingPath } from './outstanding-path.ts'

/** What a forecast of one miner is made of. */
export interface ForecastInputs
  extends OutstandingTerms,
    Pick<RunInputs, 'rules' | 'networkVersion' | 'circulatingSupply'> {
  readonly hashes: Hashes
  readonly miner: ActorId
  /** What happens, and what the operator does; its steps and rewards may be about this miner only. */
  readonly scenario: ScenarioFile
  readonly thresholds: Thresholds
}

export interface Forecast {
  readonly inputs: ForecastInputs
  readonly start: MoneyPoint
  /** The end of every day. */
  readonly days: readonly MoneyPoint[]
  /** What was burned in each of these days; attoFIL. */
  readonly burned: readonly AttoFil[]
  /** By epoch. */
  readonly crossings: readonly Crossing[]
  readonly outlook: Outlook
  /** The lowest that the eligible asset gets when debt is counted against it. */
  readonly lowest: MoneyPoint
  /** Messages that the actors refused, by what they are and how they ended: whatever the scenario expects of them is not so. */
  readonly refused: ReadonlyMap<string, number>
}

/**
 * Runs a miner on, alone in a frozen network, and notes when what happens to it.
 *
 * This is the path of the actors themselves, to the attoFIL. What is assumed: the miner wins what the scenario expects
 * and nobody else anything, other miners' claims stay as they are, the estimates follow from that by the network's own
 * filter. A miner whose cron has failed loses its claim, and from then on nothing happens to it by itself: its path is
 * flat, whatever is faulty.
 *
 * @throws {RunError} `REWARD_NOT_COVERED`, `STEP_OUTSIDE_RUN`, `STATE_NOT_EXECUTABLE`
 */
export function forecast(view: NetworkView, inputs: ForecastInputs, onDay?: (day: number) => void): Forecast {
  const run = openRun(view, { ...inputs, background: 'frozen', miners: [inputs.miner] })
  const miner = idAddress(inputs.miner)
  const { thresholds } = inputs
  const outstandingAt = outstandingPath(inputs, run.vm.epoch)
  const start = moneyOf(run, miner, outstandingAt, run.vm.epoch - 1)
  const first = new Map<CrossingKind, ChainEpoch>()
  noteCrossings(first, start, thresholds)
  if (!hasClaim(run, miner)) {
    first.set('claimDeleted', start.epoch)
  }
  const days: MoneyPoint[] = []
  let track: MoneyTrack = { latest: start, lowest: start }
  let known = run.vm.findActor(miner)
  const passTo = (epoch: ChainEpoch) => {
    track = growTrack(first, track, epoch, outstandingAt, thresholds)
  }
  const { moments, steps, failures } = runScenario(run, inputs.scenario, {
    onEpoch: ({ events, trace }) => {
      const { epoch } = run.vm
      // Only what changes the miner, a message or cron, can take it across anything, or what is outstanding, which grows.
      const present = run.vm.findActor(miner)
      if (present !== known) {
        known = present
        passTo(epoch - 1)
        track = nextTrack(track, moneyOf(run, miner, outstandingAt, epoch))
        noteCrossings(first, track.latest, thresholds)
      }
      if (
        !first.has('sectorsTerminated') &&
        events.some(({ emitter, event }) => emitter === miner && isTermination(event))
      ) {
        first.set('sectorsTerminated', epoch)
      }
      if (!first.has('claimDeleted') && hasFailed(trace, miner)) {
        first.set('claimDeleted', epoch)
      }
    },
    onDay: (day) => {
      passTo(run.vm.epoch - 1)
      days.push(track.latest)
      onDay?.(day)
    },
  })
  const refused = new Map(failures)
  for (const { sent } of steps) {
    countFailures(refused, sent)
  }
  return {
    inputs,
    start,
    days,
    burned: burnedByDay(moments.map(({ miners }) => miners.get(miner)?.burnt ?? 0n)),
    crossings: sortedCrossings(first),
    outlook: outlookOf(first),
    lowest: track.lowest,
    refused,
  }
}

/** From all that was burned until the beginning, and until the end of each day. */
function burnedByDay(burnt: readonly AttoFil[]): readonly AttoFil[] {
  return burnt.slice(1).map((until, day) => until - (burnt[day] ?? 0n))
}

function moneyOf(
  { vm }: Run,
  miner: Address,
  outstandingAt: (epoch: ChainEpoch) => AttoFil,
  epoch: ChainEpoch,
): MoneyPoint {
  const balance = vm.findActor(miner)?.balance ?? 0n
  return moneyPoint({ ...vm.stateOf(miner, MinerState), balance }, outstandingAt(epoch), epoch)
}

function hasClaim({ vm }: Run, miner: Address): boolean {
  return Claims.load(vm.store, vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState).claims).has(miner)
}

/**
 * Whether cron's call of a miner fails in a tick: then its claim is deleted, and cron does not call it again.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `process_deferred_cron_events`.
 */
function hasFailed({ to, exitCode, calls }: CallTrace, miner: Address): boolean {
  return (to === miner && exitCode !== ExitCode.OK) || calls.some((call) => hasFailed(call, miner))
}

function isTermination(event: ActorEvent): boolean {
  const type = event.find(({ key }) => key === '$type')
  return type !== undefined && decodeCbor(text, type.value) === 'sector-terminated'
}
