import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  MINER_CONTROL,
  MINER_EPOCH,
  MINER_OWNER,
  MINER_WORKER,
  ScriptedMiner,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'

const hashes = await createHashes()
const ONE = 10n ** 18n
/** Funds of which the first have vested in the harness's epoch, the second have not. */
const VESTING = [
  { epoch: MINER_EPOCH - 1, amount: 3n * ONE },
  { epoch: MINER_EPOCH, amount: 5n * ONE },
]

const withdraw = (miner: ScriptedMiner, amountRequested: bigint, caller = MINER_OWNER) =>
  miner.call('WithdrawBalance', { amountRequested }, caller)

const exitCode = (miner: ScriptedMiner, amountRequested = ONE, caller = MINER_OWNER) =>
  miner.exitCode('WithdrawBalance', { amountRequested }, caller)

// Source of the cases: builtin-actors v18, `actors/miner/tests/withdraw_balance.rs`.
describe('WithdrawBalance', () => {
  test('pays what is asked for to the owner', () => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: 10n * ONE })
    miner.expectPayment(MINER_OWNER, 4n * ONE)
    expect(withdraw(miner, 4n * ONE)).toBe(4n * ONE)
    expect(miner.rt.balance).toBe(6n * ONE)
  })

  test('pays what there is where more is asked for', () => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: 10n * ONE })
    miner.expectPayment(MINER_OWNER, 10n * ONE)
    expect(withdraw(miner, 10n * ONE + 1n)).toBe(10n * ONE)
  })

  test('sends nothing where nothing is asked for or nothing there', () => {
    expect(withdraw(new ScriptedMiner(hashes, { unlockedBalance: ONE }), 0n)).toBe(0n)
    expect(withdraw(new ScriptedMiner(hashes), ONE)).toBe(0n)
  })

  test('does not touch what is pledged', () => {
    // A sector of the harness pledges one FIL.
    const miner = new ScriptedMiner(hashes, { unlockedBalance: ONE, sectors: [{ sectorNumber: 1 }] })
    miner.expectPayment(MINER_OWNER, ONE)
    expect(withdraw(miner, 2n * ONE)).toBe(ONE)
    expect([miner.rt.balance, miner.state.initialPledge]).toEqual([ONE, ONE])
  })

  test('unlocks what has vested, before the present epoch, and tells the power actor after it has paid', () => {
    const miner = new ScriptedMiner(hashes, { vesting: VESTING })
    miner.expectPayment(MINER_OWNER, 3n * ONE)
    miner.expectPledge(-3n * ONE)
    expect(withdraw(miner, 100n * ONE)).toBe(3n * ONE)
    expect(miner.state.lockedFunds).toBe(5n * ONE)
  })

  test('burns the debt after the payment, from what is unlocked, vested funds included', () => {
    const miner = new ScriptedMiner(hashes, { vesting: VESTING, unlockedBalance: 2n * ONE, feeDebt: ONE })
    // 2 and 3 that have vested, without 1 of debt.
    miner.expectPayment(MINER_OWNER, 4n * ONE)
    miner.expectBurn(ONE)
    miner.expectPledge(-3n * ONE)
    expect(withdraw(miner, 100n * ONE)).toBe(4n * ONE)
    expect([miner.state.feeDebt, miner.rt.balance]).toEqual([0n, 5n * ONE])
  })

  test('pays debt with everything and returns nothing', () => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: ONE, feeDebt: ONE })
    miner.expectBurn(ONE)
    expect(withdraw(miner, ONE)).toBe(0n)
    expect(miner.state.feeDebt).toBe(0n)
  })

  test('fails with debt that what is unlocked does not cover, and leaves vested funds locked', () => {
    const miner = new ScriptedMiner(hashes, { vesting: VESTING, feeDebt: 3n * ONE + 1n })
    expect(exitCode(miner)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
    expect(miner.state).toMatchObject({ lockedFunds: 8n * ONE, feeDebt: 3n * ONE + 1n })
  })

  test('passes on the failure of the payment', () => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: ONE })
    const result = { exitCode: ExitCode.USR_FORBIDDEN, returnData: null }
    miner.rt.expectSend({ to: MINER_OWNER, method: 0, value: ONE, result })
    expect(exitCode(miner)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test.each([
    { who: 'the worker', caller: MINER_WORKER },
    { who: 'a control address', caller: MINER_CONTROL },
    { who: 'a stranger', caller: STRANGER },
  ])('refuses $who', ({ caller }) => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: ONE })
    expect(exitCode(miner, ONE, caller)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('checks the amount, the caller, the queue of terminations, the debt, in that order', () => {
    const queued = { sectorNumber: 1, condition: { queuedSince: MINER_EPOCH - 10 } }
    const miner = new ScriptedMiner(hashes, { sectors: [queued], feeDebt: 100n * ONE })
    expect(exitCode(miner, -1n, STRANGER)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode(miner, 1n, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(miner, 1n)).toBe(ExitCode.USR_FORBIDDEN)
    const indebted = new ScriptedMiner(hashes, { feeDebt: 100n * ONE })
    expect(exitCode(indebted, 1n)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })
})

describe('a beneficiary who is not the owner', () => {
  const term = { quota: 5n * ONE, usedQuota: 2n * ONE, expiration: MINER_EPOCH + 1 }

  function mortgaged(change: Partial<typeof term> = {}) {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: 10n * ONE })
    miner.changeInfo({ beneficiary: STRANGER, beneficiaryTerm: { ...term, ...change } })
    return miner
  }

  test.each([MINER_OWNER, STRANGER])('gets the money, whoever of the two asks (%#)', (caller) => {
    const miner = mortgaged()
    miner.expectPayment(STRANGER, ONE)
    expect(withdraw(miner, ONE, caller)).toBe(ONE)
    expect(miner.info.beneficiaryTerm.usedQuota).toBe(3n * ONE)
  })

  test('gets no more than what is left of the quota, and then nothing', () => {
    const miner = mortgaged()
    miner.expectPayment(STRANGER, 3n * ONE)
    expect(withdraw(miner, 10n * ONE, STRANGER)).toBe(3n * ONE)
    expect(exitCode(miner, 1n, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(miner, 1n, MINER_OWNER)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('asks for nothing and uses nothing of the quota', () => {
    const miner = mortgaged()
    expect(withdraw(miner, 0n, STRANGER)).toBe(0n)
    expect(miner.info.beneficiaryTerm.usedQuota).toBe(2n * ONE)
  })

  // The term is over in the epoch of its expiration: `self.expiration > cur` in beneficiary.rs.
  test('gets nothing once the term is over, although debt could be paid', () => {
    const miner = mortgaged({ expiration: MINER_EPOCH })
    miner.changeState({ feeDebt: ONE })
    expect(exitCode(miner, 1n, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(miner.state.feeDebt).toBe(ONE)
  })

  test('does not use the quota for debt', () => {
    const miner = mortgaged()
    miner.changeState({ feeDebt: 9n * ONE })
    miner.expectPayment(STRANGER, ONE)
    miner.expectBurn(9n * ONE)
    expect(withdraw(miner, 10n * ONE, STRANGER)).toBe(ONE)
    expect(miner.info.beneficiaryTerm.usedQuota).toBe(3n * ONE)
  })
})
