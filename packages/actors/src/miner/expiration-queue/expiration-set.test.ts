import { bitFieldOf } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { exitCodeOf } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import type { ExpirationSet } from '../expiration-queue.ts'
import {
  addExpirationSets,
  EMPTY_EXPIRATION_SET,
  isEmptyExpirationSet,
  removeOnTimeSectors,
  validExpirationSet,
} from './expiration-set.ts'

// Source: builtin-actors v18, `actors/miner/tests/expiration_queue.rs`, `default_set`.
const set: ExpirationSet = {
  onTimeSectors: bitFieldOf([5, 8, 9]),
  earlySectors: bitFieldOf([2, 3]),
  onTimePledge: 1000n,
  activePower: { raw: 1n << 13n, qa: 1n << 14n },
  faultyPower: { raw: 1n << 11n, qa: 1n << 12n },
  feeDeduction: 2000n,
}

/** So many times a power whose quality-adjusted part is twice the raw one. */
const power = (factor: bigint, shift: bigint) => ({
  raw: factor << shift,
  qa: factor << (shift + 1n),
})

describe('addExpirationSets', () => {
  test('to an empty set gives the other', () => {
    expect(addExpirationSets(EMPTY_EXPIRATION_SET, set)).toEqual(set)
  })

  test('unites the sectors and adds the sums', () => {
    const added: ExpirationSet = {
      onTimeSectors: bitFieldOf([6, 7, 11]),
      earlySectors: bitFieldOf([1, 4]),
      onTimePledge: 300n,
      activePower: power(3n, 13n),
      faultyPower: power(3n, 11n),
      feeDeduction: 500n,
    }
    expect(addExpirationSets(set, added)).toEqual({
      onTimeSectors: bitFieldOf([5, 6, 7, 8, 9, 11]),
      earlySectors: bitFieldOf([1, 2, 3, 4]),
      onTimePledge: 1300n,
      activePower: power(1n, 15n),
      faultyPower: power(1n, 13n),
      feeDeduction: 2500n,
    })
  })
})

describe('removeOnTimeSectors', () => {
  test('takes active sectors and their sums out, and leaves faulty ones alone', () => {
    const removed = { sectors: bitFieldOf([9]), power: power(3n, 11n), pledge: 800n, dailyFee: 1200n }
    expect(removeOnTimeSectors(set, removed)).toEqual({
      ...set,
      onTimeSectors: bitFieldOf([5, 8]),
      onTimePledge: 200n,
      activePower: power(1n, 11n),
      feeDeduction: 800n,
    })
  })

  const fits = { sectors: bitFieldOf([9]), power: power(3n, 11n), pledge: 800n, dailyFee: 1200n }

  test.each([
    { failure: 'more pledge than there is', removed: { ...fits, pledge: 1200n } },
    { failure: 'a larger fee than there is', removed: { ...fits, dailyFee: 2200n } },
    { failure: 'more power than there is', removed: { ...fits, power: power(3n, 12n) } },
    { failure: 'a sector that is not there', removed: { ...fits, sectors: bitFieldOf([12]) } },
    { failure: 'a sector that leaves early', removed: { ...fits, sectors: bitFieldOf([2]) } },
  ])('fails for $failure', ({ removed }) => {
    expect(exitCodeOf(() => removeOnTimeSectors(set, removed))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})

describe('isEmptyExpirationSet', () => {
  // Source: the same repository, `expiration_queue.rs`, `is_empty`: the sums do not matter.
  test.each([
    { what: 'nothing', value: EMPTY_EXPIRATION_SET, isEmpty: true },
    { what: 'amounts alone', value: { ...EMPTY_EXPIRATION_SET, onTimePledge: 1n }, isEmpty: true },
    {
      what: 'an on-time sector',
      value: { ...EMPTY_EXPIRATION_SET, onTimeSectors: bitFieldOf([0]) },
      isEmpty: false,
    },
    {
      what: 'an early sector',
      value: { ...EMPTY_EXPIRATION_SET, earlySectors: bitFieldOf([0]) },
      isEmpty: false,
    },
  ])('of a set with $what is $isEmpty', ({ value, isEmpty }) => {
    expect(isEmptyExpirationSet(value)).toBe(isEmpty)
  })
})

describe('validExpirationSet', () => {
  test.each([
    { field: 'pledge', change: { onTimePledge: -1n } },
    { field: 'active raw power', change: { activePower: { raw: -1n, qa: 0n } } },
    { field: 'active quality-adjusted power', change: { activePower: { raw: 0n, qa: -1n } } },
    { field: 'faulty raw power', change: { faultyPower: { raw: -1n, qa: 0n } } },
    { field: 'faulty quality-adjusted power', change: { faultyPower: { raw: 0n, qa: -1n } } },
    { field: 'fee deduction', change: { feeDeduction: -1n } },
  ])('refuses negative $field', ({ change }) => {
    expect(exitCodeOf(() => validExpirationSet({ ...set, ...change }))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('lets everything at zero pass', () => {
    expect(validExpirationSet(EMPTY_EXPIRATION_SET)).toBe(EMPTY_EXPIRATION_SET)
  })
})
