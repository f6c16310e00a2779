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
import type { Partition } from '../partition-state.ts'
import { negatePower, ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import { addSectorsToPartition, newPartition } from './add-sectors.ts'
import {
  activateUnproven,
  declareFaultsRecovered,
  recordFaults,
  recordMissedPost,
  recordSkippedFaults,
  recoverFaults,
} from './faults.ts'
import { terminateSectors } from './terminations.ts'

const store = createMemoryBlockstore(await createHashes())
/** A seventh sector is stored too, which only some partitions have. */
const SEVENTH = quickSector(13, 7, 65n, 1006n, 5000n)
const sectors = Sectors.empty(store)
storeSectors(sectors, [...PARTITION_SECTORS, SEVENTH])

const powerOf = (...numbers: readonly number[]) =>
  powerOfAll(sectorsNumbered([...PARTITION_SECTORS, SEVENTH], numbers))

/** Sectors 1 to 6, which leave two by two at 5, 9 and 13. */
function partitionOfSix(isProven = true) {
  const partition = newPartition(store)
  addSectorsToPartition(store, partition, isProven, PARTITION_SECTORS, PARTITION_TERMS, PARTITION_QUANT)
  return partition
}

function fault(partition: Draft<Partition>, numbers: readonly number[], faultExpiration: number) {
  return recordFaults(
    store,
    partition,
    sectors,
    bitFieldOf(numbers),
    faultExpiration,
    PARTITION_TERMS,
    PARTITION_QUANT,
  )
}

function skip(partition: Draft<Partition>, numbers: readonly number[]) {
  return recordSkippedFaults(
    store,
    partition,
    sectors,
    bitFieldOf(numbers),
    100,
    PARTITION_TERMS,
    PARTITION_QUANT,
  )
}

function declareRecovered(partition: Draft<Partition>, numbers: readonly number[]) {
  declareFaultsRecovered(partition, sectors, bitFieldOf(numbers), PARTITION_TERMS)
}

function terminate(partition: Draft<Partition>, numbers: readonly number[]) {
  const set = bitFieldOf(numbers)
  terminateSectors(store, MAINNET_POLICY, partition, sectors, 3, set, PARTITION_TERMS, PARTITION_QUANT)
}

const setsOf = ({ faults, recoveries, terminated, unproven }: Draft<Partition>) => ({
  faults: membersOf(faults),
  recoveries: membersOf(recoveries),
  terminated: membersOf(terminated),
  unproven: membersOf(unproven),
})

const NOTHING = { faults: [], recoveries: [], terminated: [], unproven: [] }

function expectSound(partition: Draft<Partition>) {
  expect(partitionFindings(store, partition, [...PARTITION_SECTORS, SEVENTH])).toEqual([])
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_partitions.rs`.
describe('recordFaults', () => {
  test.each([
    { kind: 'proven', isProven: true, delta: negatePower(powerOf(4, 5)), unproven: [] },
    // They were never in the claim, and are faulty now and no longer unproven.
    { kind: 'unproven', isProven: false, delta: ZERO_POWER, unproven: [1, 2, 3, 6] },
  ])('takes the power of $kind sectors out of the claim', ({ isProven, delta, unproven }) => {
    const partition = partitionOfSix(isProven)
    expect(fault(partition, [4, 5], 7)).toEqual({
      newFaults: bitFieldOf([4, 5]),
      newFaultyPower: powerOf(4, 5),
      powerDelta: delta,
    })
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [4, 5], unproven })
    expect(leavingByEpoch(store, partition)).toEqual({ 5: [1, 2], 9: [3, 4, 5], 13: [6] })
    expectSound(partition)
  })

  test('does nothing with what is faulty already', () => {
    const partition = partitionOfSix()
    fault(partition, [4, 5], 7)
    expect(fault(partition, [5, 6], 3)).toEqual({
      newFaults: bitFieldOf([6]),
      newFaultyPower: powerOf(6),
      powerDelta: negatePower(powerOf(6)),
    })
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [4, 5, 6] })
    // Sector 6 leaves at 5, which is 3 on the grid; those that were faulty stay.
    expect(leavingByEpoch(store, partition)).toEqual({ 5: [1, 2, 6], 9: [3, 4, 5] })
    expectSound(partition)
  })

  test('takes back recoveries, which is no new fault', () => {
    const partition = partitionOfSix()
    fault(partition, [4, 5, 6], 7)
    declareRecovered(partition, [4, 5])
    expect(fault(partition, [], 7).newFaults).toEqual(bitFieldOf([]))
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [4, 5, 6], recoveries: [4, 5] })
    expect(fault(partition, [5], 10)).toEqual({
      newFaults: bitFieldOf([]),
      newFaultyPower: ZERO_POWER,
      powerDelta: ZERO_POWER,
    })
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [4, 5, 6], recoveries: [4] })
    expect(partition.recoveringPower).toEqual(powerOf(4))
    expectSound(partition)
  })

  test('leaves terminated sectors alone', () => {
    const partition = partitionOfSix()
    terminate(partition, [1])
    expect(fault(partition, [1], 5)).toEqual({
      newFaults: bitFieldOf([]),
      newFaultyPower: ZERO_POWER,
      powerDelta: ZERO_POWER,
    })
    expectSound(partition)
  })

  test('refuses sectors of another partition', () => {
    expect(exitCodeOf(() => fault(partitionOfSix(), [99], 7))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('declareFaultsRecovered', () => {
  test('takes faults only, and each once', () => {
    const partition = partitionOfSix()
    fault(partition, [4, 5, 6], 7)
    declareRecovered(partition, [3, 4, 5])
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [4, 5, 6], recoveries: [4, 5] })
    expect(partition.recoveringPower).toEqual(powerOf(4, 5))
    declareRecovered(partition, [4, 5, 6])
    expect(partition.recoveringPower).toEqual(powerOf(4, 5, 6))
    expect(partition.faultyPower).toEqual(powerOf(4, 5, 6))
    expectSound(partition)
  })

  test('refuses sectors of another partition', () => {
    expect(exitCodeOf(() => declareRecovered(partitionOfSix(), [99]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('recoverFaults', () => {
  test('makes recoveries as if they had never been faulty', () => {
    const partition = partitionOfSix()
    fault(partition, [4, 5, 6], 7)
    declareRecovered(partition, [4, 5])
    expect(recoverFaults(store, partition, sectors, PARTITION_TERMS, PARTITION_QUANT)).toEqual(powerOf(4, 5))
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [6] })
    expect(leavingByEpoch(store, partition)).toEqual({ 5: [1, 2], 9: [3, 4, 6], 13: [5] })
    expect(partition).toMatchObject({ faultyPower: powerOf(6), recoveringPower: ZERO_POWER })
    expectSound(partition)
  })

  test('of no recoveries changes nothing', () => {
    const partition = partitionOfSix()
    fault(partition, [4], 7)
    const before = { ...partition }
    expect(recoverFaults(store, partition, sectors, PARTITION_TERMS, PARTITION_QUANT)).toEqual(ZERO_POWER)
    expect(partition).toEqual(before)
  })
})

// Source of the cases: builtin-actors v18, `actors/miner/tests/record_skipped_faults.rs`.
describe('recordSkippedFaults', () => {
  test('refuses sectors of another partition', () => {
    expect(exitCodeOf(() => skip(partitionOfSix(), [1, 2, 99]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('ignores what is faulty or terminated already', () => {
    const partition = partitionOfSix()
    terminate(partition, [1, 2])
    fault(partition, [4, 5], 7)
    expect(skip(partition, [1, 2, 3, 4, 5])).toEqual({
      newFaultyPower: powerOf(3),
      powerDelta: negatePower(powerOf(3)),
      hasNewFaults: true,
    })
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [3, 4, 5], terminated: [1, 2] })
    expectSound(partition)
  })

  test('takes back recoveries, which are no new faults', () => {
    const partition = partitionOfSix()
    fault(partition, [4, 5, 6], 7)
    declareRecovered(partition, [4, 5])
    expect(skip(partition, [1, 4, 5])).toEqual({
      newFaultyPower: powerOf(1),
      powerDelta: negatePower(powerOf(1)),
      hasNewFaults: true,
    })
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [1, 4, 5, 6] })
    expect(partition.recoveringPower).toEqual(ZERO_POWER)
    expectSound(partition)
  })

  test('makes unproven sectors faulty, which costs no power', () => {
    const partition = partitionOfSix(false)
    expect(skip(partition, [2])).toEqual({
      newFaultyPower: powerOf(2),
      powerDelta: ZERO_POWER,
      hasNewFaults: true,
    })
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [2], unproven: [1, 3, 4, 5, 6] })
    expectSound(partition)
  })

  test.each([
    { of: 'nothing', skipped: [] },
    { of: 'what is faulty already', skipped: [4] },
  ])('of $of changes nothing', ({ skipped }) => {
    const partition = partitionOfSix()
    fault(partition, [4], 7)
    const before = { ...partition }
    expect(skip(partition, skipped)).toEqual({
      newFaultyPower: ZERO_POWER,
      powerDelta: ZERO_POWER,
      hasNewFaults: false,
    })
    expect(partition).toEqual(before)
  })
})

describe('recordMissedPost', () => {
  test('makes everything faulty; only what counted and was not faulty leaves the claim', () => {
    const partition = partitionOfSix()
    addSectorsToPartition(store, partition, false, [SEVENTH], PARTITION_TERMS, PARTITION_QUANT)
    fault(partition, [4, 5, 6], 7)
    declareRecovered(partition, [4, 5])
    expect(recordMissedPost(store, partition, 6, PARTITION_QUANT)).toEqual({
      // Sector 7 was unproven.
      newFaultyPower: powerOf(1, 2, 3, 7),
      powerDelta: negatePower(powerOf(1, 2, 3)),
    })
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [1, 2, 3, 4, 5, 6, 7] })
    expect(partition.faultyPower).toEqual(powerOf(1, 2, 3, 4, 5, 6, 7))
    expect(leavingByEpoch(store, partition)).toEqual({ 5: [1, 2], 9: [3, 4, 5, 6, 7] })
    expectSound(partition)
  })

  test('leaves terminated sectors alone', () => {
    const partition = partitionOfSix()
    terminate(partition, [1, 3])
    expect(recordMissedPost(store, partition, 6, PARTITION_QUANT).newFaultyPower).toEqual(powerOf(2, 4, 5, 6))
    expect(setsOf(partition)).toEqual({ ...NOTHING, faults: [2, 4, 5, 6], terminated: [1, 3] })
    expectSound(partition)
  })
})

describe('activateUnproven', () => {
  test('gives the power that counts from now on, once', () => {
    const partition = partitionOfSix(false)
    expect(activateUnproven(partition)).toEqual(powerOfAll(PARTITION_SECTORS))
    expect(setsOf(partition)).toEqual(NOTHING)
    expect(activateUnproven(partition)).toEqual(ZERO_POWER)
    expectSound(partition)
  })
})
