import { bitFieldOf } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  membersTogether,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { RULES_OF_TODAY } from '../../rules/rules.ts'
import { loadDeadline } from '../deadlines.ts'
import { loadDeadlinesDraft } from '../state/assign-sectors.ts'

const hashes = await createHashes()
const POWER = BigInt(SECTOR_BYTES)

/** Sectors are in deadline 5, which opens 300 epochs after the present one. */
function miner({ sectors = [], ...plan }: ScriptedMinerPlan = {}) {
  const placed = sectors.map((sector) => ({ deadline: 5, ...sector }))
  return new ScriptedMiner(hashes, { ...plan, sectors: placed })
}

const declare = (numbers: readonly number[], deadline = 5n, partition = 0n) => ({
  deadline,
  partition,
  sectors: bitFieldOf(numbers),
})

function members({ rt, state }: ScriptedMiner, set: 'faults' | 'recoveries') {
  const deadlines = loadDeadlinesDraft(rt.store, state)
  return membersTogether(rt.store, loadDeadline(rt.store, deadlines, 5), set)
}

const power = (count: bigint) => ({ raw: count * POWER, qa: count * POWER })

// Source of the cases: builtin-actors v18, `actors/miner/tests/declare_faults.rs` and `declare_recoveries.rs`.
describe('DeclareFaults', () => {
  test('takes the power at once and charges nothing', () => {
    const of = miner({ sectors: [{ sectorNumber: 1 }, { sectorNumber: 2 }] })
    const { balance } = of.rt
    of.expectPower(power(-1n))
    of.call('DeclareFaults', [declare([2])])
    expect(members(of, 'faults')).toEqual([2])
    expect(of.rt.balance).toBe(balance)
  })

  test('of sectors without power tells nobody', () => {
    const of = miner({ sectors: [{ sectorNumber: 1, condition: 'unproven' }] })
    of.call('DeclareFaults', [declare([1])])
    expect(members(of, 'faults')).toEqual([1])
  })

  test('passes over sectors that are faulty or terminated, and takes back the promise to recover', () => {
    const of = miner({
      sectors: [
        { sectorNumber: 1, condition: 'faulty' },
        { sectorNumber: 2, condition: 'recovering' },
        { sectorNumber: 3, condition: { queuedSince: MINER_EPOCH - 10 } },
      ],
    })
    of.call('DeclareFaults', [declare([1, 2, 3])])
    expect([members(of, 'faults'), members(of, 'recoveries')]).toEqual([[1, 2], []])
  })

  // Deadline 5 opens at 300, and the cutoff is 70 epochs before.
  test.each([
    { after: 229, exitCode: ExitCode.OK },
    { after: 230, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { after: 359, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { after: 360, exitCode: ExitCode.OK },
  ])('ends with $exitCode $after epochs after the proving period began', ({ after, exitCode }) => {
    const of = miner({ sectors: [{ sectorNumber: 1, condition: 'faulty' }] })
    of.rt.currEpoch += after
    expect(of.exitCode('DeclareFaults', [declare([1])])).toBe(exitCode)
    expect(of.exitCode('DeclareFaultsRecovered', [declare([1])])).toBe(exitCode)
  })
})

describe('DeclareFaultsRecovered', () => {
  const faulty = { sectorNumber: 1, condition: 'faulty' as const }

  test('promises to prove, and gives no power yet', () => {
    const of = miner({ sectors: [faulty] })
    of.call('DeclareFaultsRecovered', [declare([1])])
    expect([members(of, 'faults'), members(of, 'recoveries')]).toEqual([[1], [1]])
  })

  test('pays debt first, in full', () => {
    const of = miner({ sectors: [faulty], unlockedBalance: 9n, feeDebt: 7n })
    of.expectBurn(7n)
    of.call('DeclareFaultsRecovered', [declare([1])])
    expect(of.state.feeDebt).toBe(0n)
  })

  test('does not touch funds that vest for debt', () => {
    const vesting = [{ epoch: MINER_EPOCH - 1440, amount: 100n }]
    const of = miner({ sectors: [faulty], unlockedBalance: 6n, feeDebt: 7n, vesting })
    const exitCode = of.exitCode('DeclareFaultsRecovered', [declare([1])])
    expect(exitCode).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  test('leaves debt alone under FIP-0006', () => {
    const of = miner({ sectors: [faulty], unlockedBalance: 6n, feeDebt: 7n })
    of.rt.policy = { ...of.rt.policy, rules: { ...RULES_OF_TODAY, recoveryInDebt: true } }
    of.call('DeclareFaultsRecovered', [declare([1])])
    expect([of.state.feeDebt, of.rt.balance - of.state.initialPledge]).toEqual([7n, 6n])
  })

  // `curr_epoch <= info.consensus_fault_elapsed` in lib.rs.
  test.each([
    { elapsed: MINER_EPOCH, exitCode: ExitCode.USR_FORBIDDEN },
    { elapsed: MINER_EPOCH - 1, exitCode: ExitCode.OK },
  ])('ends with $exitCode where an exclusion lasts until $elapsed', ({ elapsed, exitCode }) => {
    const of = miner({ sectors: [faulty] })
    of.changeInfo({ consensusFaultElapsed: elapsed })
    expect(of.exitCode('DeclareFaultsRecovered', [declare([1])])).toBe(exitCode)
  })

  test('passes over sectors that are not faulty', () => {
    const of = miner({ sectors: [faulty, { sectorNumber: 2 }] })
    of.call('DeclareFaultsRecovered', [declare([1, 2])])
    expect(members(of, 'recoveries')).toEqual([1])
  })

  test('looks at the debt before the caller, and at the caller before the exclusion', () => {
    const excluded = (plan: ScriptedMinerPlan) => {
      const of = miner({ sectors: [faulty], ...plan })
      of.changeInfo({ consensusFaultElapsed: MINER_EPOCH })
      return of
    }
    const exitCode = (of: ScriptedMiner, caller?: typeof STRANGER) =>
      of.exitCode('DeclareFaultsRecovered', [declare([1], 5n, 9n)], caller)
    expect(exitCode(excluded({ feeDebt: 7n }), STRANGER)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
    expect(exitCode(excluded({}), STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(excluded({}))).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(miner({ sectors: [faulty] }))).toBe(ExitCode.USR_NOT_FOUND)
  })
})

describe.each(['DeclareFaults', 'DeclareFaultsRecovered'])('%s refuses', (method) => {
  const exitCode = (declarations: readonly ReturnType<typeof declare>[], caller?: typeof STRANGER) =>
    miner({ sectors: [{ sectorNumber: 1 }] }).exitCode(method, declarations, caller)

  test('sectors that the partition does not have', () => {
    expect(exitCode([declare([1, 2])])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a partition that there is not', () => {
    expect(exitCode([declare([1], 5n, 1n)])).toBe(ExitCode.USR_NOT_FOUND)
  })

  test('no deadline, and more than may be named, before it looks at who calls', () => {
    expect(exitCode([declare([1], 48n)], STRANGER)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    const many = [declare(Array.from({ length: 25_001 }, (_, i) => i))]
    expect(exitCode(many, STRANGER)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode([declare([2])], STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
  })
})
