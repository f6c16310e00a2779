import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { expneg } from './expneg.ts'

const ONE = 1n << 128n

// Source of the values: specs-actors v8.0.1, `actors/builtin/reward/testdata/TestExpFunction.golden`.
describe('e to the power of −x', () => {
  test.each([
    { x: 0n, y: 340282366920938463463374607431768211456n },
    { x: 6672203272959577714968129557485651205n, y: 333675151952254443967925531155694867881n },
    { x: 13344406545919155429936259114971302410n, y: 327196228349465810645201676996974722084n },
  ])('of $x / 2^128 is $y / 2^128', ({ x, y }) => {
    expect(expneg(x)).toBe(y)
  })

  // e = 2.718281828459045235360287471352662497757…, of which the formula promises 3.4e-30.
  test('of 1 is 1 / e', () => {
    const e = 2_718281828459045235360287471352n
    const error = (expneg(ONE) * e) / ONE - 10n ** 30n
    expect(error < 0n ? -error : error).toBeLessThanOrEqual(10n)
  })

  test.prop([fc.bigInt({ min: 0n, max: 5n * ONE }), fc.bigInt({ min: 1n, max: ONE })])(
    'shrinks as x grows, and stays between 0 and 1',
    (x, step) => {
      expect(expneg(x + step)).toBeLessThanOrEqual(expneg(x))
      expect(expneg(x)).toBeGreaterThan(0n)
      expect(expneg(x)).toBeLessThanOrEqual(ONE)
    },
  )
})
