import { policyOf, policyUnder } from '@plimsoll/actors'
import { type AttoFil, BaseError, maxBigInt, minBigInt } from '@plimsoll/primitives'
import type { NetworkView } from '../../assess/network-view.ts'
import { loadPredictedMiner } from '../../plan/load-predicted-miner.ts'
import { DEFAULT_BANDS, type EstimatesAssumption } from '../../scenario/estimates-assumption.ts'
import { CROSSINGS, type Crossing, type CrossingKind, type MoneyPoint } from '../crossings.ts'
import type { Forecast, ForecastInputs } from '../forecast.ts'
import { outstandingPath } from '../outstanding-path.ts'
import { estimatePath } from './estimate-paths.ts'
import {
  type DifferingDay,
  explainByRun,
  explainByTerms,
  FIGURES,
  type Figure,
} from './explain-difference.ts'
import { type PathDay, type PredictedPath, predictPath } from './predict-path.ts'
import { scenarioPath } from './scenario-path.ts'

/** A figure of a day in which closed form and actors differ; attoFIL. */
export interface PathDifference {
  readonly day: number
  readonly figure: Figure
  readonly actors: AttoFil
  readonly closedForm: AttoFil
}

/** One path of a band. */
export interface BandPath {
  readonly name: string
  readonly estimates: EstimatesAssumption
  readonly path: PredictedPath
  /** The days in which it does not go as the run does, and why. */
  readonly againstRun: readonly DifferingDay[]
}

/** The envelope of the paths at the end of a day; attoFIL. */
export interface BandDay {
  readonly epoch: number
  readonly lowest: AttoFil
  readonly highest: AttoFil
}

/** When something happens over all paths of a band: the epochs, undefined where it happens on none. */
export interface BandCrossing {
  readonly kind: CrossingKind
  readonly earliest: number
  /** Undefined where it does not happen on every path. */
  readonly latest: number | undefined
}

/** What closed formulas say beside a run of the actors. */
export interface ClosedForm {
  readonly days: readonly PathDay[]
  /** Against the run, under the estimates of a frozen network; the first day that differs, in all its figures. */
  readonly differences: readonly PathDifference[]
  /** Every day that differs, and by which terms; empty where the closed form is the run. */
  readonly againstRun: readonly DifferingDay[]
  readonly band: {
    readonly paths: readonly BandPath[]
    /** Of the eligible asset. */
    readonly days: readonly BandDay[]
    readonly crossings: readonly BandCrossing[]
  }
}

/**
 * The paths of a forecast in closed form: under the estimates of the run, to be compared with it, and under those of
 * the band. Undefined with the reason for a scenario that closed formulas do not follow.
 */
export function closedFormOf(view: NetworkView, run: Forecast): ClosedForm | { readonly reason: string } {
  const { inputs } = run
  try {
    const under = (estimates: EstimatesAssumption) => pathUnder(view, inputs, estimates)
    const frozen = under('frozen')
    const { days } = frozen
    const differences = differencesOf(run.days, days)
    const explain = (path: readonly PathDay[]) =>
      differences.length === 0 ? explainByTerms(days, path) : explainByRun(run, path)
    const paths = (inputs.scenario.bands ?? DEFAULT_BANDS).map((band): BandPath => {
      // The one that takes long: every epoch of its network is worked out.
      const path = band.estimates === 'frozen' ? frozen : under(band.estimates)
      return { ...band, path, againstRun: explain(path.days) }
    })
    const band = { paths, days: envelopeOf(paths), crossings: bandCrossings(paths) }
    return { days, differences, againstRun: explainByRun(run, days), band }
  } catch (error) {
    if (error instanceof BaseError && REFUSALS.has(error.code)) {
      return { reason: error.message }
    }
    throw error
  }
}

const REFUSALS: ReadonlySet<string> = new Set(['STEP_NOT_PREDICTABLE', 'STATE_NOT_PREDICTABLE'])

/**
 * The path of a forecast in closed form, under stated estimates.
 *
 * @throws {PlanError} `STEP_NOT_PREDICTABLE`, `STATE_NOT_PREDICTABLE`
 */
export function pathUnder(
  view: NetworkView,
  inputs: ForecastInputs,
  estimates: EstimatesAssumption,
): PredictedPath {
  const policy = policyUnder(inputs.rules, policyOf(view.network.network))
  const miner = loadPredictedMiner(view, inputs.miner, policy)
  return predictPath(miner, {
    ...scenarioPath(inputs.scenario, view.assessedEpoch),
    network: estimatePath(estimates, view, policy, miner.claim),
    outstandingAt: outstandingPath(inputs, view.assessedEpoch),
    thresholds: inputs.thresholds,
  })
}

function differencesOf(actors: readonly MoneyPoint[], closed: readonly PathDay[]): readonly PathDifference[] {
  for (const [i, point] of actors.entries()) {
    const other = closed[i]
    const differing = FIGURES.filter((figure) => other === undefined || other[figure] !== point[figure])
    if (differing.length > 0) {
      return differing.map((figure) => ({
        ...{ day: i + 1, figure, actors: point[figure] },
        closedForm: other?.[figure] ?? 0n,
      }))
    }
  }
  return []
}

function envelopeOf(paths: readonly BandPath[]): readonly BandDay[] {
  const [first] = paths
  return (first?.path.days ?? []).map(({ epoch }, day) => {
    const assets = paths.flatMap(({ path }) => path.days[day]?.eligibleAsset ?? [])
    return {
      epoch,
      lowest: assets.reduce((low, asset) => minBigInt(low, asset)),
      highest: assets.reduce((high, asset) => maxBigInt(high, asset)),
    }
  })
}

function bandCrossings(paths: readonly BandPath[]): readonly BandCrossing[] {
  return CROSSINGS.flatMap((kind) => {
    const epochs = paths.flatMap(
      ({ path }) => path.crossings.find((crossing: Crossing) => crossing.kind === kind)?.epoch ?? [],
    )
    const isOnAll = epochs.length === paths.length
    return epochs.length === 0
      ? []
      : [{ kind, earliest: Math.min(...epochs), latest: isOnAll ? Math.max(...epochs) : undefined }]
  })
}
