import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  exitCodeOf,
  membersOf,
  PARTITION_QUANT,
  PARTITION_SECTORS,
  PARTITION_TERMS,
  powerOfAll,
  quickSector,
  sectorsNumbered,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { PartitionExpirations } from '../expiration-queue.ts'
import { ZERO_POWER } from '../power-pair.ts'
import { NO_QUANTIZATION, type QuantSpec } from '../quantize.ts'
import { sectorList } from '../sector-list.ts'
import { loadExpirationQueue } from './entries.ts'
import { EMPTY_EXPIRATION_SET } from './expiration-set.ts'
import { rescheduleAsFaults } from './faults.ts'
import {
  addActiveSectors,
  popExpired,
  removeActiveSectors,
  replaceInQueue,
  rescheduleExpirations,
} from './queue.ts'

const store = createMemoryBlockstore(await createHashes())
const sectors = PARTITION_SECTORS

/** The sectors with these numbers, which start at 1. */
const numbered = (...numbers: readonly number[]) => sectorsNumbered(sectors, numbers)

function emptyQueue(quant: QuantSpec = PARTITION_QUANT) {
  return loadExpirationQueue(store, PartitionExpirations.empty(store).flush(), quant)
}

function queueOfSix(quant?: QuantSpec) {
  const queue = emptyQueue(quant)
  addActiveSectors(queue, sectors, PARTITION_TERMS)
  return queue
}

type Queue = ReturnType<typeof emptyQueue>

/** The on-time sectors of a queue by epoch. */
const onTimeByEpoch = ({ amt }: Queue) =>
  Object.fromEntries([...amt.entries()].map(([epoch, set]) => [epoch, membersOf(set.onTimeSectors)]))

// Source of the cases: builtin-actors v18, `actors/miner/tests/expiration_queue.rs`.
describe('addActiveSectors', () => {
  test('gives the sums of what was added', () => {
    expect(addActiveSectors(emptyQueue(), sectors, PARTITION_TERMS)).toEqual({
      sectors: bitFieldOf([1, 2, 3, 4, 5, 6]),
      power: powerOfAll(sectors),
      pledge: 6015n,
      dailyFee: 33_000n,
    })
  })

  test('has a set for each expiration without a grid, and for each epoch of the grid with one', () => {
    expect(queueOfSix(NO_QUANTIZATION).amt.count).toBe(6)
    expect(onTimeByEpoch(queueOfSix({ unit: 5, offset: 3 }))).toEqual({ 3: [1, 2], 8: [3, 4], 13: [5, 6] })
  })

  test('of no sectors leaves the queue empty', () => {
    const queue = emptyQueue()
    expect(addActiveSectors(queue, [], PARTITION_TERMS)).toEqual({
      sectors: bitFieldOf([]),
      power: ZERO_POWER,
      pledge: 0n,
      dailyFee: 0n,
    })
    expect(queue.amt.count).toBe(0)
  })
})

describe('popExpired', () => {
  test('takes what leaves up to and including an epoch, with its sums', () => {
    const queue = queueOfSix(NO_QUANTIZATION)
    expect(popExpired(queue, 7)).toEqual({
      ...EMPTY_EXPIRATION_SET,
      onTimeSectors: bitFieldOf([1, 2, 3]),
      onTimePledge: 3003n,
      activePower: powerOfAll(numbered(1, 2, 3)),
      feeDeduction: 12_000n,
    })
    expect(queue.amt.count).toBe(3)
    expect(popExpired(queue, 20)).toEqual({
      ...EMPTY_EXPIRATION_SET,
      onTimeSectors: bitFieldOf([4, 5, 6]),
      onTimePledge: 3012n,
      activePower: powerOfAll(numbered(4, 5, 6)),
      feeDeduction: 21_000n,
    })
    expect(queue.amt.count).toBe(0)
  })

  test.each([
    { until: 2, popped: [], left: 3 },
    { until: 3, popped: [1, 2], left: 2 },
    { until: 7, popped: [1, 2], left: 2 },
    { until: 8, popped: [1, 2, 3, 4], left: 1 },
    { until: 12, popped: [1, 2, 3, 4], left: 1 },
    { until: 13, popped: [1, 2, 3, 4, 5, 6], left: 0 },
  ])('up to $until takes whole epochs of a grid of 5 from 3: $popped', ({ until, popped, left }) => {
    const queue = queueOfSix({ unit: 5, offset: 3 })
    expect(membersOf(popExpired(queue, until).onTimeSectors)).toEqual(popped)
    expect(queue.amt.count).toBe(left)
  })
})

describe('rescheduleExpirations', () => {
  test('moves active sectors with their sums to the epoch of the grid', () => {
    const queue = queueOfSix()
    rescheduleExpirations(queue, 10, sectorList(numbered(1, 2, 3)), PARTITION_TERMS)
    expect(onTimeByEpoch(queue)).toEqual({ 9: [4], 13: [1, 2, 3, 5, 6] })
    expect(queue.amt.get(9)).toEqual({
      ...EMPTY_EXPIRATION_SET,
      onTimeSectors: bitFieldOf([4]),
      onTimePledge: 1003n,
      activePower: powerOfAll(numbered(4)),
      feeDeduction: 6000n,
    })
    expect(queue.amt.get(13)).toEqual({
      ...EMPTY_EXPIRATION_SET,
      onTimeSectors: bitFieldOf([1, 2, 3, 5, 6]),
      onTimePledge: 5012n,
      activePower: powerOfAll(numbered(1, 2, 3, 5, 6)),
      feeDeduction: 27_000n,
    })
  })

  test('of no sectors changes nothing', () => {
    const queue = queueOfSix()
    rescheduleExpirations(queue, 21, sectorList([]), PARTITION_TERMS)
    expect(onTimeByEpoch(queue)).toEqual({ 5: [1, 2], 9: [3, 4], 13: [5, 6] })
  })
})

describe('replaceInQueue', () => {
  test('takes sectors out and puts others in, with the sums of both', () => {
    const queue = emptyQueue()
    addActiveSectors(queue, numbered(1, 2, 4, 6), PARTITION_TERMS)
    expect(replaceInQueue(queue, sectorList(numbered(1, 2, 4)), numbered(3, 5), PARTITION_TERMS)).toEqual({
      removed: {
        sectors: bitFieldOf([1, 2, 4]),
        power: powerOfAll(numbered(1, 2, 4)),
        pledge: 3004n,
        dailyFee: 13_000n,
      },
      added: {
        sectors: bitFieldOf([3, 5]),
        power: powerOfAll(numbered(3, 5)),
        pledge: 2006n,
        dailyFee: 12_000n,
      },
    })
    expect(onTimeByEpoch(queue)).toEqual({ 9: [3], 13: [5, 6] })
    expect(queue.amt.get(13)).toMatchObject({ onTimePledge: 2009n, activePower: powerOfAll(numbered(5, 6)) })
  })

  test('puts a sector where it promises to leave now', () => {
    const queue = queueOfSix()
    replaceInQueue(queue, sectorList(numbered(1)), [quickSector(20, 1, 60n, 1000n, 3000n)], PARTITION_TERMS)
    expect(onTimeByEpoch(queue)).toEqual({ 5: [2], 9: [3, 4], 13: [5, 6], 21: [1] })
  })
})

describe('removeActiveSectors', () => {
  test('drops epochs that nothing is left of', () => {
    const queue = queueOfSix()
    expect(removeActiveSectors(queue, sectorList(numbered(1, 2, 3)), PARTITION_TERMS)).toEqual({
      sectors: bitFieldOf([1, 2, 3]),
      power: powerOfAll(numbered(1, 2, 3)),
      pledge: 3003n,
      dailyFee: 12_000n,
    })
    expect(onTimeByEpoch(queue)).toEqual({ 9: [4], 13: [5, 6] })
  })

  test.each([
    { failure: 'is not in the queue', gone: [quickSector(7, 9, 0n, 0n, 0n)] },
    { failure: 'leaves early', gone: numbered(6) },
    { failure: 'is faulty, though it leaves on time', gone: numbered(1, 2) },
  ])('fails for a sector that $failure', ({ gone }) => {
    const queue = queueOfSix()
    rescheduleAsFaults(queue, 6, sectorList(numbered(2, 6)), PARTITION_TERMS)
    expect(exitCodeOf(() => removeActiveSectors(queue, sectorList(gone), PARTITION_TERMS))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})
