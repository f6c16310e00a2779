import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  expectedReward,
  MINER_EPOCH,
  MINER_OWNER,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { CRON_EVENT_PROCESS_EARLY_TERMINATIONS } from './types.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const DAY = 2880
/** The first deadline of the harness's miner is open for sixty epochs. */
const END = MINER_EPOCH + 59
const POWER = BigInt(SECTOR_BYTES)
/** The fee for a day of one faulty sector: what it earns in 3.51 days, 0.0014 FIL. */
const FAULT_FEE = expectedReward(10_108, POWER)

/** A miner in the last epoch of its first deadline. */
function atEnd(plan: ScriptedMinerPlan = {}) {
  const miner = new ScriptedMiner(hashes, plan)
  miner.rt.currEpoch = END
  return miner
}

/** Moves a miner into a later day, as if nothing had happened in the days between. */
function skipDays(miner: ScriptedMiner, days: number) {
  miner.changeState({ provingPeriodStart: MINER_EPOCH + days * DAY, currentDeadline: 0 })
  miner.rt.currEpoch = END + days * DAY
}

const power = (count: bigint) => ({ raw: count * POWER, qa: count * POWER })

// Source of the cases: builtin-actors v18, `actors/miner/tests/deadline_cron.rs` and `daily_fees_test.rs`.
describe('the end of a deadline', () => {
  test('of a miner that has nothing stops cron', () => {
    const miner = atEnd()
    miner.cron()
    expect(miner.state).toMatchObject({ deadlineCronActive: false, currentDeadline: 1 })
  })

  test('enrols the next one as long as anything is pledged, deposited or vesting', () => {
    const miner = atEnd({ sectors: [{ sectorNumber: 1, deadline: 5 }] })
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.state).toMatchObject({ deadlineCronActive: true, currentDeadline: 1 })
  })

  test('begins the next proving period after the last deadline', () => {
    const miner = new ScriptedMiner(hashes, {
      epoch: MINER_EPOCH + DAY - 1,
      sectors: [{ sectorNumber: 1, deadline: 5 }],
    })
    miner.expectCron(MINER_EPOCH + DAY + 59)
    miner.cron()
    expect(miner.state).toMatchObject({ currentDeadline: 0, provingPeriodStart: MINER_EPOCH + DAY })
  })

  test('takes the power of what was not proven, and charges nothing for it yet', () => {
    const miner = atEnd({ sectors: [{ sectorNumber: 1 }, { sectorNumber: 2 }], unlockedBalance: ONE })
    miner.expectPower(power(-2n))
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.rt.balance).toBe(3n * ONE)
  })

  test('charges a sector that stays faulty for what it would earn in 3.51 days', () => {
    const miner = atEnd({
      sectors: [{ sectorNumber: 1, condition: 'faulty' }, { sectorNumber: 2 }],
      unlockedBalance: ONE,
    })
    miner.expectPower(power(-1n))
    miner.expectBurn(FAULT_FEE)
    miner.expectCron(END + 60)
    miner.cron()
    // 75 FIL · 10,108 · 2^35 / 2^64
    expect(FAULT_FEE).toBe(1_412_071_287_631_988n)
    expect(miner.rt.balance).toBe(3n * ONE - FAULT_FEE)
  })

  test('charges faults day after day', () => {
    const miner = atEnd({ sectors: [{ sectorNumber: 1 }], unlockedBalance: ONE })
    miner.expectPower(power(-1n))
    miner.expectCron(END + 60)
    miner.cron()
    for (const days of [1, 2]) {
      skipDays(miner, days)
      miner.expectBurn(FAULT_FEE)
      miner.expectCron(END + days * DAY + 60)
      miner.cron()
    }
    expect(miner.rt.balance).toBe(2n * ONE - 2n * FAULT_FEE)
  })

  test('makes debt of a fee that cannot be paid', () => {
    const miner = atEnd({ sectors: [{ sectorNumber: 1, condition: 'faulty' }], unlockedBalance: 400n })
    miner.expectBurn(400n)
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.state).toMatchObject({ feeDebt: FAULT_FEE - 400n, initialPledge: ONE })
  })

  test('collects old debt', () => {
    const miner = atEnd({ sectors: [{ sectorNumber: 1, deadline: 5 }], unlockedBalance: ONE, feeDebt: 7n })
    miner.expectBurn(7n)
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.state.feeDebt).toBe(0n)
  })

  test('unlocks what has vested after debt has taken its part of what vests', () => {
    const vesting = [
      { epoch: MINER_EPOCH - 1440, amount: 30n },
      { epoch: MINER_EPOCH, amount: 40n },
      { epoch: MINER_EPOCH + 1440, amount: 50n },
    ]
    const miner = atEnd({ vesting, feeDebt: 45n })
    // 70 have vested; 45 of the 50 that have not pay the debt.
    miner.expectBurn(45n)
    miner.expectPledge(-115n)
    miner.expectCron(END + 60)
    miner.cron()
    expect([miner.state.lockedFunds, miner.rt.balance]).toEqual([5n, 75n])
  })

  test('unlocks what has vested', () => {
    const vesting = [
      { epoch: MINER_EPOCH, amount: 40n },
      { epoch: MINER_EPOCH + 1440, amount: 50n },
    ]
    const miner = atEnd({ vesting })
    miner.expectPledge(-40n)
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.state.lockedFunds).toBe(50n)
  })

  test.each([
    { effectiveAt: END, worker: STRANGER },
    { effectiveAt: END + 1, worker: MINER_OWNER },
  ])('lets a new worker begin who is due at $effectiveAt', ({ effectiveAt, worker }) => {
    const miner = atEnd()
    const pendingWorkerKey = { newWorker: STRANGER, effectiveAt }
    miner.changeInfo({ worker: MINER_OWNER, pendingWorkerKey })
    miner.cron()
    expect(miner.info.worker).toBe(worker)
  })
})

describe('the daily fee', () => {
  test('is charged in full where it is less than half of a day’s reward', () => {
    const sectors = [
      { sectorNumber: 1, dailyFee: 500n },
      { sectorNumber: 2, dailyFee: 300n, condition: 'faulty' as const },
    ]
    const miner = atEnd({ sectors, unlockedBalance: ONE })
    miner.expectPower(power(-1n))
    // Faulty sectors pay the daily fee too.
    miner.expectBurn(FAULT_FEE + 800n)
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.rt.balance).toBe(3n * ONE - FAULT_FEE - 800n)
  })

  test('is capped at half of a day’s reward of everything that lives in the deadline', () => {
    const sectors = [{ sectorNumber: 1, dailyFee: ONE }, { sectorNumber: 2 }]
    const miner = atEnd({ sectors, unlockedBalance: ONE })
    // 75 FIL · 2880 · 2 · 2^35 / 2^64 / 2
    const cap = 402_331_352_233_886n
    miner.expectPower(power(-2n))
    miner.expectBurn(cap)
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.rt.balance).toBe(3n * ONE - cap)
  })

  test('is not charged for sectors that leave at this very end', () => {
    const leaving = { sectorNumber: 1, dailyFee: 500n, expiration: MINER_EPOCH + 1 }
    const miner = atEnd({ sectors: [leaving, { sectorNumber: 2, dailyFee: 30n }] })
    miner.expectPower(power(-2n))
    // The pledge of what leaves pays the fee of what stays.
    miner.expectBurn(30n)
    miner.expectPledge(-ONE)
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.rt.balance).toBe(2n * ONE - 30n)
  })
})

describe('sectors whose time has come', () => {
  test('leave with their power, and their pledge is free', () => {
    const sectors = [{ sectorNumber: 1, expiration: MINER_EPOCH + 1 }]
    const miner = atEnd({ sectors })
    miner.expectPower(power(-1n))
    miner.expectPledge(-ONE)
    miner.cron()
    expect(miner.state).toMatchObject({ initialPledge: 0n, deadlineCronActive: false })
    expect([miner.rt.balance, miner.events]).toEqual([ONE, []])
  })

  test('pay the debt of their miner out of their pledge', () => {
    const sectors = [{ sectorNumber: 1, expiration: MINER_EPOCH + 1 }]
    const miner = atEnd({ sectors, feeDebt: 400n * ONE })
    miner.expectPower(power(-1n))
    miner.expectBurn(ONE)
    miner.expectPledge(-ONE)
    miner.cron()
    expect(miner.state.feeDebt).toBe(399n * ONE)
  })

  test('stay until the end of the proving period in which they expire', () => {
    const miner = atEnd({ sectors: [{ sectorNumber: 1, expiration: END + 1 }] })
    miner.expectPower(power(-1n))
    miner.expectCron(END + 60)
    miner.cron()
    expect(miner.state.initialPledge).toBe(ONE)
  })
})

describe('sectors that were faulty for 42 days', () => {
  const faulty = { sectorNumber: 4, condition: 'faulty' as const, dailyFee: 9n }
  /** 8.5 % of the pledge of one FIL, since the sector is older than 140 days. */
  const TERMINATION_FEE = 85n * 10n ** 15n

  test('are terminated and charged at once', () => {
    const miner = atEnd({ sectors: [faulty], unlockedBalance: ONE })
    skipDays(miner, 42)
    miner.expectBurn(FAULT_FEE)
    miner.expectCron(END + 42 * DAY + 60)
    miner.expectBurn(TERMINATION_FEE)
    miner.expectPledge(-ONE)
    miner.cron()
    expect(miner.events).toEqual(['sector-terminated 4'])
    expect(miner.rt.balance).toBe(2n * ONE - FAULT_FEE - TERMINATION_FEE)
  })

  test('have paid 42 fees before, from the first proof that was missed on', () => {
    const miner = atEnd({ sectors: [{ sectorNumber: 4 }], unlockedBalance: ONE })
    miner.expectPower(power(-1n))
    miner.expectCron(END + 60)
    miner.cron()
    for (let days = 1; days <= 42; days++) {
      skipDays(miner, days)
      miner.expectBurn(FAULT_FEE)
      miner.expectCron(END + days * DAY + 60)
      if (days === 42) {
        miner.expectBurn(TERMINATION_FEE)
        miner.expectPledge(-ONE)
      }
      miner.cron()
    }
    expect(miner.events).toEqual(['sector-terminated 4'])
    expect(miner.rt.balance).toBe(2n * ONE - 42n * FAULT_FEE - TERMINATION_FEE)
  })

  test('are not yet after 41 days', () => {
    const miner = atEnd({ sectors: [faulty], unlockedBalance: ONE })
    skipDays(miner, 41)
    miner.expectBurn(FAULT_FEE + 9n)
    miner.expectCron(END + 41 * DAY + 60)
    miner.cron()
    expect(miner.events).toEqual([])
  })

  test('are charged in the next epoch where one round does not do', () => {
    const sectors = [faulty, { ...faulty, sectorNumber: 5 }]
    const miner = atEnd({ sectors, unlockedBalance: 3n * ONE })
    miner.rt.policy = { ...miner.rt.policy, settledSectorsMax: 1 }
    skipDays(miner, 42)
    miner.expectBurn(expectedReward(10_108, 2n * POWER))
    miner.expectCron(END + 42 * DAY + 60)
    miner.expectBurn(TERMINATION_FEE)
    miner.expectPledge(-ONE)
    miner.expectCron(END + 42 * DAY + 1, CRON_EVENT_PROCESS_EARLY_TERMINATIONS)
    miner.cron()
    expect(miner.events).toEqual(['sector-terminated 4'])
    miner.rt.currEpoch++
    miner.expectBurn(TERMINATION_FEE)
    miner.expectPledge(-ONE)
    miner.cron(CRON_EVENT_PROCESS_EARLY_TERMINATIONS)
    expect(miner.events).toEqual(['sector-terminated 4', 'sector-terminated 5'])
  })

  test('wait in a queue that cron is about to come back for', () => {
    const queued = { sectorNumber: 3, deadline: 7, condition: { queuedSince: MINER_EPOCH - 10 } }
    const miner = atEnd({ sectors: [faulty, queued], unlockedBalance: ONE })
    skipDays(miner, 42)
    miner.expectBurn(FAULT_FEE)
    miner.expectCron(END + 42 * DAY + 60)
    miner.cron()
    expect(miner.events).toEqual([])
  })

  test('leave although the market fails: nothing in cron may stop for it', () => {
    const miner = atEnd({ sectors: [{ ...faulty, dealWeight: 1n }], unlockedBalance: ONE })
    skipDays(miner, 42)
    miner.expectBurn(FAULT_FEE)
    miner.expectCron(END + 42 * DAY + 60)
    miner.expectBurn(TERMINATION_FEE)
    miner.expectPledge(-ONE)
    miner.expectTerminatedDeals([4], ExitCode.USR_ILLEGAL_STATE)
    miner.cron()
    expect(miner.events).toEqual(['sector-terminated 4'])
  })
})
