import type { Blockstore } from '@plimsoll/ipld'
import { type AttoFil, type ChainEpoch, ExitCode, minBigInt } from '@plimsoll/primitives'
import { ActorError, requireFunds, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { VestSpec } from '../policy.ts'
import type { MinerState } from '../state.ts'
import { lockFunds, unlockVested, unlockVestedAndUnvested } from '../vesting-funds.ts'

/** Source of everything here, unless said otherwise: builtin-actors v18, `actors/miner/src/state.rs`. Amounts in attoFIL. */

type AnyState = MinerState | Draft<MinerState>

/** What is not locked in any way. Source: `get_unlocked_balance`. @throws {ActorError} `USR_ILLEGAL_STATE` below zero. */
export function getUnlockedBalance(state: AnyState, actorBalance: AttoFil): AttoFil {
  const unlocked = actorBalance - state.lockedFunds - state.preCommitDeposits - state.initialPledge
  requireState(unlocked >= 0n, () => `negative unlocked balance ${unlocked}`)
  return unlocked
}

/** What is left of that after the fee debt; negative when the debt is larger. Source: `get_available_balance`. */
export function getAvailableBalance(state: AnyState, actorBalance: AttoFil): AttoFil {
  return getUnlockedBalance(state, actorBalance) - state.feeDebt
}

/** Source: `check_balance_invariants`. @throws {ActorError} `ERR_BALANCE_INVARIANTS_BROKEN` */
export function checkBalanceInvariants(state: AnyState, balance: AttoFil): void {
  const { preCommitDeposits, lockedFunds, initialPledge, feeDebt } = state
  const isSound =
    preCommitDeposits >= 0n &&
    lockedFunds >= 0n &&
    initialPledge >= 0n &&
    feeDebt >= 0n &&
    balance >= preCommitDeposits + lockedFunds + initialPledge
  if (!isSound) {
    throw new ActorError(ExitCode.ERR_BALANCE_INVARIANTS_BROKEN, 'balance invariants broken')
  }
}

/** Source: `add_pre_commit_deposit`. @throws {ActorError} `USR_ILLEGAL_STATE` below zero. */
export function addPreCommitDeposit(state: Draft<MinerState>, amount: AttoFil): void {
  const total = state.preCommitDeposits + amount
  requireState(total >= 0n, () => `negative pre-commit deposit ${total}`)
  state.preCommitDeposits = total
}

/** Source: `add_initial_pledge`. @throws {ActorError} `USR_ILLEGAL_STATE` below zero. */
export function addInitialPledge(state: Draft<MinerState>, amount: AttoFil): void {
  const total = state.initialPledge + amount
  requireState(total >= 0n, () => `negative initial pledge ${total}`)
  state.initialPledge = total
}

/** Adds to the fee debt. Source: `apply_penalty`. @throws {ActorError} `USR_ILLEGAL_STATE` for a negative penalty. */
export function applyPenalty(state: Draft<MinerState>, penalty: AttoFil): void {
  requireState(penalty >= 0n, () => `negative penalty ${penalty}`)
  state.feeDebt += penalty
}

/**
 * Locks funds that vest, and unlocks what has vested.
 *
 * Source: `add_locked_funds`.
 *
 * @returns what was unlocked.
 */
export function addLockedFunds(
  store: Blockstore,
  state: Draft<MinerState>,
  currEpoch: ChainEpoch,
  vestingSum: AttoFil,
  spec: VestSpec,
): AttoFil {
  requireState(vestingSum >= 0n, () => `negative vesting sum ${vestingSum}`)
  const { funds, vested } = lockFunds(
    store,
    state.vestingFunds,
    currEpoch,
    vestingSum,
    state.provingPeriodStart,
    spec,
  )
  state.vestingFunds = funds
  takeFromLocked(state, vested)
  state.lockedFunds += vestingSum
  return vested
}

/** What paying debt came to. */
export interface DebtPayment {
  readonly toBurn: AttoFil
  /** What was unlocked for it, vested or not; no longer pledge of the network. */
  readonly totalUnlocked: AttoFil
}

/**
 * Pays what can be paid of the fee debt: from funds that vest first, up to the whole debt even where other funds
 * would do, and then from everything that is not locked.
 *
 * Source: `repay_partial_debt_in_priority_order`.
 */
export function repayPartialDebtInPriorityOrder(
  store: Blockstore,
  state: Draft<MinerState>,
  currEpoch: ChainEpoch,
  currBalance: AttoFil,
): DebtPayment {
  const totalUnlocked = unlockForDebt(store, state, currEpoch)
  const toBurn = minBigInt(getUnlockedBalance(state, currBalance), state.feeDebt)
  state.feeDebt -= toBurn
  return { toBurn, totalUnlocked }
}

/** Source: `unlock_vested_and_unvested_funds`. */
function unlockForDebt(store: Blockstore, state: Draft<MinerState>, currEpoch: ChainEpoch): AttoFil {
  if (state.feeDebt === 0n || state.lockedFunds === 0n) {
    return 0n
  }
  const { funds, vested, unvested } = unlockVestedAndUnvested(
    store,
    state.vestingFunds,
    currEpoch,
    state.feeDebt,
  )
  state.vestingFunds = funds
  takeFromLocked(state, vested + unvested)
  requireState(unvested <= state.feeDebt, 'more was unlocked than the debt')
  return vested + unvested
}

/**
 * Pays the whole fee debt from what is not locked.
 *
 * Source: `repay_debts` and `actors/miner/src/lib.rs`, `repay_debts_or_abort`.
 *
 * @returns what is to be burned.
 * @throws {ActorError} `USR_INSUFFICIENT_FUNDS` when it does not suffice.
 */
export function repayDebtsOrAbort(rt: Runtime, state: Draft<MinerState>): AttoFil {
  const unlocked = getUnlockedBalance(state, rt.currentBalance())
  const debt = state.feeDebt
  requireFunds(unlocked >= debt, () => `unlocked balance cannot repay fee debt (${unlocked} < ${debt})`)
  state.feeDebt = 0n
  return debt
}

/** Source: `unlock_vested_funds`. @returns what was unlocked. */
export function unlockVestedFunds(
  store: Blockstore,
  state: Draft<MinerState>,
  currEpoch: ChainEpoch,
): AttoFil {
  if (state.lockedFunds === 0n) {
    return 0n
  }
  const { funds, vested } = unlockVested(store, state.vestingFunds, currEpoch)
  state.vestingFunds = funds
  takeFromLocked(state, vested)
  return vested
}

/** Whether a miner has anything that its deadlines have to look after. Source: `continue_deadline_cron`. */
export function hasToContinueCron(state: AnyState): boolean {
  return state.preCommitDeposits !== 0n || state.initialPledge !== 0n || state.lockedFunds !== 0n
}

function takeFromLocked(state: Draft<MinerState>, amount: AttoFil): void {
  state.lockedFunds -= amount
  requireState(state.lockedFunds >= 0n, () => `negative locked funds after unlocking ${amount}`)
}
