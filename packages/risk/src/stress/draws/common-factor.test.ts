import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { CORRELATION_SCALE, squareRoot, tieToFactor } from './common-factor.ts'
import { uniformOf } from './generator.ts'
import { createNormal } from './normal.ts'

const normal = createNormal()
const ONE = 1n << 64n
const uniform = fc.bigInt({ min: 0n, max: ONE - 1n })
const correlation = fc.bigInt({ min: -CORRELATION_SCALE, max: CORRELATION_SCALE })

describe('a number that is tied to a factor', () => {
  test.prop([uniform, uniform])('is its own, the factor, or the factor mirrored at the extremes', (z, e) => {
    expect(tieToFactor(normal, 0n, z, e)).toBe(e)
    expect(tieToFactor(normal, CORRELATION_SCALE, z, e)).toBe(z)
    expect(tieToFactor(normal, -CORRELATION_SCALE, z, e)).toBe(ONE - 1n - z)
  })

  test.prop([correlation, uniform, uniform])('stays within 64 bits', (rho, z, e) => {
    const tied = tieToFactor(normal, rho, z, e)
    expect(tied >= 0n && tied < ONE).toBe(true)
  })

  // Of normal deviates with the correlation ρ both have the same sign with the chance 1/2 + arcsin(ρ)/π: 2/3 for 1/2.
  // 3,000 draws have a standard deviation of 26 around 2,000.
  test('goes with the factor as often as the correlation says', () => {
    let same = 0
    for (let i = 0; i < 3000; i++) {
      const [z, e] = [uniformOf(3, ['factor', i]), uniformOf(3, ['own', i])]
      const tied = tieToFactor(normal, CORRELATION_SCALE >> 1n, z, e)
      same += tied >= ONE >> 1n === z >= ONE >> 1n ? 1 : 0
    }
    expect(same).toBeGreaterThan(1900)
    expect(same).toBeLessThan(2100)
  })
})

test.prop([fc.bigInt({ min: 0n, max: 1n << 200n })])('a square root is rounded down', (square) => {
  const root = squareRoot(square)
  expect(root * root).toBeLessThanOrEqual(square)
  expect((root + 1n) * (root + 1n)).toBeGreaterThan(square)
})
