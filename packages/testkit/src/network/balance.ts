import { MinerWithdrawBalanceParams, serialize } from '@plimsoll/actors'
import { attoFil } from '@plimsoll/ipld'
import type { Address, AttoFil } from '@plimsoll/primitives'
import type { TestMiner } from './create-miner.ts'
import { execute, executeFor, requireOk } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** Withdraws as much of an amount as is available; returns how much that was. */
export function withdraw(network: TestNetwork, { id, owner }: TestMiner, amount: AttoFil): AttoFil {
  const params = serialize(MinerWithdrawBalanceParams, { amountRequested: amount })
  return executeFor(
    network,
    { from: owner.id, to: id, actor: 'storageminer', method: 'WithdrawBalance', params },
    attoFil,
  )
}

/** Pays fee debt off with what vests and what is available, and with what is sent along. */
export function repayDebt(network: TestNetwork, { id, owner }: TestMiner, value: AttoFil = 0n): void {
  execute(network, { from: owner.id, to: id, actor: 'storageminer', method: 'RepayDebt', value })
}

/** A block that a miner has won. Amounts in attoFIL. */
export interface BlockPlan {
  readonly winCount?: number
  readonly gasReward?: AttoFil
  readonly penalty?: AttoFil
}

/** Pays a miner for a block. */
export function applyReward(
  { vm }: TestNetwork,
  miner: Address,
  { winCount = 1, gasReward = 0n, penalty = 0n }: BlockPlan = {},
): void {
  requireOk('a reward', vm.awardBlockReward({ miner, penalty, gasReward, winCount: BigInt(winCount) }))
}
