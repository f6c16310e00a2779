import { parseRuleSet, policyOf } from '@plimsoll/actors'
import type { ActorId, AttoFil } from '@plimsoll/primitives'
import {
  assessPacks,
  type LiquidationPlan,
  type NetworkView,
  NO_PACK_PARAMETERS,
  openNetworkView,
  type PackFigures,
  type PackSubject,
  type PlanTarget,
  planLiquidation,
  type Ratio,
  type Rehearsal,
  rehearsePlan,
  stateHead,
} from '@plimsoll/risk'
import { ExitStatus, UsageError } from '../errors.ts'
import { renderBlocks } from '../output/document.ts'
import { renderStateHead } from '../output/head.ts'
import { renderJson } from '../output/json.ts'
import { planPage } from '../output/plan-page.ts'
import { loadSnapshot } from '../snapshot/load-snapshot.ts'
import type { Terminal } from '../terminal.ts'
import { type BufferOptions, type StateOptions, selectBuffer } from './options.ts'
import { readPackParameters } from './packs.ts'

export interface PlanOptions extends StateOptions, BufferOptions {
  readonly miner: ActorId
  readonly target: 'all' | 'safe'
  readonly rules: string
  readonly rehearse?: boolean
  readonly instalmentDays: number
  readonly networkVersion: number
  /** The name of a protocol, or of rules of one's own. */
  readonly pack: string
  readonly packParams?: string
  readonly outstanding?: AttoFil
  readonly termination?: AttoFil
  readonly price: Ratio
}

/**
 * `plan`: the messages that wind a miner up, or bring it back above a protocol's warning level; rehearsed on a fork
 * where that is asked for, with a difference as a finding.
 */
export async function plan(
  path: string,
  options: PlanOptions,
  terminal: Terminal,
  outcome: { status: ExitStatus },
): Promise<void> {
  const target = await targetOf(options)
  const { hashes, store, roots } = await loadSnapshot(path, terminal)
  const view = openNetworkView(store, roots, options)
  const { rules, instalmentDays, networkVersion } = options
  const ruleSet = parseRuleSet(rules, view.assessedEpoch)
  const policy = policyOf(view.network.network)
  const made = planLiquidation(view, options.miner, { hashes, policy, ruleSet, target, instalmentDays })
  const rehearsal = options.rehearse
    ? rehearsePlan(view, made, { hashes, policy, networkVersion })
    : undefined
  answerWithPlan(view, made, rehearsal, options, terminal, outcome)
}

/** Prints a plan with what came of it on a fork, where it was tried; a difference is a finding. */
export function answerWithPlan(
  view: NetworkView,
  made: LiquidationPlan,
  rehearsal: Rehearsal | undefined,
  { json }: StateOptions,
  terminal: Terminal,
  outcome: { status: ExitStatus },
): void {
  if (rehearsal !== undefined && rehearsal.differences.length > 0) {
    outcome.status = ExitStatus.FINDINGS
  }
  const head = stateHead(view)
  terminal.writeOut(
    json
      ? renderJson({ ...head, plan: made, rehearsal: rehearsal ?? null })
      : `${renderStateHead(view, head)}\n\n${renderBlocks(terminal, planPage(made, rehearsal, view.network.network))}`,
  )
}

/** What a protocol judges by is needed for the target `safe`, and superfluous for everything. */
async function targetOf(options: PlanOptions): Promise<PlanTarget> {
  const buffer = selectBuffer(options)
  const { target, outstanding, termination, packParams, pack, price } = options
  if (target === 'all') {
    if (packParams !== undefined || buffer !== undefined) {
      throw new UsageError(
        'OPTIONS_CONTRADICT',
        '--buffer, --buffer-days and --pack-params say when a miner is safe, and --target all does not ask',
      )
    }
    if ((outstanding === undefined) !== (termination === undefined)) {
      throw new UsageError(
        'OPTIONS_CONTRADICT',
        '--target all takes --outstanding and --termination together',
      )
    }
    return outstanding === undefined || termination === undefined
      ? { kind: 'all' }
      : { kind: 'all', level: { outstanding, termination } }
  }
  if (outstanding === undefined || termination !== undefined) {
    throw new UsageError(
      'OPTIONS_CONTRADICT',
      '--target safe needs --outstanding, and the levels are those of the pack, not --termination',
    )
  }
  const parameters = packParams === undefined ? NO_PACK_PARAMETERS : await readPackParameters(packParams)
  const judge = (subject: PackSubject) => figuresOf(pack, assessPacks(subject, parameters)).compared
  return { kind: 'safe', judge, price, terms: { outstanding, buffer } }
}

function figuresOf(name: string, all: readonly PackFigures[]): PackFigures {
  const named = all.filter(({ pack, title }) => name === (pack === 'custom' ? title : pack))
  const [figures, another] = named
  if (figures === undefined || another !== undefined) {
    const names = all.map(({ pack, title }) => (pack === 'custom' ? title : pack)).join(', ')
    throw new UsageError(
      'INVALID_OPTION',
      `--pack: ${named.length} packs are named "${name}"; there are ${names}; rules of your own stand in --pack-params`,
      { name },
    )
  }
  return figures
}
