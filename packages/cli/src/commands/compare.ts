import { parseRuleSet, type RuleSet } from '@plimsoll/actors'
import type { ActorId, AttoFil } from '@plimsoll/primitives'
import {
  compareReport,
  compareRules,
  findMiners,
  type NetworkView,
  openNetworkView,
  requireMiner,
  type ScenarioFile,
  stateHead,
} from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { comparePage } from '../output/compare-page.ts'
import { renderBlocks, renderMarkdown } from '../output/document.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import { readPortfolio, type StateOptions } from './options.ts'
import { type ScenarioOptions, scenarioOf } from './scenario-options.ts'

export interface CompareOptions extends StateOptions, ScenarioOptions {
  readonly rules: string
  readonly miner?: readonly ActorId[]
  readonly portfolio?: string
  readonly networkVersion: number
  readonly circulatingSupply?: AttoFil
  readonly md?: boolean
}

/** Miners that a comparison looks at unless it is told which. */
const MAX_MINERS_UNASKED = 100

/** `compare`: the same state and the same messages under several rule sets, with the differences side by side. */
export async function compare(path: string, options: CompareOptions, terminal: Terminal): Promise<void> {
  if (options.json && options.md) {
    throw new UsageError('OPTIONS_CONTRADICT', '--json and --md cannot both be given')
  }
  const scenario = await scenarioOf(options)
  const portfolio = options.portfolio === undefined ? undefined : await readPortfolio(options.portfolio)
  const { hashes, store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const ruleSets = ruleSetsOf(options.rules, view)
  const asked = [
    ...(options.miner ?? []),
    ...((portfolio?.keys() ?? []) as Iterable<ActorId>),
    ...scenario.miners,
    ...scenario.rewards.map(({ miner }) => miner),
    ...scenario.steps.map(({ miner }) => miner),
  ]
  const progress = createProgress(terminal, 'running the scenario')
  const comparison = compareRules(
    view,
    {
      hashes,
      ruleSets,
      scenario,
      miners: minersOf(view, asked, scenario),
      networkVersion: scenario.networkVersion ?? options.networkVersion,
      circulatingSupply: options.circulatingSupply ?? scenario.circulatingSupply,
    },
    (done, total) => progress.update(done, total),
  )
  progress.end()
  const report = compareReport(view, comparison)
  if (options.json) {
    terminal.writeOut(renderJson(report))
    return
  }
  const head = renderStateHead(view, stateHead(view))
  const blocks = comparePage(report)
  terminal.writeOut(
    options.md
      ? renderMarkdown([{ kind: 'lines', lines: head.split('\n') }, ...blocks])
      : `${head}\n\n${renderBlocks(terminal, blocks)}`,
  )
}

function ruleSetsOf(text: string, view: NetworkView): readonly [RuleSet, ...RuleSet[]] {
  const [first, ...others] = text.split(',').map((part) => parseRuleSet(part.trim(), view.assessedEpoch))
  if (first === undefined) {
    throw new UsageError('INVALID_OPTION', '--rules needs a rule set')
  }
  return [first, ...others]
}

/** The miners that were asked for, or all of a small state. */
function minersOf(
  view: NetworkView,
  asked: readonly ActorId[],
  { background }: ScenarioFile,
): readonly ActorId[] {
  if (asked.length > 0 && background === 'frozen') {
    const unique = [...new Set(asked)]
    for (const miner of unique) {
      requireMiner(view, miner)
    }
    return unique
  }
  const all = findMiners(view).map(({ id }) => id)
  if (all.length > MAX_MINERS_UNASKED) {
    throw new UsageError(
      'TOO_MANY_MINERS',
      `the state has ${all.length} miners; say which with --miner, or give a --portfolio`,
    )
  }
  return all
}
