import { fc, test } from '@fast-check/vitest'
import { divFloor } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { createNormal } from './normal.ts'

const normal = createNormal()
const ONE = 1n << 64n
const scaled = (text: string) => divFloor(BigInt(text.replace('.', '')) << 64n, 10n ** 15n)
const ERROR = ONE >> 22n

describe('the normal distribution', () => {
  // Values of Φ, rounded to 15 decimals, as every table of it has them.
  test.each([
    { deviate: '0.000000000000000', chance: '0.500000000000000' },
    { deviate: '0.674489750196082', chance: '0.750000000000000' },
    { deviate: '1.000000000000000', chance: '0.841344746068543' },
    { deviate: '1.959963984540054', chance: '0.975000000000000' },
    { deviate: '3.000000000000000', chance: '0.998650101968370' },
    { deviate: '6.000000000000000', chance: '0.999999999013412' },
  ])('has the chance $chance below $deviate', ({ deviate, chance }) => {
    const found = normal.probability(scaled(deviate)) - scaled(chance)
    expect(found < 0n ? -found : found).toBeLessThan(ERROR)
    const mirrored = normal.probability(-scaled(deviate)) - (ONE - scaled(chance))
    expect(mirrored < 0n ? -mirrored : mirrored).toBeLessThan(ERROR)
  })

  test.prop([fc.bigInt({ min: 0n, max: ONE - 1n }), fc.bigInt({ min: 0n, max: ONE - 1n })])(
    'never falls, and its deviate undoes it',
    (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a]
      expect(normal.deviate(low)).toBeLessThanOrEqual(normal.deviate(high))
      const back = normal.probability(normal.deviate(low)) - low
      expect(back < 0n ? -back : back).toBeLessThan(1n << 20n)
    },
  )

  test('ends nine deviations away', () => {
    expect(normal.deviate(0n)).toBe(-9n * ONE)
    expect(normal.deviate(ONE - 1n)).toBe(9n * ONE)
    expect(normal.probability(100n * ONE) - ONE).toBeLessThanOrEqual(0n)
  })
})
