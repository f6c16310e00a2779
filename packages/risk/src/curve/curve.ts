import { CONTINUED_FAULT_PROJECTION_PERIOD, policyOf, rewardProjection } from '@plimsoll/actors'
import type { ActorId, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { AssessError, type NetworkView } from '../assess/network-view.ts'
import { findRow } from '../book/sector-columns.ts'
import { feeIndex } from '../fees/fast/fee-index.ts'
import { feeLanes } from '../fees/fast/fee-lanes.ts'
import { indexTotal } from '../fees/fast/index-total.ts'
import { loadPredictedMiner } from '../plan/load-predicted-miner.ts'
import type { EstimatesAt, PredictedMiner, PredictedSector } from '../plan/predict-state.ts'
import { loadMinerPowers } from '../power-table/load-miner-powers.ts'
import { type Ineligibility, todaysRows } from '../power-table/power-rows.ts'
import { CurveError } from './curve-error.ts'
import { endOfDeadline } from './end-of-deadline.ts'
import { exitIndex, sectorsLeftAt } from './exit-index.ts'
import { type CourseCosts, openCourse } from './held-course.ts'

/** The epochs of a curve: both ends, and every so many between them. */
export interface CurveRange {
  readonly from: ChainEpoch
  readonly to: ChainEpoch
  readonly step: number
}

/** What leaving in an epoch costs, counted from the assessed epoch on; attoFIL. */
export interface CurvePoint extends CourseCosts {
  readonly epoch: ChainEpoch
  /** The termination fee of all sectors that are live today, whether or not they have expired by then. */
  readonly feeOfTodaysSet: AttoFil
  /** Sectors that are left, and their termination fee. */
  readonly sectorsLeft: number
  readonly feeOfSectorsLeft: AttoFil
  /** The fee of what is left, and all fees until then, less the rewards that can be expected until then. */
  readonly total: AttoFil
}

/** A miner's curve. Its points are worked out one after another, as often as they are asked for. */
export interface Curve {
  readonly miner: ActorId
  readonly range: CurveRange
  readonly liveSectors: number
  /** Why the miner may not win blocks now; where there is a reason, no rewards are expected. */
  readonly reasons: readonly Ineligibility[]
  points(): Generator<CurvePoint, void>
}

/**
 * Opens the curve of what it costs to terminate a miner's sectors, epoch by epoch.
 *
 * Each point is as if everything could be terminated by one message in its epoch. What is faulty stays so until it
 * has been for too long; what is declared recovered, or was never proven, is proven in its next window.
 *
 * @throws {AssessError} `EPOCH_BEFORE_STATE`, `NOT_A_MINER`
 * @throws {CurveError} `CURVE_RANGE`
 * @throws {PlanError} `STATE_NOT_PREDICTABLE`; on the way from point to point where cron would fail.
 */
export function openCurve(
  view: NetworkView,
  id: ActorId,
  range: CurveRange,
  estimatesAt: EstimatesAt,
): Curve {
  requireRange(view, range)
  const policy = policyOf(view.network.network)
  const load = () => loadPredictedMiner(view, id, policy)
  const predicted = load()
  const { book } = openMiner(view, id, requireMiner(view, id).record)
  const exits = exitIndex(
    book,
    exitsOf(predicted, view.assessedEpoch, (sector) => findRow(book.columns, sector.number)),
  )
  const all = feeIndex(feeLanes(book))
  const reasons = reasonsOf(view, id)
  const terms = { start: view.assessedEpoch, estimatesAt, mayWin: reasons.length === 0 }
  return {
    miner: id,
    range,
    liveSectors: exits.rows.length,
    reasons,
    *points() {
      const course = openCourse(load(), terms)
      for (const epoch of epochsOf(range)) {
        const projection = rewardProjection(estimatesAt(epoch), CONTINUED_FAULT_PROJECTION_PERIOD)
        const feeOfTodaysSet = indexTotal(all, epoch, projection)
        const left = sectorsLeftAt(exits, epoch, projection)
        const costs = course.costsAt(epoch)
        const total = left.fee + costs.earlyFees + costs.faultFees + costs.dailyFees - costs.expectedRewards
        yield {
          epoch,
          feeOfTodaysSet,
          sectorsLeft: left.sectors,
          feeOfSectorsLeft: left.fee,
          ...costs,
          total,
        }
      }
    },
  }
}

/** How many points a range has. */
export function countPoints({ from, to, step }: CurveRange): number {
  return Math.ceil((to - from) / step) + 1
}

function* epochsOf({ from, to, step }: CurveRange): Generator<ChainEpoch, void> {
  for (let epoch = from; epoch < to; epoch += step) {
    yield epoch
  }
  yield to
}

function requireRange({ assessedEpoch, stateEpoch }: NetworkView, { from, to, step }: CurveRange): void {
  if (from < assessedEpoch) {
    throw new AssessError(
      'EPOCH_BEFORE_STATE',
      `a curve from epoch ${from} is before ${assessedEpoch}, the first one that figures are for`,
      { epoch: from, stateEpoch },
    )
  }
  if (to < from || step < 1) {
    throw new CurveError('CURVE_RANGE', `a curve from ${from} to ${to} in steps of ${step} has no points`, {
      from,
      to,
      step,
    })
  }
}

/** The end of the deadline in which each live sector leaves, by its row. */
function exitsOf(
  miner: PredictedMiner,
  start: ChainEpoch,
  rowOf: (sector: PredictedSector) => number,
): ReadonlyMap<number, ChainEpoch> {
  const exits = new Map<number, ChainEpoch>()
  // Without a deadline that cron ends nothing leaves.
  const hasCron = miner.events.some(({ kind }) => kind === 'deadline')
  for (const [index, { partitions }] of miner.deadlines.entries()) {
    for (const sector of partitions.flatMap(({ live }) => [...live.values()])) {
      const expiresAt = sector.isRecovering ? sector.promisedUntil : sector.expiresAt
      const exit = hasCron
        ? endOfDeadline(miner, index, Math.max(expiresAt, start))
        : Number.POSITIVE_INFINITY
      exits.set(rowOf(sector), exit)
    }
  }
  return exits
}

/** Why a miner may not win blocks today. One without a claim has no power. */
function reasonsOf(view: NetworkView, id: ActorId): readonly Ineligibility[] {
  const { rows } = todaysRows(loadMinerPowers(view), {
    measure: 'qa',
    minimumPower: policyOf(view.network.network).minimumConsensusPower,
    thisEpochReward: view.network.reward.thisEpochReward,
  })
  return rows.find(({ miner }) => miner === id)?.reasons ?? ['noPower']
}
