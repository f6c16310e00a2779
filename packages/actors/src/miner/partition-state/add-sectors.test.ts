import { bitFieldOf, createMemoryBlockstore, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  exitCodeOf,
  leavingByEpoch,
  PARTITION_QUANT,
  PARTITION_SECTORS,
  PARTITION_TERMS,
  partitionFindings,
  powerOfAll,
  quickSector,
  sectorsNumbered,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { draftOf, valueOfDraft } from '../../runtime/draft.ts'
import { activePower, Partition } from '../partition-state.ts'
import { subtractPower, ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { addSectorsToPartition, newPartition, replaceSectors } from './add-sectors.ts'
import { recordFaults } from './faults.ts'

const store = createMemoryBlockstore(await createHashes())
const sectors = PARTITION_SECTORS

function partitionOf(isProven: boolean, added: readonly SectorOnChainInfo[] = sectors) {
  const partition = newPartition(store)
  addSectorsToPartition(store, partition, isProven, added, PARTITION_TERMS, PARTITION_QUANT)
  return partition
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_partitions.rs`.
describe('a new partition', () => {
  test('has no sectors, no power and nothing to expire', () => {
    const partition = newPartition(store)
    expect(leavingByEpoch(store, partition)).toEqual({})
    expect(partition).toMatchObject({ sectors: bitFieldOf([]), livePower: ZERO_POWER })
    expect(partitionFindings(store, partition, [])).toEqual([])
  })
})

describe('addSectorsToPartition', () => {
  test('adds sectors that are not proven: their power is live, and does not count yet', () => {
    const partition = newPartition(store)
    const added = addSectorsToPartition(store, partition, false, sectors, PARTITION_TERMS, PARTITION_QUANT)
    expect(added).toEqual({ power: powerOfAll(sectors), dailyFee: 33_000n })
    expect(partition).toMatchObject({
      sectors: bitFieldOf([1, 2, 3, 4, 5, 6]),
      unproven: bitFieldOf([1, 2, 3, 4, 5, 6]),
      livePower: powerOfAll(sectors),
      unprovenPower: powerOfAll(sectors),
      faultyPower: ZERO_POWER,
      recoveringPower: ZERO_POWER,
    })
    expect(activePower(valueOfDraft(partition))).toEqual(ZERO_POWER)
    expect(partitionFindings(store, partition, sectors)).toEqual([])
  })

  test('adds proven ones, whose power counts at once', () => {
    const partition = partitionOf(true)
    expect(partition).toMatchObject({ unproven: bitFieldOf([]), unprovenPower: ZERO_POWER })
    expect(activePower(valueOfDraft(partition))).toEqual(powerOfAll(sectors))
    expect(leavingByEpoch(store, partition)).toEqual({ 5: [1, 2], 9: [3, 4], 13: [5, 6] })
    expect(partitionFindings(store, partition, sectors)).toEqual([])
  })

  test('does not add a sector twice', () => {
    const partition = partitionOf(true)
    const again = () =>
      addSectorsToPartition(store, partition, false, sectors.slice(0, 1), PARTITION_TERMS, PARTITION_QUANT)
    expect(exitCodeOf(again)).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  // Source: the same file, `test_max_sectors`: 2,349 sectors with numbers that are 2^50 apart. Here they are 2^41
  // apart, since the sectors of ours are numbered below 2^53.
  test('takes a whole partition of sectors with numbers far apart, and is stored and read', () => {
    const many = Array.from({ length: 2349 }, (_, i) =>
      quickSector(1 + (i % 16), (i + 1) * 2 ** 41, 60n, 1000n, BigInt(i) * 1000n),
    )
    const partition = partitionOf(false, many)
    expect(partition.livePower).toEqual(powerOfAll(many))
    expect(partitionFindings(store, partition, many)).toEqual([])
    const read = decodeCbor(Partition, encodeCbor(Partition, valueOfDraft(partition)))
    expect(read).toEqual(valueOfDraft(partition))
    expect(partitionFindings(store, draftOf(read), many)).toEqual([])
  })
})

describe('replaceSectors', () => {
  test('puts sectors in the place of active ones, and says what that changes', () => {
    const partition = partitionOf(true)
    const [oldSectors, kept] = [sectorsNumbered(sectors, [2, 3, 4]), sectorsNumbered(sectors, [1, 5, 6])]
    const newSectors = [
      quickSector(10, 2, 260n, 3000n, 4000n),
      quickSector(10, 7, 261n, 3001n, 5000n),
      quickSector(18, 8, 262n, 3002n, 6000n),
    ]
    expect(
      replaceSectors(store, partition, oldSectors, newSectors, PARTITION_TERMS, PARTITION_QUANT),
    ).toEqual({
      power: subtractPower(powerOfAll(newSectors), powerOfAll(oldSectors)),
      pledge: 3000n + 3001n + 3002n - (1001n + 1002n + 1003n),
      dailyFee: 15_000n - (4000n + 5000n + 6000n),
    })
    expect(partition.sectors).toEqual(bitFieldOf([1, 2, 5, 6, 7, 8]))
    expect(leavingByEpoch(store, partition)).toEqual({ 5: [1], 13: [2, 5, 6, 7], 21: [8] })
    expect(partitionFindings(store, partition, [...kept, ...newSectors])).toEqual([])
  })

  test.each([
    { kind: 'faulty', isProven: true, faults: [2] },
    { kind: 'unproven', isProven: false, faults: [] },
  ])('refuses to replace a sector that is $kind', ({ isProven, faults }) => {
    const partition = partitionOf(isProven)
    const array = Sectors.empty(store)
    storeSectors(array, sectors)
    recordFaults(store, partition, array, bitFieldOf(faults), 7, PARTITION_TERMS, PARTITION_QUANT)
    const others = [quickSector(10, 2, 260n, 3000n, 4000n)]
    const replaced = sectorsNumbered(sectors, [2, 3, 4])
    expect(
      exitCodeOf(() => replaceSectors(store, partition, replaced, others, PARTITION_TERMS, PARTITION_QUANT)),
    ).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})
