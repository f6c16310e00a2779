import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ratioOf, scaleFloor, subtractRatio } from './ratio.ts'

const anyRatio = fc
  .tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.bigInt(1n, 10n ** 30n))
  .map(([num, denom]) => ({ num, denom }))

describe('a ratio', () => {
  test('of a whole that is nothing is nothing', () => {
    expect(scaleFloor(ratioOf(5n, 0n), 1000n)).toBe(0n)
  })

  test.each([
    { num: 2n, denom: 3n, scaled: 66n },
    { num: -2n, denom: 3n, scaled: -67n },
  ])('$num/$denom of 100 is $scaled, rounded down', ({ scaled, ...ratio }) => {
    expect(scaleFloor(ratio, 100n)).toBe(scaled)
  })

  property.prop([anyRatio, anyRatio])('less another, and that added again, is itself', (a, b) => {
    const difference = subtractRatio(a, b)
    const back = subtractRatio(difference, { num: -b.num, denom: b.denom })
    expect(back.num * a.denom).toBe(a.num * back.denom)
  })
})
