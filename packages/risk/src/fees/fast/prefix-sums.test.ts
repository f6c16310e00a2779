import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { prefixSums, sumBetween } from './prefix-sums.ts'

describe('sums between two places', () => {
  const terms = fc.array(fc.bigInt({ min: -(2n ** 105n), max: 2n ** 105n }), { maxLength: 20 })

  test.prop([terms, fc.nat(20), fc.nat(20)])(
    'are those of the terms, of either sign',
    (terms, one, other) => {
      const [start, end] = [Math.min(one, other, terms.length), Math.min(Math.max(one, other), terms.length)]
      const sums = prefixSums(terms.length, (index) => terms[index] ?? 0n)
      expect(sumBetween(sums, start, end)).toBe(terms.slice(start, end).reduce((sum, term) => sum + term, 0n))
    },
  )
})
