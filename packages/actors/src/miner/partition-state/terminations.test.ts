import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  exitCodeOf,
  leavingByEpoch,
  membersOf,
  PARTITION_QUANT,
  PARTITION_SECTORS,
  PARTITION_TERMS,
  partitionFindings,
  powerOfAll,
  quickSector,
  sectorsNumbered,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import type { Draft } from '../../runtime/draft.ts'
import { EMPTY_EXPIRATION_SET } from '../expiration-queue/expiration-set.ts'
import { EarlyTerminated, type Partition } from '../partition-state.ts'
import { ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import { addSectorsToPartition, newPartition } from './add-sectors.ts'
import { declareFaultsRecovered, recordFaults } from './faults.ts'
import { popEarlyTerminations, popExpiredSectors, terminateSectors } from './terminations.ts'

const store = createMemoryBlockstore(await createHashes())
const SEVENTH = quickSector(13, 7, 65n, 1006n, 9000n)
const ALL = [...PARTITION_SECTORS, SEVENTH]
const sectors = Sectors.empty(store)
storeSectors(sectors, ALL)

const powerOf = (...numbers: readonly number[]) => powerOfAll(sectorsNumbered(ALL, numbers))

/** Sectors 1 to 6, which leave two by two at 5, 9 and 13. */
function partitionOfSix(isProven = true) {
  const partition = newPartition(store)
  addSectorsToPartition(store, partition, isProven, PARTITION_SECTORS, PARTITION_TERMS, PARTITION_QUANT)
  return partition
}

function fault(partition: Draft<Partition>, numbers: readonly number[], expiration: number) {
  const set = bitFieldOf(numbers)
  recordFaults(store, partition, sectors, set, expiration, PARTITION_TERMS, PARTITION_QUANT)
}

function declareRecovered(partition: Draft<Partition>, numbers: readonly number[]) {
  declareFaultsRecovered(partition, sectors, bitFieldOf(numbers), PARTITION_TERMS)
}

function terminate(partition: Draft<Partition>, numbers: readonly number[], epoch = 3) {
  const set = bitFieldOf(numbers)
  return terminateSectors(
    store,
    MAINNET_POLICY,
    partition,
    sectors,
    epoch,
    set,
    PARTITION_TERMS,
    PARTITION_QUANT,
  )
}

const setsOf = ({ faults, recoveries, terminated, unproven }: Draft<Partition>) => ({
  faults: membersOf(faults),
  recoveries: membersOf(recoveries),
  terminated: membersOf(terminated),
  unproven: membersOf(unproven),
})

/** What is to be charged, by the epoch of the termination. */
function queuedByEpoch({ earlyTerminated }: Draft<Partition>) {
  const queue = EarlyTerminated.load(store, earlyTerminated)
  return Object.fromEntries([...queue.entries()].map(([epoch, set]) => [epoch, membersOf(set)]))
}

function expectSound(partition: Draft<Partition>) {
  expect(partitionFindings(store, partition, ALL)).toEqual([])
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_partitions.rs`.
describe('terminateSectors', () => {
  test('takes active, faulty, recovering and unproven sectors out, and queues them', () => {
    const partition = partitionOfSix()
    addSectorsToPartition(store, partition, false, [SEVENTH], PARTITION_TERMS, PARTITION_QUANT)
    fault(partition, [3, 4, 5, 6], 7)
    declareRecovered(partition, [4, 5])
    expect(terminate(partition, [1, 3, 5, 7])).toEqual({
      removed: {
        onTimeSectors: bitFieldOf([1, 3, 7]),
        // Faulty, it would have left at 9 instead of 13.
        earlySectors: bitFieldOf([5]),
        onTimePledge: 1000n + 1002n + 1006n,
        activePower: powerOf(1),
        faultyPower: powerOf(3, 5),
        feeDeduction: 3000n + 5000n + 7000n + 9000n,
      },
      removedUnproven: powerOf(7),
    })
    expect(setsOf(partition)).toEqual({
      faults: [4, 6],
      recoveries: [4],
      terminated: [1, 3, 5, 7],
      unproven: [],
    })
    expect(partition).toMatchObject({
      livePower: powerOf(2, 4, 6),
      faultyPower: powerOf(4, 6),
      recoveringPower: powerOf(4),
      unprovenPower: ZERO_POWER,
    })
    expect(leavingByEpoch(store, partition)).toEqual({ 5: [2], 9: [4, 6] })
    expect(queuedByEpoch(partition)).toEqual({ 3: [1, 3, 5, 7] })
    expectSound(partition)
  })

  test('adds to what is queued of the same epoch', () => {
    const partition = partitionOfSix()
    terminate(partition, [1])
    terminate(partition, [4])
    terminate(partition, [5], 4)
    expect(queuedByEpoch(partition)).toEqual({ 3: [1, 4], 4: [5] })
    expectSound(partition)
  })

  test('of nothing changes nothing', () => {
    const partition = partitionOfSix()
    const before = { ...partition }
    expect(terminate(partition, [])).toEqual({ removed: EMPTY_EXPIRATION_SET, removedUnproven: ZERO_POWER })
    expect(partition).toEqual(before)
  })

  test.each([
    { failure: 'is of another partition', numbers: [99] },
    { failure: 'is terminated already', numbers: [1, 2] },
  ])('refuses a sector that $failure', ({ numbers }) => {
    const partition = partitionOfSix()
    terminate(partition, [1])
    expect(exitCodeOf(() => terminate(partition, numbers))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('popExpiredSectors', () => {
  test('terminates what is due; only what leaves early is queued, to be charged', () => {
    const partition = partitionOfSix()
    fault(partition, [4], 2)
    expect(popExpiredSectors(store, partition, 5, PARTITION_QUANT)).toEqual({
      onTimeSectors: bitFieldOf([1, 2]),
      earlySectors: bitFieldOf([4]),
      onTimePledge: 1000n + 1001n,
      activePower: powerOf(1, 2),
      faultyPower: powerOf(4),
      feeDeduction: 3000n + 4000n + 6000n,
    })
    expect(setsOf(partition)).toEqual({ faults: [], recoveries: [], terminated: [1, 2, 4], unproven: [] })
    expect(partition.livePower).toEqual(powerOf(3, 5, 6))
    expect(leavingByEpoch(store, partition)).toEqual({ 9: [3], 13: [5, 6] })
    expect(queuedByEpoch(partition)).toEqual({ 5: [4] })
    expectSound(partition)
  })

  test('takes faulty sectors that leave on time without charging them', () => {
    const partition = partitionOfSix()
    fault(partition, [1], 7)
    expect(popExpiredSectors(store, partition, 5, PARTITION_QUANT)).toMatchObject({
      onTimeSectors: bitFieldOf([1, 2]),
      onTimePledge: 2001n,
      activePower: powerOf(2),
      faultyPower: powerOf(1),
    })
    expect(queuedByEpoch(partition)).toEqual({})
    expectSound(partition)
  })

  test('before anything is due changes nothing', () => {
    const partition = partitionOfSix()
    const before = { ...partition }
    expect(popExpiredSectors(store, partition, 4, PARTITION_QUANT)).toEqual(EMPTY_EXPIRATION_SET)
    expect(partition).toEqual(before)
  })

  test('fails beside recoveries, which a window settles before anything expires', () => {
    const partition = partitionOfSix()
    fault(partition, [5], 2)
    declareRecovered(partition, [5])
    expect(exitCodeOf(() => popExpiredSectors(store, partition, 5, PARTITION_QUANT))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })

  test('fails beside unproven sectors', () => {
    const partition = partitionOfSix(false)
    expect(exitCodeOf(() => popExpiredSectors(store, partition, 5, PARTITION_QUANT))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})

describe('popEarlyTerminations', () => {
  test('takes the lowest numbers of the earliest epoch first, and says whether there are more', () => {
    const partition = partitionOfSix()
    terminate(partition, [1, 3, 5])
    expect(popEarlyTerminations(store, partition, 1)).toEqual({
      result: {
        sectors: new Map([[3, bitFieldOf([1])]]),
        partitionsProcessed: 1,
        sectorsProcessed: 1,
      },
      hasMore: true,
    })
    expect(queuedByEpoch(partition)).toEqual({ 3: [3, 5] })
    expect(popEarlyTerminations(store, partition, 5)).toEqual({
      result: { sectors: new Map([[3, bitFieldOf([3, 5])]]), partitionsProcessed: 1, sectorsProcessed: 2 },
      hasMore: false,
    })
    expect(queuedByEpoch(partition)).toEqual({})
    // What was terminated stays so.
    expect(membersOf(partition.terminated)).toEqual([1, 3, 5])
    expectSound(partition)
  })

  test.each([
    { max: 2, taken: { 3: [1, 4] }, left: { 4: [2, 5], 6: [6] } },
    { max: 3, taken: { 3: [1, 4], 4: [2] }, left: { 4: [5], 6: [6] } },
    { max: 4, taken: { 3: [1, 4], 4: [2, 5] }, left: { 6: [6] } },
    { max: 9, taken: { 3: [1, 4], 4: [2, 5], 6: [6] }, left: {} },
  ])('of at most $max goes over the epochs in order', ({ max, taken, left }) => {
    const partition = partitionOfSix()
    terminate(partition, [1, 4], 3)
    terminate(partition, [2, 5], 4)
    terminate(partition, [6], 6)
    const { result } = popEarlyTerminations(store, partition, max)
    expect(Object.fromEntries([...result.sectors].map(([epoch, set]) => [epoch, membersOf(set)]))).toEqual(
      taken,
    )
    expect(queuedByEpoch(partition)).toEqual(left)
    expectSound(partition)
  })

  test('of nothing looks at the partition nevertheless', () => {
    expect(popEarlyTerminations(store, partitionOfSix(), 5)).toEqual({
      result: { sectors: new Map(), partitionsProcessed: 1, sectorsProcessed: 0 },
      hasMore: false,
    })
  })
})
