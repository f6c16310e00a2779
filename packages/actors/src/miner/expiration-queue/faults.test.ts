import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  exitCodeOf,
  PARTITION_QUANT,
  PARTITION_SECTORS,
  PARTITION_TERMS,
  powerOfAll,
  quickSector,
  sectorsNumbered,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { type ExpirationSet, PartitionExpirations } from '../expiration-queue.ts'
import { ZERO_POWER } from '../power-pair.ts'
import { sectorList } from '../sector-list.ts'
import { loadExpirationQueue } from './entries.ts'
import { rescheduleAllAsFaults, rescheduleAsFaults, rescheduleRecovered } from './faults.ts'
import { addActiveSectors } from './queue.ts'

const store = createMemoryBlockstore(await createHashes())
const sectors = PARTITION_SECTORS

const numbered = (...numbers: readonly number[]) => sectorsNumbered(sectors, numbers)

function emptyQueue() {
  return loadExpirationQueue(store, PartitionExpirations.empty(store).flush(), PARTITION_QUANT)
}

/** Sectors 1 and 2 leave at 5, 3 and 4 at 9, 5 and 6 at 13. */
function queueOfSix() {
  const queue = emptyQueue()
  addActiveSectors(queue, sectors, PARTITION_TERMS)
  return queue
}

/** A set of sectors of these numbers, with its sums. */
function setOf(
  active: readonly number[],
  faulty: readonly number[],
  early: readonly number[],
): ExpirationSet {
  const onTime = numbered(...active, ...faulty)
  const all = [...onTime, ...numbered(...early)]
  return {
    onTimeSectors: bitFieldOf([...active, ...faulty]),
    earlySectors: bitFieldOf(early),
    onTimePledge: onTime.reduce((sum, { initialPledge }) => sum + initialPledge, 0n),
    activePower: powerOfAll(numbered(...active)),
    faultyPower: powerOfAll(numbered(...faulty, ...early)),
    feeDeduction: all.reduce((sum, { dailyFee }) => sum + dailyFee, 0n),
  }
}

const setsOf = ({ amt }: ReturnType<typeof emptyQueue>) => [...amt.entries()]

/** Sector 2 is faulty and leaves on time at 5, 3 and 4 too at 9, and 5 leaves early at 9. */
function queueWithFaults() {
  const queue = queueOfSix()
  rescheduleAsFaults(queue, 6, sectorList(numbered(2, 3, 4, 5)), PARTITION_TERMS)
  return queue
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/expiration_queue.rs`.
describe('rescheduleAsFaults', () => {
  test('has what would leave too late leave early, without its pledge; the rest stays', () => {
    const queue = queueOfSix()
    const power = rescheduleAsFaults(queue, 6, sectorList(numbered(2, 3, 4, 5)), PARTITION_TERMS)
    expect(power).toEqual(powerOfAll(numbered(2, 3, 4, 5)))
    // The limit of 6 is 9 on the grid.
    expect(setsOf(queue)).toEqual([
      [5, setOf([1], [2], [])],
      [9, setOf([], [3, 4], [5])],
      [13, setOf([6], [], [])],
    ])
  })

  test('moves nothing when everything leaves in time', () => {
    const queue = queueOfSix()
    rescheduleAsFaults(queue, 15, sectorList(sectors), PARTITION_TERMS)
    expect(setsOf(queue)).toEqual([
      [5, setOf([], [1, 2], [])],
      [9, setOf([], [3, 4], [])],
      [13, setOf([], [5, 6], [])],
    ])
  })

  test('drops epochs that nothing is left of', () => {
    const queue = queueOfSix()
    rescheduleAsFaults(queue, 2, sectorList(numbered(3, 4, 5, 6)), PARTITION_TERMS)
    expect(setsOf(queue)).toEqual([[5, setOf([1, 2], [], [3, 4, 5, 6])]])
  })

  test('of no sectors changes nothing', () => {
    const queue = queueOfSix()
    expect(rescheduleAsFaults(queue, 6, sectorList([]), PARTITION_TERMS)).toEqual(ZERO_POWER)
    expect(setsOf(queue)).toEqual(setsOf(queueOfSix()))
  })

  test.each([
    { failure: 'is not in the queue', again: [quickSector(7, 9, 0n, 0n, 0n)] },
    { failure: 'leaves early already', again: numbered(5) },
    // Its power would be taken from that of sector 1 and then from nothing.
    { failure: 'is faulty already', again: numbered(1, 2) },
  ])('fails for a sector that $failure', ({ again }) => {
    const queue = queueWithFaults()
    expect(exitCodeOf(() => rescheduleAsFaults(queue, 6, sectorList(again), PARTITION_TERMS))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})

describe('rescheduleAllAsFaults', () => {
  test('makes everything faulty, and has what would leave too late leave early', () => {
    const queue = queueOfSix()
    rescheduleAllAsFaults(queue, 6)
    expect(setsOf(queue)).toEqual([
      [5, setOf([], [1, 2], [])],
      [9, setOf([], [3, 4], [5, 6])],
    ])
  })

  test('keeps what was faulty before', () => {
    const queue = queueWithFaults()
    rescheduleAllAsFaults(queue, 6)
    expect(setsOf(queue)).toEqual([
      [5, setOf([], [1, 2], [])],
      [9, setOf([], [3, 4], [5, 6])],
    ])
  })

  test('has what was faulty and on time leave early when faults may not last that long', () => {
    const queue = queueOfSix()
    rescheduleAsFaults(queue, 13, sectorList(numbered(5)), PARTITION_TERMS)
    rescheduleAllAsFaults(queue, 9)
    expect(queue.amt.get(9)).toEqual(setOf([], [3, 4], [5, 6]))
    expect(queue.amt.get(13)).toBeUndefined()
  })

  test('changes no epochs when everything leaves in time, and none of an empty queue', () => {
    const queue = queueOfSix()
    rescheduleAllAsFaults(queue, 15)
    expect(setsOf(queue).map(([epoch]) => epoch)).toEqual([5, 9, 13])
    const empty = emptyQueue()
    rescheduleAllAsFaults(empty, 15)
    expect(empty.amt.count).toBe(0)
  })

  test('fails where sectors leave early, but later than faults may last', () => {
    const queue = queueWithFaults()
    expect(exitCodeOf(() => rescheduleAllAsFaults(queue, 5))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('rescheduleRecovered', () => {
  test('undoes the faults: early sectors return to the epoch that they promised, with their pledge', () => {
    const queue = queueWithFaults()
    const power = rescheduleRecovered(queue, sectorList(numbered(2, 3, 4, 5)), PARTITION_TERMS)
    expect(power).toEqual(powerOfAll(numbered(2, 3, 4, 5)))
    expect(setsOf(queue)).toEqual(setsOf(queueOfSix()))
  })

  test('leaves the other faults as they are', () => {
    const queue = queueWithFaults()
    rescheduleRecovered(queue, sectorList(numbered(4, 5)), PARTITION_TERMS)
    expect(setsOf(queue)).toEqual([
      [5, setOf([1], [2], [])],
      [9, setOf([4], [3], [])],
      [13, setOf([5, 6], [], [])],
    ])
  })

  test('of no sectors leaves an empty queue empty', () => {
    const queue = emptyQueue()
    expect(rescheduleRecovered(queue, sectorList([]), PARTITION_TERMS)).toEqual(ZERO_POWER)
    expect(queue.amt.count).toBe(0)
  })

  test.each([
    { failure: 'is not in the queue', recovered: [quickSector(7, 9, 0n, 0n, 0n)] },
    { failure: 'is not faulty', recovered: numbered(6) },
  ])('fails for a sector that $failure', ({ recovered }) => {
    const queue = queueWithFaults()
    expect(exitCodeOf(() => rescheduleRecovered(queue, sectorList(recovered), PARTITION_TERMS))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})
