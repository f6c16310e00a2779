import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { baselinePowerFromPrev, computeReward, computeRTheta } from './logic.ts'
import { BASELINE_TOTAL, SIMPLE_TOTAL } from './minting.ts'

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

// Source of the cases: builtin-actors v18, `actors/reward/src/logic.rs`, `test_compute_r_theta`.
describe('the effective network time with its fraction', () => {
  // A baseline of 2048 (epoch + 1) bytes, which up to epoch n has summed up to 1024 (n + 1)(n + 2).
  const at = (epoch: number) => BigInt(2048 * (epoch + 1))
  const sumTo = (epoch: number) => BigInt(1024 * (epoch + 1) * (epoch + 2))

  test.each([
    { of: 'half of epoch 1', time: 1, realized: sumTo(0) + at(1) / 2n, theta: 1n << 127n },
    { of: 'a quarter of epoch 1', time: 1, realized: sumTo(0) + at(1) / 4n, theta: 1n << 126n },
    { of: 'a quarter of epoch 16', time: 16, realized: sumTo(15) + at(16) / 4n, theta: 61n << 126n },
    { of: 'all of epoch 16', time: 16, realized: sumTo(16), theta: 16n << 128n },
    { of: 'nothing yet', time: 0, realized: 0n, theta: 0n },
  ])('is $theta / 2^128 with $of', ({ time, realized, theta }) => {
    const position = {
      effectiveNetworkTime: time,
      effectiveBaselinePower: at(time),
      cumsumRealized: realized,
      cumsumBaseline: sumTo(time),
    }
    expect(computeRTheta(position)).toBe(theta)
  })
})

// Source of the values: builtin-actors v18, `actors/reward/testdata/TestSimpleReward.golden`, `TestBaselineReward.golden`.
describe('the reward of an epoch', () => {
  const totals = { simpleTotal: SIMPLE_TOTAL, baselineTotal: BASELINE_TOTAL }

  test.each([
    { epoch: 0, reward: 36266264293777134739n },
    { epoch: 5000, reward: 36246341860983438171n },
    { epoch: 10_000, reward: 36226430372336764970n },
  ])('$epoch is $reward attoFIL where nothing grew', ({ epoch, reward }) => {
    expect(computeReward(epoch, 0n, 0n, totals)).toBe(reward)
  })

  test.each([
    { from: 0n, to: 340282366920938463463374607398434878123n, reward: 84621274052457285111n },
    {
      from: 1701411834604692317316873037158763279502223n,
      to: 1701752116971613255780336411766161714380346n,
      reward: 84574788381047331439n,
    },
  ])('is $reward attoFIL more where the network grew from $from to $to', ({ from, to, reward }) => {
    expect(computeReward(0, from, to, totals) - computeReward(0, 0n, 0n, totals)).toBe(reward)
  })

  test.prop([fc.nat(10_000_000), fc.nat(10_000_000)])('is at most the one before', (epoch, theta) => {
    const rewardAt = (e: number) => computeReward(e, BigInt(theta) << 128n, BigInt(theta + 1) << 128n, totals)
    expect(rewardAt(epoch + 1)).toBeLessThanOrEqual(rewardAt(epoch))
  })
})
