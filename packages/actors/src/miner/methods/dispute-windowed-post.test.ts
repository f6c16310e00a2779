import { bitFieldOf } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  expectedReward,
  MINER_EPOCH,
  membersTogether,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  STRANGER,
  TRUSTING,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { loadDeadline } from '../deadlines.ts'
import { loadDeadlinesDraft } from '../state/assign-sectors.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const POWER = BigInt(SECTOR_BYTES)
const END = MINER_EPOCH + 59
/** 5.51 days of the power's reward, and 20 FIL. */
const penaltyOf = (power: bigint) => expectedReward(15_868, power) + 20n * ONE
const REWARD = 4n * ONE

const TWO_SECTORS = [{ sectorNumber: 1 }, { sectorNumber: 2 }]

/** A miner that has proven its first deadline unseen, in the epoch after it has closed, and whose proof is none. */
function liar({ sectors = TWO_SECTORS, ...plan }: ScriptedMinerPlan = {}, skipped: readonly number[] = []) {
  const miner = new ScriptedMiner(hashes, { unlockedBalance: 100n * ONE, ...plan, sectors })
  miner.rt.primitives = TRUSTING
  miner.rt.currEpoch = MINER_EPOCH + 10
  if (skipped.length > 0) {
    miner.expectPower({ raw: -POWER, qa: -POWER })
  }
  miner.call('SubmitWindowedPoSt', {
    deadline: 0n,
    partitions: [{ index: 0n, skipped: bitFieldOf(skipped) }],
    proofs: [{ postProof: 13n, proofBytes: Uint8Array.of(1) }],
    chainCommitEpoch: BigInt(MINER_EPOCH + 9),
    chainCommitRand: new Uint8Array(32),
  })
  miner.rt.currEpoch = END
  if (skipped.length > 0) {
    // What is skipped counts as faulty before the end, and pays for it at once.
    miner.expectBurn(expectedReward(10_108, POWER))
  }
  miner.expectCron(END + 60)
  miner.cron()
  miner.rt.currEpoch = END + 1
  miner.rt.primitives = { ...TRUSTING, verifyPost: () => false }
  return miner
}

const DISPUTE = { deadline: 0n, postIndex: 0n }
const dispute = (miner: ScriptedMiner) => miner.call('DisputeWindowedPoSt', DISPUTE, STRANGER)

function faults({ rt, state }: ScriptedMiner) {
  return membersTogether(rt.store, loadDeadline(rt.store, loadDeadlinesDraft(rt.store, state), 0), 'faults')
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_wpost.rs`.
describe('DisputeWindowedPoSt', () => {
  test('makes sectors faulty, charges 20 FIL and 5.51 days of reward, and rewards the reporter with 4 FIL more', () => {
    const miner = liar()
    miner.expectEstimates()
    miner.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    miner.expectPayment(STRANGER, REWARD)
    miner.expectBurn(penaltyOf(2n * POWER))
    dispute(miner)
    expect(faults(miner)).toEqual([1, 2])
    // 75 FIL · 15,868 · 2 · 2^35 / 2^64
    expect(penaltyOf(2n * POWER) - 20n * ONE).toBe(4_433_467_984_199_523n)
    expect(miner.rt.balance).toBe(102n * ONE - REWARD - penaltyOf(2n * POWER))
  })

  test('does not charge for sectors that were left out', () => {
    const miner = liar({}, [2])
    miner.expectEstimates()
    miner.expectPower({ raw: -POWER, qa: -POWER })
    miner.expectPayment(STRANGER, REWARD)
    miner.expectBurn(penaltyOf(POWER))
    dispute(miner)
    expect(faults(miner)).toEqual([1, 2])
  })

  test('takes funds that vest first', () => {
    const vesting = [{ epoch: MINER_EPOCH + 1440, amount: 50n * ONE }]
    const miner = liar({ vesting })
    const debt = REWARD + penaltyOf(2n * POWER)
    miner.expectEstimates()
    miner.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    miner.expectPayment(STRANGER, REWARD)
    miner.expectBurn(penaltyOf(2n * POWER))
    miner.expectPledge(-debt)
    dispute(miner)
    expect(miner.state.lockedFunds).toBe(50n * ONE - debt)
  })

  test('pays the reporter first of what there is', () => {
    const miner = liar({ unlockedBalance: 3n * ONE })
    miner.expectEstimates()
    miner.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    miner.expectPayment(STRANGER, 3n * ONE)
    dispute(miner)
    expect(miner.state.feeDebt).toBe(penaltyOf(2n * POWER) + ONE)
  })

  test('sends a reporter nothing of a miner that has nothing', () => {
    const miner = liar({ unlockedBalance: 0n })
    miner.expectEstimates()
    miner.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    dispute(miner)
    expect(miner.state.feeDebt).toBe(penaltyOf(2n * POWER) + REWARD)
  })

  test('burns the reward of a reporter who cannot be paid', () => {
    const miner = liar()
    miner.expectEstimates()
    miner.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    const result = { exitCode: ExitCode.USR_FORBIDDEN, returnData: null }
    miner.rt.expectSend({ to: STRANGER, method: 0, value: REWARD, result })
    miner.expectBurn(penaltyOf(2n * POWER) + REWARD)
    dispute(miner)
    expect(miner.state.feeDebt).toBe(0n)
  })

  test('lets nobody dispute a proof twice', () => {
    const miner = liar()
    miner.expectEstimates()
    miner.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    miner.expectPayment(STRANGER, REWARD)
    miner.expectBurn(penaltyOf(2n * POWER))
    dispute(miner)
    miner.expectEstimates()
    expect(miner.exitCode('DisputeWindowedPoSt', DISPUTE, STRANGER)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('DisputeWindowedPoSt refuses', () => {
  const exitCode = (miner: ScriptedMiner, params = DISPUTE) => {
    miner.expectEstimates()
    return miner.exitCode('DisputeWindowedPoSt', params, STRANGER)
  }

  test('a valid proof', () => {
    const miner = liar()
    miner.rt.primitives = TRUSTING
    expect(exitCode(miner)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a proof that there is not', () => {
    expect(exitCode(liar(), { deadline: 0n, postIndex: 1n })).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a deadline that there is not, before it asks anybody', () => {
    const params = { deadline: 48n, postIndex: 0n }
    const code = liar().exitCode('DisputeWindowedPoSt', params, STRANGER)
    expect(code).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  // The window of a dispute is two finalities long: 1800 epochs from the first after the deadline has closed.
  test.each([
    { after: 0, expected: ExitCode.USR_FORBIDDEN },
    { after: 1801, expected: ExitCode.USR_FORBIDDEN },
  ])('a dispute $after epochs after the last of the deadline', ({ after, expected }) => {
    const miner = liar()
    miner.rt.currEpoch = END + after
    expect(exitCode(miner)).toBe(expected)
  })

  test('but no dispute in the last epoch of the window', () => {
    const miner = liar()
    miner.rt.currEpoch = END + 1800
    miner.expectEstimates()
    miner.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    miner.expectPayment(STRANGER, REWARD)
    miner.expectBurn(penaltyOf(2n * POWER))
    dispute(miner)
    expect(faults(miner)).toEqual([1, 2])
  })
})
