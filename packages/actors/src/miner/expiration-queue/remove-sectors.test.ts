import { type BitField, bitFieldOf, bitFieldRange, createMemoryBlockstore } from '@plimsoll/ipld'
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
import { MAINNET_POLICY } from '../../policy.ts'
import { PartitionExpirations } from '../expiration-queue.ts'
import { ZERO_POWER } from '../power-pair.ts'
import { sectorList } from '../sector-list.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { addToSet, loadExpirationQueue } from './entries.ts'
import { EMPTY_EXPIRATION_SET } from './expiration-set.ts'
import { rescheduleAsFaults } from './faults.ts'
import { addActiveSectors } from './queue.ts'
import { removeSectors } from './remove-sectors.ts'

const store = createMemoryBlockstore(await createHashes())
const sectors = PARTITION_SECTORS
const none = bitFieldOf([])

const numbered = (...numbers: readonly number[]) => sectorsNumbered(sectors, numbers)

/** Sectors 1 and 2 leave at 5, all others at 9, 5 and 6 of them early; all but 1 are faulty. */
function queueOfSix() {
  const queue = loadExpirationQueue(store, PartitionExpirations.empty(store).flush(), PARTITION_QUANT)
  addActiveSectors(queue, sectors, PARTITION_TERMS)
  rescheduleAsFaults(queue, 6, sectorList(numbered(2, 3, 4, 5, 6)), PARTITION_TERMS)
  return queue
}

function remove(
  queue: ReturnType<typeof queueOfSix>,
  gone: readonly SectorOnChainInfo[],
  faults: BitField,
  recovering: BitField = none,
) {
  return removeSectors(queue, MAINNET_POLICY, sectorList(gone), faults, recovering, PARTITION_TERMS)
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/expiration_queue.rs`, `removes_sectors`.
describe('removeSectors', () => {
  test('takes active, faulty and early sectors out and says what went with them', () => {
    const queue = queueOfSix()
    const result = remove(queue, numbered(1, 4, 5, 6), bitFieldOf([4, 5, 6]), bitFieldOf([6]))
    expect(result).toEqual({
      removed: {
        onTimeSectors: bitFieldOf([1, 4]),
        earlySectors: bitFieldOf([5, 6]),
        // Those that leave early have no pledge in the queue.
        onTimePledge: 1000n + 1003n,
        activePower: powerOfAll(numbered(1)),
        faultyPower: powerOfAll(numbered(4, 5, 6)),
        feeDeduction: 3000n + 6000n + 7000n + 8000n,
      },
      recoveringPower: powerOfAll(numbered(6)),
    })
    expect([...queue.amt.entries()]).toEqual([
      [
        5,
        {
          ...EMPTY_EXPIRATION_SET,
          onTimeSectors: bitFieldOf([2]),
          onTimePledge: 1001n,
          faultyPower: powerOfAll(numbered(2)),
          feeDeduction: 4000n,
        },
      ],
      [
        9,
        {
          ...EMPTY_EXPIRATION_SET,
          onTimeSectors: bitFieldOf([3]),
          onTimePledge: 1002n,
          faultyPower: powerOfAll(numbered(3)),
          feeDeduction: 5000n,
        },
      ],
    ])
  })

  test('of everything leaves nothing', () => {
    const queue = queueOfSix()
    const { removed } = remove(queue, sectors, bitFieldOf([2, 3, 4, 5, 6]))
    expect(removed.onTimePledge).toBe(1000n + 1001n + 1002n + 1003n)
    expect(removed.feeDeduction).toBe(33_000n)
    expect(queue.amt.count).toBe(0)
  })

  test('of nothing changes nothing', () => {
    const queue = queueOfSix()
    const before = [...queue.amt.entries()]
    expect(remove(queue, [], none)).toEqual({ removed: EMPTY_EXPIRATION_SET, recoveringPower: ZERO_POWER })
    expect([...queue.amt.entries()]).toEqual(before)
  })

  test.each([
    { failure: 'an active sector is not in the queue', gone: [quickSector(7, 9, 0n, 0n, 0n)], faults: none },
    { failure: 'a faulty one is not', gone: [quickSector(7, 9, 0n, 0n, 0n)], faults: bitFieldOf([9]) },
    { failure: 'a faulty one is taken to be active', gone: numbered(6), faults: none },
    { failure: 'an active one is taken to be faulty', gone: numbered(1, 2), faults: bitFieldOf([1, 2]) },
  ])('fails where $failure', ({ gone, faults }) => {
    expect(exitCodeOf(() => remove(queueOfSix(), gone, faults))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  // Source: builtin-actors v18, `actors/miner/src/expiration_queue.rs`, `remove_sectors`: it reads all of these
  // sets, and of each no more than a message may name.
  test.each([
    { what: 'faults', faults: bitFieldRange(100, 100 + 25_000), recovering: none, isRefused: false },
    { what: 'faults', faults: bitFieldRange(100, 100 + 25_001), recovering: none, isRefused: true },
    { what: 'recoveries', faults: none, recovering: bitFieldRange(100, 100 + 25_000), isRefused: false },
    { what: 'recoveries', faults: none, recovering: bitFieldRange(100, 100 + 25_001), isRefused: true },
  ])('of many $what is refused: $isRefused', ({ faults, recovering, isRefused }) => {
    const code = exitCodeOf(() => remove(queueOfSix(), numbered(1), faults, recovering))
    expect(code).toBe(isRefused ? ExitCode.USR_ILLEGAL_STATE : ExitCode.OK)
  })

  // Source: the same file, `ENTRY_SECTORS_MAX`.
  test.each([
    { set: 'onTimeSectors', count: 10_000, isRefused: false },
    { set: 'onTimeSectors', count: 10_001, isRefused: true },
    { set: 'earlySectors', count: 10_000, isRefused: false },
    { set: 'earlySectors', count: 10_001, isRefused: true },
  ] as const)('with $count $set at one epoch is refused: $isRefused', ({ set, count, isRefused }) => {
    const queue = queueOfSix()
    addToSet(queue, 1, { ...EMPTY_EXPIRATION_SET, [set]: bitFieldRange(100, 100 + count) })
    const code = exitCodeOf(() => remove(queue, numbered(2), bitFieldOf([2])))
    expect(code).toBe(isRefused ? ExitCode.USR_ILLEGAL_STATE : ExitCode.OK)
  })
})
