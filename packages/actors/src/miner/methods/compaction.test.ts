import { bitField, bitFieldOf, bitsOf, countBits, load } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  membersTogether,
  ScriptedMiner,
  type ScriptedMinerPlan,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { Partitions } from '../deadline-state.ts'
import { loadDeadline } from '../deadlines.ts'
import { minerLayout } from '../layout.ts'
import { loadSectorsByNumber } from '../load-miner.ts'
import { loadDeadlinesDraft } from '../state/assign-sectors.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const illegal = ExitCode.USR_ILLEGAL_ARGUMENT

type Sectors = NonNullable<ScriptedMinerPlan['sectors']>

/** Sectors are in deadline 10, which is neither open, next nor disputable. */
function miner(sectors: Sectors) {
  const placed = sectors.map((sector) => ({ deadline: 10, ...sector }))
  return new ScriptedMiner(hashes, { unlockedBalance: 10n * ONE, sectors: placed })
}

const deadlineOf = ({ rt, state }: ScriptedMiner) =>
  loadDeadline(rt.store, loadDeadlinesDraft(rt.store, state), 10)

const numbersOf = ({ rt, state }: ScriptedMiner) => [
  ...loadSectorsByNumber({ store: rt.store, layout: minerLayout(18), state }).keys(),
]

const paramsOf = (partitions: readonly number[], deadline = 10n) => ({
  deadline,
  partitions: bitFieldOf(partitions),
})

const compact = (of: ScriptedMiner, partitions: readonly number[]) =>
  of.call('CompactPartitions', paramsOf(partitions))

// Source of the cases: builtin-actors v18, `actors/miner/tests/compact_partitions_test.rs`.
describe('CompactPartitions', () => {
  /** Two sectors are dead and settled; the partitions have one live sector each. */
  function withDead() {
    const of = miner([
      { sectorNumber: 1, dailyFee: 3n },
      { sectorNumber: 2 },
      { sectorNumber: 3, partition: 1, dailyFee: 4n },
      { sectorNumber: 4, partition: 1 },
    ])
    of.expectEstimates()
    of.expectBurn(2n * 85n * 10n ** 15n)
    of.expectPledge(-2n * ONE)
    of.expectPower({ raw: -(2n ** 36n), qa: -(2n ** 36n) })
    of.call('TerminateSectors', [
      { deadline: 10n, partition: 0n, sectors: bitFieldOf([2]) },
      { deadline: 10n, partition: 1n, sectors: bitFieldOf([4]) },
    ])
    return of
  }

  test('forgets dead sectors, and puts the live ones together', () => {
    const of = withDead()
    compact(of, [0, 1])
    const { partitions, dailyFee, liveSectors, totalSectors } = deadlineOf(of)
    expect(Partitions.load(of.rt.store, partitions).count).toBe(1)
    expect(membersTogether(of.rt.store, deadlineOf(of), 'sectors')).toEqual([1, 3])
    expect({ dailyFee, liveSectors, totalSectors }).toEqual({ dailyFee: 7n, liveSectors: 2, totalSectors: 2 })
    expect(numbersOf(of)).toEqual([1, 3])
  })

  test('leaves partitions alone that are not named', () => {
    const of = withDead()
    compact(of, [1])
    expect(numbersOf(of)).toEqual([1, 2, 3])
    expect(membersTogether(of.rt.store, deadlineOf(of), 'terminated')).toEqual([2])
  })

  test('takes a partition away of which nothing lives', () => {
    const of = miner([{ sectorNumber: 1 }, { sectorNumber: 2, partition: 1 }])
    of.expectEstimates()
    of.expectBurn(85n * 10n ** 15n)
    of.expectPledge(-ONE)
    of.expectPower({ raw: -(2n ** 35n), qa: -(2n ** 35n) })
    of.call('TerminateSectors', [{ deadline: 10n, partition: 0n, sectors: bitFieldOf([1]) }])
    compact(of, [0])
    expect(Partitions.load(of.rt.store, deadlineOf(of).partitions).count).toBe(1)
    expect(numbersOf(of)).toEqual([2])
  })

  test.each([
    { what: 'faulty', condition: 'faulty' as const },
    { what: 'unproven', condition: 'unproven' as const },
    { what: 'queued', condition: { queuedSince: MINER_EPOCH - 10 } },
  ])('refuses a partition with a sector that is $what', ({ condition }) => {
    const of = miner([{ sectorNumber: 1, condition }, { sectorNumber: 2 }])
    expect(of.exitCode('CompactPartitions', paramsOf([0]))).toBe(illegal)
  })

  // Open are 0, next 1; for 1800 epochs after they have closed, 17 to 47 of the day before can be disputed.
  test.each([
    { deadline: 0n, code: ExitCode.USR_FORBIDDEN },
    { deadline: 1n, code: ExitCode.USR_FORBIDDEN },
    { deadline: 2n, code: ExitCode.OK },
    { deadline: 17n, code: ExitCode.OK },
    { deadline: 18n, code: ExitCode.USR_FORBIDDEN },
    { deadline: 47n, code: ExitCode.USR_FORBIDDEN },
    { deadline: 48n, code: illegal },
  ])('of deadline $deadline ends with $code', ({ deadline, code }) => {
    expect(miner([]).exitCode('CompactPartitions', paramsOf([], deadline))).toBe(code)
  })

  test('checks the deadline’s number, the caller, its time and the number of partitions in that order', () => {
    // 25,000 sectors are at most ten partitions of 2349.
    const eleven = Array.from({ length: 11 }, (_, i) => i)
    expect(miner([]).exitCode('CompactPartitions', paramsOf(eleven, 48n), STRANGER)).toBe(illegal)
    expect(miner([]).exitCode('CompactPartitions', paramsOf(eleven), STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(miner([]).exitCode('CompactPartitions', paramsOf(eleven, 0n))).toBe(ExitCode.USR_FORBIDDEN)
    expect(miner([]).exitCode('CompactPartitions', paramsOf(eleven))).toBe(illegal)
    expect(miner([]).exitCode('CompactPartitions', paramsOf([0]))).toBe(illegal)
  })
})

// Source of the cases: builtin-actors v18, `actors/miner/tests/compact_sector_numbers_tests.rs`.
describe('CompactSectorNumbers', () => {
  const mask = (numbers: readonly (number | bigint)[]) => ({ maskSectorNumbers: bitFieldOf(numbers) })
  const allocated = ({ rt, state }: ScriptedMiner) => [
    ...bitsOf(load(rt.store, bitField, state.allocatedSectors)),
  ]

  test('takes numbers, whether or not they are taken', () => {
    const of = miner([{ sectorNumber: 1 }])
    of.call('CompactSectorNumbers', mask([0, 1, 2, 7]))
    expect(allocated(of)).toEqual([0, 1, 2, 7])
  })

  test('takes the largest number and none beyond', () => {
    const largest = (1n << 63n) - 1n
    const of = miner([])
    of.call('CompactSectorNumbers', mask([largest]))
    expect(countBits(load(of.rt.store, bitField, of.state.allocatedSectors))).toBe(1)
    expect(of.exitCode('CompactSectorNumbers', mask([largest + 1n]), STRANGER)).toBe(illegal)
  })

  test('refuses no numbers, and who may not', () => {
    expect(miner([]).exitCode('CompactSectorNumbers', mask([]), STRANGER)).toBe(illegal)
    expect(miner([]).exitCode('CompactSectorNumbers', mask([1]), STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
  })
})
