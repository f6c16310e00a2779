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
const VESTING = [
  { epoch: MINER_EPOCH - 1440, amount: 3n },
  { epoch: MINER_EPOCH, amount: 5n },
  { epoch: MINER_EPOCH + 2880, amount: 7n },
]

// Source of the cases: builtin-actors v18, `actors/miner/tests/repay_debts.rs` and `repay_debt_test.rs`.
describe('RepayDebt', () => {
  test('does nothing where there is nothing to pay with, or nothing to pay', () => {
    const indebted = new ScriptedMiner(hashes, { feeDebt: 4n })
    indebted.call('RepayDebt')
    expect(indebted.state.feeDebt).toBe(4n)
    const rich = new ScriptedMiner(hashes, { unlockedBalance: 4n, vesting: VESTING })
    rich.call('RepayDebt')
    expect([rich.rt.balance, rich.state.lockedFunds]).toEqual([19n, 15n])
  })

  test('pays from the balance, with what was sent along', () => {
    const miner = new ScriptedMiner(hashes, { feeDebt: 4n })
    miner.rt.balance += 8n
    miner.expectBurn(4n)
    miner.call('RepayDebt')
    expect([miner.state.feeDebt, miner.rt.balance]).toEqual([0n, 4n])
  })

  test('pays as much as it can', () => {
    const miner = new ScriptedMiner(hashes, { feeDebt: 4n, unlockedBalance: 3n })
    miner.expectBurn(3n)
    miner.call('RepayDebt')
    expect([miner.state.feeDebt, miner.rt.balance]).toEqual([1n, 0n])
  })

  test('takes funds that vest first, even where the balance would do', () => {
    const miner = new ScriptedMiner(hashes, { feeDebt: 4n, unlockedBalance: 100n, vesting: VESTING })
    // All 3 that have vested become free, and 4 of those that have not are unlocked for the debt.
    miner.expectPledge(-7n)
    miner.expectBurn(4n)
    miner.call('RepayDebt')
    expect(miner.state).toMatchObject({ feeDebt: 0n, lockedFunds: 8n })
    expect(miner.rt.balance).toBe(111n)
  })

  test('takes funds that vest and then the balance', () => {
    const miner = new ScriptedMiner(hashes, { feeDebt: 40n, unlockedBalance: 10n, vesting: VESTING })
    miner.expectPledge(-15n)
    miner.expectBurn(25n)
    miner.call('RepayDebt')
    expect(miner.state).toMatchObject({ feeDebt: 15n, lockedFunds: 0n })
    expect(miner.rt.balance).toBe(0n)
  })

  test('leaves the pledge alone', () => {
    const pledge = 10n ** 18n
    const miner = new ScriptedMiner(hashes, { feeDebt: 40n, sectors: [{ sectorNumber: 1 }] })
    miner.call('RepayDebt')
    expect(miner.state).toMatchObject({ feeDebt: 40n, initialPledge: pledge })
    expect(miner.rt.balance).toBe(pledge)
  })

  test('is for the owner, the worker and control addresses', () => {
    for (const caller of [MINER_OWNER, MINER_WORKER, MINER_CONTROL]) {
      const miner = new ScriptedMiner(hashes, { feeDebt: 4n, unlockedBalance: 4n })
      miner.expectBurn(4n)
      miner.call('RepayDebtExported', undefined, caller)
      expect(miner.state.feeDebt).toBe(0n)
    }
    const miner = new ScriptedMiner(hashes, { feeDebt: 4n, unlockedBalance: 4n })
    expect(miner.exitCode('RepayDebt', undefined, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('cannot be called by a contract but by its exported number', () => {
    const miner = new ScriptedMiner(hashes, { feeDebt: 4n, unlockedBalance: 4n })
    miner.rt.actors.set(MINER_OWNER, { type: 'evm' })
    expect(miner.exitCode('RepayDebt', undefined, MINER_OWNER)).toBe(ExitCode.USR_FORBIDDEN)
    miner.expectBurn(4n)
    miner.call('RepayDebtExported', undefined, MINER_OWNER)
    expect(miner.state.feeDebt).toBe(0n)
  })

  test('fails where less is there than is locked', () => {
    const miner = new ScriptedMiner(hashes, { feeDebt: 4n, sectors: [{ sectorNumber: 1 }] })
    miner.rt.balance -= 1n
    expect(miner.exitCode('RepayDebt')).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})
