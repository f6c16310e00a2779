import { type ActorId, type AttoFil, formatActorId } from '@plimsoll/primitives'
import { type ExplainedFigure, explanationOf, type FeeRules, openNetworkView } from '@plimsoll/risk'
import { UsageError } from '../errors.ts'
import { renderHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { renderTermTree } from '../output/term-tree.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import { type BufferOptions, type StateOptions, selectBuffer, selectRules } from './options.ts'

export interface ExplainOptions extends StateOptions, BufferOptions {
  readonly miner: ActorId
  readonly sector?: number
  readonly figure?: ExplainedFigure
  readonly feeRules?: FeeRules
  readonly outstanding?: AttoFil
}

/** `explain`: the terms under a figure of a miner, or under the termination fee of one sector. */
export async function explain(path: string, options: ExplainOptions, terminal: Terminal): Promise<void> {
  const buffer = selectBuffer(options)
  const subject = subjectOf(options)
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const [feeRules] = selectRules(options.feeRules, view.version)
  const { miner, outstanding = 0n } = options
  const explanation = explanationOf(view, { miner, subject, feeRules, outstanding, buffer })
  terminal.writeOut(
    options.json
      ? renderJson(explanation)
      : `${renderHead(view, explanation)}\nminer ${formatActorId(miner)}\n\n${renderTermTree(terminal, explanation.term)}`,
  )
}

function subjectOf({ figure, sector }: ExplainOptions): Parameters<typeof explanationOf>[1]['subject'] {
  if (sector === undefined) {
    return { figure: figure ?? 'safePledgeStrict' }
  }
  if (figure !== undefined) {
    throw new UsageError('OPTIONS_CONTRADICT', '--figure is of a miner and --sector of one of its sectors')
  }
  return { sector }
}
