import { type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import type { PredictedMiner } from '../../plan/predict-state.ts'
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
} from '../crossings.ts'
import { type DaySums, dayEndingIn, emptySums, nextEpochAfter, passEpoch } from './pass-epoch.ts'
import type { PathInputs } from './path-inputs.ts'

/**
 * What moved a miner's money in a day; attoFIL.
 *
 * The balance at the end is that at the beginning, with what was rewarded and topped up, without what was burned and
 * withdrawn. The debt at the end is that at the beginning with all charges, without what was burned.
 */
export interface DayTerms {
  readonly dailyFee: AttoFil
  readonly faultFee: AttoFil
  readonly terminationFee: AttoFil
  /** Deposits of pre-commitments that expired: a charge as well. */
  readonly burnedDeposits: AttoFil
  readonly burned: AttoFil
  readonly rewarded: AttoFil
  readonly toppedUp: AttoFil
  readonly withdrawn: AttoFil
  /** Of the locked funds, what vested or was taken for debt. */
  readonly unlocked: AttoFil
  /** Of sectors that expired or were charged. */
  readonly pledgeReleased: AttoFil
}

export interface PathDay extends MoneyPoint {
  readonly terms: DayTerms
}

export interface PredictedPath {
  readonly start: MoneyPoint
  /** The end of every day. */
  readonly days: readonly PathDay[]
  /** By epoch. */
  readonly crossings: readonly Crossing[]
  readonly outlook: Outlook
  /** The lowest that the eligible asset gets when debt is counted against it. */
  readonly lowest: MoneyPoint
}

/**
 * Leads a miner through days of deadlines by closed formulas: no actor is executed. Under the estimates that a run of
 * the actors has, the path is the run's to the attoFIL.
 *
 * The miner is changed.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` as `predictProof` and `tellingPledge` do.
 */
export function predictPath(miner: PredictedMiner, inputs: PathInputs): PredictedPath {
  const path = openPath(miner, inputs)
  const end = inputs.start + inputs.days * EPOCHS_IN_DAY
  let epoch = inputs.start
  while (epoch < end) {
    path.pass(epoch)
    const next = Math.min(path.nextAfter(epoch), end)
    inputs.network.pass(epoch, next, miner.claim)
    epoch = next
  }
  return path.result()
}

/** A path that is led on by hand, for several miners in one network. */
export interface OpenPath {
  /** Passes an epoch, but for the network's tick: the first, then at least each that {@link nextAfter} says. */
  pass(epoch: ChainEpoch): void
  /** The next epoch in which something may happen, when this one has been passed. A day's end is never left out. */
  nextAfter(epoch: ChainEpoch): ChainEpoch
  result(): PredictedPath
}

export function openPath(miner: PredictedMiner, inputs: PathInputs): OpenPath {
  const { start: from, outstandingAt, thresholds } = inputs
  const start = moneyPoint(miner, outstandingAt(from - 1), from - 1)
  const first = new Map<CrossingKind, ChainEpoch>()
  noteCrossings(first, start, thresholds)
  if (!miner.hasClaim) {
    first.set('claimDeleted', start.epoch)
  }
  const days: PathDay[] = []
  let track: MoneyTrack = { latest: start, lowest: start }
  let [before, sums] = [start, emptySums()]
  const growTo = (epoch: ChainEpoch) => {
    track = growTrack(first, track, epoch, outstandingAt, thresholds)
  }
  return {
    pass: (epoch) => {
      if (passEpoch(miner, inputs, epoch, sums)) {
        growTo(epoch - 1)
        track = nextTrack(track, moneyPoint(miner, outstandingAt(epoch), epoch))
        noteCrossings(first, track.latest, thresholds)
        if (sums.isCharged && !first.has('sectorsTerminated')) {
          first.set('sectorsTerminated', epoch)
        }
      }
      if (dayEndingIn(inputs, epoch) !== undefined) {
        growTo(epoch)
        days.push({ ...track.latest, terms: termsOf(sums, before, track.latest) })
        before = track.latest
        sums = emptySums()
      }
    },
    nextAfter: (epoch) => nextEpochAfter(miner, inputs, epoch),
    result: () => ({
      ...{ start, days, crossings: sortedCrossings(first), outlook: outlookOf(first), lowest: track.lowest },
    }),
  }
}

function termsOf(sums: DaySums, before: MoneyPoint, after: MoneyPoint): DayTerms {
  const { dailyFee, faultFee, terminationFee, burnedDeposits, burned } = sums
  const { rewarded, locked, toppedUp, withdrawn } = sums
  return {
    ...{ dailyFee, faultFee, terminationFee, burnedDeposits, burned, rewarded, toppedUp, withdrawn },
    unlocked: before.lockedFunds + locked - after.lockedFunds,
    pledgeReleased: before.initialPledge - after.initialPledge,
  }
}
