import { type ActorId, type AttoFil, type ChainEpoch, minBigInt } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import type { ScenarioFile } from '../scenario/scenario-file.ts'
import { type closedFormOf, pathUnder } from './closed-form/closed-form.ts'
import { type Crossing, type MoneyPoint, strictAsset } from './crossings.ts'
import { type Forecast, type ForecastInputs, forecast } from './forecast.ts'
import { latestRecovery, type Recovery, recoveredFrom } from './recovery.ts'

/** What would keep a miner above a level for the whole of a forecast. */
export interface Remedy {
  readonly level: 'warning' | 'termination'
  /** To be added before {@link before}; attoFIL. */
  readonly topUp: AttoFil
  /** The epoch in which the level is crossed otherwise. */
  readonly before: ChainEpoch
  /** Whether a second run with that top-up at its beginning stays above the level, which it has to. */
  readonly isConfirmed: boolean
  /** Which sectors to recover, and until when; undefined where recovering everything from the first epoch on does not cure. */
  readonly recovery: Recovery | undefined
}

/**
 * What cures the worst level that a forecast crosses; undefined where it crosses none. Every answer is run, not only
 * computed.
 *
 * The amount is what is missing where the asset is lowest with the debt paid, since added FIL pays the debt first.
 * Where the closed form of the forecast is the run, the last epoch to recover in is looked for on it and then run.
 */
export function remedyOf(
  view: NetworkView,
  { inputs, start, lowest, crossings }: Forecast,
  closedForm: ReturnType<typeof closedFormOf>,
): Remedy | undefined {
  const crossing =
    crossings.find(({ kind }) => kind === 'termination') ?? crossings.find(({ kind }) => kind === 'warning')
  const level = crossing?.kind
  if (crossing === undefined || (level !== 'termination' && level !== 'warning')) {
    return undefined
  }
  const threshold = inputs.thresholds[level] ?? 0n
  const topUp = threshold - minBigInt(strictAsset(lowest), threshold)
  const { scenario, miner } = inputs
  const withTopUp = {
    ...scenario,
    steps: [{ do: 'topUp' as const, miner, day: 0, amount: topUp, from: RESERVE }, ...scenario.steps],
  }
  const onMachine = (changed: ScenarioFile) =>
    staysAbove(forecast(view, { ...inputs, scenario: changed }), inputs, level)
  const inClosedForm = (changed: ScenarioFile) =>
    staysAbove(pathUnder(view, { ...inputs, scenario: changed }, 'frozen'), inputs, level)
  const isEqual = 'differences' in closedForm && closedForm.differences.length === 0
  const first = start.epoch + 1
  const recovered = (from: ChainEpoch) => recoveredFrom(scenario, miner, first, from)
  return {
    ...{ level, topUp, before: crossing.epoch },
    isConfirmed: topUp > 0n && onMachine(withTopUp),
    recovery: latestRecovery(view, inputs, crossing.epoch, {
      onMachine: (from) => onMachine(recovered(from)),
      inClosedForm: isEqual ? (from) => inClosedForm(recovered(from)) : undefined,
    }),
  }
}

/** Whose FIL is added in a run: the reward actor has some. */
const RESERVE = 2 as ActorId

/** What is asked of a path, be it of the actors or in closed form. */
interface LevelledPath {
  readonly start: MoneyPoint
  readonly days: readonly MoneyPoint[]
  readonly crossings: readonly Crossing[]
}

function staysAbove(
  { start, crossings, days }: LevelledPath,
  { thresholds }: ForecastInputs,
  level: 'warning' | 'termination',
): boolean {
  const first = crossings.find(({ kind }) => kind === level)
  // Where the miner is below the level already, it has to come above it and to stay there.
  return (
    first === undefined ||
    (first.epoch === start.epoch &&
      days.every(({ eligibleAsset }) => eligibleAsset >= (thresholds[level] ?? 0n)))
  )
}
