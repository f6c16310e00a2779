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

  // Each of the seven products of the numerator is rounded down and then multiplied by at most 5 again, so that it is
  // off by less than 5^7 units of 2^−128; a step of 2^24 of them changes e^−x by e^−5 · 2^24, which is over 10^5.
  test.prop([fc.bigInt({ min: 0n, max: 5n * ONE }), fc.bigInt({ min: 1n << 24n, max: ONE })])(
    'shrinks as x grows by more than rounding hides, and stays between 0 and 1',
    (x, step) => {
      expect(expneg(x + step)).toBeLessThan(expneg(x))
      expect(expneg(x)).toBeGreaterThan(0n)
      expect(expneg(x)).toBeLessThanOrEqual(ONE)
    },
  )

  // The same polynomials in another language, with the same rounding.
  test('grows between neighbours by what the reference rounds', () => {
    const x = 1_701_411_834_604_692_317_305_343_822_112_772_587_485n
    expect(expneg(x)).toBe(2_292_804_553_034_967_735_583_766_268_124_836_541n)
    expect(expneg(x + 10n)).toBe(2_292_804_553_034_967_735_583_766_268_124_836_542n)
  })
})
