import { MinerState } from '@plimsoll/actors'
import { type AttoFil, BURNT_FUNDS_ACTOR_ADDR, maxBigInt } from '@plimsoll/primitives'
import type { MoneyMoment } from '@plimsoll/risk'
import type { CallTrace } from '@plimsoll/vm'
import type { StoryMiner, World } from './world.ts'

const MONEY = ['balance', 'initialPledge', 'lockedFunds', 'preCommitDeposits', 'feeDebt'] as const

/** A miner's money as the chain has it now; attoFIL. */
export function moneyOf({ network: { vm } }: World, { miner }: StoryMiner): MoneyMoment {
  const { initialPledge, lockedFunds, preCommitDeposits, feeDebt } = vm.stateOf(miner.id, MinerState)
  const balance = vm.findActor(miner.id)?.balance ?? 0n
  return { balance, initialPledge, lockedFunds, preCommitDeposits, feeDebt }
}

export function isSame(planned: MoneyMoment, found: MoneyMoment): boolean {
  return MONEY.every((key) => planned[key] === found[key])
}

/** What a message sends on other than to be burned; attoFIL. */
export function paidOut({ calls }: CallTrace): AttoFil {
  return calls
    .filter(({ to, exitCode }) => to !== BURNT_FUNDS_ACTOR_ADDR && exitCode === 0)
    .reduce((sum, { value }) => sum + value, 0n)
}

/** What can still come back from a miner that has no sectors any more; attoFIL. */
export function stillRecoverable(world: World, each: StoryMiner): AttoFil {
  const { balance, feeDebt } = moneyOf(world, each)
  return maxBigInt(balance - feeDebt, 0n)
}
