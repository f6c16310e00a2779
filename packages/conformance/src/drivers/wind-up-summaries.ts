import { dirname, join } from 'node:path'
import { parseRuleSet } from '@plimsoll/actors'
import { parseActorId } from '@plimsoll/primitives'
import {
  assessMiner,
  liveSectorsOf,
  loadPredictedMiner,
  moneyOf,
  openMiner,
  openNetworkView,
  planLiquidation,
  predictWindUp,
  rehearsePlan,
  requireMiner,
} from '@plimsoll/risk'
import type { Driver, DriverContext } from '../driver.ts'
import { allOf, attempt, expectEqual, type NamedOutcome, type Outcome } from '../outcome.ts'
import { policyOf } from '../scenario/recorded-host.ts'
import { openScenario, statePathOf } from '../scenario/scenario-file.ts'
import { loadCar } from '../states/open-state.ts'
import { readJson, type VectorFile } from '../vector-file.ts'
import { recordedTicks } from '../wind-up/recorded-ticks.ts'
import { estimatesOf, momentOf, summarizePrediction } from '../wind-up/summarize-prediction.ts'

/** What happened to a miner that the reference wound up. Amounts are decimal texts of attoFIL. */
type Summary = Readonly<Record<(typeof PARTS)[number] | 'start', unknown>> & {
  readonly file: string
  readonly miner: string
}

const PARTS = [
  'termination_messages',
  'after_last_termination',
  'ticks_with_charges',
  'money_messages',
  'cash_by_epoch',
  'end',
  'totals',
] as const

/** How many sectors went into a message, which each scenario chose for itself and no state tells. */
const SECTORS_PER_MESSAGE: Readonly<Record<string, number>> = {
  'deep-debt': 60,
  insolvent: 100,
  large: 900,
  mixed: 150,
  rounds: 25_000,
  small: 40,
  tiny: 5,
}

/**
 * Wind-ups as predictions: a model that executes no actor is given the first state, the epochs that are ticked and the
 * estimates at each, and has to say everything that the summary does. Then a plan of ours for the same state is rehearsed.
 */
export const windUpSummaries: Driver = {
  family: 'wind-up predictions',
  handles: ({ path }) => /liquidation\/[^/]+\.summary\.json$/.test(path),
  *run(file, context): Generator<NamedOutcome> {
    const summary = readJson<Summary>(file.path)
    const predicted = predict(file, summary, context)
    yield ['start', attempt(() => compare(summary.start, predicted.start))]
    for (const part of PARTS) {
      yield [part, attempt(() => compare(summary[part], predicted[part]))]
    }
    yield ['our own plan', attempt(() => allOf(planAndRehearse(file, summary, context)))]
  },
}

/** Our own plan for the first state obeys the identities of the summaries, and the actors do what it says. */
function* planAndRehearse(
  { path }: VectorFile,
  summary: Summary,
  { hashes }: DriverContext,
): Generator<Outcome> {
  const { header, view } = openStart(path, summary, hashes)
  const policy = policyOf(header)
  const plan = planLiquidation(view, parseActorId(summary.miner), {
    ...{ hashes, policy },
    ruleSet: parseRuleSet('v18', view.assessedEpoch),
    target: { kind: 'all' },
    instalmentDays: 7,
  })
  const { start, end, totals, cash } = plan
  const { terminationFees, faultFees, dailyFees, burnedDeposits, burned } = totals
  const charges = terminationFees + faultFees + dailyFees + burnedDeposits
  yield expectEqual(start.feeDebt + charges, burned + end.shortfall)
  yield expectEqual(start.balance, burned + (cash.at(-1)?.total ?? 0n) + end.balance)
  yield expectEqual(0, end.liveSectors + end.queuedSectors)
  const networkVersion = header.network_version
  const { differences } = rehearsePlan(view, plan, { hashes, policy, networkVersion })
  yield expectEqual('[]', JSON.stringify(differences))
}

function openStart(path: string, { file }: Summary, hashes: DriverContext['hashes']) {
  const scenarioPath = join(dirname(path), file)
  const { header } = openScenario(scenarioPath)
  const { store, roots } = loadCar(statePathOf(scenarioPath, 'genesis'), hashes)
  return { scenarioPath, header, view: openNetworkView(store, roots, { epoch: header.genesis_epoch }) }
}

function predict({ path }: VectorFile, summary: Summary, { hashes }: DriverContext) {
  const { scenarioPath, header, view } = openStart(path, summary, hashes)
  const { epochs, estimatesAt } = recordedTicks(openScenario(scenarioPath), hashes)
  const { miner: name } = summary
  const { id, record } = requireMiner(view, parseActorId(name))
  const { byRules, counts } = assessMiner(view, openMiner(view, id, record), ['fip0098'])
  const miner = loadPredictedMiner(view, id, policyOf(header))
  const start = {
    miner: name,
    epoch: header.genesis_epoch,
    ...momentOf(moneyOf(miner)),
    live_sectors: liveSectorsOf(miner).length,
    faulty_sectors: counts.faultySectors,
    estimates: estimatesOf(estimatesAt(header.genesis_epoch)),
    termination_fee_of_all_live_sectors_at_start: String(byRules[0].live.fee),
  }
  const initialFeeDebt = miner.feeDebt
  const sectorsPerMessage = SECTORS_PER_MESSAGE[header.name] ?? Number.POSITIVE_INFINITY
  const windUp = predictWindUp(miner, { sectorsPerMessage, ticks: epochs, estimatesAt })
  return { start, ...summarizePrediction(windUp, initialFeeDebt) }
}

/** Compares value by value, so that the first difference is named by its place. */
function compare(expected: unknown, actual: unknown, place = ''): Outcome {
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return allOf(expected.map((item, i) => compare(item, actual[i], `${place}[${i}]`)))
  }
  if (isRecord(expected) && isRecord(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)])
    return allOf([...keys].map((key) => compare(expected[key], actual[key], `${place}.${key}`)))
  }
  return expectEqual(`${place} ${JSON.stringify(expected)}`, `${place} ${JSON.stringify(actual)}`)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
