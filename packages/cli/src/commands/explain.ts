import { type ActorId, type AttoFil, formatActorId } from '@plimsoll/primitives'
import {
  assessMiner,
  explainMiner,
  explainSector,
  type FeeRules,
  openMiner,
  openNetworkView,
  reportHead,
  requireMiner,
} from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { renderHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { renderTermTree } from '../output/term-tree.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import { type StateOptions, selectBuffer, selectRules } from './options.ts'

export interface ExplainOptions extends StateOptions {
  readonly miner: ActorId
  readonly sector?: number
  readonly feeRules?: FeeRules
  readonly bufferDays?: number
  readonly buffer?: AttoFil
  readonly outstanding?: AttoFil
}

/** `explain`: the terms under a miner's strict Safe Pledge, or under the termination fee of one sector. */
export async function explain(path: string, options: ExplainOptions, terminal: Terminal): Promise<void> {
  const buffer = selectBuffer(options.bufferDays, options.buffer)
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const [rules] = selectRules(options.feeRules, view.version)
  const { id, record } = requireMiner(view, options.miner)
  const opened = openMiner(view, id, record)
  const assessment = assessMiner(view, opened, [rules], { outstanding: options.outstanding ?? 0n, buffer })
  const [rule] = assessment.byRules
  const term =
    options.sector === undefined
      ? explainMiner(view, opened, assessment, rule)
      : explainSector(view, opened, options.sector, rules)
  if (term === undefined) {
    throw new UsageError(
      'NO_RECORDED_REWARDS',
      `${formatActorId(id)} has ${rule.live.unknown + rule.queued.unknown} sectors without the rewards that ${rules} rules need`,
    )
  }
  const head = reportHead(view, rules)
  terminal.writeOut(
    options.json
      ? renderJson({ ...head, miner: formatActorId(id), term })
      : `${renderHead(view, head)}\nminer ${formatActorId(id)}\n\n${renderTermTree(terminal, term)}`,
  )
}
