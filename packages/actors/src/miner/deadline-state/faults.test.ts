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
import { DeadlineExpirations } from '../deadline-state.ts'
import { negatePower, ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import { addSectorsToDeadline } from './add-sectors.ts'
import { declareDeadlineFaultsRecovered, recordDeadlineFaults } from './faults.ts'
import { newDeadline } from './partitions.ts'

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

function fault(
  deadline: DeadlineDraft,
  declared: Readonly<Record<number, readonly number[]>>,
  expiration = 9,
) {
  const sets = setsOf(declared)
  return recordDeadlineFaults(store, deadline, sectors, sets, expiration, PARTITION_TERMS, PARTITION_QUANT)
}

function declareRecovered(deadline: DeadlineDraft, declared: Readonly<Record<number, readonly number[]>>) {
  declareDeadlineFaultsRecovered(store, deadline, sectors, setsOf(declared), PARTITION_TERMS)
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/deadline_state_test.rs`.
describe('recordDeadlineFaults', () => {
  test.each([
    { kind: 'proven', isProven: true, delta: negatePower(powerOf(1, 5, 6)), unproven: [] },
    { kind: 'unproven', isProven: false, delta: ZERO_POWER, unproven: [2, 3, 4, 7, 8, 9] },
  ])('makes $kind sectors of several partitions faulty', ({ isProven, delta, unproven }) => {
    const deadline = deadlineOfNine(isProven)
    expect(fault(deadline, { 0: [1], 1: [5, 6] })).toEqual(delta)
    expect(membersTogether(store, deadline, 'faults')).toEqual([1, 5, 6])
    expect(membersTogether(store, deadline, 'unproven')).toEqual(unproven)
    expect(deadline.faultyPower).toEqual(powerOf(1, 5, 6))
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test('notes the partitions with new faults at the epoch until which they may last', () => {
    const deadline = deadlineOfNine()
    fault(deadline, { 1: [5] }, 17)
    fault(deadline, { 0: [], 1: [5] }, 21)
    const expirations = DeadlineExpirations.load(store, deadline.expirationsEpochs)
    expect(expirations.get(17)).toEqual(bitFieldOf([1]))
    expect(expirations.get(21)).toBeUndefined()
  })

  test('takes recoveries back, which costs no power', () => {
    const deadline = deadlineOfNine()
    fault(deadline, { 0: [1], 1: [5, 6] })
    declareRecovered(deadline, { 0: [1], 1: [6] })
    expect(fault(deadline, { 0: [1] }, 13)).toEqual(ZERO_POWER)
    expect(membersTogether(store, deadline, 'recoveries')).toEqual([6])
    expect(membersTogether(store, deadline, 'faults')).toEqual([1, 5, 6])
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test.each([
    {
      failure: 'a partition that there is not',
      declared: { 0: [1], 4: [6] },
      exitCode: ExitCode.USR_NOT_FOUND,
    },
    { failure: 'a sector of another', declared: { 0: [6] }, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('fails for $failure', ({ declared, exitCode }) => {
    expect(exitCodeOf(() => fault(deadlineOfNine(), declared))).toBe(exitCode)
  })
})

describe('declareDeadlineFaultsRecovered', () => {
  test('declares faults of several partitions recovered; they stay faulty until they are proven', () => {
    const deadline = deadlineOfNine()
    fault(deadline, { 0: [1], 1: [5, 6] })
    declareRecovered(deadline, { 0: [1, 2], 1: [6] })
    expect(membersTogether(store, deadline, 'recoveries')).toEqual([1, 6])
    expect(deadline.faultyPower).toEqual(powerOf(1, 5, 6))
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test.each([
    {
      failure: 'a partition that there is not',
      declared: { 0: [1], 4: [6] },
      exitCode: ExitCode.USR_NOT_FOUND,
    },
    { failure: 'a sector of another', declared: { 0: [6] }, exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('fails for $failure', ({ declared, exitCode }) => {
    expect(exitCodeOf(() => declareRecovered(deadlineOfNine(), declared))).toBe(exitCode)
  })
})
