import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import {
  DEADLINE_SECTORS,
  deadlineFindings,
  membersOf,
  PARTITION_QUANT,
  PARTITION_TERMS,
  powerOfAll,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { draftOf } from '../../runtime/draft.ts'
import { DeadlineExpirations, Partitions } from '../deadline-state.ts'
import { ZERO_POWER } from '../power-pair.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { type Arrival, addSectorsToDeadline } from './add-sectors.ts'
import { newDeadline } from './partitions.ts'

const store = createMemoryBlockstore(await createHashes())
const NINE = DEADLINE_SECTORS.slice(0, 9)
const ARRIVAL: Arrival = { partitionSize: 4, isProven: false, hasNewFees: true }

function add(
  deadline: ReturnType<typeof emptyDeadline>,
  sectors: readonly SectorOnChainInfo[],
  arrival = ARRIVAL,
) {
  return addSectorsToDeadline(store, deadline, sectors, arrival, PARTITION_TERMS, PARTITION_QUANT)
}

const emptyDeadline = () => draftOf(newDeadline(store))

function partitionsOf({ partitions }: ReturnType<typeof emptyDeadline>) {
  return [...Partitions.load(store, partitions).entries()].map(([, { sectors }]) => membersOf(sectors))
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/deadline_state_test.rs`.
describe('addSectorsToDeadline', () => {
  test('fills one partition after the other', () => {
    const deadline = emptyDeadline()
    expect(add(deadline, NINE)).toEqual({ power: powerOfAll(NINE), dailyFee: 45_000n })
    expect(partitionsOf(deadline)).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]])
    expect(deadline).toMatchObject({
      liveSectors: 9,
      totalSectors: 9,
      livePower: powerOfAll(NINE),
      faultyPower: ZERO_POWER,
      dailyFee: 45_000n,
    })
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test('fills the last partition up before it makes another', () => {
    const deadline = emptyDeadline()
    add(deadline, NINE.slice(0, 3))
    add(deadline, NINE.slice(3, 6))
    expect(partitionsOf(deadline)).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ])
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test('notes which partitions have sectors that leave at an epoch', () => {
    const deadline = emptyDeadline()
    add(deadline, NINE)
    const expirations = DeadlineExpirations.load(store, deadline.expirationsEpochs)
    expect([...expirations.entries()]).toEqual([
      [5, bitFieldOf([0])],
      [9, bitFieldOf([0, 1, 2])],
      [13, bitFieldOf([1])],
    ])
  })

  test('adds proven sectors as such', () => {
    const deadline = emptyDeadline()
    add(deadline, NINE, { ...ARRIVAL, isProven: true })
    const partitions = [...Partitions.load(store, deadline.partitions).entries()]
    expect(partitions.map(([, { unproven }]) => membersOf(unproven))).toEqual([[], [], []])
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  // Sectors that only move within the deadline pay already.
  test('leaves the daily fee alone where it counts the sectors already', () => {
    const deadline = emptyDeadline()
    expect(add(deadline, NINE, { ...ARRIVAL, hasNewFees: false })).toEqual({
      power: powerOfAll(NINE),
      dailyFee: 0n,
    })
    expect(deadline.dailyFee).toBe(0n)
  })

  test('of no sectors changes nothing', () => {
    const deadline = emptyDeadline()
    expect(add(deadline, [])).toEqual({ power: ZERO_POWER, dailyFee: 0n })
    expect(deadline).toEqual(newDeadline(store))
  })
})
