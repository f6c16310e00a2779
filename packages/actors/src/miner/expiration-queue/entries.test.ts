import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { exitCodeOf } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { PartitionExpirations } from '../expiration-queue.ts'
import { addToSet, loadExpirationQueue, updateOrDelete } from './entries.ts'
import { addExpirationSets, EMPTY_EXPIRATION_SET } from './expiration-set.ts'

const store = createMemoryBlockstore(await createHashes())

const first = { ...EMPTY_EXPIRATION_SET, onTimeSectors: bitFieldOf([1]), onTimePledge: 10n }
const second = { ...EMPTY_EXPIRATION_SET, earlySectors: bitFieldOf([2]), feeDeduction: 7n }

function emptyQueue() {
  return loadExpirationQueue(store, PartitionExpirations.empty(store).flush(), { unit: 5, offset: 3 })
}

// Source: builtin-actors v18, `actors/miner/src/expiration_queue.rs`.
describe('addToSet', () => {
  test.each([
    { epoch: 0, at: 3 },
    { epoch: 3, at: 3 },
    { epoch: 4, at: 8 },
    { epoch: 8, at: 8 },
  ])('puts what leaves at $epoch at $at of a grid of 5 from 3', ({ epoch, at }) => {
    const queue = emptyQueue()
    addToSet(queue, epoch, first)
    expect([...queue.amt.entries()]).toEqual([[at, first]])
  })

  test('adds to what is there', () => {
    const queue = emptyQueue()
    addToSet(queue, 4, first)
    addToSet(queue, 8, second)
    expect([...queue.amt.entries()]).toEqual([[8, addExpirationSets(first, second)]])
  })

  // −7 − 3 is a multiple of 5, so −7 is on the grid.
  test('has no epochs below zero', () => {
    expect(exitCodeOf(() => addToSet(emptyQueue(), -7, first))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('updateOrDelete', () => {
  test('keeps a set with sectors, and drops one without', () => {
    const queue = emptyQueue()
    updateOrDelete(queue, 8, first)
    expect(queue.amt.get(8)).toEqual(first)
    updateOrDelete(queue, 8, { ...first, onTimeSectors: bitFieldOf([]) })
    expect(queue.amt.count).toBe(0)
  })
})

describe('a queue', () => {
  test('reads what was stored', () => {
    const queue = emptyQueue()
    addToSet(queue, 8, first)
    const stored = loadExpirationQueue(store, queue.amt.flush(), queue.quant)
    expect([...stored.amt.entries()]).toEqual([[8, first]])
  })
})
