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
import { MAINNET_POLICY } from '../../policy.ts'
import { draftOf } from '../../runtime/draft.ts'
import { EMPTY_EXPIRATION_SET } from '../expiration-queue/expiration-set.ts'
import { ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import { addTerminations, NO_TERMINATIONS } from '../termination.ts'
import { addSectorsToDeadline } from './add-sectors.ts'
import { recordDeadlineFaults } from './faults.ts'
import { newDeadline } from './partitions.ts'
import {
  popDeadlineEarlyTerminations,
  popDeadlineExpiredSectors,
  terminateDeadlineSectors,
} from './terminations.ts'

const store = createMemoryBlockstore(await createHashes())
const NINE = DEADLINE_SECTORS.slice(0, 9)
const sectors = Sectors.empty(store)
storeSectors(sectors, NINE)

type DeadlineDraft = ReturnType<typeof deadlineOfNine>
const powerOf = (...numbers: readonly number[]) => powerOfAll(sectorsNumbered(NINE, numbers))

/** Partitions 1 to 4, 5 to 8, and 9. */
function deadlineOfNine(isProven = true) {
  const deadline = draftOf(newDeadline(store))
  const arrival = { partitionSize: 4, isProven, hasNewFees: true }
  addSectorsToDeadline(store, deadline, NINE, arrival, PARTITION_TERMS, PARTITION_QUANT)
  return deadline
}

const setsOf = (declared: Readonly<Record<number, readonly number[]>>) =>
  new Map(Object.entries(declared).map(([index, numbers]) => [BigInt(index), bitFieldOf(numbers)]))

/** Sectors 1, 5 and 6 are faulty; 5 leaves on time at 9, and 6 early then. */
function deadlineWithFaults(isProven = true) {
  const deadline = deadlineOfNine(isProven)
  const declared = setsOf({ 0: [1], 1: [5, 6] })
  recordDeadlineFaults(store, deadline, sectors, declared, 9, PARTITION_TERMS, PARTITION_QUANT)
  return deadline
}

function terminate(deadline: DeadlineDraft, declared: Readonly<Record<number, readonly number[]>>) {
  return terminateDeadlineSectors(
    store,
    MAINNET_POLICY,
    deadline,
    sectors,
    15,
    setsOf(declared),
    PARTITION_TERMS,
    PARTITION_QUANT,
  )
}

function expectSound(deadline: DeadlineDraft) {
  expect(deadlineFindings(store, deadline, NINE)).toEqual([])
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/deadline_state_test.rs`.
describe('terminateDeadlineSectors', () => {
  test.each([
    { kind: 'proven', isProven: true, lost: powerOf(1, 3, 6), unproven: [] },
    { kind: 'unproven', isProven: false, lost: ZERO_POWER, unproven: [2, 4, 5, 7, 8, 9] },
  ])('of $kind sectors takes their power and fees out, and queues them', ({ isProven, lost, unproven }) => {
    const deadline = deadlineOfNine(isProven)
    expect(terminate(deadline, { 0: [1, 3], 1: [6] })).toEqual(lost)
    expect(membersTogether(store, deadline, 'terminated')).toEqual([1, 3, 6])
    expect(membersTogether(store, deadline, 'unproven')).toEqual(unproven)
    expect(deadline).toMatchObject({
      liveSectors: 6,
      totalSectors: 9,
      livePower: powerOf(2, 4, 5, 7, 8, 9),
      // Those of 2, 4, 5, 7, 8 and 9.
      dailyFee: 2000n + 4000n + 5000n + 7000n + 8000n + 9000n,
      earlyTerminations: bitFieldOf([0, 1]),
    })
    expectSound(deadline)
  })

  test.each([
    { kind: 'proven', isProven: true, lost: powerOf(3), unproven: [] },
    { kind: 'unproven', isProven: false, lost: ZERO_POWER, unproven: [2, 4, 7, 8, 9] },
  ])('of faulty sectors costs no more power, beside $kind ones', ({ isProven, lost, unproven }) => {
    const deadline = deadlineWithFaults(isProven)
    expect(terminate(deadline, { 0: [1, 3], 1: [6] })).toEqual(lost)
    expect(membersTogether(store, deadline, 'faults')).toEqual([5])
    expect(membersTogether(store, deadline, 'unproven')).toEqual(unproven)
    expect(deadline.faultyPower).toEqual(powerOf(5))
    expectSound(deadline)
  })

  test('of no sectors of a partition queues nothing', () => {
    const deadline = deadlineOfNine()
    expect(terminate(deadline, { 0: [] })).toEqual(ZERO_POWER)
    expect(deadline.earlyTerminations).toEqual(bitFieldOf([]))
    expectSound(deadline)
  })

  test.each([
    {
      failure: 'a sector of another partition',
      declared: { 0: [6] },
      exitCode: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    { failure: 'a partition that there is not', declared: { 4: [6] }, exitCode: ExitCode.USR_NOT_FOUND },
    { failure: 'a terminated sector', declared: { 0: [1, 2] }, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('fails for $failure', ({ declared, exitCode }) => {
    const deadline = deadlineOfNine()
    terminate(deadline, { 0: [1] })
    expect(exitCodeOf(() => terminate(deadline, declared))).toBe(exitCode)
  })
})

describe('popDeadlineExpiredSectors', () => {
  test('takes what is due out of all partitions, and queues what leaves early', () => {
    const deadline = deadlineWithFaults()
    const expired = popDeadlineExpiredSectors(store, deadline, 9, PARTITION_QUANT)
    expect(expired).toEqual({
      onTimeSectors: bitFieldOf([1, 2, 3, 4, 5, 8, 9]),
      earlySectors: bitFieldOf([6]),
      onTimePledge: 1000n + 1001n + 1002n + 1003n + 1004n + 1007n + 1008n,
      activePower: powerOf(2, 3, 4, 8, 9),
      faultyPower: powerOf(1, 5, 6),
      feeDeduction: 45_000n - 7000n,
    })
    expect(membersTogether(store, deadline, 'terminated')).toEqual([1, 2, 3, 4, 5, 6, 8, 9])
    expect(deadline).toMatchObject({
      liveSectors: 1,
      livePower: powerOf(7),
      faultyPower: ZERO_POWER,
      dailyFee: 7000n,
      earlyTerminations: bitFieldOf([1]),
    })
    expectSound(deadline)
    expect(popDeadlineEarlyTerminations(store, deadline, 100, 100)).toEqual({
      result: { sectors: new Map([[9, bitFieldOf([6])]]), partitionsProcessed: 1, sectorsProcessed: 1 },
      hasMore: false,
    })
    expectSound(deadline)
  })

  test('before anything is due changes nothing', () => {
    const deadline = deadlineOfNine()
    const before = { ...deadline }
    expect(popDeadlineExpiredSectors(store, deadline, 4, PARTITION_QUANT)).toEqual(EMPTY_EXPIRATION_SET)
    expect(deadline).toEqual(before)
  })

  // The note that a partition has something to expire is never taken back.
  test('finds nothing in a partition whose sectors have left otherwise', () => {
    const deadline = deadlineOfNine()
    terminate(deadline, { 0: [1, 2] })
    expect(popDeadlineExpiredSectors(store, deadline, 5, PARTITION_QUANT)).toEqual(EMPTY_EXPIRATION_SET)
    expectSound(deadline)
  })

  test('fails beside unproven sectors', () => {
    const deadline = deadlineOfNine(false)
    expect(exitCodeOf(() => popDeadlineExpiredSectors(store, deadline, 9, PARTITION_QUANT))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})

describe('popDeadlineEarlyTerminations', () => {
  const terminated = () => {
    const deadline = deadlineOfNine()
    terminate(deadline, { 0: [1, 3], 1: [6] })
    return deadline
  }

  test('takes all that a limit allows, over the partitions', () => {
    const deadline = terminated()
    expect(popDeadlineEarlyTerminations(store, deadline, 100, 100)).toEqual({
      result: {
        sectors: new Map([[15, bitFieldOf([1, 3, 6])]]),
        partitionsProcessed: 2,
        sectorsProcessed: 3,
      },
      hasMore: false,
    })
    expect(deadline.earlyTerminations).toEqual(bitFieldOf([]))
    // What was terminated stays so.
    expect(membersTogether(store, deadline, 'terminated')).toEqual([1, 3, 6])
    expectSound(deadline)
  })

  test('goes on where it stopped', () => {
    const deadline = terminated()
    let result = NO_TERMINATIONS
    for (const hasMore of [true, true, false]) {
      const popped = popDeadlineEarlyTerminations(store, deadline, 2, 1)
      expect(popped.hasMore).toBe(hasMore)
      result = addTerminations(result, popped.result)
      expectSound(deadline)
    }
    expect(result).toEqual({
      sectors: new Map([[15, bitFieldOf([1, 3, 6])]]),
      partitionsProcessed: 3,
      sectorsProcessed: 3,
    })
  })

  test('stops after as many partitions as it may look at', () => {
    const deadline = terminated()
    const { result, hasMore } = popDeadlineEarlyTerminations(store, deadline, 1, 100)
    expect(result).toMatchObject({ partitionsProcessed: 1, sectorsProcessed: 2 })
    expect(hasMore).toBe(true)
    expect(deadline.earlyTerminations).toEqual(bitFieldOf([1]))
  })

  test('forgets a partition that there is not', () => {
    const deadline = terminated()
    deadline.earlyTerminations = bitFieldOf([0, 1, 7])
    const { result, hasMore } = popDeadlineEarlyTerminations(store, deadline, 100, 100)
    expect(result.partitionsProcessed).toBe(2)
    expect(hasMore).toBe(false)
    expectSound(deadline)
  })
})
