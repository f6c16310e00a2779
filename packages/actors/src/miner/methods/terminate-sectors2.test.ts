import { type BitField, bitFieldOf } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { MINER_EPOCH, ScriptedMiner, type ScriptedMinerPlan, SECTOR_BYTES, STRANGER } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { RULES_OF_TODAY } from '../../rules/rules.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const POWER = BigInt(SECTOR_BYTES)
/** 8.5 % of one FIL: what a sector older than 140 days pays that pledges as much. */
const FULL_FEE = 85n * 10n ** 15n
const EXPORTED = 'TerminateSectors2Exported'

type Sector = NonNullable<ScriptedMinerPlan['sectors']>[number]

/** Sectors are in deadline 5 unless they say otherwise, and deadline 0 is open. */
function miner(sectors: readonly Sector[], terminateSectors2: 'off' | 'strict' | 'lenient' = 'strict') {
  const placed = sectors.map((sector) => ({ deadline: 5, ...sector }))
  const of = new ScriptedMiner(hashes, { unlockedBalance: ONE, sectors: placed })
  of.rt.policy = { ...of.rt.policy, rules: { ...RULES_OF_TODAY, terminateSectors2 } }
  return of
}

interface Declaration {
  readonly deadline: bigint
  readonly partition: bigint
  readonly sectors: BitField
}

const declare = (numbers: readonly number[], deadline = 5n, partition = 0n): Declaration => ({
  deadline,
  partition,
  sectors: bitFieldOf(numbers),
})

const paramsOf = (terminations: readonly Declaration[] | null, maxTermination = 1000n) => ({
  terminations,
  maxTermination,
})

const exitCode = (of: ScriptedMiner, params: ReturnType<typeof paramsOf>, caller?: typeof STRANGER) =>
  of.exitCode('TerminateSectors2', params, caller)

const active = { sectorNumber: 1 }
const queued = { sectorNumber: 2, condition: { queuedSince: MINER_EPOCH - 10 } }

function expectSettled(of: ScriptedMiner, count: bigint) {
  of.expectBurn(count * FULL_FEE)
  of.expectPledge(-count * ONE)
}

// Source: FIPs pull request 1035, `FIPS/fip-tbd.md`; where it is silent, `docs/proposals.md`.
describe('TerminateSectors2', () => {
  test('settles the queue first, then what is declared, and takes the power last', () => {
    const of = miner([active, queued, { sectorNumber: 3 }])
    of.expectEstimates()
    expectSettled(of, 1n)
    expectSettled(of, 1n)
    of.expectPower({ raw: -POWER, qa: -POWER })
    expect(of.call(EXPORTED, paramsOf([declare([1])]))).toEqual({ done: true })
    expect(of.events).toEqual(['sector-terminated 2', 'sector-terminated 1'])
    expect(of.state.initialPledge).toBe(ONE)
  })

  test('passes over sectors that wait in the queue already', () => {
    const of = miner([active, queued])
    of.expectEstimates()
    expectSettled(of, 1n)
    expect(of.call(EXPORTED, paramsOf([declare([2])]))).toEqual({ done: true })
    expect(of.state.initialPledge).toBe(ONE)
  })

  test.each([null, []])('with %j settles only the queue', (terminations) => {
    const of = miner([active, queued])
    of.expectEstimates()
    expectSettled(of, 1n)
    expect(of.call(EXPORTED, paramsOf(terminations, 1n))).toEqual({ done: true })
    expect(of.events).toEqual(['sector-terminated 2'])
  })

  test('asks for the estimates even where it has nothing to do, and sends nothing else', () => {
    const of = miner([active])
    of.expectEstimates()
    expect(of.call(EXPORTED, paramsOf(null, 0n))).toEqual({ done: true })
    expect(of.events).toEqual([])
  })

  test('goes on round after round, and asks cron for nothing', () => {
    const of = miner([active, { ...active, sectorNumber: 3 }, queued])
    of.rt.policy = { ...of.rt.policy, settledSectorsMax: 1 }
    of.expectEstimates()
    expectSettled(of, 1n)
    expectSettled(of, 1n)
    expectSettled(of, 1n)
    of.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    of.call(EXPORTED, paramsOf([declare([1, 3])], 3n))
    expect(of.events).toEqual(['sector-terminated 2', 'sector-terminated 1', 'sector-terminated 3'])
  })

  test('names more sectors than TerminateSectors may', () => {
    const many = Array.from({ length: 25_001 }, (_, i) => i)
    const of = miner([active])
    expect(of.exitCode('TerminateSectors', [declare(many)])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    of.rt.policy = { ...of.rt.policy, addressedSectorsMax: 0, addressedPartitionsMax: 0 }
    of.expectEstimates()
    expectSettled(of, 1n)
    of.expectPower({ raw: -POWER, qa: -POWER })
    of.call(EXPORTED, paramsOf([declare([1])]))
    expect(of.state.initialPledge).toBe(0n)
  })

  test('does not look at the deadlines and partitions of empty declarations', () => {
    const of = miner([active])
    of.expectEstimates()
    of.call(EXPORTED, paramsOf([declare([], 0n), declare([], 7n, 99n)]))
    expect(of.state.initialPledge).toBe(ONE)
    expect(exitCode(miner([active]), paramsOf([declare([], 48n)]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('fails altogether where the market does', () => {
    const of = miner([queued, { ...active, dealWeight: 1n }])
    of.expectEstimates()
    expectSettled(of, 1n)
    expectSettled(of, 1n)
    of.expectTerminatedDeals([1], ExitCode.USR_NOT_FOUND)
    expect(exitCode(of, paramsOf([declare([1])]))).toBe(ExitCode.USR_NOT_FOUND)
    expect([of.state.initialPledge, of.events]).toEqual([2n * ONE, []])
  })

  test('is not there where it is off', () => {
    expect(exitCode(miner([active], 'off'), paramsOf(null))).toBe(ExitCode.USR_UNHANDLED_MESSAGE)
    expect(miner([active], 'off').exitCode(EXPORTED, paramsOf(null))).toBe(ExitCode.USR_UNHANDLED_MESSAGE)
  })

  test('can be called by a contract that controls the miner, but by its exported number alone', () => {
    const of = miner([active])
    of.rt.actors.set(STRANGER, { type: 'evm' })
    of.changeInfo({ controlAddresses: [STRANGER] })
    expect(exitCode(of, paramsOf(null), STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    of.expectEstimates()
    expect(of.call(EXPORTED, paramsOf(null), STRANGER)).toEqual({ done: true })
  })
})

describe('the maximum of TerminateSectors2', () => {
  // One is queued, two are declared beside it.
  test.each([
    { max: 3n, code: ExitCode.OK },
    { max: 2n, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { max: (1n << 64n) - 1n, code: ExitCode.OK },
  ])('of $max ends with $code', ({ max, code }) => {
    const of = miner([active, { ...active, sectorNumber: 3 }, { ...queued, deadline: 7 }])
    if (code === ExitCode.OK) {
      of.expectEstimates()
      expectSettled(of, 1n)
      expectSettled(of, 2n)
      of.expectPower({ raw: -2n * POWER, qa: -2n * POWER })
    }
    expect(exitCode(of, paramsOf([declare([1, 3])], max))).toBe(code)
  })

  test('does not count what is declared and queued twice', () => {
    const of = miner([queued])
    of.expectEstimates()
    expectSettled(of, 1n)
    expect(exitCode(of, paramsOf([declare([2])], 1n))).toBe(ExitCode.OK)
  })
})

describe('TerminateSectors2 refuses', () => {
  const illegal = ExitCode.USR_ILLEGAL_ARGUMENT
  const sectors = [active, { sectorNumber: 4, deadline: 0 }, { sectorNumber: 5, deadline: 1 }]

  test('no deadline, before it looks at who calls; then the caller', () => {
    expect(exitCode(miner(sectors), paramsOf([declare([1], 48n)]), STRANGER)).toBe(illegal)
    expect(exitCode(miner(sectors), paramsOf([declare([4], 0n)]), STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('the open deadline and the next, before it looks at partitions', () => {
    expect(exitCode(miner(sectors), paramsOf([declare([4], 0n, 9n)]))).toBe(illegal)
    expect(exitCode(miner(sectors), paramsOf([declare([5], 1n)]))).toBe(illegal)
  })

  test('a partition that there is not, and sectors that it does not have', () => {
    expect(exitCode(miner(sectors), paramsOf([declare([1], 5n, 1n)]))).toBe(ExitCode.USR_NOT_FOUND)
    expect(exitCode(miner(sectors), paramsOf([declare([1, 9])]))).toBe(illegal)
  })

  test('sectors that were settled before, unless it is lenient', () => {
    for (const [mode, code] of [
      ['strict', illegal],
      ['lenient', ExitCode.OK],
    ] as const) {
      const of = miner([active, { ...active, sectorNumber: 3 }], mode)
      of.expectEstimates()
      expectSettled(of, 1n)
      of.expectPower({ raw: -POWER, qa: -POWER })
      of.call('TerminateSectors', [declare([1])])
      if (code === ExitCode.OK) {
        of.expectEstimates()
      }
      expect(exitCode(of, paramsOf([declare([1])]))).toBe(code)
    }
  })
})
