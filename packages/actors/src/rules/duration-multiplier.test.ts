import { fc, test } from '@fast-check/vitest'
import { EPOCHS_IN_YEAR } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import {
  type Curve,
  DURATION_MULTIPLIER_PRESETS,
  epochsOfHalfYears,
  isFalling,
  type Knot,
  largestMultiplier,
  MULTIPLIER_ONE,
  multipliedQuality,
  multiplierOf,
  requireCurve,
} from './duration-multiplier.ts'

const ONE = MULTIPLIER_ONE
const table = (...knots: Knot[]): Curve => ({ form: 'table', knots })
const curveOf = (preset: string) => (DURATION_MULTIPLIER_PRESETS[preset] as { curve: Curve }).curve

describe('a table of knots', () => {
  const curve = table([100, 2n * ONE], [200, 3n * ONE], [300, ONE])

  test.each([
    { duration: 0, multiplier: ONE, because: 'below the first knot nothing is multiplied' },
    { duration: 99, multiplier: ONE, because: 'and then it jumps' },
    { duration: 100, multiplier: 2n * ONE, because: 'at a knot it is what the knot says' },
    { duration: 150, multiplier: (5n * ONE) / 2n, because: 'between two it is linear' },
    { duration: 250, multiplier: 2n * ONE, because: 'also downward' },
    { duration: 300, multiplier: ONE, because: 'the last knot' },
    { duration: 10_000, multiplier: ONE, because: 'holds for ever' },
  ])('at $duration: $because', ({ duration, multiplier }) => {
    expect(multiplierOf(curve, duration)).toBe(multiplier)
  })

  // 2^20 + floor(−1 · 1 / 3) is one less, where rounding toward zero would leave it.
  test('rounds a falling stretch down', () => {
    expect(multiplierOf(table([1, ONE], [4, ONE - 1n]), 2)).toBe(ONE - 1n)
  })
})

describe('the presets', () => {
  // Source: FIP-0036, one at a year and three and a half at three and a half years, slope one.
  test.each([
    { halfYears: 2, multiplier: 1 },
    { halfYears: 4, multiplier: 2 },
    { halfYears: 7, multiplier: 3.5 },
    { halfYears: 9, multiplier: 3.5 },
  ])('fip0036 is $multiplier at $halfYears half years', ({ halfYears, multiplier }) => {
    const actual = multiplierOf(curveOf('fip0036'), epochsOfHalfYears(halfYears))
    expect(Number(actual) / 2 ** 20).toBeCloseTo(multiplier, 5)
  })

  // Source: FIP-0056, (2 / 7) · (years + 2) from a year and a half on.
  test.each([3, 5, 8, 10])('fip0056 is linear at %i half years', (halfYears) => {
    const actual = multiplierOf(curveOf('fip0056'), epochsOfHalfYears(halfYears))
    expect(Number(actual) / 2 ** 20).toBeCloseTo((2 / 7) * (halfYears / 2 + 2), 5)
  })

  // Source: builtin-actors pull request 1261, the tests of its function: 10 until 540 days, 15 in the middle, then 20.
  test.each([
    { duration: 540 * 2880, quality: 10n },
    { duration: (540 * 2880 + 5 * EPOCHS_IN_YEAR + 1) / 2, quality: 15n },
    { duration: 5 * EPOCHS_IN_YEAR, quality: 20n },
    { duration: 5 * EPOCHS_IN_YEAR + 1, quality: 20n },
  ])('pr1261 makes $quality of 10 at $duration', ({ duration, quality }) => {
    expect(multipliedQuality(curveOf('pr1261'), Math.trunc(duration), 10n)).toBe(quality)
  })

  test.each(Object.entries(DURATION_MULTIPLIER_PRESETS))(
    '%s never falls and has the maximum that it says',
    (_, preset) => {
      expect(isFalling(preset.curve)).toBe(false)
      expect(largestMultiplier(preset.curve)).toBe(preset.maxMultiplier)
      expect(() => requireCurve(preset.curve)).not.toThrow()
    },
  )
})

const knots = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 6_000_000 }), fc.bigInt({ min: 1n, max: 10n * ONE })), {
    selector: ([duration]) => duration,
    minLength: 1,
    maxLength: 6,
  })
  .map((list) => list.toSorted(([a], [b]) => a - b))

describe('every table', () => {
  test.prop([knots, fc.integer({ min: 0, max: 7_000_000 })])(
    'stays between its smallest and largest value',
    (list, duration) => {
      const values = [ONE, ...list.map(([, value]) => value)].toSorted((a, b) => (a < b ? -1 : 1))
      const actual = multiplierOf(table(...list), duration)
      expect(actual >= (values[0] ?? 0n) && actual <= largestMultiplier(table(...list))).toBe(true)
    },
  )

  test.prop([knots, fc.integer({ min: 0, max: 7_000_000 }), fc.integer({ min: 0, max: 1_000_000 })])(
    'that is not falling never falls',
    (list, duration, more) => {
      const curve = table(...list)
      fc.pre(!isFalling(curve))
      expect(multiplierOf(curve, duration + more)).toBeGreaterThanOrEqual(multiplierOf(curve, duration))
    },
  )
})

describe('a curve that cannot be', () => {
  test.each([
    { defect: 'no knots', curve: table(), position: undefined },
    { defect: 'knots out of order', curve: table([5, ONE], [4, ONE]), position: 2 },
    { defect: 'two knots at once', curve: table([5, ONE], [5, ONE]), position: 2 },
    { defect: 'a duration of nothing', curve: table([0, ONE]), position: 1 },
    { defect: 'a multiplier of nothing', curve: table([1, 0n]), position: 1 },
    { defect: 'a multiplier beyond a thousand', curve: table([1, 1001n * ONE]), position: 1 },
    {
      defect: 'a ramp that ends first',
      curve: { form: 'pr1261', start: 2, end: 2 } as const,
      position: undefined,
    },
  ])('is refused: $defect', ({ curve, position }) => {
    expect(() => requireCurve(curve)).toThrow(
      expect.objectContaining({
        code: 'INVALID_RULES',
        data: expect.objectContaining(position ? { position } : {}),
      }),
    )
  })
})
