import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { lossDistribution } from './loss-distribution.ts'

const level = (percent: bigint) => percent * 10n ** 16n

describe('a distribution of losses', () => {
  // Ten losses of 1 to 10: nine tenths do not exceed 9; of 9 and 10 the mean is 9.5, rounded up.
  test('has quantiles, and the mean of what is not below them', () => {
    const losses = [10n, 1n, 9n, 2n, 8n, 3n, 7n, 4n, 6n, 5n]
    expect(lossDistribution(losses, [level(50n), level(90n), 0n])).toEqual({
      draws: 10,
      mean: 6n,
      greatest: 10n,
      levels: [
        { level: level(50n), quantile: 5n, expectedShortfall: 8n },
        { level: level(90n), quantile: 9n, expectedShortfall: 10n },
        { level: 0n, quantile: 1n, expectedShortfall: 6n },
      ],
    })
  })

  test.prop([fc.array(fc.bigInt(0n, 10n ** 24n), { minLength: 1 }), fc.bigInt(0n, 99n)])(
    'lies between its quantile and the greatest loss',
    (losses, percent) => {
      const { levels, greatest, mean } = lossDistribution(losses, [level(percent)])
      const [{ quantile, expectedShortfall }] = levels as [(typeof levels)[number]]
      expect(quantile <= expectedShortfall && expectedShortfall <= greatest).toBe(true)
      expect(losses.filter((loss) => loss <= quantile).length * 100).toBeGreaterThanOrEqual(
        losses.length * Number(percent),
      )
      expect(mean <= greatest).toBe(true)
    },
  )
})
