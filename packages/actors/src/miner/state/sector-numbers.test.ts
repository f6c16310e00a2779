import {
  type BitField,
  bitField,
  bitFieldOf,
  bitFieldRange,
  createMemoryBlockstore,
  load,
} from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { emptyMinerState, exitCodeOf } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAX_SECTOR_NUMBER } from '../../policy.ts'
import { allocateSectorNumbers, type CollisionPolicy } from './sector-numbers.ts'

const store = createMemoryBlockstore(await createHashes())

/** A state whose sectors have these numbers. */
function stateWith(numbers: readonly number[]) {
  const state = emptyMinerState(store)
  allocateSectorNumbers(store, state, bitFieldOf(numbers), 'denyCollisions')
  return state
}

type StateDraft = ReturnType<typeof stateWith>
const allocatedIn = (state: StateDraft) => load(store, bitField, state.allocatedSectors)

const exitOf = (state: StateDraft, numbers: BitField, policy: CollisionPolicy = 'denyCollisions') =>
  exitCodeOf(() => allocateSectorNumbers(store, state, numbers, policy))

// Source of the cases: builtin-actors v18, `actors/miner/tests/sector_number_allocation.rs`.
describe('allocateSectorNumbers', () => {
  test('adds numbers that are free', () => {
    const state = stateWith([1, 2, 3])
    expect(exitOf(state, bitFieldOf([4, 5, 6]))).toBe(ExitCode.OK)
    expect(allocatedIn(state)).toEqual(bitFieldOf([1, 2, 3, 4, 5, 6]))
  })

  test.each([
    { numbers: [1], what: 'a number again' },
    { numbers: [3, 4, 5], what: 'numbers of which one is taken' },
  ])('refuses $what, and changes nothing', ({ numbers }) => {
    const state = stateWith([1, 2, 3])
    expect(exitOf(state, bitFieldOf(numbers))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(allocatedIn(state)).toEqual(bitFieldOf([1, 2, 3]))
  })

  test('takes numbers that are taken where that is asked for, and they stay taken', () => {
    const state = stateWith([1])
    expect(exitOf(state, bitFieldOf([0, 1, 2, 3]), 'allowCollisions')).toBe(ExitCode.OK)
    expect(allocatedIn(state)).toEqual(bitFieldOf([0, 1, 2, 3]))
    expect(exitOf(state, bitFieldOf([0]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitOf(state, bitFieldOf([3]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitOf(state, bitFieldOf([4]))).toBe(ExitCode.OK)
  })

  test.each(['denyCollisions', 'allowCollisions'] as const)('takes the first and the last: %s', (policy) => {
    const state = stateWith([])
    expect(exitOf(state, bitFieldOf([0]), policy)).toBe(ExitCode.OK)
    expect(exitOf(state, bitFieldOf([MAX_SECTOR_NUMBER]), policy)).toBe(ExitCode.OK)
    expect(allocatedIn(state)).toEqual(bitFieldOf([0, MAX_SECTOR_NUMBER]))
  })

  // A lone number that is 2^50 from the last takes 1 bit for itself and 66 for the way: 2 that say which, and 8
  // bytes of a varint. The header is 3 bits. So 32 KiB hold (262,144 − 3) / 67 = 3,912 of them.
  test('fails when the set is too large to be stored, until ranges of it are filled up', () => {
    const state = stateWith([])
    const numbersUpTo = (count: number) =>
      bitFieldOf(Array.from({ length: count }, (_, i) => BigInt(i + 1) << 50n))
    expect(exitOf(state, numbersUpTo(3912))).toBe(ExitCode.OK)
    const next = 3913n << 50n
    expect(exitOf(state, bitFieldOf([next]))).toBe(ExitCode.USR_SERIALIZATION)
    expect(allocatedIn(state)).toEqual(numbersUpTo(3912))
    expect(exitOf(state, bitFieldRange(0, next >> 1n), 'allowCollisions')).toBe(ExitCode.OK)
    expect(exitOf(state, bitFieldOf([next]))).toBe(ExitCode.OK)
  })
})
