import { bitFieldOf, bitFieldRange, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  DEADLINE_SECTORS,
  deadlineFindings,
  exitCodeOf,
  membersOf,
  PARTITION_QUANT,
  PARTITION_TERMS,
  powerOfAll,
  sectorsNumbered,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { draftOf } from '../../runtime/draft.ts'
import { DeadlineExpirations, Partitions } from '../deadline-state.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import { addSectorsToDeadline } from './add-sectors.ts'
import { compactPartitions } from './compact.ts'
import { recordDeadlineFaults } from './faults.ts'
import { newDeadline } from './partitions.ts'
import { popDeadlineEarlyTerminations, terminateDeadlineSectors } from './terminations.ts'

const store = createMemoryBlockstore(await createHashes())
const NINE = DEADLINE_SECTORS.slice(0, 9)
const sectors = Sectors.empty(store)
storeSectors(sectors, NINE)
const PARTITION_SIZE = 4

type DeadlineDraft = ReturnType<typeof deadlineOfNine>

/** Partitions 1 to 4, 5 to 8, and 9. */
function deadlineOfNine(isProven = true) {
  const deadline = draftOf(newDeadline(store))
  const arrival = { partitionSize: PARTITION_SIZE, isProven, hasNewFees: true }
  addSectorsToDeadline(store, deadline, NINE, arrival, PARTITION_TERMS, PARTITION_QUANT)
  return deadline
}

/** The same without 1, 3 and 6, which are terminated, and charged where it says so. */
function deadlineOfSix(isCharged: boolean) {
  const deadline = deadlineOfNine()
  const declared = new Map([
    [0n, bitFieldOf([1, 3])],
    [1n, bitFieldOf([6])],
  ])
  terminateDeadlineSectors(
    store,
    MAINNET_POLICY,
    deadline,
    sectors,
    15,
    declared,
    PARTITION_TERMS,
    PARTITION_QUANT,
  )
  if (isCharged) {
    popDeadlineEarlyTerminations(store, deadline, 100, 100)
  }
  return deadline
}

function compact(deadline: DeadlineDraft, indices: readonly number[]) {
  const removed = bitFieldOf(indices)
  return compactPartitions(
    store,
    deadline,
    sectors,
    removed,
    PARTITION_SIZE,
    PARTITION_TERMS,
    PARTITION_QUANT,
  )
}

function partitionsOf({ partitions }: DeadlineDraft) {
  return [...Partitions.load(store, partitions).entries()].map(([, partition]) =>
    membersOf(partition.sectors),
  )
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/deadline_state_test.rs`.
describe('compactPartitions', () => {
  test('moves live sectors to the others, and gives the dead ones', () => {
    const deadline = deadlineOfSix(true)
    const { dailyFee, livePower } = deadline
    expect(compact(deadline, [0])).toEqual(bitFieldOf([1, 3]))
    // The second partition is the first now, and the third has taken 2 and 4.
    expect(partitionsOf(deadline)).toEqual([
      [5, 6, 7, 8],
      [2, 4, 9],
    ])
    expect(deadline).toMatchObject({ liveSectors: 6, totalSectors: 7, dailyFee, livePower })
    expect(deadline.livePower).toEqual(powerOfAll(sectorsNumbered(NINE, [2, 4, 5, 7, 8, 9])))
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test('moves the notes of what expires with the partitions', () => {
    const deadline = deadlineOfSix(true)
    compact(deadline, [0])
    const expirations = DeadlineExpirations.load(store, deadline.expirationsEpochs)
    // 2 leaves at 5 and 4 at 9, both of the second partition now; 5, 7 and 8 at 9 and 13, of the first.
    expect([...expirations.entries()].map(([epoch, indices]) => [epoch, membersOf(indices)])).toEqual([
      [5, [1]],
      [9, [0, 1]],
      [13, [0]],
    ])
  })

  test('can take all partitions apart', () => {
    const deadline = deadlineOfSix(true)
    expect(compact(deadline, [0, 1, 2])).toEqual(bitFieldOf([1, 3, 6]))
    expect(partitionsOf(deadline)).toEqual([
      [2, 4, 5, 7],
      [8, 9],
    ])
    expect(deadline).toMatchObject({ liveSectors: 6, totalSectors: 6 })
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test('of no partitions changes nothing, whatever the state', () => {
    const deadline = deadlineOfSix(false)
    const before = { ...deadline }
    expect(compact(deadline, [])).toEqual(bitFieldOf([]))
    expect(deadline).toEqual(before)
  })

  test.each([
    { failure: 'a partition that there is not', indices: [3] },
    { failure: 'more partitions than there are', indices: [0, 1, 2, 3] },
  ])('refuses $failure', ({ indices }) => {
    expect(exitCodeOf(() => compact(deadlineOfSix(true), indices))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('counts the partitions of a huge set without going over them', () => {
    const all = bitFieldRange(0, 2n ** 64n - 1n)
    const deadline = deadlineOfSix(true)
    const compacting = () =>
      compactPartitions(store, deadline, sectors, all, PARTITION_SIZE, PARTITION_TERMS, PARTITION_QUANT)
    expect(exitCodeOf(compacting)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('refuses while terminations are not charged, in any partition', () => {
    expect(exitCodeOf(() => compact(deadlineOfSix(false), [2]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('refuses partitions with faults', () => {
    const deadline = deadlineOfNine()
    const declared = new Map([[1n, bitFieldOf([5])]])
    recordDeadlineFaults(store, deadline, sectors, declared, 9, PARTITION_TERMS, PARTITION_QUANT)
    expect(exitCodeOf(() => compact(deadline, [1]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCodeOf(() => compact(deadline, [0]))).toBe(ExitCode.OK)
  })

  test('refuses partitions with unproven sectors', () => {
    expect(exitCodeOf(() => compact(deadlineOfNine(false), [1]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})
