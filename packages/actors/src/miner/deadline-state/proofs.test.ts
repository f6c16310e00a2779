import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  DEADLINE_SECTORS,
  deadlineFindings,
  exitCodeOf,
  membersTogether,
  PARTITION_QUANT,
  PARTITION_TERMS,
  powerOfAll,
  sectorsNumbered,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { draftOf } from '../../runtime/draft.ts'
import { DeadlineExpirations, OptimisticPoStSubmissions } from '../deadline-state.ts'
import { negatePower, ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import { addSectorsToDeadline } from './add-sectors.ts'
import { processDeadlineEnd } from './deadline-end.ts'
import { declareDeadlineFaultsRecovered, recordDeadlineFaults } from './faults.ts'
import { newDeadline } from './partitions.ts'
import { loadPartitionsForDispute, recordPoStProofs, recordProvenSectors, takePoStProofs } from './proofs.ts'

const store = createMemoryBlockstore(await createHashes())
const ALL = DEADLINE_SECTORS
const sectors = Sectors.empty(store)
storeSectors(sectors, ALL)
const FAULT_EXPIRATION = 13

type DeadlineDraft = ReturnType<typeof emptyDeadline>
const emptyDeadline = () => draftOf(newDeadline(store))

const powerOf = (...numbers: readonly number[]) => powerOfAll(sectorsNumbered(ALL, numbers))

/** Proves partitions, each with the numbers that it skips. */
function prove(
  deadline: DeadlineDraft,
  posts: readonly (readonly [index: number, skipped: readonly number[]])[],
) {
  const posted = posts.map(([index, skipped]) => ({ index: BigInt(index), skipped: bitFieldOf(skipped) }))
  return recordProvenSectors(
    store,
    deadline,
    sectors,
    posted,
    FAULT_EXPIRATION,
    PARTITION_TERMS,
    PARTITION_QUANT,
  )
}

function end(deadline: DeadlineDraft) {
  return processDeadlineEnd(store, deadline, sectors.flush(), FAULT_EXPIRATION, PARTITION_QUANT)
}

/** Partitions 1 to 4, 5 to 8, and 9, proven in a window that has ended; and 10, beside 9, which is not proven. */
function deadlineOfTen() {
  const deadline = emptyDeadline()
  const arrival = { partitionSize: 4, isProven: false, hasNewFees: true }
  addSectorsToDeadline(store, deadline, ALL.slice(0, 9), arrival, PARTITION_TERMS, PARTITION_QUANT)
  prove(deadline, [
    [0, []],
    [1, []],
    [2, []],
  ])
  end(deadline)
  addSectorsToDeadline(store, deadline, ALL.slice(9), arrival, PARTITION_TERMS, PARTITION_QUANT)
  return deadline
}

function fault(
  deadline: DeadlineDraft,
  declared: ReadonlyMap<bigint, readonly number[]>,
  expiration: number,
) {
  const sets = new Map([...declared].map(([index, numbers]) => [index, bitFieldOf(numbers)]))
  recordDeadlineFaults(store, deadline, sectors, sets, expiration, PARTITION_TERMS, PARTITION_QUANT)
}

/** Of the same, 1, 5 and 6 are faulty, and 1 and 6 declared recovered. */
function deadlineWithRecoveries() {
  const deadline = deadlineOfTen()
  fault(
    deadline,
    new Map([
      [0n, [1]],
      [1n, [5, 6]],
    ]),
    9,
  )
  const recovered = new Map([
    [0n, bitFieldOf([1])],
    [1n, bitFieldOf([6])],
  ])
  declareDeadlineFaultsRecovered(store, deadline, sectors, recovered, PARTITION_TERMS)
  return deadline
}

function expectSound(deadline: DeadlineDraft) {
  expect(deadlineFindings(store, deadline, ALL)).toEqual([])
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/deadline_state_test.rs`.
describe('recordProvenSectors', () => {
  test('of unproven sectors gives the power that counts from now on', () => {
    const deadline = deadlineOfTen()
    expect(
      prove(deadline, [
        [0, []],
        [1, []],
      ]),
    ).toEqual({
      powerDelta: ZERO_POWER,
      recoveredPower: ZERO_POWER,
      sectors: bitFieldOf([1, 2, 3, 4, 5, 6, 7, 8]),
      ignoredSectors: bitFieldOf([]),
      partitions: bitFieldOf([0, 1]),
    })
    expect(membersTogether(store, deadline, 'unproven')).toEqual([10])
    expect(prove(deadline, [[2, []]])).toMatchObject({
      powerDelta: powerOf(10),
      sectors: bitFieldOf([9, 10]),
    })
    expect(membersTogether(store, deadline, 'unproven')).toEqual([])
    expect(deadline.partitionsPosted).toEqual(bitFieldOf([0, 1, 2]))
    expectSound(deadline)
  })

  test('makes recoveries healthy but for those that it skips, and other skipped sectors faulty', () => {
    const deadline = deadlineWithRecoveries()
    const result = prove(deadline, [
      [0, [1]],
      [1, [7]],
    ])
    expect(result).toEqual({
      // 6 is back, 7 is gone; both have the same power.
      powerDelta: ZERO_POWER,
      recoveredPower: powerOf(6),
      sectors: bitFieldOf([1, 2, 3, 4, 5, 6, 7, 8]),
      ignoredSectors: bitFieldOf([1, 5, 7]),
      partitions: bitFieldOf([0, 1]),
    })
    expect(membersTogether(store, deadline, 'faults')).toEqual([1, 5, 7])
    expect(membersTogether(store, deadline, 'recoveries')).toEqual([])
    expect(deadline.faultyPower).toEqual(powerOf(1, 5, 7))
    expectSound(deadline)
  })

  test('of a skipped sector that was never proven changes no power', () => {
    const deadline = deadlineOfTen()
    const result = prove(deadline, [
      [0, []],
      [1, []],
      [2, [10]],
    ])
    expect(result).toMatchObject({ powerDelta: ZERO_POWER, ignoredSectors: bitFieldOf([10]) })
    expect(membersTogether(store, deadline, 'faults')).toEqual([10])
    expect(membersTogether(store, deadline, 'unproven')).toEqual([])
    expectSound(deadline)
  })

  test('notes when the new faults leave', () => {
    const deadline = deadlineOfTen()
    prove(deadline, [[0, [4]]])
    const expirations = DeadlineExpirations.load(store, deadline.expirationsEpochs)
    expect(expirations.get(FAULT_EXPIRATION)).toEqual(bitFieldOf([0, 1]))
  })

  test.each([
    { failure: 'a partition that there is not', posts: [0, 3], exitCode: ExitCode.USR_NOT_FOUND },
    { failure: 'a partition twice', posts: [0, 0], exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('fails for $failure', ({ posts, exitCode }) => {
    const deadline = deadlineOfTen()
    const proving = () =>
      prove(
        deadline,
        posts.map((index) => [index, []]),
      )
    expect(exitCodeOf(proving)).toBe(exitCode)
  })

  test('fails for a partition that is proven already in the same window', () => {
    const deadline = deadlineOfTen()
    prove(deadline, [[0, []]])
    expect(exitCodeOf(() => prove(deadline, [[0, []]]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('fails for skipped sectors of another partition', () => {
    expect(exitCodeOf(() => prove(deadlineOfTen(), [[0, [5]]]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  // No set has 2^64 − 1 as a member; it is not looked for.
  test('fails for an index that no set can have', () => {
    const posted = [{ index: 2n ** 64n - 1n, skipped: bitFieldOf([]) }]
    const deadline = deadlineOfTen()
    expect(
      exitCodeOf(() =>
        recordProvenSectors(store, deadline, sectors, posted, 13, PARTITION_TERMS, PARTITION_QUANT),
      ),
    ).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

const PROOF = { partitions: bitFieldOf([0]), proofs: [{ postProof: 13, proofBytes: Uint8Array.of(1) }] }
const OTHER = { partitions: bitFieldOf([1, 2]), proofs: [{ postProof: 13, proofBytes: Uint8Array.of(2) }] }

describe('the proofs that were accepted unseen', () => {
  test('are kept in their order, and can be taken after the window, each once', () => {
    const deadline = deadlineOfTen()
    prove(deadline, [
      [0, []],
      [1, []],
      [2, []],
    ])
    recordPoStProofs(store, deadline, PROOF)
    recordPoStProofs(store, deadline, OTHER)
    expect(exitCodeOf(() => takePoStProofs(store, deadline, 0n))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    end(deadline)
    expect(takePoStProofs(store, deadline, 1n)).toEqual(OTHER)
    expect(exitCodeOf(() => takePoStProofs(store, deadline, 1n))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    const left = OptimisticPoStSubmissions.load(store, deadline.optimisticPostSubmissionsSnapshot)
    expect([...left.entries()]).toEqual([[0, PROOF]])
    expectSound(deadline)
  })

  test.each([
    { index: 2n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { index: 2n ** 64n - 2n, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    // An array has no such index.
    { index: 2n ** 64n - 1n, exitCode: ExitCode.USR_ILLEGAL_STATE },
  ])('are not at $index', ({ index, exitCode }) => {
    expect(exitCodeOf(() => takePoStProofs(store, deadlineOfTen(), index))).toBe(exitCode)
  })
})

describe('loadPartitionsForDispute', () => {
  test('has the partitions as they were when the window closed, without faults and terminated sectors', () => {
    const deadline = deadlineWithRecoveries()
    prove(deadline, [
      [0, [1]],
      [1, []],
      [2, []],
    ])
    end(deadline)
    // This comes after the window, and does not matter.
    fault(deadline, new Map([[0n, [2]]]), 17)
    expect(loadPartitionsForDispute(store, deadline, bitFieldOf([0, 1]))).toEqual({
      allSectors: bitFieldOf([1, 2, 3, 4, 5, 6, 7, 8]),
      ignoredSectors: bitFieldOf([1, 5]),
      disputedSectors: new Map([
        [0n, bitFieldOf([2, 3, 4])],
        [1n, bitFieldOf([6, 7, 8])],
      ]),
      disputedPower: powerOf(2, 3, 4, 6, 7, 8),
    })
  })

  test('fails for a partition that there was not', () => {
    expect(exitCodeOf(() => loadPartitionsForDispute(store, deadlineOfTen(), bitFieldOf([3])))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})

describe('a window', () => {
  test('takes nothing from what was proven', () => {
    const deadline = deadlineOfTen()
    prove(deadline, [
      [0, []],
      [1, []],
      [2, []],
    ])
    expect(end(deadline)).toEqual(ZERO_POWER)
    expect(membersTogether(store, deadline, 'faults')).toEqual([])
    expect(deadline.partitionsPosted).toEqual(bitFieldOf([]))
    expectSound(deadline)
  })

  test('makes everything faulty in partitions that were not proven', () => {
    const deadline = deadlineWithRecoveries()
    prove(deadline, [
      [0, [1]],
      [1, [7]],
    ])
    // 10 was not proven, and not in the claim.
    expect(end(deadline)).toEqual(negatePower(powerOf(9)))
    expect(membersTogether(store, deadline, 'faults')).toEqual([1, 5, 7, 9, 10])
    expect(deadline.faultyPower).toEqual(powerOf(1, 5, 7, 9, 10))
    expectSound(deadline)
  })
})
