import { type ChainEpoch, formatActorId, type NetworkParameters, utcDayOf } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import type { Ineligibility } from '../power-table/power-rows.ts'
import { type StateHead, stateHead } from '../report/assess-report.ts'
import { type Curve, type CurvePoint, type CurveRange, countPoints } from './curve.ts'
import { CurveError } from './curve-error.ts'
import type { CurveEstimates } from './estimate-path.ts'

/** A point as JSON has it: decimal text of attoFIL. */
export interface CurveFigures
  extends Readonly<Record<Exclude<keyof CurvePoint, 'epoch' | 'sectorsLeft'>, string>> {
  readonly epoch: number
  /** From the date of the assessed epoch to that of this one; null where the network's genesis is not known. */
  readonly daysAhead: number | null
  readonly sectorsLeft: number
}

/** A curve as JSON has it. */
export interface CurveReport extends StateHead {
  readonly miner: string
  readonly assumptions: {
    /** From which on charges and rewards are counted. */
    readonly fromEpoch: number
    readonly estimates: CurveEstimates
    readonly operator: 'proves what is not faulty; faulty sectors stay so, and recover where that is declared'
  }
  readonly range: CurveRange
  readonly liveSectors: number
  readonly mayNotWinBlocks: readonly Ineligibility[]
  readonly points: readonly CurveFigures[]
  /** The point with the least total, the first of several; null for a miner that has no live sectors. */
  readonly cheapest: CurveFigures | null
}

/** More points than this are no answer that somebody looks at; as CSV there may be any number. */
export const MAX_CURVE_POINTS = 100_000

/** @throws {CurveError} `CURVE_TOO_LONG` */
export function requireReportable(range: CurveRange): void {
  const points = countPoints(range)
  if (points > MAX_CURVE_POINTS) {
    throw new CurveError(
      'CURVE_TOO_LONG',
      `${points} points, more than ${MAX_CURVE_POINTS}; take a larger step, or CSV`,
      { points },
    )
  }
}

/**
 * Works a curve out.
 *
 * @throws {CurveError} `CURVE_TOO_LONG`
 */
export function curveReport(
  view: NetworkView,
  curve: Curve,
  estimates: CurveEstimates,
  onPoint?: (done: number, total: number) => void,
): CurveReport {
  requireReportable(curve.range)
  const total = countPoints(curve.range)
  const points: CurvePoint[] = []
  for (const point of curve.points()) {
    points.push(point)
    onPoint?.(points.length, total)
  }
  const figures = points.map((point) => curveFigures(view, point))
  const [first, ...others] = points
  const least = others.reduce((best, point) => (best && point.total < best.total ? point : best), first)
  const cheapest = curve.liveSectors === 0 ? undefined : figures.find(({ epoch }) => epoch === least?.epoch)
  return {
    ...stateHead(view),
    miner: formatActorId(curve.miner),
    assumptions: {
      fromEpoch: view.assessedEpoch,
      estimates,
      operator: 'proves what is not faulty; faulty sectors stay so, and recover where that is declared',
    },
    range: curve.range,
    liveSectors: curve.liveSectors,
    mayNotWinBlocks: curve.reasons,
    points: figures,
    cheapest: cheapest ?? null,
  }
}

export function curveFigures(view: NetworkView, point: CurvePoint): CurveFigures {
  return {
    epoch: point.epoch,
    daysAhead: daysAhead(view.network.network, view.assessedEpoch, point.epoch),
    sectorsLeft: point.sectorsLeft,
    feeOfTodaysSet: String(point.feeOfTodaysSet),
    feeOfSectorsLeft: String(point.feeOfSectorsLeft),
    earlyFees: String(point.earlyFees),
    faultFees: String(point.faultFees),
    dailyFees: String(point.dailyFees),
    expectedRewards: String(point.expectedRewards),
    total: String(point.total),
  }
}

/** Calendar days, as UTC has them: a few hours may be a day, and nearly two days may be one. */
function daysAhead(
  network: NetworkParameters | undefined,
  from: ChainEpoch,
  epoch: ChainEpoch,
): number | null {
  const genesis = network?.genesisUnixSeconds
  return genesis === undefined ? null : utcDayOf(epoch, genesis) - utcDayOf(from, genesis)
}
