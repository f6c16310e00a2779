import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { anyPositiveAmount, emptyMinerState, exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { MinerState } from '../state.ts'
import { loadVestingTable, sumOfFunds, VestingTail } from '../vesting-state.ts'
import {
  addInitialPledge,
  addLockedFunds,
  addPreCommitDeposit,
  applyPenalty,
  checkBalanceInvariants,
  getAvailableBalance,
  getUnlockedBalance,
  hasToContinueCron,
  repayDebtsOrAbort,
  repayPartialDebtInPriorityOrder,
  unlockVestedFunds,
} from './funds.ts'

const hashes = await createHashes()
const store = createMemoryBlockstore(hashes)

/** Funds that vest in 5 epochs, a fifth in each. */
const FIVE_EPOCHS = { initialDelay: 0, vestPeriod: 5, stepDuration: 1, quantization: 1 }

function stateWith(change: Partial<MinerState>) {
  return Object.assign(emptyMinerState(store), change)
}

/** A state with 100 attoFIL that vest from epoch 101 to 105, and so much debt. */
function vestingState(feeDebt = 0n) {
  const state = stateWith({ feeDebt })
  addLockedFunds(store, state, 100, 100n, FIVE_EPOCHS)
  return state
}

const vestingSum = (state: ReturnType<typeof stateWith>) =>
  sumOfFunds(loadVestingTable(store, VestingTail, state.vestingFunds))

// Source of the rules: builtin-actors v18, `actors/miner/src/state.rs`.
describe('the balance of a miner', () => {
  const locked = stateWith({ lockedFunds: 10n, preCommitDeposits: 20n, initialPledge: 30n, feeDebt: 7n })

  test.each([
    { balance: 60n, unlocked: 0n, available: -7n },
    { balance: 66n, unlocked: 6n, available: -1n },
    { balance: 100n, unlocked: 40n, available: 33n },
  ])(
    'of $balance is unlocked to $unlocked and available to $available',
    ({ balance, unlocked, available }) => {
      expect(getUnlockedBalance(locked, balance)).toBe(unlocked)
      expect(getAvailableBalance(locked, balance)).toBe(available)
    },
  )

  test('fails to be less than what is locked', () => {
    expect(exitCodeOf(() => getUnlockedBalance(locked, 59n))).toBe(ExitCode.USR_ILLEGAL_STATE)
    expect(exitCodeOf(() => getAvailableBalance(locked, 59n))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('checkBalanceInvariants', () => {
  const amounts = { lockedFunds: 10n, preCommitDeposits: 20n, initialPledge: 30n, feeDebt: 7n }
  const broken = ExitCode.ERR_BALANCE_INVARIANTS_BROKEN

  test.each([
    { what: 'all that is locked and no more', change: {}, balance: 60n, exitCode: ExitCode.OK },
    { what: 'less than what is locked', change: {}, balance: 59n, exitCode: broken },
    { what: 'negative deposits', change: { preCommitDeposits: -1n }, balance: 100n, exitCode: broken },
    { what: 'negative locked funds', change: { lockedFunds: -1n }, balance: 100n, exitCode: broken },
    { what: 'negative pledge', change: { initialPledge: -1n }, balance: 100n, exitCode: broken },
    { what: 'negative debt', change: { feeDebt: -1n }, balance: 100n, exitCode: broken },
    // Debt is what the miner owes, and not locked.
    { what: 'more debt than funds', change: { feeDebt: 1000n }, balance: 60n, exitCode: ExitCode.OK },
  ])('of $what ends with $exitCode', ({ change, balance, exitCode }) => {
    const state = stateWith({ ...amounts, ...change })
    expect(exitCodeOf(() => checkBalanceInvariants(state, balance))).toBe(exitCode)
  })
})

describe('deposits, pledge and penalties', () => {
  test('are added up', () => {
    const state = stateWith({})
    addPreCommitDeposit(state, 5n)
    addPreCommitDeposit(state, -2n)
    addInitialPledge(state, 7n)
    addInitialPledge(state, -7n)
    applyPenalty(state, 3n)
    applyPenalty(state, 0n)
    expect(state).toMatchObject({ preCommitDeposits: 3n, initialPledge: 0n, feeDebt: 3n })
  })

  test.each([
    { what: 'more deposit than there is', change: () => addPreCommitDeposit(stateWith({}), -1n) },
    { what: 'more pledge than there is', change: () => addInitialPledge(stateWith({}), -1n) },
    { what: 'a negative penalty', change: () => applyPenalty(stateWith({ feeDebt: 5n }), -1n) },
  ])('fail for $what', ({ change }) => {
    expect(exitCodeOf(change)).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('addLockedFunds', () => {
  test('locks a sum, and unlocks what has vested', () => {
    const state = vestingState()
    expect(state.lockedFunds).toBe(100n)
    // 101 and 102 have passed.
    expect(addLockedFunds(store, state, 103, 50n, FIVE_EPOCHS)).toBe(40n)
    expect(state.lockedFunds).toBe(110n)
    expect(vestingSum(state)).toBe(110n)
  })

  test('fails for a negative sum', () => {
    expect(exitCodeOf(() => addLockedFunds(store, stateWith({}), 100, -1n, FIVE_EPOCHS))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})

describe('unlockVestedFunds', () => {
  test.each([
    { epoch: 101, unlocked: 0n },
    { epoch: 102, unlocked: 20n },
    { epoch: 106, unlocked: 100n },
  ])('at $epoch unlocks $unlocked', ({ epoch, unlocked }) => {
    const state = vestingState()
    expect(unlockVestedFunds(store, state, epoch)).toBe(unlocked)
    expect(state.lockedFunds).toBe(100n - unlocked)
  })

  test('of nothing is nothing', () => {
    expect(unlockVestedFunds(store, stateWith({}), 1000)).toBe(0n)
  })

  // It would be a state that broke its rules before.
  test('fails where more vests than is locked', () => {
    const state = vestingState()
    state.lockedFunds = 10n
    expect(exitCodeOf(() => unlockVestedFunds(store, state, 106))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

// Source of the cases: builtin-actors v18, `actors/miner/tests/repay_debts.rs`.
describe('repayPartialDebtInPriorityOrder', () => {
  test.each([
    { what: 'nothing to pay with', debt: 400n, balance: 0n, burned: 0n },
    { what: 'more than enough', debt: 400n, balance: 800n, burned: 400n },
    { what: 'three quarters', debt: 400n, balance: 300n, burned: 300n },
  ])('with $what burns $burned from the balance', ({ debt, balance, burned }) => {
    const state = stateWith({ feeDebt: debt })
    expect(repayPartialDebtInPriorityOrder(store, state, 100, balance)).toEqual({
      toBurn: burned,
      totalUnlocked: 0n,
    })
    expect(state.feeDebt).toBe(debt - burned)
  })

  test('takes what vests first, and then the balance', () => {
    const state = vestingState(130n)
    // Of the balance of 130 there are 100 locked.
    expect(repayPartialDebtInPriorityOrder(store, state, 100, 130n)).toEqual({
      toBurn: 130n,
      totalUnlocked: 100n,
    })
    expect(state).toMatchObject({ feeDebt: 0n, lockedFunds: 0n })
  })

  test('takes as much of what vests as the debt is, even where the balance would do', () => {
    const state = vestingState(30n)
    expect(repayPartialDebtInPriorityOrder(store, state, 100, 1000n)).toEqual({
      toBurn: 30n,
      totalUnlocked: 30n,
    })
    expect(state).toMatchObject({ feeDebt: 0n, lockedFunds: 70n })
  })

  test('unlocks what has vested beside it', () => {
    const state = vestingState(30n)
    // 20 have vested at 102 and 30 are taken of the rest; both are in the balance then, and 30 are burned.
    expect(repayPartialDebtInPriorityOrder(store, state, 102, 100n)).toEqual({
      toBurn: 30n,
      totalUnlocked: 50n,
    })
    expect(state).toMatchObject({ feeDebt: 0n, lockedFunds: 50n })
  })

  test('unlocks nothing without debt, vested or not', () => {
    const state = vestingState()
    expect(repayPartialDebtInPriorityOrder(store, state, 1000, 100n)).toEqual({
      toBurn: 0n,
      totalUnlocked: 0n,
    })
    expect(state.lockedFunds).toBe(100n)
  })

  test.prop([anyPositiveAmount, anyPositiveAmount, anyPositiveAmount, fc.integer({ min: 100, max: 110 })])(
    'burns all that it can of the debt, and keeps every attoFIL accounted for',
    (locked, free, debt, epoch) => {
      const state = stateWith({ feeDebt: debt, initialPledge: 5n })
      addLockedFunds(store, state, 100, locked, FIVE_EPOCHS)
      const balance = 5n + locked + free
      const { toBurn, totalUnlocked } = repayPartialDebtInPriorityOrder(store, state, epoch, balance)
      expect(toBurn).toBe(debt < locked + free ? debt : locked + free)
      expect(state.feeDebt).toBe(debt - toBurn)
      expect(state.lockedFunds).toBe(locked - totalUnlocked)
      expect(vestingSum(state)).toBe(state.lockedFunds)
      checkBalanceInvariants(state, balance - toBurn)
    },
  )
})

describe('repayDebtsOrAbort', () => {
  const runtimeWith = (balance: bigint) => {
    const rt = new TestRuntime(hashes, idAddress(actorId(1000)), 'storageminer')
    rt.balance = balance
    return rt
  }

  test('pays the whole debt from what is not locked', () => {
    const state = stateWith({ feeDebt: 40n, initialPledge: 60n })
    expect(repayDebtsOrAbort(runtimeWith(100n), state)).toBe(40n)
    expect(state.feeDebt).toBe(0n)
  })

  test('fails when that does not suffice; funds that vest do not count', () => {
    const state = vestingState(1n)
    expect(exitCodeOf(() => repayDebtsOrAbort(runtimeWith(100n), state))).toBe(
      ExitCode.USR_INSUFFICIENT_FUNDS,
    )
    expect(state.feeDebt).toBe(1n)
  })
})

describe('hasToContinueCron', () => {
  test.each([
    { what: 'nothing', change: {}, isNeeded: false },
    { what: 'a deposit', change: { preCommitDeposits: 1n }, isNeeded: true },
    { what: 'pledge', change: { initialPledge: 1n }, isNeeded: true },
    { what: 'funds that vest', change: { lockedFunds: 1n }, isNeeded: true },
    { what: 'debt alone', change: { feeDebt: 1n }, isNeeded: false },
  ])('with $what is $isNeeded', ({ change, isNeeded }) => {
    expect(hasToContinueCron(stateWith(change))).toBe(isNeeded)
  })
})
