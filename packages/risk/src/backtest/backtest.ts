import { estimate, type NetworkEstimates } from '@plimsoll/actors'
import { type ActorId, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { findMiners, requireMiner } from '../assess/find-miners.ts'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { openRun, type RunInputs } from '../run/open-run.ts'
import { runScenario } from '../run/run-scenario.ts'
import { provingScenario } from '../what-if/branch.ts'
import { BacktestError } from './backtest-error.ts'
import { type Compared, compareMiner, type MinerBacktest } from './compare-miner.ts'

/** What a forecast is run with. */
export interface BacktestInputs
  extends Pick<RunInputs, 'hashes' | 'rules' | 'networkVersion' | 'circulatingSupply'> {
  /** One miner; all that both states have unless given. */
  readonly miner: ActorId | undefined
}

/** A forecast from one state to the epoch of another, and what became of it. */
export interface Backtest {
  readonly from: ChainEpoch
  readonly to: ChainEpoch
  /** By ascending id. */
  readonly miners: readonly MinerBacktest[]
  /** Miners that only the first, and only the second of the states has. */
  readonly gone: readonly ActorId[]
  readonly come: readonly ActorId[]
  /** What the network is expected to pay in an epoch, attoFIL, and its power in bytes. */
  readonly estimates: { readonly reward: Compared; readonly qaPower: Compared }
}

/** Hears of the days that have been run, and of the miners that have been compared. */
export interface BacktestWatch {
  readonly onDay?: (done: number, total: number) => void
  readonly onMiner?: (done: number, total: number) => void
}

/**
 * Forecasts every miner of a state to the epoch of a later one, in one run with a frozen background and operators
 * that prove and recover what they can, and compares that with what there is.
 *
 * Every epoch of the run has a tick and nobody wins a block: null rounds and rewards show as differences, as
 * messages do.
 *
 * @throws {BacktestError} `NETWORKS_DIFFER`, `STATES_OUT_OF_ORDER`
 * @throws {RunError} `STATE_NOT_EXECUTABLE`
 * @throws {AssessError} `NOT_A_MINER`
 */
export function backtest(
  first: NetworkView,
  second: NetworkView,
  inputs: BacktestInputs,
  watch: BacktestWatch = {},
): Backtest {
  requireOrder(first, second)
  const { shared, gone, come } = minersOf(first, second, inputs.miner)
  const forecast = forecastState(first, second.assessedEpoch, { ...inputs, miners: shared }, watch)
  const [expected, found] = [forecast.estimates, second.estimates]
  return {
    from: first.assessedEpoch,
    to: second.assessedEpoch,
    miners: shared.map((miner, i) => {
      watch.onMiner?.(i + 1, shared.length)
      return compareMiner(forecast, second, miner)
    }),
    gone,
    come,
    estimates: {
      reward: comparedEstimate(expected, found, 'reward'),
      qaPower: comparedEstimate(expected, found, 'qaPower'),
    },
  }
}

function requireOrder(first: NetworkView, second: NetworkView): void {
  const [a, b] = [first.network.networkName, second.network.networkName]
  if (a !== b) {
    throw new BacktestError('NETWORKS_DIFFER', `one state is of ${a}, the other of ${b}`, {
      first: a,
      second: b,
    })
  }
  if (second.stateEpoch < first.stateEpoch) {
    throw new BacktestError(
      'STATES_OUT_OF_ORDER',
      `the second state is of epoch ${second.stateEpoch}, before the first one's ${first.stateEpoch}`,
      { first: first.stateEpoch, second: second.stateEpoch },
    )
  }
}

function minersOf(first: NetworkView, second: NetworkView, only: ActorId | undefined) {
  if (only !== undefined) {
    requireMiner(first, only)
    requireMiner(second, only)
    return { shared: [only], gone: [], come: [] }
  }
  const before = findMiners(first).map(({ id }) => id)
  const after = findMiners(second).map(({ id }) => id)
  const [had, has] = [new Set(before), new Set(after)]
  return {
    shared: before.filter((id) => has.has(id)),
    gone: before.filter((id) => !has.has(id)),
    come: after.filter((id) => !had.has(id)),
  }
}

/** The state as it would be in an epoch, if nobody did anything but prove. */
function forecastState(
  first: NetworkView,
  epoch: ChainEpoch,
  inputs: Omit<RunInputs, 'background' | 'policy'>,
  { onDay }: BacktestWatch,
): NetworkView {
  const run = openRun(first, { ...inputs, background: 'frozen' })
  const days = Math.ceil((epoch - first.assessedEpoch) / EPOCHS_IN_DAY)
  if (days > 0) {
    runScenario(run, provingScenario(days, []), {
      isOver: () => run.vm.epoch >= epoch,
      onDay: (day) => onDay?.(day, days),
    })
  }
  return openNetworkView(run.vm.store, [run.vm.root()], { actorsVersion: first.version, epoch })
}

function comparedEstimate(
  forecast: NetworkEstimates,
  actual: NetworkEstimates,
  which: keyof NetworkEstimates,
): Compared {
  return { forecast: estimate(forecast[which]), actual: estimate(actual[which]) }
}
