import type { StoragePower } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { SPEC2019_DEFAULTS, type Spec2019Claim, spec2019Table } from './spec2019.ts'

const TIB = 1n << 40n

const sound = (claimed: StoragePower): Spec2019Claim => ({
  claimed,
  isDetectedFault: false,
  isUnderCollateralised: false,
})

const eligibleOf = (...claimed: readonly bigint[]) =>
  spec2019Table(
    claimed.map((tib) => sound(tib * TIB)),
    SPEC2019_DEFAULTS,
  ).eligible

describe('the table of 2019', () => {
  test('by default asks for 100 TiB, or the rank of the third', () => {
    expect(SPEC2019_DEFAULTS).toMatchObject({ minMinerSizeStor: 109_951_162_777_600n, minMinerSizeTarg: 3 })
  })

  test('admits a miner of exactly the minimum size and, beside it, no smaller one', () => {
    expect(eligibleOf(99n, 100n, 98n)).toEqual([1])
    expect(eligibleOf(100n, 250n, 99n, 1n)).toEqual([0, 1])
  })

  test('while nobody is that large, admits those with as much as the third has', () => {
    expect(eligibleOf(5n, 40n, 30n, 20n)).toEqual([1, 2, 3])
  })

  test('admits all who tie with the third', () => {
    expect(eligibleOf(20n, 40n, 20n, 30n, 20n, 19n)).toEqual([0, 1, 2, 3, 4])
    const claims = [20n, 40n, 20n, 30n].map((tib) => sound(tib * TIB))
    expect(spec2019Table(claims, SPEC2019_DEFAULTS).minimum).toBe(20n * TIB)
  })

  test('admits all while they are no more than the rank', () => {
    expect(eligibleOf(1n, 2n, 3n)).toEqual([0, 1, 2])
  })

  test('never admits a miner without power, however few there are', () => {
    expect(eligibleOf(0n, 1n)).toEqual([1])
    // The third has nothing, and as much as nothing would be enough.
    expect(eligibleOf(0n, 7n, 0n, 0n)).toEqual([1])
    expect(eligibleOf()).toEqual([])
  })

  test('counts the power of the eligible ones only', () => {
    const { nominal, total } = spec2019Table(
      [100n, 60n, 40n].map((tib) => sound(tib * TIB)),
      SPEC2019_DEFAULTS,
    )
    expect(nominal).toEqual([100n * TIB, 60n * TIB, 40n * TIB])
    expect(total).toBe(100n * TIB)
  })

  test('takes all power from a miner in a detected fault, so that smaller ones become eligible', () => {
    const claims = [{ ...sound(100n * TIB), isDetectedFault: true }, sound(60n * TIB), sound(40n * TIB)]
    expect(spec2019Table(claims, SPEC2019_DEFAULTS)).toEqual({
      nominal: [0n, 60n * TIB, 40n * TIB],
      minimum: 0n,
      eligible: [1, 2],
      total: 100n * TIB,
    })
  })

  test.each([
    { zeroesUnderCollateralised: true, eligible: [1] },
    { zeroesUnderCollateralised: false, eligible: [0, 1] },
  ])('with $zeroesUnderCollateralised for collateral admits $eligible', ({ eligible, ...switches }) => {
    const claims = [{ ...sound(100n * TIB), isUnderCollateralised: true }, sound(100n * TIB)]
    expect(spec2019Table(claims, { ...SPEC2019_DEFAULTS, ...switches }).eligible).toEqual(eligible)
  })
})
