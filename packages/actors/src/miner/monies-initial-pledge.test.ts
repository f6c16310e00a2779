import { fc, test } from '@fast-check/vitest'
import { maxBigInt, parseFil } from '@plimsoll/primitives'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { filterEstimate } from '../smooth/alpha-beta-filter.ts'
import {
  INITIAL_PLEDGE_MAX_PER_BYTE,
  initialPledgeForPower,
  LOCK_TARGET_FACTOR_NUM,
  type PledgeInputs,
} from './monies.ts'

const GIB = 1n << 30n
const FIL = 10n ** 18n

/** The ramp is over: 300 thousandths of the share no longer look at the baseline. */
const AFTER_RAMP = {
  lockTargetFactorNum: LOCK_TARGET_FACTOR_NUM,
  epochsSinceRampStart: 0,
  rampDurationEpochs: 0,
}
const BEFORE_RAMP = {
  lockTargetFactorNum: LOCK_TARGET_FACTOR_NUM,
  epochsSinceRampStart: -1,
  rampDurationEpochs: 1,
}

/** No reward is expected, which counts one attoFIL. */
const NO_REWARD = { reward: filterEstimate(0n, 0n), qaPower: filterEstimate(1024n, 1024n) }

describe('initialPledgeForPower', () => {
  // Source: filecoin-project/fvm-test-vectors, states and sectors of mainnet before FIP-0081.
  test.each([
    {
      sector: 'a sector of 32 GiB without data, at epoch 2,679,964',
      qaPower: 32n * GIB,
      reward: [
        29732492475669414587972259185054402799194942836663398015818n,
        -22234747448025968584792586466060315960695971764466023n,
      ],
      networkPower: [
        7549388862287276467909630238357858678338595217146491394004n,
        4512260980069015056980159000726929590984105318571805n,
      ],
      baselinePower: 16911664893993577759n,
      circulatingSupply: 449739188731448968824568502n,
      pledge: 216457506079909996n,
    },
    {
      sector: 'a sector of 64 GiB of verified data, at epoch 2,679,980',
      qaPower: 640n * GIB,
      reward: [
        29731711010264090492268696336645593473088579695069958617223n,
        -22365155209548270010086105842635135993102225449307762n,
      ],
      networkPower: [
        7549348231361510353292623880950288354180997022022854641790n,
        4477698498805011931646659598408441778082355605948536n,
      ],
      baselinePower: 16911843316134767092n,
      circulatingSupply: 449741569948824513565849836n,
      pledge: 4329191340415117005n,
    },
  ] as const)('is what mainnet took for $sector', ({ qaPower, reward, networkPower, pledge, ...inputs }) => {
    const estimates = {
      reward: { position: reward[0], velocity: reward[1] },
      qaPower: { position: networkPower[0], velocity: networkPower[1] },
    }
    expect(initialPledgeForPower(qaPower, estimates, { ...inputs, ...BEFORE_RAMP })).toBe(pledge)
  })

  // Source: builtin-actors v18, `actors/miner/tests/fip0081_initial_pledge.rs`. Half of the baseline is the new
  // power: of 0.3 FIL the pledge is 0.15 by the baseline, and all of it by the power of the network.
  test.each([
    { when: '100 epochs before it starts', since: -100, duration: 100, fil: '0.15' },
    { when: 'one epoch before it starts', since: -1, duration: 10, fil: '0.15' },
    { when: 'when it starts', since: 0, duration: 100, fil: '0.15' },
    { when: 'after a tenth of a short one', since: 1, duration: 10, fil: '0.1545' },
    { when: 'after a tenth', since: 10, duration: 100, fil: '0.1545' },
    { when: 'after half of it', since: 50, duration: 100, fil: '0.1725' },
    { when: 'when it ends', since: 100, duration: 100, fil: '0.195' },
    { when: 'after it', since: 150, duration: 100, fil: '0.195' },
    { when: 'long after it', since: 500, duration: 100, fil: '0.195' },
    { when: 'when it starts, without length', since: 0, duration: 0, fil: '0.195' },
    { when: '10 epochs later, without length', since: 10, duration: 0, fil: '0.195' },
    { when: 'one epoch before it starts, without length', since: -1, duration: 0, fil: '0.15' },
    // The skew in thousandths is truncated: 300 · 1 / 301 is 0, 300 · 2 / 301 is 1, 300 · 300 / 301 is 299.
    { when: 'after 1 of 301 epochs', since: 1, duration: 301, fil: '0.15' },
    { when: 'after 2 of 301 epochs', since: 2, duration: 301, fil: '0.15015' },
    { when: 'after 300 of 301 epochs', since: 300, duration: 301, fil: '0.19485' },
  ])('on the ramp of FIP-0081, $when, is $fil FIL and one attoFIL', ({ since, duration, fil }) => {
    const pledge = initialPledgeForPower(1n << 36n, NO_REWARD, {
      baselinePower: 1n << 37n,
      circulatingSupply: FIL,
      epochsSinceRampStart: since,
      rampDurationEpochs: duration,
      lockTargetFactorNum: LOCK_TARGET_FACTOR_NUM,
    })
    expect(pledge).toBe(parseFil(fil) + 1n)
  })

  describe('the share of the supply', () => {
    // 10^9 attoFIL of supply, of which 30 % are the target; nothing moves, and no reward but one attoFIL.
    const pledgeOf = (qaPower: bigint, networkPower: bigint, baselinePower: bigint, ramp = BEFORE_RAMP) =>
      initialPledgeForPower(
        qaPower,
        { reward: filterEstimate(0n, 0n), qaPower: filterEstimate(networkPower, 0n) },
        { baselinePower, circulatingSupply: 10n ** 9n, ...ramp },
      ) - 1n

    test.each([
      { larger: 'the baseline', qaPower: 1n, networkPower: 50n, baselinePower: 100n, share: 3_000_000n },
      { larger: 'the network', qaPower: 1n, networkPower: 100n, baselinePower: 50n, share: 3_000_000n },
      { larger: 'the new power', qaPower: 11n, networkPower: 10n, baselinePower: 5n, share: 300_000_000n },
    ])('before the ramp is measured in $larger, when that is the largest', (row) => {
      expect(pledgeOf(row.qaPower, row.networkPower, row.baselinePower)).toBe(row.share)
    })

    test.each([
      { larger: 'the network', qaPower: 1n, networkPower: 100n, share: 210_000n + 900_000n },
      { larger: 'the new power', qaPower: 11n, networkPower: 10n, share: 2_310_000n + 90_000_000n },
    ])('after the ramp 30 % of it do not look at the baseline, but at $larger', (row) => {
      // 210 million by the baseline of 1000, and 90 million by the larger of the other two.
      expect(pledgeOf(row.qaPower, row.networkPower, 1000n, AFTER_RAMP)).toBe(row.share)
    })

    test('rounds each part down on its own', () => {
      // 700 · 3 · 10^9 · 7 / (1100 · 10^4) is 1,336,363.64, and 300 · 3 · 10^9 · 7 / (850 · 10^4) is 741,176.47.
      expect(pledgeOf(7n, 850n, 1100n, AFTER_RAMP)).toBe(1_336_363n + 741_176n)
    })
  })

  describe('the cap', () => {
    const huge = { baselinePower: 0n, circulatingSupply: 10n ** 30n, ...AFTER_RAMP }

    test.each([
      // One FIL for 32 GiB, floored to attoFIL for each byte first: a little less than one FIL.
      { power: '32 GiB', qaPower: 32n * GIB, cap: 999_999_984_306_749_440n },
      { power: '32 GiB of verified data', qaPower: 320n * GIB, cap: 9_999_999_843_067_494_400n },
      { power: 'one byte', qaPower: 1n, cap: 29_103_830n },
      { power: 'nothing', qaPower: 0n, cap: 0n },
    ])('for $power is $cap attoFIL', ({ qaPower, cap }) => {
      expect(initialPledgeForPower(qaPower, NO_REWARD, huge)).toBe(cap)
    })

    const anyInputs: fc.Arbitrary<PledgeInputs> = fc.record({
      baselinePower: anyPositiveAmount,
      circulatingSupply: anyPositiveAmount,
      lockTargetFactorNum: fc.constant(LOCK_TARGET_FACTOR_NUM),
      epochsSinceRampStart: fc.integer({ min: -10, max: 2000 }),
      rampDurationEpochs: fc.nat(1000),
    })
    const anyQaPower = fc.bigInt({ min: 1n, max: 1n << 50n })

    test.prop([anyQaPower, anyInputs])('is never exceeded, and the pledge is positive', (qaPower, inputs) => {
      const pledge = initialPledgeForPower(qaPower, NO_REWARD, inputs)
      expect(pledge).toBeLessThanOrEqual(INITIAL_PLEDGE_MAX_PER_BYTE * qaPower)
      expect(pledge).toBeGreaterThanOrEqual(1n)
    })

    test.prop([anyQaPower, anyInputs])('the pledge never falls along the ramp', (qaPower, inputs) => {
      const { epochsSinceRampStart } = inputs
      const later = { ...inputs, epochsSinceRampStart: epochsSinceRampStart + 1 }
      // Two parts are rounded on their own, so that one attoFIL may be lost.
      expect(initialPledgeForPower(qaPower, NO_REWARD, later)).toBeGreaterThanOrEqual(
        maxBigInt(0n, initialPledgeForPower(qaPower, NO_REWARD, inputs) - 1n),
      )
    })
  })

  // Source: builtin-actors v18, `precommit_deposit_and_initial_pledge_positive_test.rs`.
  test('is one attoFIL where there are neither rewards nor a supply', () => {
    const inputs = { baselinePower: 1024n, circulatingSupply: 0n, ...AFTER_RAMP }
    expect(initialPledgeForPower(1n << 36n, NO_REWARD, inputs)).toBe(1n)
  })

  test('has the reward of 20 days, and not of the whole network, as its base', () => {
    // One attoFIL per byte and epoch: 57,600 for one byte.
    const estimates = { reward: filterEstimate(1024n, 0n), qaPower: filterEstimate(1024n, 0n) }
    const inputs = { baselinePower: 1024n, circulatingSupply: 0n, ...AFTER_RAMP }
    expect(initialPledgeForPower(1n, estimates, inputs)).toBe(57_600n)
  })
})
