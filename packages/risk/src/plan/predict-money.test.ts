import { fc, test } from '@fast-check/vitest'
import { idAddress } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { payDebt, predictRepayDebt, predictWithdrawal, remainingQuota, unlockedOf } from './predict-money.ts'
import { plainMiner } from './testing/plain-miner.ts'

const VESTING = [
  { epoch: 10, amount: 5n },
  { epoch: 20, amount: 7n },
  { epoch: 30, amount: 9n },
]

// `repay_partial_debt_in_priority_order` in state.rs.
describe('payDebt', () => {
  test('unlocks vesting funds for all of the debt, even where free funds would do', () => {
    const miner = plainMiner({ balance: 121n, lockedFunds: 21n, vesting: VESTING, feeDebt: 8n })
    // What has vested by epoch 15 is 5; in addition 8 of what has not.
    expect(payDebt(miner, 15)).toBe(8n)
    expect(miner).toMatchObject({ balance: 113n, lockedFunds: 8n, feeDebt: 0n })
    expect(miner.vesting).toEqual([{ epoch: 30, amount: 8n }])
  })

  test('leaves pledge and deposits alone, and what cannot be paid as debt', () => {
    const miner = plainMiner({ balance: 50n, initialPledge: 30n, preCommitDeposits: 15n, feeDebt: 40n })
    expect(payDebt(miner, 15)).toBe(5n)
    expect(miner).toMatchObject({ balance: 45n, initialPledge: 30n, preCommitDeposits: 15n, feeDebt: 35n })
  })

  test('without debt unlocks nothing, not even what has vested', () => {
    const miner = plainMiner({ balance: 21n, lockedFunds: 21n, vesting: VESTING })
    expect(predictRepayDebt(miner, 100)).toMatchObject({
      ...{ method: 'RepayDebt', exitCode: 0, burned: 0n, lockedAfter: 21n },
    })
  })

  test.prop([fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: 50n }), fc.nat(40)])(
    'neither creates nor loses anything',
    (free, feeDebt, epoch) => {
      const miner = plainMiner({ balance: 21n + free, lockedFunds: 21n, vesting: VESTING, feeDebt })
      const burned = payDebt(miner, epoch)
      expect(miner.feeDebt).toBe(feeDebt - burned)
      expect(miner.balance).toBe(21n + free - burned)
      expect(miner.vesting.reduce((sum, { amount }) => sum + amount, 0n)).toBe(miner.lockedFunds)
      expect(unlockedOf(miner)).toBeGreaterThanOrEqual(0n)
    },
  )
})

// `withdraw_balance` in lib.rs.
describe('predictWithdrawal', () => {
  test('unlocks what has vested, pays the debt, and pays the rest out up to what is asked', () => {
    const miner = plainMiner({ balance: 40n, lockedFunds: 21n, vesting: VESTING, feeDebt: 4n })
    // 40 − 21 + 5 vested − 4 debt = 20.
    expect(predictWithdrawal(miner, 15, 100n)).toMatchObject({
      ...{ method: 'WithdrawBalance', exitCode: 0, paidOut: 20n, burned: 4n },
      ...{ debtBefore: 4n, debtAfter: 0n, balanceAfter: 16n, lockedAfter: 16n },
    })
    expect(predictWithdrawal(miner, 15, 100n)).toMatchObject({ exitCode: 0, paidOut: 0n })
    // The owner has no quota that could be used up.
    expect(miner.beneficiaryTerm.usedQuota).toBe(0n)
  })

  test('is refused while terminations are not charged, with 18, and nothing changes', () => {
    const miner = plainMiner({ balance: 40n, lockedFunds: 21n, vesting: VESTING, pending: new Set([3]) })
    expect(predictWithdrawal(miner, 15, 100n)).toMatchObject({
      ...{ method: 'WithdrawBalance', exitCode: 18, paidOut: 0n },
    })
    expect(miner).toMatchObject({ balance: 40n, lockedFunds: 21n })
  })

  test.each([
    { feeDebt: 24n, exitCode: 0 },
    { feeDebt: 25n, exitCode: 19 },
  ])('of a debt of $feeDebt against 24 that are free ends with $exitCode', ({ feeDebt, exitCode }) => {
    const miner = plainMiner({ balance: 40n, lockedFunds: 21n, vesting: VESTING, feeDebt })
    expect(predictWithdrawal(miner, 15, 100n)).toMatchObject({ exitCode, paidOut: 0n })
    expect(miner.lockedFunds).toBe(exitCode === 0 ? 16n : 21n)
  })

  test('gives another beneficiary no more than its quota, and counts it', () => {
    const beneficiaryTerm = { quota: 30n, usedQuota: 10n, expiration: 16 }
    const miner = plainMiner({ balance: 100n, beneficiary: idAddress(200n), beneficiaryTerm })
    expect(remainingQuota(miner, 15)).toBe(20n)
    expect(predictWithdrawal(miner, 15, 15n)).toMatchObject({ exitCode: 0, paidOut: 15n })
    expect(predictWithdrawal(miner, 15, 100n)).toMatchObject({ exitCode: 0, paidOut: 5n })
    expect(predictWithdrawal(miner, 15, 100n)).toMatchObject({ exitCode: 18, paidOut: 0n })
    // The term has ended in the epoch that it names.
    expect(remainingQuota({ ...miner, beneficiaryTerm }, 16)).toBe(0n)
  })
})
