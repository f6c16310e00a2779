import type { NetworkEstimates, Policy } from '@plimsoll/actors'
import {
  type ActorId,
  type AttoFil,
  type ChainEpoch,
  EPOCHS_IN_DAY,
  type StoragePower,
} from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type OpenPath, openPath } from '../forecast/closed-form/predict-path.ts'
import { loadPredictedMiner } from '../plan/load-predicted-miner.ts'
import { type NetworkPath, networkPath } from '../plan/network-path.ts'
import type { PredictedMiner } from '../plan/predict-state.ts'
import type { Ratio } from '../power-table/ratio.ts'
import { type Draw, drawMiner, type NetworkShock } from './draw-shock.ts'
import type { Shock } from './stress-file.ts'
import { type StressedFigures, stressedFigures } from './stressed-figures.ts'
import { type ConsensusFaultTerms, type StressSubject, stressMiner } from './stressed-miner.ts'

/** Why a miner breaks: its eligible asset is below its termination level, or it could not return what is owed. */
export type Breach = 'termination level' | 'insolvent'

/** The termination of a miner that breaks, with what is so at the end of the day at which that is found. */
export interface ForcedTermination {
  readonly miner: ActorId
  readonly breach: Breach
  /** The last epoch of that day: from the next on its sectors count no more. */
  readonly epoch: ChainEpoch
  /** What it costs to terminate all live sectors in the next epoch; attoFIL. */
  readonly fee: AttoFil
  /** The claim that the network loses. */
  readonly qaPower: StoragePower
  /** Those that the fee is made of. */
  readonly estimates: NetworkEstimates
}

/** A miner after the days; one that breaks stays as it was at the end of that day. */
export interface StressedCourse {
  readonly subject: StressSubject
  readonly figures: StressedFigures
  /** Below the warning level at the end of an epoch. */
  readonly isWarned: boolean
  /** Where the shock has it commit one. */
  readonly consensusFault: ConsensusFaultTerms | undefined
  readonly termination: ForcedTermination | undefined
}

/** A draw of a shock, and whom it meets. */
export interface DrawnShock {
  readonly view: NetworkView
  readonly policy: Policy
  readonly subjects: readonly StressSubject[]
  readonly shock: Shock
  readonly draw: Draw
  readonly days: number
}

export interface FollowedDays {
  /** In the order of the portfolio. */
  readonly courses: readonly StressedCourse[]
  /** At the end. */
  readonly estimates: NetworkEstimates
}

/**
 * Follows a draw for its days: the miners of a portfolio in one network, of which those that were terminated before
 * have no power after the epoch of their termination. Before the first day, and at the end of each, it is looked at
 * who breaks; whoever does keeps its power here.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` as `loadPredictedMiner`, `predictProof` and `tellingPledge` do.
 */
export function followDays(
  drawn: DrawnShock,
  moves: NetworkShock,
  terminated: ReadonlyMap<ActorId, ForcedTermination>,
): FollowedDays {
  const { view, policy, subjects, days } = drawn
  const start = view.assessedEpoch
  const loaded = subjects.map(({ miner }) => loadPredictedMiner(view, miner, policy))
  const networkPledge = { total: loaded[0]?.networkPledge.total ?? 0n }
  const miners = loaded.map((miner) => ({ ...miner, networkPledge }))
  const network = networkPath(
    view,
    policy,
    miners.map(({ claim }) => claim),
    moves,
  )
  const followed = subjects.map((subject, i) =>
    meetShock(drawn, subject, miners[i] as PredictedMiner, network),
  )
  const isGone = ({ subject: { miner } }: Followed, epoch: ChainEpoch) =>
    epoch > (terminated.get(miner)?.epoch ?? Number.POSITIVE_INFINITY)
  const look = (epoch: ChainEpoch) => {
    for (const each of followed) {
      if (each.broken === undefined && !terminated.has(each.subject.miner)) {
        each.broken = breakAt(each, epoch, network.estimates(), moves.price)
      }
    }
  }
  look(start - 1)
  const end = start + days * EPOCHS_IN_DAY
  for (let from = start; from < end; from += EPOCHS_IN_DAY) {
    // Whoever is terminated is so at the end of a day.
    const present = followed.map((each) => (isGone(each, from) ? undefined : each))
    passDay(present, network, from)
    look(from + EPOCHS_IN_DAY - 1)
  }
  const estimates = network.estimates()
  return { courses: followed.map((each) => courseOf(each, end, estimates, moves.price)), estimates }
}

/** A miner on its way through the days. */
interface Followed {
  readonly subject: StressSubject
  readonly miner: PredictedMiner
  readonly path: OpenPath
  readonly consensusFault: ConsensusFaultTerms | undefined
  /** The next epoch in which something may happen to it. */
  next: ChainEpoch
  broken: { readonly figures: StressedFigures; readonly termination: ForcedTermination } | undefined
}

const NOTHING = { raw: 0n, qa: 0n }

/** Passes a day of the miners that are there, from one epoch in which something may happen to one of them to the next. */
function passDay(present: readonly (Followed | undefined)[], network: NetworkPath, from: ChainEpoch): void {
  const until = from + EPOCHS_IN_DAY
  let epoch = from
  while (epoch < until) {
    let next = until
    for (const each of present) {
      if (each !== undefined) {
        if (each.next <= epoch) {
          each.path.pass(epoch)
          each.next = each.path.nextAfter(epoch)
        }
        next = Math.min(next, each.next)
      }
    }
    network.pass(
      epoch,
      next,
      present.map((each) => each?.miner.claim ?? NOTHING),
    )
    epoch = next
  }
}

function meetShock(
  { view, shock, draw, days }: DrawnShock,
  subject: StressSubject,
  loaded: PredictedMiner,
  network: NetworkPath,
): Followed {
  const { miner: id, terms } = subject
  const start = view.assessedEpoch
  const met = drawMiner(shock, draw, id)
  const { miner, isLost, consensusFault } = stressMiner(loaded, id, met, draw, start, network.estimates())
  const path = openPath(miner, {
    ...{ start, days, operator: { kind: 'proves' }, isLost },
    network: { estimates: () => network.estimates(), pass: () => {} },
    outstandingAt: () => terms.outstanding,
    thresholds: { warning: terms.warningThreshold, termination: terms.terminationThreshold },
  })
  return { subject, miner, path, consensusFault, next: start, broken: undefined }
}

/** What is lost of a miner that breaks in the next epoch; undefined while it does not. */
function breakAt(
  { subject, miner, path }: Followed,
  epoch: ChainEpoch,
  estimates: NetworkEstimates,
  price: Ratio,
): Followed['broken'] {
  const isBelow = path.result().crossings.some(({ kind }) => kind === 'termination')
  // Who owes nothing has nothing to return, and its fees need not be summed up.
  if (!isBelow && subject.terms.outstanding === 0n) {
    return undefined
  }
  const figures = stressedFigures(miner, subject, epoch + 1, estimates, price)
  if (!isBelow && figures.loss === 0n) {
    return undefined
  }
  const breach = isBelow ? 'termination level' : 'insolvent'
  const { terminationFee: fee } = figures
  const { qa: qaPower } = miner.claim
  return { figures, termination: { miner: subject.miner, breach, epoch, fee, qaPower, estimates } }
}

function courseOf(
  { subject, miner, path, consensusFault, broken }: Followed,
  end: ChainEpoch,
  estimates: NetworkEstimates,
  price: Ratio,
): StressedCourse {
  const figures = broken?.figures ?? stressedFigures(miner, subject, end, estimates, price)
  const isWarned = path.result().crossings.some(({ kind }) => kind === 'warning')
  return { subject, figures, isWarned, consensusFault, termination: broken?.termination }
}
