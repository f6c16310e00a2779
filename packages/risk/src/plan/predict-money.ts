import { takeVested, unlockVestedAndUnvestedFunds } from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, ExitCode, maxBigInt, minBigInt } from '@plimsoll/primitives'
import { tellingPledge } from './predict-pledge.ts'
import type { PredictedMiner } from './predict-state.ts'

/**
 * Burns what can be paid of a debt: funds that vest are unlocked for the whole of it first, whatever else there is.
 *
 * Source: builtin-actors v18, `actors/miner/src/state.rs`, `repay_partial_debt_in_priority_order`.
 *
 * @returns what was burned.
 */
export function payDebt(miner: PredictedMiner, epoch: ChainEpoch): AttoFil {
  if (miner.feeDebt > 0n && miner.lockedFunds > 0n) {
    const { vested, unvested, remaining } = unlockVestedAndUnvestedFunds(miner.vesting, epoch, miner.feeDebt)
    miner.vesting = remaining
    miner.lockedFunds -= vested + unvested
  }
  const burned = minBigInt(unlockedOf(miner), miner.feeDebt)
  miner.feeDebt -= burned
  miner.balance -= burned
  return burned
}

/** What is not locked in any way. */
export function unlockedOf(miner: PredictedMiner): AttoFil {
  return miner.balance - miner.lockedFunds - miner.preCommitDeposits - miner.initialPledge
}

/** Unlocks what has vested. Source: builtin-actors v18, `actors/miner/src/state.rs`, `unlock_vested_funds`. @returns how much that was. */
export function unlockVested(miner: PredictedMiner, epoch: ChainEpoch): AttoFil {
  const { vested, remaining } = takeVested(miner.vesting, epoch)
  miner.vesting = remaining
  miner.lockedFunds -= vested
  return vested
}

/** A message that moves money, and what came of it; attoFIL. */
export interface PredictedPayment {
  readonly method: 'RepayDebt' | 'WithdrawBalance'
  readonly epoch: ChainEpoch
  readonly exitCode: number
  readonly paidOut: AttoFil
  readonly burned: AttoFil
  readonly debtBefore: AttoFil
  readonly debtAfter: AttoFil
  readonly balanceAfter: AttoFil
  readonly lockedAfter: AttoFil
}

/**
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `repay_debt`.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` as `tellingPledge` does.
 */
export function predictRepayDebt(miner: PredictedMiner, epoch: ChainEpoch): PredictedPayment {
  const debtBefore = miner.feeDebt
  const burned = tellingPledge(miner, epoch, () => payDebt(miner, epoch))
  return payment(miner, 'RepayDebt', epoch, ExitCode.OK, 0n, burned, debtBefore)
}

/**
 * What a withdrawal of as much as `requested` comes to; nothing changes where it fails.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `withdraw_balance`.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` as `tellingPledge` does.
 */
export function predictWithdrawal(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  requested: AttoFil,
): PredictedPayment {
  const debtBefore = miner.feeDebt
  const exitCode = withdrawalExit(miner, epoch)
  if (exitCode !== ExitCode.OK) {
    return payment(miner, 'WithdrawBalance', epoch, exitCode, 0n, 0n, debtBefore)
  }
  tellingPledge(miner, epoch, () => unlockVested(miner, epoch))
  const wanted = minBigInt(unlockedOf(miner) - miner.feeDebt, requested)
  const paidOut = minBigInt(wanted, remainingQuota(miner, epoch))
  if (miner.beneficiary !== miner.owner) {
    const { usedQuota } = miner.beneficiaryTerm
    miner.beneficiaryTerm = { ...miner.beneficiaryTerm, usedQuota: usedQuota + paidOut }
  }
  miner.balance -= paidOut + debtBefore
  miner.feeDebt = 0n
  return payment(miner, 'WithdrawBalance', epoch, ExitCode.OK, paidOut, debtBefore, debtBefore)
}

function withdrawalExit(miner: PredictedMiner, epoch: ChainEpoch): number {
  if (miner.pending.size > 0) {
    return ExitCode.USR_FORBIDDEN
  }
  if (unlockedOf(miner) + takeVested(miner.vesting, epoch).vested < miner.feeDebt) {
    return ExitCode.USR_INSUFFICIENT_FUNDS
  }
  return remainingQuota(miner, epoch) === 0n ? ExitCode.USR_FORBIDDEN : ExitCode.OK
}

/** More than there can be, where the beneficiary is the owner and so may have everything. */
const EVERYTHING: AttoFil = 1n << 128n

/** Source: builtin-actors v18, `actors/miner/src/beneficiary.rs`, `available`. */
export function remainingQuota(
  { owner, beneficiary, beneficiaryTerm: { quota, usedQuota, expiration } }: PredictedMiner,
  epoch: ChainEpoch,
): AttoFil {
  if (owner === beneficiary) {
    return EVERYTHING
  }
  return expiration > epoch ? maxBigInt(quota - usedQuota, 0n) : 0n
}

function payment(
  miner: PredictedMiner,
  method: PredictedPayment['method'],
  epoch: ChainEpoch,
  exitCode: number,
  paidOut: AttoFil,
  burned: AttoFil,
  debtBefore: AttoFil,
): PredictedPayment {
  return {
    ...{ method, epoch, exitCode, paidOut, burned, debtBefore },
    debtAfter: miner.feeDebt,
    balanceAfter: miner.balance,
    lockedAfter: miner.lockedFunds,
  }
}
