import { MinerState, type Policy, parseRuleSet, policyOf } from '@plimsoll/actors'
import { formatCid } from '@plimsoll/ipld'
import {
  type Address,
  type AttoFil,
  BURNT_FUNDS_ACTOR_ADDR,
  type ChainEpoch,
  type Hashes,
  idAddress,
} from '@plimsoll/primitives'
import type { CallTrace } from '@plimsoll/vm'
import type { NetworkView } from '../assess/network-view.ts'
import { addBurnt } from '../run/observe.ts'
import { openRun, type Run } from '../run/open-run.ts'
import { PlanError } from './load-predicted-miner.ts'
import { requireUnaltered } from './plan-file.ts'
import { messageOfPlan } from './plan-messages.ts'
import type { LiquidationPlan, PlanStep } from './plan-types.ts'
import type { MoneyMoment } from './predict-state.ts'

export interface RehearsalInputs {
  readonly hashes: Hashes
  readonly networkVersion: number
  /** That of the network which the state names, unless given. */
  readonly policy?: Policy
}

/** Something that came out otherwise than planned. */
export interface PlanDifference {
  readonly epoch: ChainEpoch
  readonly what: string
  readonly planned: string
  readonly found: string
}

/** What came of a plan on a fork of its state. */
export interface Rehearsal {
  readonly messages: number
  readonly ticks: number
  /** In order; none where the plan is exact. */
  readonly differences: readonly PlanDifference[]
  readonly end: MoneyMoment
  readonly burned: AttoFil
  readonly cash: AttoFil
}

/**
 * Refuses a plan that was changed after it was made, or that was made for another state, epoch or set of rules.
 *
 * @throws {PlanError} `PLAN_ALTERED`, `PLAN_DOES_NOT_FIT`
 */
export function requireFits(plan: LiquidationPlan, view: NetworkView, hashes: Hashes): void {
  requireUnaltered(plan, hashes)
  const root = formatCid(view.tree.root)
  if (plan.stateRoot !== root || plan.epoch !== view.assessedEpoch) {
    throw new PlanError(
      'PLAN_DOES_NOT_FIT',
      `the plan is for the state ${plan.stateRoot} at epoch ${plan.epoch}, and this is ${root} at ${view.assessedEpoch}`,
      { planned: plan.stateRoot, found: root },
    )
  }
}

/**
 * Executes a plan on a fork of its state, in which only the miner's own deadlines pass, and compares everything that
 * was predicted with what the actors do.
 *
 * @throws {PlanError} `PLAN_ALTERED`, `PLAN_DOES_NOT_FIT`
 * @throws {RunError} `STATE_NOT_EXECUTABLE`
 */
export function rehearsePlan(view: NetworkView, plan: LiquidationPlan, inputs: RehearsalInputs): Rehearsal {
  const { hashes, networkVersion } = inputs
  const { policy = policyOf(view.network.network) } = inputs
  requireFits(plan, view, hashes)
  const run = openRun(view, {
    ...{ hashes, networkVersion, policy },
    rules: parseRuleSet(plan.rules, plan.epoch).rules,
    background: 'frozen',
    miners: [plan.miner],
    circulatingSupply: undefined,
  })
  const rehearsal = createRehearsal(run, plan)
  for (const epoch of epochsOf(run, plan)) {
    rehearsal.messagesThrough(epoch)
    rehearsal.tick(epoch)
  }
  rehearsal.messagesThrough(plan.end.epoch)
  return rehearsal.result()
}

/** Every epoch while sectors are terminated, then those in which cron has something to do. */
function* epochsOf({ vm }: Run, plan: LiquidationPlan): Generator<ChainEpoch> {
  for (let epoch = plan.epoch; epoch <= plan.everyEpochUntil; epoch++) {
    yield epoch
  }
  const period = vm.host.policy.wpostChallengeWindow
  const start = vm.stateOf(idAddress(plan.miner), MinerState).provingPeriodStart
  for (let epoch = plan.everyEpochUntil + 1; epoch < plan.end.epoch; epoch++) {
    const isDeadlineEnd = (epoch + 1 - start) % period === 0
    if (isDeadlineEnd) {
      yield epoch
    }
  }
}

function createRehearsal(run: Run, plan: LiquidationPlan) {
  const { vm } = run
  const miner = idAddress(plan.miner)
  const differences: PlanDifference[] = []
  const burnt = new Map<Address, AttoFil>()
  const waiting = [...plan.steps]
  const plannedTicks = new Map(plan.ticks.map((tick) => [tick.epoch, tick]))
  let [cash, ticks, messages] = [0n, 0, 0]

  const compare = (epoch: ChainEpoch, what: string, planned: unknown, found: unknown) => {
    if (String(planned) !== String(found)) {
      differences.push({ epoch, what, planned: String(planned), found: String(found) })
    }
  }
  const compareMoney = (epoch: ChainEpoch, place: string, planned: MoneyMoment) => {
    const found = moneyIn(run, miner)
    for (const key of MONEY) {
      compare(epoch, `${place}: ${key}`, planned[key], found[key])
    }
  }
  const burnedIn = (trace: CallTrace): AttoFil => {
    const before = burnt.get(miner) ?? 0n
    addBurnt(burnt, [miner], trace)
    return (burnt.get(miner) ?? 0n) - before
  }
  return {
    /** Each in its own epoch, whether or not that has a tick. */
    messagesThrough: (last: ChainEpoch): void => {
      while (waiting[0] !== undefined && waiting[0].epoch <= last) {
        const { epoch, message, predicted } = waiting.shift() as PlanStep
        vm.epoch = epoch
        const { exitCode, trace } = vm.applyMessage(messageOfPlan(message))
        const place = message.methodName
        messages++
        compare(epoch, `${place}: exit code`, predicted.exitCode, exitCode)
        compare(epoch, `${place}: burned`, predicted.burned, burnedIn(trace))
        const paid = exitCode === 0 ? paidOut(trace) : 0n
        cash += paid
        compare(epoch, `${place}: paid out`, predicted.paidOut, paid)
        compareMoney(epoch, place, predicted.after)
      }
    },
    tick: (epoch: ChainEpoch): void => {
      vm.epoch = epoch
      const { trace } = vm.tick()
      ticks++
      const planned = plannedTicks.get(epoch)
      compare(epoch, 'tick: burned', planned?.burned ?? 0n, burnedIn(trace))
      if (planned !== undefined) {
        compareMoney(epoch, 'tick', planned.after)
      }
    },
    result: (): Rehearsal => {
      compareMoney(plan.end.epoch, 'end', plan.end)
      const burned = burnt.get(miner) ?? 0n
      return { messages, ticks, differences, end: moneyIn(run, miner), burned, cash }
    },
  }
}

const MONEY = ['balance', 'initialPledge', 'lockedFunds', 'preCommitDeposits', 'feeDebt'] as const

function moneyIn({ vm }: Run, miner: Address): MoneyMoment {
  const { initialPledge, lockedFunds, preCommitDeposits, feeDebt } = vm.stateOf(miner, MinerState)
  const balance = vm.findActor(miner)?.balance ?? 0n
  return { balance, initialPledge, lockedFunds, preCommitDeposits, feeDebt }
}

/** What a message sends on other than to be burned. */
function paidOut({ calls }: CallTrace): AttoFil {
  return calls
    .filter(({ to, exitCode }) => to !== BURNT_FUNDS_ACTOR_ADDR && exitCode === 0)
    .reduce((sum, { value }) => sum + value, 0n)
}
