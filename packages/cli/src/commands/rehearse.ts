import { policyOf } from '@plimsoll/actors'
import { openNetworkView, PlanError, parsePlanFile, rehearsePlan } from '@plimsoll/risk'
import type { ExitStatus } from '../errors.ts'
import { readJsonFile } from '../json-file.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import type { StateOptions } from './options.ts'
import { answerWithPlan } from './plan.ts'

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
  answerWithPlan(view, plan, rehearsal, options, terminal, outcome)
}
