import { policyOf } from '@plimsoll/actors'
import type { ActorId } from '@plimsoll/primitives'
import {
  countDraws,
  createNormal,
  type MinerTerms,
  openNetworkView,
  parseStressFile,
  runStress,
  StressFileError,
  type StressReport,
  stressReport,
  stressSubject,
} from '@plimsoll/risk'
import { ExitStatus } from '../errors.ts'
import { readJsonFile } from '../json-file.ts'
import { renderBlocks } from '../output/document.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { stressPage } from '../output/stress-page.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import { readPortfolio, type StateOptions } from './options.ts'

export interface StressOptions extends StateOptions {
  readonly portfolio: string
  readonly scenario: string
  readonly seed: number
}

const STATUS: Readonly<Record<StressReport['outlook'], ExitStatus>> = {
  safe: ExitStatus.OK,
  warning: ExitStatus.WARNING,
  termination: ExitStatus.TERMINATION,
}

/** `stress`: the miners of a portfolio under shocks: who breaks, whom that takes along, and what is lost. */
export async function stress(path: string, options: StressOptions, terminal: Terminal): Promise<ExitStatus> {
  const portfolio = [...(await readPortfolio(options.portfolio))] as [ActorId, MinerTerms][]
  const file = parseStressFile(
    await readJsonFile(
      options.scenario,
      (reason) => new StressFileError('INVALID_STRESS_FILE', `${options.scenario} ${reason}`),
    ),
  )
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const subjects = portfolio.map(([miner, terms]) => stressSubject(view, miner, terms))
  const { seed } = options
  const progress = createProgress(terminal, 'following the shocks')
  const [total, policy] = [countDraws(file), policyOf(view.network.network)]
  let done = 0
  const results = runStress(view, subjects, file, { seed, normal: createNormal(), policy }, () => {
    progress.update(++done, total)
  })
  progress.end()
  const report = stressReport(view, { days: file.days, seed }, results)
  terminal.writeOut(
    options.json
      ? renderJson(report)
      : `${renderStateHead(view, report)}\n\n${renderBlocks(terminal, stressPage(report, view.network.network))}`,
  )
  return STATUS[report.outlook]
}
