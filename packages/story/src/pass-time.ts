import { METHOD_SEND } from '@plimsoll/actors'
import { type Address, type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { addBurnt, operate } from '@plimsoll/risk'
import { deadlinesOf, minerState, partitionsOf, requireOk, type TestNetwork } from '@plimsoll/testkit'
import type { Receipt } from '@plimsoll/vm'
import type { StoryMiner, World } from './world.ts'

/** What recurs every day, by the epoch's place in its day. */
interface DailyRound {
  readonly openings: ReadonlyMap<number, readonly StoryMiner[]>
  /** Epochs in which a deadline of somebody ends. */
  readonly ends: ReadonlySet<number>
}

/** Recoveries are declared two deadlines before they are proven. */
const DECLARED_AHEAD = 2

export function dailyRound(network: TestNetwork, miners: readonly StoryMiner[]): DailyRound {
  const { wpostPeriodDeadlines, wpostChallengeWindow } = network.vm.host.policy
  const openings = new Map<number, StoryMiner[]>()
  const ends = new Set<number>()
  for (const each of miners) {
    const { provingPeriodStart } = minerState(network, each.miner.id)
    const at = (epochs: number) => placeInDay(provingPeriodStart + epochs)
    for (const [index, deadline] of deadlinesOf(network, each.miner.id).entries()) {
      ends.add(at((index + 1) * wpostChallengeWindow - 1))
      if (partitionsOf(network, deadline).length > 0) {
        const before = (index - DECLARED_AHEAD + wpostPeriodDeadlines) % wpostPeriodDeadlines
        for (const busy of [before, index]) {
          const place = at(busy * wpostChallengeWindow)
          openings.set(place, [...(openings.get(place) ?? []), each])
        }
      }
    }
  }
  return { openings, ends }
}

/**
 * Lets time pass up to the beginning of an epoch. Miners prove what they can when a deadline opens; cron runs when a
 * deadline ends and in the last epoch, or in every epoch up to one that is given. All others are null rounds.
 */
export function passTo(
  world: World,
  round: DailyRound,
  target: ChainEpoch,
  everyEpochUntil: ChainEpoch = -1,
): void {
  const { vm } = world.network
  while (vm.epoch < target) {
    const place = placeInDay(vm.epoch)
    for (const each of round.openings.get(place) ?? []) {
      if (each.isProving) {
        prove(world, each)
      }
    }
    if (vm.epoch <= everyEpochUntil || round.ends.has(place) || vm.epoch === target - 1) {
      record(world, 'cron', vm.tick())
      world.done.ticks++
    }
    vm.epoch++
  }
}

function prove(world: World, { miner, operator }: StoryMiner): void {
  for (const { message, receipt } of operate(world.run, miner.id, operator)) {
    record(world, message.methodName, receipt)
    world.done.messages++
  }
}

/** Notes what was burnt in a message or a tick, which has to have succeeded. */
export function record(world: World, what: string, receipt: Receipt): Receipt {
  requireOk(what, receipt)
  addBurnt(world.burnt, world.run.miners, receipt.trace)
  return receipt
}

/** Sends FIL from one account to somebody. */
export function pay(world: World, from: Address, to: Address, value: AttoFil): void {
  if (value > 0n) {
    record(
      world,
      'a payment',
      world.network.vm.applyMessage({ from, to, value, method: METHOD_SEND, params: null }),
    )
    world.done.messages++
  }
}

function placeInDay(epoch: ChainEpoch): number {
  return ((epoch % EPOCHS_IN_DAY) + EPOCHS_IN_DAY) % EPOCHS_IN_DAY
}
