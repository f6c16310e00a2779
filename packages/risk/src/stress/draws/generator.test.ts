import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { uniformOf } from './generator.ts'

const key = fc.array(fc.oneof(fc.nat(), fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 4 })

describe('a drawn number', () => {
  test.prop([fc.nat(), key])('is the same for the same seed and key, and has 64 bits', (seed, parts) => {
    const drawn = uniformOf(seed, parts)
    expect(uniformOf(seed, [...parts])).toBe(drawn)
    expect(drawn >= 0n && drawn < 1n << 64n).toBe(true)
  })

  test.prop([fc.nat(), key])('is another for another seed or a longer key', (seed, parts) => {
    const drawn = uniformOf(seed, parts)
    expect(uniformOf(seed + 1, parts)).not.toBe(drawn)
    expect(uniformOf(seed, [...parts, 0])).not.toBe(drawn)
    expect(uniformOf(seed, [...parts, ''])).not.toBe(drawn)
  })

  test('does not run parts of a key together', () => {
    expect(uniformOf(1, ['ab', 'c'])).not.toBe(uniformOf(1, ['a', 'bc']))
  })

  // Of 6,400 numbers, 100 are expected in each 64th; 60 and 140 are four standard deviations of 10 away.
  test('falls into all parts of its range alike', () => {
    const counts = new Array<number>(64).fill(0)
    for (let i = 0; i < 6400; i++) {
      const part = Number(uniformOf(7, ['share', i]) >> 58n)
      counts[part] = (counts[part] ?? 0) + 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(60)
    expect(Math.max(...counts)).toBeLessThan(140)
  })
})
