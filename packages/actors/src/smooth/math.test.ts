import { describe, expect, test } from 'vitest'
import { PRECISION, polyVal } from './math.ts'

const ONE = 1n << PRECISION

describe('polyVal', () => {
  // 2x² − 3x + 5, coefficients from the highest order down.
  test.each([
    { x: 0n, value: 5n },
    { x: 1n, value: 4n },
    { x: 2n, value: 7n },
    { x: -1n, value: 10n },
    { x: 10n, value: 175n },
  ])('the polynomial 2x² − 3x + 5 is $value at $x', ({ x, value }) => {
    expect(polyVal([2n * ONE, -3n * ONE, 5n * ONE], x * ONE)).toBe(value * ONE)
  })

  // Source: builtin-actors v18, `runtime/src/builtin/reward/math.rs`: a shift, which floors.
  test.each([
    { coefficient: -1n, value: -1n },
    { coefficient: 1n, value: 0n },
  ])('a product of $coefficient · 2⁻²⁵⁶ rounds down to $value', ({ coefficient, value }) => {
    expect(polyVal([coefficient, 0n], 1n)).toBe(value)
  })

  test('the polynomial without coefficients is zero', () => {
    expect(polyVal([], ONE)).toBe(0n)
  })
})
