import { bitFieldOf, bitsOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  exitCodeOf,
  PARTITION_QUANT,
  PARTITION_SECTORS,
  PARTITION_TERMS,
  powerOfAll,
  quickSector,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { PartitionExpirations } from '../expiration-queue.ts'
import { sectorList } from '../sector-list.ts'
import { loadExpirationQueue } from './entries.ts'
import { rescheduleAsFaults } from './faults.ts'
import { findSectorsByExpiration, groupNewSectorsByDeclaredExpiration, type SectorGroup } from './grouping.ts'
import { addActiveSectors, rescheduleExpirations } from './queue.ts'

const store = createMemoryBlockstore(await createHashes())
const sectors = PARTITION_SECTORS

function queueOfSix() {
  const root = PartitionExpirations.empty(store).flush()
  const queue = loadExpirationQueue(store, root, PARTITION_QUANT)
  addActiveSectors(queue, sectors, PARTITION_TERMS)
  return queue
}

const epochsAndNumbers = (groups: readonly SectorGroup[]) =>
  groups.map(({ epoch, sectors: numbers }) => [epoch, [...bitsOf(numbers)]])

// Source: builtin-actors v18, `actors/miner/src/expiration_queue.rs`.
describe('groupNewSectorsByDeclaredExpiration', () => {
  test('has a group for each epoch of the grid, with the sums of its sectors', () => {
    const groups = groupNewSectorsByDeclaredExpiration(PARTITION_TERMS, sectors, PARTITION_QUANT)
    expect(groups).toEqual([
      {
        epoch: 5,
        sectors: bitFieldOf([1, 2]),
        power: powerOfAll(sectors.slice(0, 2)),
        pledge: 2001n,
        dailyFee: 7000n,
      },
      {
        epoch: 9,
        sectors: bitFieldOf([3, 4]),
        power: powerOfAll(sectors.slice(2, 4)),
        pledge: 2005n,
        dailyFee: 11_000n,
      },
      {
        epoch: 13,
        sectors: bitFieldOf([5, 6]),
        power: powerOfAll(sectors.slice(4)),
        pledge: 2009n,
        dailyFee: 15_000n,
      },
    ])
  })

  test('is ascending by epoch, whatever the order of the sectors', () => {
    const groups = groupNewSectorsByDeclaredExpiration(PARTITION_TERMS, sectors.toReversed(), PARTITION_QUANT)
    expect(epochsAndNumbers(groups)).toEqual([
      [5, [1, 2]],
      [9, [3, 4]],
      [13, [5, 6]],
    ])
  })
})

describe('findSectorsByExpiration', () => {
  test('finds sectors where they promised to leave, and the sets that they are in', () => {
    const queue = queueOfSix()
    const found = findSectorsByExpiration(queue, PARTITION_TERMS, sectorList(sectors.slice(1, 3)))
    expect(epochsAndNumbers(found.map(({ group }) => group))).toEqual([
      [5, [2]],
      [9, [3]],
    ])
    expect(found.map(({ set }) => set.onTimeSectors)).toEqual([bitFieldOf([1, 2]), bitFieldOf([3, 4])])
  })

  // Faults that recovered, and sectors of before the grid was what it is, can be in any epoch.
  test('finds sectors elsewhere too, and gives the groups by ascending epoch', () => {
    const queue = queueOfSix()
    rescheduleExpirations(queue, 1, sectorList(sectors.slice(5)), PARTITION_TERMS)
    const found = findSectorsByExpiration(
      queue,
      PARTITION_TERMS,
      sectorList([...sectors.slice(0, 1), ...sectors.slice(5)]),
    )
    expect(epochsAndNumbers(found.map(({ group }) => group))).toEqual([
      [1, [6]],
      [5, [1]],
    ])
  })

  test('finds a sector that leaves at another epoch in a set that was looked into for others', () => {
    const queue = queueOfSix()
    const moved = quickSector(13, 1, 60n, 1000n, 3000n)
    // The queue has sector 1 at 5; it says 13 of itself now.
    const found = findSectorsByExpiration(queue, PARTITION_TERMS, sectorList([moved]))
    expect(epochsAndNumbers(found.map(({ group }) => group))).toEqual([[5, [1]]])
  })

  test.each([
    { failure: 'is in no set', sector: quickSector(7, 99, 0n, 0n, 0n) },
    { failure: 'leaves early', sector: sectors[4] },
  ])('fails for a sector that $failure', ({ sector }) => {
    const queue = queueOfSix()
    rescheduleAsFaults(queue, 6, sectorList(sectors.slice(4, 5)), PARTITION_TERMS)
    const wanted = sector === undefined ? [] : [sector]
    expect(exitCodeOf(() => findSectorsByExpiration(queue, PARTITION_TERMS, sectorList(wanted)))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})
