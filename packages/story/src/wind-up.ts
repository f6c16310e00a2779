import { parseRuleSet } from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import {
  messageOfPlan,
  type NetworkView,
  outstandingOf,
  type PlanStep,
  planLiquidation,
  rehearsePlan,
  requireFits,
  type TerminationLevel,
} from '@plimsoll/risk'
import type { Receipt } from '@plimsoll/vm'
import { openBuyBack } from './buy-back.ts'
import type { ExecutedMessage, PlanOutcome, StoryEvent } from './event.ts'
import { isSame, moneyOf, paidOut } from './money.ts'
import { pay, record } from './pass-time.ts'
import { burntBy, enter, now, type StoryMiner, type WindUp, type World } from './world.ts'

/** Plans, rehearses on a fork, and begins to carry out what was planned. */
export function* beginWindUp(
  world: World,
  each: StoryMiner,
  view: NetworkView,
  level: TerminationLevel,
): Generator<StoryEvent> {
  const { hashes, network, terms } = world
  const { networkVersion, policy } = network.vm.host
  const plan = planLiquidation(view, each.id, {
    ...{ hashes, policy, target: { kind: 'all', level } },
    ruleSet: parseRuleSet('v18', network.vm.epoch),
    instalmentDays: terms.instalmentDays,
  })
  requireFits(plan, view, hashes)
  const { differences } = rehearsePlan(view, plan, { hashes, networkVersion, policy })
  world.windUp = {
    ...{ each, plan, waiting: [...plan.steps], burntBefore: burntBy(world, each) },
    ...{ cash: 0n, isExact: differences.length === 0, isDone: false },
  }
  each.isProving = false
  yield now(world, { kind: 'plan', plan, rehearsalDifferences: differences.length })
  yield* continueWindUp(world)
}

/** When a plan has something to be done next; undefined when all of it is. */
export function nextOfWindUp({ windUp }: World): ChainEpoch | undefined {
  return windUp === undefined || windUp.isDone
    ? undefined
    : (windUp.waiting[0]?.epoch ?? windUp.plan.end.epoch)
}

/** Sends what is planned for the present epoch. */
export function* continueWindUp(world: World): Generator<StoryEvent> {
  const { windUp } = world
  const { epoch } = world.network.vm
  if (windUp === undefined || windUp.isDone) {
    return
  }
  while (windUp.waiting[0]?.epoch === epoch) {
    yield* sendNext(world, windUp)
  }
  if (windUp.waiting.length === 0 && epoch >= windUp.plan.end.epoch) {
    windUp.isDone = true
    yield now(world, { kind: 'planDone', miner: windUp.each.id, outcome: outcomeOf(world, windUp) })
  }
}

function* sendNext(world: World, windUp: WindUp): Generator<StoryEvent> {
  const { each, plan, waiting } = windUp
  const step = waiting.shift()
  if (step === undefined) {
    return
  }
  const { message, predicted, declared } = step
  const before = burntBy(world, each)
  const receipt = send(world, step)
  const executed: ExecutedMessage = {
    number: plan.steps.length - waiting.length,
    methodName: message.methodName,
    deadlines: [...new Set(declared.map(({ deadline }) => deadline))],
    sectors: declared.reduce((sum, { sectors }) => sum + sectors.length, 0),
    exitCode: receipt.exitCode,
    plannedFee: predicted.fee,
    plannedBurn: predicted.burned,
    burnt: burntBy(world, each) - before,
    plannedPayment: predicted.paidOut,
    paid: paidOut(receipt.trace),
  }
  windUp.cash += executed.paid
  windUp.isExact &&=
    receipt.exitCode === predicted.exitCode &&
    executed.burnt === predicted.burned &&
    executed.paid === predicted.paidOut &&
    isSame(predicted.after, moneyOf(world, each))
  yield now(world, { kind: 'planMessage', miner: each.id, message: executed })
  if (executed.paid > 0n) {
    yield* recover(world, each, executed.paid)
  }
}

function send(world: World, { message }: PlanStep): Receipt {
  const receipt = world.network.vm.applyMessage(messageOfPlan(message))
  world.done.messages++
  return record(world, message.methodName, receipt)
}

/** What a withdrawal has brought to the pool is put up for sale, or as much of it as is owed. */
function* recover(world: World, each: StoryMiner, amount: AttoFil): Generator<StoryEvent> {
  const { epoch } = world.network.vm
  const number = world.books.auctions.length
  enter(world, { kind: 'recover', epoch, miner: each.id, amount })
  const lot = world.books.auctions[number]?.lot ?? 0n
  pay(world, world.pool.id, each.miner.owner.id, amount - lot)
  yield now(world, { kind: 'recovered', miner: each.id, amount, lot, toOwner: amount - lot })
  if (lot > 0n) {
    openBuyBack(world, each, number)
    const outstanding = outstandingOf(world.books, each.id)
    yield now(world, { kind: 'auctionOpened', auction: number, lot, outstanding })
  }
}

function outcomeOf(world: World, { each, plan, burntBefore, cash, isExact }: WindUp): PlanOutcome {
  const { totals, end } = plan
  const burnt = burntBy(world, each) - burntBefore
  const money = moneyOf(world, each)
  const plannedCash = totals.cashNow + totals.cashLater
  return {
    termination: totals.terminationFees,
    faultAndDaily: totals.faultFees + totals.dailyFees + totals.burnedDeposits,
    ...{ plannedBurn: totals.burned, burnt, plannedCash, cash },
    ...{ plannedBalance: end.balance, balance: money.balance, shortfall: end.shortfall },
    isExact: isExact && totals.burned === burnt && plannedCash === cash && isSame(end, money),
  }
}
