import { MAINNET_POLICY, type Policy, policyUnder, type RuleSet, requireExecutable } from '@plimsoll/actors'
import type { ActorId, Hashes } from '@plimsoll/primitives'
import { assessMiner, type MinerTerms, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import type { NetworkView } from '../assess/network-view.ts'
import { packSubject } from '../packs/pack-subject.ts'
import type { PackSubject } from '../packs/rule-pack.ts'
import { carryOut } from './carry-out.ts'
import { chooseSectors } from './choose-sectors.ts'
import { loadPredictedMiner } from './load-predicted-miner.ts'
import { blockersOfState } from './plan-blockers.ts'
import { type PlanHead, planBody, startOf } from './plan-body.ts'
import { hashOf } from './plan-hash.ts'
import type { ComparedLevel, LiquidationPlan, PlanBody, TerminationLevel } from './plan-types.ts'
import { liveSectorsOf, type PredictedMiner } from './predict-state.ts'
import { candidatesOf, queueOf, subjectOf } from './predicted-subject.ts'
import { priceOfDebt, type SafeTarget, slackOf } from './safe-target.ts'

/** What a plan is to reach: that nothing is left of the miner, or that a protocol no longer warns of it. */
export type PlanTarget = AllPlanTarget | SafePlanTarget

export interface AllPlanTarget {
  readonly kind: 'all'
  /** Without one nobody says that the miner is to be terminated, and the plan is forced. */
  readonly level?: TerminationLevel | undefined
}

export interface SafePlanTarget {
  readonly kind: 'safe'
  readonly judge: SafeTarget['judge']
  readonly price: SafeTarget['price']
  readonly terms: MinerTerms
}

/** What a plan needs beside the state. */
export interface PlanInputs {
  readonly hashes: Hashes
  readonly ruleSet: RuleSet
  readonly target: PlanTarget
  /** Days between two withdrawals while funds vest. */
  readonly instalmentDays: number
  /** The policy of the network that the state is of; mainnet's unless given. */
  readonly policy?: Policy
}

/**
 * Plans the termination of a miner's sectors, from the epoch of the view on: which messages in which epochs, what each
 * will come to, and what is left. The plan is data; nothing is executed.
 *
 * @throws {RulesError} `RULES_NOT_EXECUTABLE`
 * @throws {PlanError} `STATE_NOT_PREDICTABLE`; `COMPARED_QUANTITY_UNKNOWN` for the target `safe`.
 * @throws {AssessError} `NOT_A_MINER`
 * @throws {StateError} `ACTOR_NOT_FOUND`
 */
export function planLiquidation(view: NetworkView, id: ActorId, inputs: PlanInputs): LiquidationPlan {
  requireExecutable(inputs.ruleSet)
  const policy = policyUnder(inputs.ruleSet.rules, inputs.policy ?? MAINNET_POLICY)
  const body =
    inputs.target.kind === 'all'
      ? planAll(view, id, policy, inputs)
      : planSafe(view, id, policy, inputs, inputs.target)
  return { ...body, hash: hashOf(inputs.hashes, body) }
}

function planAll(view: NetworkView, id: ActorId, policy: Policy, inputs: PlanInputs): PlanBody {
  const miner = loadPredictedMiner(view, id, policy)
  const head = headOf(view, id, miner, inputs)
  const isBlocked = blockedSectors(head.blockers)
  const chosen = new Set(
    liveSectorsOf(miner)
      .map(({ number }) => number)
      .filter((number) => !isBlocked.has(number)),
  )
  const { instalmentDays } = inputs
  return planBody(head, carryOut(view, id, miner, { chosen, most: undefined, instalmentDays }), null)
}

function headOf(view: NetworkView, id: ActorId, miner: PredictedMiner, inputs: PlanInputs): PlanHead {
  const { target } = inputs
  const level = target.kind === 'all' ? comparedLevel(miner, target.level) : null
  return {
    ...{ view, id, level },
    target: target.kind,
    forced: target.kind === 'all' && (level === null || level.eligibleAsset >= level.termination),
    rules: inputs.ruleSet.text,
    blockers: blockersOfState(view, id, miner),
    start: startOf(miner),
  }
}

function comparedLevel(
  { balance, preCommitDeposits }: PredictedMiner,
  level: TerminationLevel | undefined,
): ComparedLevel | null {
  return level === undefined
    ? null
    : { ...level, eligibleAsset: balance - preCommitDeposits - level.outstanding }
}

function blockedSectors(blockers: PlanHead['blockers']): ReadonlySet<number> {
  return new Set(blockers.flatMap(({ sectors }) => sectors))
}

/** The search looks at one epoch, the prediction at all of them; so often it may be told to take one sector more. */
const MORE_SECTORS_TRIES = 64

function planSafe(
  view: NetworkView,
  id: ActorId,
  policy: Policy,
  inputs: PlanInputs,
  { judge, price, terms }: SafePlanTarget,
): PlanBody {
  const opened = openMiner(view, id, requireMiner(view, id).record)
  const assessment = assessMiner(view, opened, ['fip0098'], terms)
  const target = { subject: packSubject(view, assessment, assessment.byRules[0]), judge, price }
  const miner = loadPredictedMiner(view, id, policy)
  const head = headOf(view, id, miner, inputs)
  const candidates = candidatesOf(view, miner, blockedSectors(head.blockers))
  const queue = queueOf(view, miner)
  const { order, ...verdict } = chooseSectors(target, queue, candidates)
  if (verdict.outcome === 'unreachable' || verdict.outcome === 'already safe') {
    return planBody(head, undefined, verdict)
  }
  const most = priceOfDebt(terms.outstanding, price)
  let sectors = verdict.sectors
  for (let tries = 0; tries < MORE_SECTORS_TRIES; tries++) {
    const changed = loadPredictedMiner(view, id, policy)
    const chosen = new Set(sectors)
    const carried = carryOut(view, id, changed, { chosen, most, instalmentDays: undefined })
    const after = subjectOf(target, carried)
    const isSafe = slackOf(judge(after)) >= 0n
    if (isSafe && !isDust(after)) {
      return planBody(head, carried, { ...verdict, sectors })
    }
    // What is not worth its own termination goes with the rest.
    const more = order.filter((number) => !chosen.has(number)).slice(0, isSafe ? undefined : 1)
    if (more.length === 0) {
      break
    }
    sectors = [...sectors, ...more].sort((a, b) => a - b)
  }
  return planBody(head, undefined, { ...verdict, outcome: 'unreachable', sectors: [] })
}

/** Sectors that would bring nothing when they had to be terminated later: nobody would. */
function isDust({ sheet, terminationFee, liveSectors }: PackSubject): boolean {
  const { actorBalance, preCommitDeposit, feeDebt } = sheet
  return liveSectors > 0 && actorBalance - preCommitDeposit - feeDebt - (terminationFee ?? 0n) <= 0n
}
