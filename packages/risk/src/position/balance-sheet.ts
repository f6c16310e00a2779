import { loadVesting, type Miner, takeVested, type VestingTable } from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'

/** What a miner has and owes, in the terms of the protocol; all attoFIL. */
export interface BalanceSheet {
  /** All FIL that the miner actor holds. */
  readonly actorBalance: AttoFil
  /** Locked between pre-commitment and proof; burned if the pre-commitment expires. */
  readonly preCommitDeposit: AttoFil
  /** Locked for every sector until it expires or its termination is charged. */
  readonly initialPledge: AttoFil
  /** Rewards that vest; the first source for paying debt. */
  readonly lockedFunds: AttoFil
  /** Penalties that could not be paid. */
  readonly feeDebt: AttoFil
  /** Balance without deposits, pledge and locked funds. */
  readonly unlockedBalance: AttoFil
  /** Unlocked balance without the debt; negative through debt alone. */
  readonly availableBalance: AttoFil
  /** Of the locked funds, those whose epoch has passed by the assessed epoch. */
  readonly vestedFunds: AttoFil
  readonly vestingTable: VestingTable
}

/** Reads the balance sheet of a miner as it is for a message in `epoch`. */
export function loadBalanceSheet(miner: Miner, actorBalance: AttoFil, epoch: ChainEpoch): BalanceSheet {
  const { preCommitDeposits, initialPledge, lockedFunds, feeDebt } = miner.state
  const vestingTable = loadVesting(miner)
  const unlockedBalance = actorBalance - lockedFunds - preCommitDeposits - initialPledge
  return {
    actorBalance,
    preCommitDeposit: preCommitDeposits,
    initialPledge,
    lockedFunds,
    feeDebt,
    unlockedBalance,
    availableBalance: unlockedBalance - feeDebt,
    vestedFunds: takeVested(vestingTable, epoch).vested,
    vestingTable,
  }
}
