import { parseRuleSet, requireExecutable } from '@plimsoll/actors'
import type { ActorId, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import {
  type MinerTerms,
  type MintRule,
  NO_TERMS,
  openNetworkView,
  type SectorSet,
  whatIf,
  whatIfReport,
} from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { renderBlocks } from '../output/document.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { whatIfPage } from '../output/what-if-page.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import { type BufferOptions, readPortfolio, type StateOptions, selectBuffer } from './options.ts'

export interface WhatIfOptions extends StateOptions, BufferOptions {
  readonly miner: ActorId
  readonly topup?: AttoFil
  readonly recover?: SectorSet
  readonly extend?: { readonly sectors: SectorSet; readonly expiration: ChainEpoch }
  readonly terminate?: SectorSet
  readonly withdraw?: AttoFil
  readonly repay?: AttoFil
  readonly mint?: AttoFil
  readonly mintRule: MintRule
  readonly portfolio?: string
  readonly outstanding?: AttoFil
  readonly warning?: AttoFil
  readonly termination?: AttoFil
  readonly days: number
  readonly rules: string
  readonly networkVersion: number
  readonly circulatingSupply?: AttoFil
}

/** `whatif`: a miner with and without some messages, each figure and each level side by side. */
export async function whatIfCommand(path: string, options: WhatIfOptions, terminal: Terminal): Promise<void> {
  const { topup, recover, extend, terminate, withdraw, repay, mint, mintRule, days } = options
  const asked = [topup, recover, extend, terminate, withdraw, repay, mint]
  if (asked.every((action) => action === undefined)) {
    throw new UsageError(
      'OPTIONS_CONTRADICT',
      'nothing is asked: give --topup, --recover, --extend, --terminate, --withdraw, --repay or --mint',
    )
  }
  if (days === 0) {
    throw new UsageError('OPTIONS_CONTRADICT', '--days is how far levels are looked for, at least 1')
  }
  const terms = await termsOf(options)
  const { hashes, store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const ruleSet = parseRuleSet(options.rules, view.assessedEpoch)
  requireExecutable(ruleSet)
  const progress = createProgress(terminal, 'running the days')
  const { miner, networkVersion, circulatingSupply } = options
  const result = whatIf(
    view,
    {
      ...{ hashes, miner, networkVersion, circulatingSupply, days, mintRule, terms },
      rules: ruleSet.rules,
      actions: { topUp: topup, recover, extend, terminate, withdraw, repay, mint },
    },
    progress.update,
  )
  progress.end()
  const report = whatIfReport(view, ruleSet.text, result)
  terminal.writeOut(
    options.json
      ? renderJson(report)
      : `${renderStateHead(view, report)}\n\n${renderBlocks(terminal, whatIfPage(report, view.network.network))}`,
  )
}

/** What the portfolio says of the miner, and what the command line says in its place. */
async function termsOf(options: WhatIfOptions): Promise<MinerTerms> {
  const { portfolio, miner, outstanding, warning, termination } = options
  const terms = portfolio === undefined ? NO_TERMS : ((await readPortfolio(portfolio)).get(miner) ?? NO_TERMS)
  return {
    ...terms,
    outstanding: outstanding ?? terms.outstanding,
    buffer: selectBuffer(options) ?? terms.buffer,
    warningThreshold: warning ?? terms.warningThreshold,
    terminationThreshold: termination ?? terms.terminationThreshold,
  }
}
