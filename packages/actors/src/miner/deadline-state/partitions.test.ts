import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  DEADLINE_SECTORS,
  deadlineFindings,
  exitCodeOf,
  membersOf,
  PARTITION_QUANT,
  PARTITION_TERMS,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { draftOf } from '../../runtime/draft.ts'
import { DeadlineExpirations, Partitions } from '../deadline-state.ts'
import { addSectorsToDeadline } from './add-sectors.ts'
import {
  addExpirationPartitions,
  addExpirations,
  loadPartition,
  newDeadline,
  putPartition,
  requirePartition,
} from './partitions.ts'

const store = createMemoryBlockstore(await createHashes())

function deadlineOfNine() {
  const deadline = draftOf(newDeadline(store))
  const arrival = { partitionSize: 4, isProven: true, hasNewFees: true }
  const sectors = DEADLINE_SECTORS.slice(0, 9)
  addSectorsToDeadline(store, deadline, sectors, arrival, PARTITION_TERMS, PARTITION_QUANT)
  return deadline
}

function expirationsOf({ expirationsEpochs }: ReturnType<typeof deadlineOfNine>) {
  const queue = DeadlineExpirations.load(store, expirationsEpochs)
  return Object.fromEntries([...queue.entries()].map(([epoch, indices]) => [epoch, membersOf(indices)]))
}

// Source: builtin-actors v18, `actors/miner/src/deadline_state.rs`.
describe('a new deadline', () => {
  test('has nothing, and keeps the invariants', () => {
    const deadline = draftOf(newDeadline(store))
    expect(Partitions.load(store, deadline.partitions).count).toBe(0)
    expect(expirationsOf(deadline)).toEqual({})
    expect(deadlineFindings(store, deadline, [])).toEqual([])
  })
})

describe('loadPartition', () => {
  test('gives a partition by its index', () => {
    expect(loadPartition(store, deadlineOfNine(), 1).sectors).toEqual(bitFieldOf([5, 6, 7, 8]))
  })

  test('fails for one that there is not', () => {
    expect(exitCodeOf(() => loadPartition(store, deadlineOfNine(), 3))).toBe(ExitCode.USR_NOT_FOUND)
  })
})

describe('a partition to be changed', () => {
  test('changes in the array only when it is put back', () => {
    const partitions = Partitions.load(store, deadlineOfNine().partitions)
    const partition = requirePartition(partitions, 2)
    partition.faults = bitFieldOf([9])
    expect(partitions.get(2)?.faults).toEqual(bitFieldOf([]))
    putPartition(partitions, 2, partition)
    expect(partitions.get(2)?.faults).toEqual(bitFieldOf([9]))
  })
})

describe('the notes of what expires', () => {
  test('name the partitions at the epoch of the grid, and never forget one', () => {
    const deadline = deadlineOfNine()
    expect(expirationsOf(deadline)).toEqual({ 5: [0], 9: [0, 1, 2], 13: [1] })
    addExpirationPartitions(store, deadline, 10, [0, 2], PARTITION_QUANT)
    expect(expirationsOf(deadline)).toEqual({ 5: [0], 9: [0, 1, 2], 13: [0, 1, 2] })
    const entries = [
      [1, 7],
      [2, 7],
      [17, 8],
    ] as const
    addExpirations(store, deadline, entries, PARTITION_QUANT)
    expect(expirationsOf(deadline)).toEqual({ 1: [7], 5: [0, 7], 9: [0, 1, 2], 13: [0, 1, 2], 17: [8] })
  })

  test('do not change for no partitions', () => {
    const deadline = deadlineOfNine()
    const { expirationsEpochs } = deadline
    addExpirationPartitions(store, deadline, 17, [], PARTITION_QUANT)
    expect(deadline.expirationsEpochs).toBe(expirationsEpochs)
  })
})
