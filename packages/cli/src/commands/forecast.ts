import { parseRuleSet, requireExecutable } from '@plimsoll/actors'
import type { ActorId, AttoFil } from '@plimsoll/primitives'
import {
  closedFormOf,
  forecast,
  forecastReport,
  type LabelledForecast,
  type MinerTerms,
  NO_TERMS,
  type Outlook,
  openNetworkView,
  type Ratio,
  remedyOf,
  requireMiner,
} from '@plimsoll/risk'
import { ExitStatus, UsageError } from '../errors.ts'
import { renderBlocks } from '../output/document.ts'
import { forecastPage } from '../output/forecast-page.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import { readPortfolio, type StateOptions } from './options.ts'
import { type ScenarioOptions, scenarioOf } from './scenario-options.ts'

export interface ForecastOptions extends StateOptions, Omit<ScenarioOptions, 'background'> {
  readonly miner?: ActorId
  readonly portfolio?: string
  readonly outstanding?: AttoFil
  readonly passiveMint?: AttoFil
  readonly interest?: Ratio
  readonly warning?: AttoFil
  readonly termination?: AttoFil
  readonly rules: string
  readonly networkVersion: number
  readonly circulatingSupply?: AttoFil
}

const STATUS: Readonly<Record<Outlook, ExitStatus>> = {
  safe: ExitStatus.OK,
  warning: ExitStatus.WARNING,
  termination: ExitStatus.TERMINATION,
}

/** `forecast`: what happens to a miner, or to the miners of a portfolio, when, and what cures it. */
export async function forecastCommand(
  path: string,
  options: ForecastOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const subjects = await subjectsOf(options)
  const scenario = await scenarioOf(options)
  const { hashes, store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const ruleSet = parseRuleSet(options.rules, view.assessedEpoch)
  requireExecutable(ruleSet)
  const progress = createProgress(terminal, 'running the days')
  const forecasts = subjects.map(([miner, terms], i): LabelledForecast => {
    requireMiner(view, miner)
    const inputs = {
      hashes,
      miner,
      rules: ruleSet.rules,
      networkVersion: scenario.networkVersion ?? options.networkVersion,
      circulatingSupply: options.circulatingSupply ?? scenario.circulatingSupply,
      // What is about others does not belong into a network in which this miner is alone.
      scenario: {
        ...scenario,
        rewards: scenario.rewards.filter((reward) => reward.miner === miner),
        steps: scenario.steps.filter((step) => step.miner === miner),
      },
      outstanding: options.outstanding ?? terms.outstanding,
      passiveMintPerDay: options.passiveMint ?? terms.passiveMintPerDay,
      interestPerYear: options.interest ?? terms.interestPerYear,
      thresholds: {
        warning: options.warning ?? terms.warningThreshold,
        termination: options.termination ?? terms.terminationThreshold,
      },
    }
    const result = forecast(view, inputs, (day) =>
      progress.update(i * scenario.days + day, subjects.length * scenario.days),
    )
    const closedForm = closedFormOf(view, result)
    return { forecast: result, closedForm, remedy: remedyOf(view, result, closedForm), label: terms.label }
  })
  progress.end()
  const report = forecastReport(view, ruleSet.text, forecasts)
  terminal.writeOut(
    options.json
      ? renderJson(report)
      : `${renderStateHead(view, report)}\n\n${renderBlocks(terminal, forecastPage(report, view.network.network))}`,
  )
  return STATUS[report.outlook]
}

async function subjectsOf({
  miner,
  portfolio,
}: ForecastOptions): Promise<readonly (readonly [ActorId, MinerTerms])[]> {
  if (portfolio !== undefined) {
    const all = [...(await readPortfolio(portfolio))] as [ActorId, MinerTerms][]
    return miner === undefined ? all : all.filter(([id]) => id === miner)
  }
  if (miner === undefined) {
    throw new UsageError('OPTIONS_CONTRADICT', 'a forecast needs --miner or --portfolio')
  }
  return [[miner, NO_TERMS]]
}
