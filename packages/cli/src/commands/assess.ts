import type { ActorId, AttoFil } from '@plimsoll/primitives'
import {
  assessMiner,
  assessReport,
  type BufferChoice,
  compareWorstFirst,
  findMiners,
  type MinerEntry,
  type MinerTerms,
  minerReport,
  type NetworkView,
  NO_TERMS,
  openMiner,
  openNetworkView,
  type Portfolio,
  reportHead,
  requireMiner,
  sectorFees,
} from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { overviewColumns } from '../output/columns.ts'
import { renderJson } from '../output/json.ts'
import { renderMinerReport } from '../output/miner-page.ts'
import { renderCsv, renderOverview } from '../output/overview.ts'
import { createProgress } from '../output/progress.ts'
import { sortRows } from '../output/sort-rows.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import {
  type BufferOptions,
  type FeeRulesOption,
  readPortfolio,
  type StateOptions,
  selectBuffer,
  selectRules,
} from './options.ts'

export interface AssessOptions extends StateOptions, BufferOptions {
  readonly miner?: ActorId
  readonly feeRules?: FeeRulesOption
  readonly outstanding?: AttoFil
  readonly portfolio?: string
  readonly sort?: string
  readonly limit?: number
  readonly csv?: boolean
}

/** `assess`: what every miner of a state, or one of them, is worth wound up, and how much can be lent against it. */
export async function assess(path: string, options: AssessOptions, terminal: Terminal): Promise<void> {
  requireConsistentOptions(options)
  const buffer = selectBuffer(options)
  const portfolio = options.portfolio === undefined ? undefined : await readPortfolio(options.portfolio)
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const termsOf = (miner: ActorId) => minerTerms(miner, portfolio, buffer, options.outstanding)
  terminal.writeOut(
    options.miner === undefined
      ? assessAll(view, selectMiners(view, portfolio), termsOf, options, terminal)
      : assessOne(view, options.miner, termsOf(options.miner), options, terminal),
  )
}

function requireConsistentOptions({ miner, outstanding, csv, json, sort, limit }: AssessOptions): void {
  if (outstanding !== undefined && miner === undefined) {
    throw new UsageError(
      'OPTIONS_CONTRADICT',
      '--outstanding is of one miner: give --miner, or a --portfolio',
    )
  }
  if (csv && json) {
    throw new UsageError('OPTIONS_CONTRADICT', '--json and --csv cannot both be given')
  }
  if (miner !== undefined && (csv || sort !== undefined || limit !== undefined)) {
    throw new UsageError(
      'OPTIONS_CONTRADICT',
      '--csv, --sort and --limit are of the overview, not of --miner',
    )
  }
}

function minerTerms(
  miner: ActorId,
  portfolio: Portfolio | undefined,
  buffer: BufferChoice,
  outstanding: AttoFil | undefined,
): MinerTerms {
  const terms = portfolio?.get(miner) ?? NO_TERMS
  return {
    ...terms,
    ...(buffer === undefined ? {} : { buffer }),
    ...(outstanding === undefined ? {} : { outstanding }),
  }
}

/** The miners of a portfolio, or all. */
function selectMiners(view: NetworkView, portfolio: Portfolio | undefined): readonly MinerEntry[] {
  return portfolio === undefined
    ? findMiners(view)
    : [...portfolio.keys()].map((miner) => requireMiner(view, miner as ActorId))
}

function assessOne(
  view: NetworkView,
  miner: ActorId,
  terms: MinerTerms,
  options: AssessOptions,
  terminal: Terminal,
): string {
  const rules = selectRules(options.feeRules, view.version)
  const { id, record } = requireMiner(view, miner)
  const opened = openMiner(view, id, record)
  const head = reportHead(view, options.feeRules ?? rules[0])
  const assessment = assessMiner(view, opened, rules, terms)
  const report = minerReport(head, opened, assessment, sectorFees(view, opened, rules[0]))
  return options.json ? renderJson(report) : renderMinerReport(terminal, view, report)
}

function assessAll(
  view: NetworkView,
  miners: readonly MinerEntry[],
  termsOf: (miner: ActorId) => MinerTerms,
  options: AssessOptions,
  terminal: Terminal,
): string {
  const rules = selectRules(options.feeRules, view.version)
  const progress = createProgress(terminal, 'assessing')
  const assessments = miners.map(({ id, record }, i) => {
    progress.update(i, miners.length)
    return assessMiner(view, openMiner(view, id, record), rules, termsOf(id))
  })
  progress.end()
  const head = reportHead(view, options.feeRules ?? rules[0])
  const worstFirst = assessReport(head, assessments.toSorted(compareWorstFirst))
  const columns = overviewColumns(worstFirst)
  const sorted = sortRows(worstFirst.miners, columns, options.sort)
  const report = { ...worstFirst, miners: sorted.slice(0, options.limit) }
  if (options.json) {
    return renderJson(report)
  }
  return options.csv
    ? renderCsv(columns, report.miners)
    : renderOverview(terminal, view, report, columns, { minerCount: miners.length, sort: options.sort })
}
