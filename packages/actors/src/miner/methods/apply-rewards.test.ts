import { createHashes, ExitCode, REWARD_ACTOR_ADDR } from '@plimsoll/primitives'
import { MINER_EPOCH, MINER_OWNER, ScriptedMiner, type ScriptedMinerPlan } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { loadVestingTable, VestingTail } from '../vesting-state.ts'

const hashes = await createHashes()

/** A miner whose deadlines are looked after, as those of everyone are that can win a block. */
function winner(plan: ScriptedMinerPlan = {}) {
  const miner = new ScriptedMiner(hashes, plan)
  miner.changeState({ deadlineCronActive: true })
  return miner
}

/** The reward is there when the miner is called, since it is sent with the call. */
function applyRewards(miner: ScriptedMiner, reward: bigint, penalty: bigint) {
  miner.rt.balance += reward
  miner.call('ApplyRewards', { reward, penalty }, REWARD_ACTOR_ADDR)
}

const vestingOf = ({ rt, state }: ScriptedMiner) =>
  loadVestingTable(rt.store, VestingTail, state.vestingFunds)

// Source of the cases: builtin-actors v18, `actors/miner/tests/apply_rewards.rs`.
describe('ApplyRewards', () => {
  test('locks three quarters of a reward', () => {
    const miner = winner()
    miner.expectPledge(750_000n)
    applyRewards(miner, 1_000_000n, 0n)
    expect([miner.state.lockedFunds, miner.rt.balance]).toEqual([750_000n, 1_000_000n])
  })

  test('rounds what it locks down', () => {
    const miner = winner()
    // 1,000,007 · 3 / 4 = 750,005.25
    miner.expectPledge(750_005n)
    applyRewards(miner, 1_000_007n, 0n)
    expect(miner.state.lockedFunds).toBe(750_005n)
  })

  test('lets it vest in 180 days, on the half days of the proving period', () => {
    const miner = winner({ epoch: MINER_EPOCH + 1808 })
    miner.changeState({ provingPeriodStart: MINER_EPOCH + 7 })
    miner.expectPledge(450_000n)
    applyRewards(miner, 600_000n, 0n)
    const vesting = vestingOf(miner)
    expect(vesting).toHaveLength(180)
    // A day after 1,001,168, and up to the next of 999,367 + 1440 n; until then 450,000 · 3959 / 518,400 have vested.
    expect(vesting[0]).toEqual({ epoch: 1_005_127, amount: 3436n })
    expect(vesting.map(({ epoch }) => (epoch - 7) % 1440)).toEqual(new Array(180).fill(0))
    expect(vesting.at(-1)?.epoch).toBe(1_005_127 + 179 * 2880)
  })

  test('unlocks what has vested meanwhile, and tells only the difference', () => {
    const miner = winner({ vesting: [{ epoch: 997_920, amount: 40_000n }] })
    miner.expectPledge(35_000n)
    applyRewards(miner, 100_000n, 0n)
    expect(miner.state.lockedFunds).toBe(75_000n)
  })

  test('tells nothing where as much vests as is locked', () => {
    const miner = winner({ vesting: [{ epoch: 997_920, amount: 75_000n }] })
    applyRewards(miner, 100_000n, 0n)
    expect(miner.state.lockedFunds).toBe(75_000n)
  })

  test('pays a penalty from what it has just locked', () => {
    const miner = winner()
    // 450,000 are locked, of which 300,000 go at once.
    miner.expectPledge(150_000n)
    miner.expectBurn(300_000n)
    applyRewards(miner, 600_000n, 300_000n)
    expect(miner.state).toMatchObject({ lockedFunds: 150_000n, feeDebt: 0n })
    expect(miner.rt.balance).toBe(300_000n)
  })

  test('pays what it can of a penalty and owes the rest', () => {
    const miner = winner({ unlockedBalance: 100n })
    // 100 that were there and the reward of 100 against 300; the pledge is as it was.
    miner.expectBurn(200n)
    applyRewards(miner, 100n, 300n)
    expect(miner.state).toMatchObject({ feeDebt: 100n, lockedFunds: 0n })
  })

  test('pays debt that was there before', () => {
    const miner = winner({ unlockedBalance: 100n, feeDebt: 200n })
    // 225 of 300 are locked, 200 of those pay the debt.
    miner.expectPledge(25n)
    miner.expectBurn(200n)
    applyRewards(miner, 300n, 0n)
    expect(miner.state).toMatchObject({ feeDebt: 0n, lockedFunds: 25n })
    // 100 + 300 − 200, of which 25 are locked.
    expect(miner.rt.balance).toBe(200n)
  })

  test('checks reward, penalty, caller and balance in that order', () => {
    const miner = winner()
    const exitCode = (reward: bigint, penalty: bigint, caller = REWARD_ACTOR_ADDR) =>
      miner.exitCode('ApplyRewards', { reward, penalty }, caller)
    expect(exitCode(-1n, 0n, MINER_OWNER)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode(4n, -1n, MINER_OWNER)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode(4000n, 0n, MINER_OWNER)).toBe(ExitCode.USR_FORBIDDEN)
    // Less was sent with the call than is to be locked.
    miner.rt.balance = 2999n
    expect(exitCode(4000n, 0n)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
    miner.rt.balance = 3000n
    miner.expectPledge(3000n)
    expect(exitCode(4000n, 0n)).toBe(ExitCode.OK)
  })

  test('counts neither what is pledged nor what is deposited as there', () => {
    const miner = winner({ sectors: [{ sectorNumber: 1 }] })
    const exitCode = miner.exitCode('ApplyRewards', { reward: 4n, penalty: 0n }, REWARD_ACTOR_ADDR)
    expect(exitCode).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })
})
