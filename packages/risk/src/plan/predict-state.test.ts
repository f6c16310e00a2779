import { describe, expect, test } from 'vitest'
import { batchesOf, isDeadlineOpenForTermination, openParts } from './declare-parts.ts'
import { countQueued, isWoundDown, liveSectorsOf, moneyOf } from './predict-state.ts'
import { enqueue } from './predict-terminations.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

/** Sectors 4, 3 and 2 are live, in this order; 7 waits since epoch 1, and 8 and 9 since epoch 2. */
function miner() {
  const deadline = plainDeadline([plainSector(4), plainSector(3)], [plainSector(2)])
  const [first, second] = deadline.partitions
  if (first !== undefined && second !== undefined) {
    enqueue(deadline, first, 1, [plainSector(7)])
    enqueue(deadline, second, 2, [plainSector(9), plainSector(8)])
  }
  return plainMiner({ deadlines: [plainDeadline(), deadline] })
}

describe('a predicted miner', () => {
  test('has its money apart from everything else', () => {
    const money = { balance: 1n, initialPledge: 2n, lockedFunds: 3n, preCommitDeposits: 4n, feeDebt: 5n }
    expect(moneyOf(plainMiner(money))).toEqual(money)
  })

  test('counts what lives and what waits', () => {
    expect(liveSectorsOf(miner()).map(({ number }) => number)).toEqual([4, 3, 2])
    expect([countQueued(miner()), countQueued(plainMiner())]).toEqual([3, 0])
  })

  test('is wound down when nothing lives and nothing waits', () => {
    expect(isWoundDown(plainMiner())).toBe(true)
    expect(isWoundDown(plainMiner({ pending: new Set([1]) }))).toBe(false)
    expect(isWoundDown(miner())).toBe(false)
    const half = plainMiner({ deadlines: [plainDeadline([], [plainSector(1)])] })
    expect(isWoundDown(half)).toBe(false)
  })
})

describe('the sectors that may be terminated', () => {
  test('are named by ascending number, and only where a partition has any that were chosen', () => {
    expect(openParts(miner(), 0)).toEqual([])
    // From 120 on deadline 1 has been closed, and opens in a day.
    expect(openParts(miner(), 120)).toEqual([
      { deadline: 1, partition: 0, sectors: [3, 4] },
      { deadline: 1, partition: 1, sectors: [2] },
    ])
    expect(openParts(miner(), 120, (sector) => sector > 2)).toEqual([
      { deadline: 1, partition: 0, sectors: [3, 4] },
    ])
  })

  // `deadline_is_mutable`: not from 60 epochs before it opens until it closes; deadline 1 opens at 60.
  test.each([
    { epoch: -1, isOpen: true },
    { epoch: 0, isOpen: false },
    { epoch: 119, isOpen: false },
    { epoch: 120, isOpen: true },
    { epoch: 2879, isOpen: true },
    { epoch: 2880, isOpen: false },
  ])('of deadline 1 at epoch $epoch: $isOpen', ({ epoch, isOpen }) => {
    expect(isDeadlineOpenForTermination(miner(), 1, epoch)).toBe(isOpen)
  })

  test('are cut into messages of so many, across partitions', () => {
    const parts = [
      { deadline: 1, partition: 0, sectors: [1, 2, 3] },
      { deadline: 1, partition: 1, sectors: [4, 5] },
    ]
    const of = (partition: number, ...sectors: readonly number[]) => ({ deadline: 1, partition, sectors })
    expect(batchesOf(parts, 2)).toEqual([[of(0, 1, 2)], [of(0, 3), of(1, 4)], [of(1, 5)]])
    expect(batchesOf(parts, 5)).toEqual([parts])
    expect(batchesOf(parts, 6)).toEqual([parts])
    expect(batchesOf(parts, 1)).toEqual([[of(0, 1)], [of(0, 2)], [of(0, 3)], [of(1, 4)], [of(1, 5)]])
    expect(batchesOf([], 2)).toEqual([])
  })
})
