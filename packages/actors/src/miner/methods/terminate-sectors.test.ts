import { bitFieldOf } from '@plimsoll/ipld'
import { createHashes, divFloor, ExitCode } from '@plimsoll/primitives'
import {
  expectedReward,
  MINER_EPOCH,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { CRON_EVENT_PROCESS_EARLY_TERMINATIONS } from '../types.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const DAY = 2880
const POWER = BigInt(SECTOR_BYTES)
/** 8.5 % of one FIL: what a sector older than 140 days pays that pledges as much. */
const FULL_FEE = 85n * 10n ** 15n

/** Sectors are in deadline 5 unless they say otherwise, and deadline 0 is open. */
function miner({ sectors = [], ...plan }: ScriptedMinerPlan = {}) {
  const placed = sectors.map((sector) => ({ deadline: 5, ...sector }))
  return new ScriptedMiner(hashes, { unlockedBalance: ONE, ...plan, sectors: placed })
}

const declare = (numbers: readonly number[], deadline = 5n, partition = 0n) => ({
  deadline,
  partition,
  sectors: bitFieldOf(numbers),
})

const terminate = (of: ScriptedMiner, ...declarations: readonly ReturnType<typeof declare>[]) =>
  of.call('TerminateSectors', declarations)

const power = (count: bigint) => ({ raw: count * POWER, qa: count * POWER })

// Source of the cases: builtin-actors v18, `actors/miner/tests/terminate_sectors_test.rs`.
describe('TerminateSectors', () => {
  test('charges sectors, frees their pledge, and takes their power last', () => {
    const of = miner({ sectors: [{ sectorNumber: 1 }, { sectorNumber: 2 }, { sectorNumber: 3 }] })
    of.expectEstimates()
    of.expectBurn(2n * FULL_FEE)
    of.expectPledge(-2n * ONE)
    of.expectPower(power(-2n))
    expect(terminate(of, declare([1, 3]))).toEqual({ done: true })
    expect(of.events).toEqual(['sector-terminated 1', 'sector-terminated 3'])
    expect(of.state).toMatchObject({ initialPledge: ONE, feeDebt: 0n })
    expect(of.rt.balance).toBe(4n * ONE - 2n * FULL_FEE)
  })

  test.each([
    // 8.5 % · 70 / 140
    { what: 'half as much at 70 days', activation: MINER_EPOCH - 70 * DAY, fee: 425n * 10n ** 14n },
    { what: 'all of it from 140 days on', activation: MINER_EPOCH - 140 * DAY, fee: FULL_FEE },
    { what: 'no less than 2 %', activation: MINER_EPOCH - 14 * DAY, fee: 2n * 10n ** 16n },
    { what: '2 % in the epoch of its activation', activation: MINER_EPOCH, fee: 2n * 10n ** 16n },
  ])('takes $what', ({ activation, fee }) => {
    const of = miner({ sectors: [{ sectorNumber: 1, activation }] })
    of.expectEstimates()
    of.expectBurn(fee)
    of.expectPledge(-ONE)
    of.expectPower(power(-1n))
    terminate(of, declare([1]))
    expect(of.rt.balance).toBe(2n * ONE - fee)
  })

  test('takes no less than 105 % of the fee of a faulty day', () => {
    const of = miner({ sectors: [{ sectorNumber: 1, initialPledge: 1000n }] })
    // 1.05 · 1,412,071,287,631,988
    const fee = 1_482_674_852_013_587n
    expect(divFloor(expectedReward(10_108, POWER) * 105n, 100n)).toBe(fee)
    of.expectEstimates()
    of.expectBurn(fee)
    of.expectPledge(-1000n)
    of.expectPower(power(-1n))
    terminate(of, declare([1]))
    expect(of.rt.balance).toBe(ONE + 1000n - fee)
  })

  test('pays the fee from what vests, then from the pledge that is free, and owes the rest', () => {
    const vesting = [{ epoch: MINER_EPOCH + 1440, amount: 10n }]
    const of = miner({
      sectors: [{ sectorNumber: 1, initialPledge: 1000n }],
      unlockedBalance: 0n,
      vesting,
    })
    of.expectEstimates()
    of.expectBurn(1010n)
    of.expectPledge(-1010n)
    of.expectPower(power(-1n))
    terminate(of, declare([1]))
    expect(of.state.feeDebt).toBe(1_482_674_852_013_587n - 1010n)
    expect(of.rt.balance).toBe(0n)
  })

  test('may be called in debt, and pays it', () => {
    const of = miner({ sectors: [{ sectorNumber: 1 }], feeDebt: 7n })
    of.expectEstimates()
    of.expectBurn(FULL_FEE + 7n)
    of.expectPledge(-ONE)
    of.expectPower(power(-1n))
    terminate(of, declare([1]))
    expect(of.state.feeDebt).toBe(0n)
  })

  test('takes no power of sectors that have none, which pay the same', () => {
    const of = miner({
      sectors: [
        { sectorNumber: 1, condition: 'faulty' },
        { sectorNumber: 2, condition: 'unproven' },
        { sectorNumber: 3, condition: 'recovering' },
      ],
    })
    of.expectEstimates()
    of.expectBurn(3n * FULL_FEE)
    of.expectPledge(-3n * ONE)
    terminate(of, declare([1, 2, 3]))
    expect(of.events).toHaveLength(3)
  })

  test('tells the market of those sectors that hold data', () => {
    const sectors = [
      { sectorNumber: 1 },
      { sectorNumber: 2, dealWeight: 1n },
      { sectorNumber: 3, verifiedDealWeight: 1n },
    ]
    const of = miner({ sectors })
    of.expectEstimates()
    of.expectBurn(3n * FULL_FEE)
    of.expectPledge(-3n * ONE)
    of.expectTerminatedDeals([2, 3])
    of.expectPower(power(-3n))
    terminate(of, declare([1, 2, 3]))
    expect(of.events).toHaveLength(3)
  })

  test('fails where the market does', () => {
    const of = miner({ sectors: [{ sectorNumber: 2, dealWeight: 1n }] })
    of.expectEstimates()
    of.expectBurn(FULL_FEE)
    of.expectPledge(-ONE)
    of.expectTerminatedDeals([2], ExitCode.USR_ILLEGAL_STATE)
    expect(of.exitCode('TerminateSectors', [declare([2])])).toBe(ExitCode.USR_ILLEGAL_STATE)
    expect([of.state.initialPledge, of.events]).toEqual([ONE, []])
  })

  test('brings declarations for one partition together', () => {
    const of = miner({ sectors: [{ sectorNumber: 1 }, { sectorNumber: 2 }] })
    of.expectEstimates()
    of.expectBurn(2n * FULL_FEE)
    of.expectPledge(-2n * ONE)
    of.expectPower(power(-2n))
    terminate(of, declare([2]), declare([1, 2]))
    expect(of.events).toEqual(['sector-terminated 1', 'sector-terminated 2'])
  })

  test('with no declarations settles what is queued, oldest first, for its age when it was terminated', () => {
    const activation = MINER_EPOCH - 150 * DAY
    const sectors = [
      { sectorNumber: 1, activation, condition: { queuedSince: activation + 70 * DAY } },
      { sectorNumber: 2, activation, condition: { queuedSince: activation + 35 * DAY }, deadline: 7 },
    ]
    const of = miner({ sectors })
    of.expectEstimates()
    // 8.5 % · 70 / 140 and 8.5 % · 35 / 140
    of.expectBurn(425n * 10n ** 14n + 2125n * 10n ** 13n)
    of.expectPledge(-2n * ONE)
    expect(terminate(of)).toEqual({ done: true })
    expect(of.events).toEqual(['sector-terminated 2', 'sector-terminated 1'])
  })

  test('does nothing where nothing is queued and nothing declared', () => {
    const of = miner({ sectors: [{ sectorNumber: 1 }] })
    of.expectEstimates()
    expect(terminate(of)).toEqual({ done: true })
    expect(of.events).toEqual([])
  })
})

describe('more terminations than one round settles', () => {
  const sectors = [1, 2, 3].map((sectorNumber) => ({ sectorNumber }))

  test('leave the rest to cron, which is asked for once', () => {
    const of = miner({ sectors, unlockedBalance: 3n * ONE })
    of.rt.policy = { ...of.rt.policy, settledSectorsMax: 1 }
    of.expectEstimates()
    of.expectBurn(FULL_FEE)
    of.expectPledge(-ONE)
    of.expectCron(MINER_EPOCH + 1, CRON_EVENT_PROCESS_EARLY_TERMINATIONS)
    of.expectPower(power(-2n))
    expect(terminate(of, declare([1, 2]))).toEqual({ done: false })
    // Sectors that are not settled keep their pledge, and their miner from withdrawing.
    expect(of.state.initialPledge).toBe(2n * ONE)

    // Those that wait come first, and cron is already about to come.
    of.expectEstimates()
    of.expectBurn(FULL_FEE)
    of.expectPledge(-ONE)
    of.expectPower(power(-1n))
    expect(terminate(of, declare([3]))).toEqual({ done: false })
    expect(of.events).toEqual(['sector-terminated 1', 'sector-terminated 2'])
  })

  test('count partitions too', () => {
    const of = miner({ sectors: sectors.map((sector, partition) => ({ ...sector, partition })) })
    of.rt.policy = { ...of.rt.policy, settledPartitionsMax: 2 }
    of.expectEstimates()
    of.expectBurn(2n * FULL_FEE)
    of.expectPledge(-2n * ONE)
    of.expectCron(MINER_EPOCH + 1, CRON_EVENT_PROCESS_EARLY_TERMINATIONS)
    of.expectPower(power(-3n))
    terminate(of, declare([1]), declare([2], 5n, 1n), declare([3], 5n, 2n))
    expect(of.events).toHaveLength(2)
  })
})

describe('TerminateSectors refuses', () => {
  const sectors = [{ sectorNumber: 1 }, { sectorNumber: 2, deadline: 0 }, { sectorNumber: 3, deadline: 1 }]
  const exitCode = (declarations: readonly ReturnType<typeof declare>[], caller?: typeof STRANGER) =>
    miner({ sectors }).exitCode('TerminateSectors', declarations, caller)

  test.each([
    { what: 'the open deadline', of: declare([2], 0n) },
    { what: 'the next deadline', of: declare([3], 1n) },
    { what: 'no deadline', of: declare([1], 48n) },
    { what: 'sectors of another partition', of: declare([2]) },
  ])('$what as an argument', ({ of }) => {
    expect(exitCode([of])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a partition that there is not', () => {
    expect(exitCode([declare([1], 5n, 1n)])).toBe(ExitCode.USR_NOT_FOUND)
  })

  test('sectors that are terminated already', () => {
    const queued = { sectorNumber: 1, condition: { queuedSince: MINER_EPOCH - 10 } }
    const of = miner({ sectors: [queued] })
    expect(of.exitCode('TerminateSectors', [declare([1])])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('more than it may be named, before it looks at who calls; then the caller, then the deadline', () => {
    const many = [declare(Array.from({ length: 25_001 }, (_, i) => i))]
    expect(exitCode(many, STRANGER)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    const partitions = Array.from({ length: 3001 }, (_, i) => declare([], 5n, BigInt(i)))
    expect(exitCode(partitions, STRANGER)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode([declare([2], 0n)], STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode([declare([2], 0n), declare([1], 5n, 1n)])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})
