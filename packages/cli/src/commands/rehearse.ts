import { policyOf } from '@plimsoll/actors'
import { openNetworkView, PlanError, parsePlanFile, rehearsePlan, stateHead } from '@plimsoll/risk'
import { ExitStatus } from '../errors.ts'
import { readJsonFile } from '../json-file.ts'
import { renderBlocks } from '../output/document.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { planPage } from '../output/plan-page.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import type { StateOptions } from './options.ts'

export interface RehearseOptions extends StateOptions {
  readonly plan: string
  readonly networkVersion: number
}

/**
 * `rehearse`: a saved plan, carried out on a fork of the state that it was made for, with a difference as a finding.
 *
 * @throws {PlanError} `INVALID_PLAN_FILE`; `PLAN_ALTERED`, `PLAN_DOES_NOT_FIT`: such a plan must not be sent.
 */
export async function rehearse(
  path: string,
  options: RehearseOptions,
  terminal: Terminal,
  outcome: { status: ExitStatus },
): Promise<void> {
  const file = options.plan
  const json = await readJsonFile(
    file,
    (reason) => new PlanError('INVALID_PLAN_FILE', `${file} ${reason}`, { file }),
  )
  const { hashes, store, roots } = await loadSnapshot(path, terminal)
  const plan = parsePlanFile(json, hashes)
  const view = openNetworkView(store, roots, options)
  const policy = policyOf(view.network.network)
  const rehearsal = rehearsePlan(view, plan, { hashes, policy, networkVersion: options.networkVersion })
  if (rehearsal.differences.length > 0) {
    outcome.status = ExitStatus.FINDINGS
  }
  terminal.writeOut(
    options.json
      ? renderJson({ ...stateHead(view), plan, rehearsal })
      : `${renderStateHead(view, stateHead(view))}\n\n${renderBlocks(terminal, planPage(plan, rehearsal, view.network.network))}`,
  )
}
