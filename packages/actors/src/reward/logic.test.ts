import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { baselinePowerFromPrev } from './logic.ts'

describe('baselinePowerFromPrev', () => {
  test.each([
    // Source: filecoin-project/fvm-test-vectors, states of mainnet's reward actor of consecutive epochs.
    { of: '2,679,999', previous: 16912044043293658262n, next: 16912055194872340679n },
    { of: '2,679,760', previous: 16909379026867276129n, next: 16909390176688681880n },
    { of: '2,679,972', previous: 16911742953448726346n, next: 16911754104828874092n },
    // Source: ChainSafe/forest, genesis of butterfly: the baseline of the epoch before the first.
    { of: '0', previous: 2888886975106048385n, next: 2888888879999999999n },
  ])('of epoch $of is what the network has', ({ previous, next }) => {
    expect(baselinePowerFromPrev(previous)).toBe(next)
  })

  // Source: builtin-actors v18, `actors/reward/src/logic.rs`: the baseline doubles in a year of 1,051,200 epochs.
  test('doubles in a year', () => {
    const start = 1n << 100n
    let baseline = start
    for (let epoch = 0; epoch < 1_051_200; epoch++) {
      baseline = baselinePowerFromPrev(baseline)
    }
    // 2^101 but for what a million roundings lose.
    expect((baseline * 1_000_000_000n) >> 100n).toBe(1_999_999_999n)
  })

  test.prop([fc.bigInt({ min: 0n, max: 1n << 80n })])('never shrinks', (previous) => {
    expect(baselinePowerFromPrev(previous)).toBeGreaterThanOrEqual(previous)
  })
})
