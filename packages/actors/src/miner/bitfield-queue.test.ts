import { fc, test } from '@fast-check/vitest'
import { amt, bitField, bitFieldOf, createMemoryBlockstore, unionOfBitFields } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { exitCodeOf, membersOf } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { addManyToQueue, addToQueue, type BitFieldQueue, cutFromQueue, popUntil } from './bitfield-queue.ts'
import { NO_QUANTIZATION, type QuantSpec, quantizeUp } from './quantize.ts'

const store = createMemoryBlockstore(await createHashes())
const Queues = amt(bitField, { bitWidth: 3 })

function emptyQueue(quant: QuantSpec = NO_QUANTIZATION): BitFieldQueue {
  return { amt: Queues.empty(store), quant }
}

function queueOf(sets: Readonly<Record<number, readonly number[]>>): BitFieldQueue {
  const queue = emptyQueue()
  for (const [epoch, members] of Object.entries(sets)) {
    addToQueue(queue, Number(epoch), bitFieldOf(members))
  }
  return queue
}

const setsOf = ({ amt: sets }: BitFieldQueue) =>
  Object.fromEntries([...sets.entries()].map(([epoch, set]) => [epoch, membersOf(set)]))

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_bitfield_queue.rs`.
describe('addToQueue', () => {
  test('adds a set at an epoch, and to what is there', () => {
    const queue = emptyQueue()
    addToQueue(queue, 42, bitFieldOf([1, 3]))
    expect(setsOf(queue)).toEqual({ 42: [1, 3] })
    addToQueue(queue, 42, bitFieldOf([2, 4]))
    addToQueue(queue, 93, bitFieldOf([5]))
    expect(setsOf(queue)).toEqual({ 42: [1, 2, 3, 4], 93: [5] })
  })

  test('rounds epochs up to the grid', () => {
    const queue = emptyQueue({ unit: 5, offset: 3 })
    for (const epoch of [0, 2, 3, 4, 7, 8, 9]) {
      addToQueue(queue, epoch, bitFieldOf([epoch]))
    }
    expect(setsOf(queue)).toEqual({ 3: [0, 2, 3], 8: [4, 7, 8], 13: [9] })
  })

  test('makes no entry for nothing, whatever the epoch', () => {
    const queue = emptyQueue()
    addToQueue(queue, 42, bitFieldOf([]))
    addToQueue(queue, -1, bitFieldOf([]))
    expect(setsOf(queue)).toEqual({})
  })

  test('has no epochs below zero', () => {
    expect(exitCodeOf(() => addToQueue(emptyQueue(), -1, bitFieldOf([1])))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('addManyToQueue', () => {
  test('adds every value at its epoch of the grid', () => {
    const queue = emptyQueue({ unit: 5, offset: 3 })
    addManyToQueue(queue, [
      [4, 1],
      [9, 2],
      [8, 3],
      [8, 1],
    ])
    expect(setsOf(queue)).toEqual({ 8: [1, 3], 13: [2] })
  })
})

describe('popUntil', () => {
  const sets = { 42: [1, 3], 93: [5], 94: [6, 7, 8], 204: [2, 4] }

  test.each([
    { until: 41, popped: undefined, left: [42, 93, 94, 204] },
    { until: 42, popped: [1, 3], left: [93, 94, 204] },
    { until: 93, popped: [1, 3, 5], left: [94, 204] },
    { until: 1000, popped: [1, 2, 3, 4, 5, 6, 7, 8], left: [] },
  ])('$until takes $popped', ({ until, popped, left }) => {
    const queue = queueOf(sets)
    expect(popUntil(queue, until)).toEqual(popped && bitFieldOf(popped))
    expect(Object.keys(setsOf(queue)).map(Number)).toEqual(left)
  })

  test('finds nothing again, and nothing in an empty queue', () => {
    const queue = queueOf(sets)
    popUntil(queue, 93)
    expect(popUntil(queue, 93)).toBeUndefined()
    expect(popUntil(emptyQueue(), 42)).toBeUndefined()
  })
})

describe('cutFromQueue', () => {
  test('moves what is above down, and drops epochs without anything', () => {
    const queue = queueOf({ 42: [1, 2, 3, 4, 99], 93: [5, 6] })
    cutFromQueue(queue, bitFieldOf([2, 4, 5, 6]))
    // Of the numbers, 3 has one that is cut below it, 99 has four.
    expect(setsOf(queue)).toEqual({ 42: [1, 2, 95] })
  })

  test('of nothing changes nothing', () => {
    const queue = queueOf({ 42: [1, 2] })
    cutFromQueue(queue, bitFieldOf([]))
    expect(setsOf(queue)).toEqual({ 42: [1, 2] })
  })
})

describe('a queue of sets', () => {
  const anyEntries = fc.array(fc.tuple(fc.nat(200), fc.nat(30)), { maxLength: 20 })

  test.prop([anyEntries, fc.nat(250), fc.integer({ min: 1, max: 9 })])(
    'gives what is due up to an epoch, and keeps the rest',
    (entries, until, unit) => {
      const quant = { unit, offset: 2 }
      const queue = emptyQueue(quant)
      addManyToQueue(queue, entries)
      const due = entries.filter(([epoch]) => quantizeUp(quant, epoch) <= until)
      const later = entries.filter((entry) => !due.includes(entry))
      expect(membersOf(popUntil(queue, until) ?? bitFieldOf([]))).toEqual(ascending(due))
      const rest = unionOfBitFields([...queue.amt.entries()].map(([, set]) => set))
      expect(membersOf(rest)).toEqual(ascending(later))
    },
  )

  test.prop([anyEntries])('is the same whether values are added one by one or together', (entries) => {
    const [together, single] = [emptyQueue(), emptyQueue()]
    addManyToQueue(together, entries)
    for (const [epoch, value] of entries) {
      addToQueue(single, epoch, bitFieldOf([value]))
    }
    expect(together.amt.flush()).toEqual(single.amt.flush())
  })

  function ascending(entries: readonly (readonly [epoch: number, value: number])[]): readonly number[] {
    return [...new Set(entries.map(([, value]) => value))].sort((a, b) => a - b)
  }
})
