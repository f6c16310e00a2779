import { bitFieldOf } from '@plimsoll/ipld'
import { describe, expect, test } from 'vitest'
import {
  addTerminations,
  hasNoTerminations,
  isBelowLimit,
  NO_TERMINATIONS,
  type TerminationResult,
  terminationsByEpoch,
} from './termination.ts'

// Source of the case: builtin-actors v18, `actors/miner/tests/termination_test.rs`.
const first: TerminationResult = {
  sectors: new Map([
    [3, bitFieldOf([9])],
    [0, bitFieldOf([1, 2, 4])],
    [2, bitFieldOf([3, 5, 7])],
  ]),
  partitionsProcessed: 1,
  sectorsProcessed: 7,
}
const second: TerminationResult = {
  sectors: new Map([
    [1, bitFieldOf([12])],
    [0, bitFieldOf([10])],
  ]),
  partitionsProcessed: 1,
  sectorsProcessed: 2,
}
const both = addTerminations(addTerminations(NO_TERMINATIONS, first), second)

describe('addTerminations', () => {
  test('unites the sectors of each epoch, and adds what was looked at', () => {
    expect(both).toMatchObject({ partitionsProcessed: 2, sectorsProcessed: 9 })
    expect(terminationsByEpoch(both)).toEqual([
      [0, bitFieldOf([1, 2, 4, 10])],
      [1, bitFieldOf([12])],
      [2, bitFieldOf([3, 5, 7])],
      [3, bitFieldOf([9])],
    ])
  })

  test('changes neither of the two', () => {
    expect([...first.sectors.keys()]).toEqual([3, 0, 2])
    expect(first.sectors.get(0)).toEqual(bitFieldOf([1, 2, 4]))
    expect(NO_TERMINATIONS.sectors.size).toBe(0)
  })
})

describe('isBelowLimit', () => {
  test.each([
    { partitions: 2, sectors: 9, isBelow: false },
    { partitions: 3, sectors: 9, isBelow: false },
    { partitions: 3, sectors: 8, isBelow: false },
    { partitions: 2, sectors: 10, isBelow: false },
    { partitions: 3, sectors: 10, isBelow: true },
  ])('of 2 partitions and 9 sectors below $partitions and $sectors is $isBelow', (row) => {
    expect(isBelowLimit(both, row.partitions, row.sectors)).toBe(row.isBelow)
  })
})

describe('hasNoTerminations', () => {
  test('counts sectors, whatever partitions were looked at', () => {
    expect(hasNoTerminations(NO_TERMINATIONS)).toBe(true)
    expect(hasNoTerminations({ ...NO_TERMINATIONS, partitionsProcessed: 1 })).toBe(true)
    expect(hasNoTerminations(both)).toBe(false)
  })
})
