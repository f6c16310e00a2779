import { parseRuleSet, requireExecutable } from '@plimsoll/actors'
import type { ActorId, AttoFil } from '@plimsoll/primitives'
import { backtest, backtestReport, openNetworkView } from '@plimsoll/risk'
import { backtestPage } from '../output/backtest-page.ts'
import { renderBlocks } from '../output/document.ts'
import { renderJson } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'

export interface BacktestOptions {
  readonly miner?: ActorId
  readonly rules: string
  readonly networkVersion: number
  readonly circulatingSupply?: AttoFil
  readonly actorsVersion?: number
  readonly json?: boolean
}

/** `backtest`: a forecast from one state, and what another says became of it. */
export async function backtestCommand(
  firstPath: string,
  secondPath: string,
  options: BacktestOptions,
  terminal: Terminal,
): Promise<void> {
  const { miner, networkVersion, circulatingSupply, actorsVersion } = options
  const { hashes, ...before } = await loadSnapshot(firstPath, terminal)
  const after = await loadSnapshot(secondPath, terminal)
  const first = openNetworkView(before.store, before.roots, { actorsVersion })
  const second = openNetworkView(after.store, after.roots, { actorsVersion })
  const ruleSet = parseRuleSet(options.rules, first.assessedEpoch)
  requireExecutable(ruleSet)
  const days = createProgress(terminal, 'running the days')
  const miners = createProgress(terminal, 'comparing miners')
  const result = backtest(
    first,
    second,
    { hashes, miner, rules: ruleSet.rules, networkVersion, circulatingSupply },
    {
      onDay: (done, total) => {
        days.update(done, total)
        if (done === total) {
          days.end()
        }
      },
      onMiner: miners.update,
    },
  )
  miners.end()
  const report = backtestReport(first, second, ruleSet.text, result)
  terminal.writeOut(
    options.json ? renderJson(report) : renderBlocks(terminal, backtestPage(report, first.network.network)),
  )
}
