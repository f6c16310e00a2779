import { type Address, createHashes, ExitCode } from '@plimsoll/primitives'
import { EPOCH_REWARD, MINER, MINER_EPOCH, MINER_OWNER, ScriptedMiner, STRANGER } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import type { ConsensusFault } from '../../runtime/primitives.ts'

const hashes = await createHashes()
const HEADERS = { header1: Uint8Array.of(1), header2: Uint8Array.of(2), headerExtra: Uint8Array.of(3) }
const DOUBLE_FORK = { target: MINER, epoch: MINER_EPOCH - 1, faultType: 1 } as const satisfies ConsensusFault
/** Five times what one of five winners gets: the reward of an epoch. */
const PENALTY = EPOCH_REWARD
/** A quarter of what one winner gets: 75 / 5 / 4 FIL. */
const REPORTER_SHARE = 3_750_000_000_000_000_000n

type Verdict = ConsensusFault | 'none' | 'invalid'

/** A miner whose headers prove what is given. */
function accused(verdict: Verdict, balance = 2n * PENALTY) {
  const miner = new ScriptedMiner(hashes, { unlockedBalance: balance })
  miner.rt.primitives = { verifyConsensusFault: () => verdict }
  return miner
}

const report = (miner: ScriptedMiner, caller: Address = STRANGER) =>
  miner.call('ReportConsensusFault', HEADERS, caller)

// Source of the cases: builtin-actors v18, `actors/miner/tests/report_consensus_fault.rs`.
describe('ReportConsensusFault', () => {
  test('takes the reward of an epoch from the miner, of which the reporter gets a twentieth', () => {
    const miner = accused(DOUBLE_FORK)
    miner.expectReward()
    miner.expectPayment(STRANGER, REPORTER_SHARE)
    miner.expectBurn(PENALTY - REPORTER_SHARE)
    report(miner)
    expect(miner.rt.balance).toBe(PENALTY)
  })

  test('shows the machine the headers as they came', () => {
    const miner = accused(DOUBLE_FORK)
    const shown: Uint8Array[] = []
    miner.rt.primitives = {
      verifyConsensusFault: (...headers) => {
        shown.push(...headers)
        return DOUBLE_FORK
      },
    }
    miner.expectReward()
    miner.expectPayment(STRANGER, REPORTER_SHARE)
    miner.expectBurn(PENALTY - REPORTER_SHARE)
    report(miner)
    expect(shown).toEqual([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)])
  })

  test('excludes the miner for 900 epochs', () => {
    const miner = accused(DOUBLE_FORK)
    miner.expectReward()
    miner.expectPayment(STRANGER, REPORTER_SHARE)
    miner.expectBurn(PENALTY - REPORTER_SHARE)
    report(miner)
    expect(miner.info.consensusFaultElapsed).toBe(MINER_EPOCH + 900)
  })

  test('pays the reporter first of what there is, and the rest becomes debt', () => {
    const miner = accused(DOUBLE_FORK, 1000n)
    miner.expectReward()
    miner.expectPayment(STRANGER, 1000n)
    report(miner)
    expect(miner.state.feeDebt).toBe(PENALTY - 1000n)
  })

  test('sends the reporter nothing of a miner that has nothing, but asks him', () => {
    const miner = accused(DOUBLE_FORK, 0n)
    miner.expectReward()
    miner.expectPayment(STRANGER, 0n)
    report(miner)
    expect(miner.state.feeDebt).toBe(PENALTY)
  })

  test('takes funds that vest first', () => {
    const miner = new ScriptedMiner(hashes, {
      vesting: [{ epoch: MINER_EPOCH + 2880, amount: 2n * PENALTY }],
    })
    miner.rt.primitives = { verifyConsensusFault: () => DOUBLE_FORK }
    miner.expectReward()
    miner.expectPayment(STRANGER, REPORTER_SHARE)
    miner.expectBurn(PENALTY - REPORTER_SHARE)
    miner.expectPledge(-PENALTY)
    report(miner)
    expect(miner.state).toMatchObject({ lockedFunds: PENALTY, feeDebt: 0n })
  })

  test('keeps the share of a reporter who cannot be paid', () => {
    const miner = accused(DOUBLE_FORK)
    miner.expectReward()
    const result = { exitCode: ExitCode.USR_FORBIDDEN, returnData: null }
    miner.rt.expectSend({ to: STRANGER, method: 0, value: REPORTER_SHARE, result })
    miner.expectBurn(PENALTY - REPORTER_SHARE)
    report(miner)
    expect(miner.rt.balance).toBe(PENALTY + REPORTER_SHARE)
    expect(miner.state.feeDebt).toBe(0n)
  })

  test('lets the miner itself report', () => {
    const miner = accused(DOUBLE_FORK)
    miner.expectReward()
    miner.expectPayment(MINER_OWNER, REPORTER_SHARE)
    miner.expectBurn(PENALTY - REPORTER_SHARE)
    report(miner, MINER_OWNER)
    expect(miner.rt.balance).toBe(PENALTY)
  })

  test.each<{ what: string; verdict: Verdict }>([
    { what: 'headers that are none', verdict: 'invalid' },
    { what: 'headers that do not contradict each other', verdict: 'none' },
    { what: 'a fault of another miner', verdict: { ...DOUBLE_FORK, target: STRANGER } },
    { what: 'a fault of the present epoch', verdict: { ...DOUBLE_FORK, epoch: MINER_EPOCH } },
  ])('refuses $what', ({ verdict }) => {
    expect(accused(verdict).exitCode('ReportConsensusFault', HEADERS, STRANGER)).toBe(
      ExitCode.USR_ILLEGAL_ARGUMENT,
    )
  })

  // `fault.epoch < info.consensus_fault_elapsed` in lib.rs.
  test.each([
    { epoch: MINER_EPOCH - 11, exitCode: ExitCode.USR_FORBIDDEN },
    { epoch: MINER_EPOCH - 10, exitCode: ExitCode.OK },
  ])('of epoch $epoch ends with $exitCode where an exclusion has ended ten epochs ago', (at) => {
    const miner = accused({ ...DOUBLE_FORK, epoch: at.epoch })
    miner.changeInfo({ consensusFaultElapsed: MINER_EPOCH - 10 })
    miner.expectReward()
    if (at.exitCode === ExitCode.OK) {
      miner.expectPayment(STRANGER, REPORTER_SHARE)
      miner.expectBurn(PENALTY - REPORTER_SHARE)
    }
    expect(miner.exitCode('ReportConsensusFault', HEADERS, STRANGER)).toBe(at.exitCode)
  })
})
