import { fc, test } from '@fast-check/vitest'
import { divFloor } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { createPledgeLanes, SMALLEST_LANE_PLEDGE, setPledge } from './pledge-lanes.ts'
import { RAMP_AGE, rampFloor } from './ramp.ts'

/** What the lanes of a pledge say: 85 ‰ and 2 % of it, and the quotient and remainder of the former. */
function lanesOf(pledge: bigint) {
  const lanes = createPledgeLanes(1)
  setPledge(lanes, 0, Number(pledge >> 32n), Number(pledge & 0xffff_ffffn))
  const [qHigh, qLow, r, uHigh, uLow, mRest] = [
    lanes.qHigh,
    lanes.qLow,
    lanes.r,
    lanes.uHigh,
    lanes.uLow,
    lanes.mRest,
  ].map(([value]) => BigInt(value ?? -1)) as [bigint, bigint, bigint, bigint, bigint, bigint]
  const q = (qHigh << 22n) + qLow
  return { q, r, s: 403_200n * q + r, m: 1_612_800n * ((uHigh << 19n) + uLow) + mRest }
}

const pledge64 = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.bigInt({ min: 0n, max: 10n ** 18n }),
  // Around the multiples at which every part begins anew.
  fc
    .tuple(fc.bigInt({ min: 0n, max: 228_000_000_000n }), fc.bigInt({ min: -3n, max: 3n }))
    .map(([units, by]) => (units === 0n ? 0n : 80_640_000n * units + by)),
)

describe('the lanes of a pledge', () => {
  // 85 ‰ of 10^18 is 85 × 10^15 = 403,200 × 210,813,492,063 + 198,400; 2 % is 2 × 10^16.
  test('are quotient and remainder of 85 ‰ by 140 days, and 2 %', () => {
    expect(lanesOf(10n ** 18n)).toEqual({
      q: 210_813_492_063n,
      r: 198_400n,
      s: 85n * 10n ** 15n,
      m: 2n * 10n ** 16n,
    })
  })

  test.prop([pledge64])('make up the floors of the formula', (pledge) => {
    const { q, r, s, m } = lanesOf(pledge)
    expect({ s, m }).toEqual({ s: divFloor(pledge * 85n, 1000n), m: divFloor(pledge * 2n, 100n) })
    expect([r >= 0n && r < 403_200n, q]).toEqual([true, divFloor(s, 403_200n)])
  })
})

describe('the floor on the ramp', () => {
  test.each([
    { age: 403_200, r: 403_199, floor: 403_199 },
    { age: 403_199, r: 403_199, floor: 403_198 },
    { age: 403_199, r: 1, floor: 0 },
    { age: 201_600, r: 2, floor: 1 },
    { age: 94_871, r: 0, floor: 0 },
  ])('of age $age and remainder $r is $floor', ({ age, r, floor }) => {
    expect(rampFloor(age, r)).toBe(floor)
  })

  test.prop([fc.integer({ min: 94_871, max: 403_200 }), fc.nat(403_199)])('is exact', (age, r) => {
    expect(BigInt(rampFloor(age, r))).toBe(divFloor(BigInt(age) * BigInt(r), 403_200n))
  })
})

describe('the ramp', () => {
  const fees = (pledge: bigint, age: number) => {
    const s = divFloor(pledge * 85n, 1000n)
    return { grown: divFloor(BigInt(age) * s, 403_200n), least: divFloor(pledge * 2n, 100n) }
  }

  test.prop([pledge64])('begins where the growing fee overtakes 2 % of a pledge in lanes', (pledge) => {
    const smallest = BigInt(SMALLEST_LANE_PLEDGE)
    const before = fees(pledge, RAMP_AGE - 1)
    expect(before.grown <= before.least).toBe(true)
    const from = fees(pledge < smallest ? smallest : pledge, RAMP_AGE)
    expect(from.grown >= from.least).toBe(true)
  })
})
