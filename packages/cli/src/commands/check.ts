import { checkStateInvariants, policyOf, type StateCheck } from '@plimsoll/actors'
import { openNetworkView, stateHead } from '@plimsoll/risk'
import { ExitStatus } from '../errors.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { createProgress } from '../output/progress.ts'
import { bold, renderTable } from '../output/table.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import type { StateOptions } from './options.ts'

export interface CheckOptions extends StateOptions {
  /** How many findings of each kind are shown. */
  readonly limit: number
}

/** `check`: the reference's rules over a whole state. Exits with 1 when any is broken. */
export async function check(path: string, options: CheckOptions, terminal: Terminal): Promise<ExitStatus> {
  const { store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const progress = createProgress(terminal, 'checking')
  const total = [...view.tree.actors.entries()].length
  let done = 0
  const result = checkStateInvariants(
    policyOf(view.network.network),
    view.tree,
    view.codes,
    view.stateEpoch,
    () => progress.update(done++, total),
  )
  progress.end()
  const head = stateHead(view)
  const counts = {
    checked: Object.fromEntries(result.checked),
    unchecked: Object.fromEntries(result.unchecked),
  }
  terminal.writeOut(
    options.json
      ? renderJson({ ...head, ...counts, findings: result.findings })
      : `${renderStateHead(view, head)}\n\n${renderCheck(terminal, result, options.limit)}`,
  )
  return result.findings.length === 0 ? ExitStatus.OK : ExitStatus.FINDINGS
}

function renderCheck(
  terminal: Terminal,
  { findings, checked, unchecked }: StateCheck,
  limit: number,
): string {
  const lines = [`checked: ${countsOf(checked)}`]
  if (unchecked.size > 0) {
    lines.push(`no rules here yet: ${countsOf(unchecked)}`)
  }
  const kinds = Map.groupBy(findings, ({ kind }) => kind)
  if (kinds.size === 0) {
    return `${lines.join('\n')}\n\nno findings\n`
  }
  const summary = [...kinds].map(([kind, found]) => [kind, String(found.length)])
  lines.push('', renderTable(terminal, ['finding', 'count'], summary, ['left', 'right']))
  for (const [kind, found] of kinds) {
    lines.push('', bold(terminal, kind))
    for (const { place, message } of found.slice(0, limit)) {
      lines.push(`  ${place}: ${message}`)
    }
    if (found.length > limit) {
      lines.push(`  … and ${found.length - limit} more; --limit N or --json shows them`)
    }
  }
  return `${lines.join('\n')}\n`
}

function countsOf(byName: ReadonlyMap<string, number>): string {
  return [...byName].map(([name, count]) => `${count} ${name}`).join(', ')
}
