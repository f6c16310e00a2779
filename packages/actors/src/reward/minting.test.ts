import { describe, expect, test } from 'vitest'
import { draftOf, valueOfDraft } from '../runtime/draft.ts'
import { BASELINE_INITIAL_VALUE } from './logic.ts'
import {
  baselineSupplyOf,
  initialRewardState,
  updateSmoothedEstimates,
  updateToNextEpoch,
  updateToNextEpochAfter,
  updateToNextEpochWithReward,
} from './minting.ts'
import type { RewardState } from './state.ts'

// Source of the cases: builtin-actors v18, `actors/reward/tests/reward_actor_test.rs`, `construction_tests`.
describe('the first state', () => {
  test('of a network without power has the reward that time alone mints', () => {
    expect(initialRewardState(0n)).toMatchObject({
      epoch: 0,
      cumsumRealized: 0n,
      cumsumBaseline: 0n,
      effectiveNetworkTime: 0,
      thisEpochReward: 36266264293777134739n,
      thisEpochBaselinePower: BASELINE_INITIAL_VALUE - 1n,
      effectiveBaselinePower: BASELINE_INITIAL_VALUE,
      totalStoragePowerReward: 0n,
    })
  })

  test('of a network below its baseline counts all of its power', () => {
    const state = initialRewardState(1n << 39n)
    expect(state.cumsumRealized).toBe(1n << 39n)
    // The first byte over the sum of baselines begins an epoch of effective network time.
    expect(state.effectiveNetworkTime).toBe(1)
  })

  test('of a network above its baseline counts the baseline', () => {
    const state = initialRewardState(BASELINE_INITIAL_VALUE)
    expect(initialRewardState(2n * BASELINE_INITIAL_VALUE)).toEqual(state)
    expect(state.cumsumRealized).toBe(BASELINE_INITIAL_VALUE - 1n)
  })
})

// Source: filecoin-project/fvm-test-vectors, the reward actor of mainnet at two epochs, and what the power actor said.
const BEFORE: RewardState = {
  epoch: 2_679_998,
  cumsumBaseline: 20016939675331930276629738n,
  cumsumRealized: 20016933484534960237440658n,
  effectiveNetworkTime: 2_604_221,
  effectiveBaselinePower: 16087786077330855015n,
  thisEpochReward: 87282279029568894794n,
  thisEpochRewardSmoothed: {
    position: 29730808137394869582203726033147451477543396648250841499485n,
    velocity: -22518364546811288696719867287801585285996126313880560n,
  },
  thisEpochBaselinePower: 16912044043293658262n,
  simpleTotal: 330000000000000000000000000n,
  baselineTotal: 768335872210768889362796814n,
  totalStoragePowerReward: 7n,
}
const AFTER: RewardState = {
  ...BEFORE,
  epoch: 2_679_999,
  cumsumBaseline: 20016955763128615681340756n,
  cumsumRealized: 20016948772083781738294930n,
  effectiveNetworkTime: 2_604_222,
  effectiveBaselinePower: 16087796685404711018n,
  thisEpochReward: 87282231971703533674n,
  thisEpochRewardSmoothed: {
    position: 29730757701587276145085961738143950461555571472515661429853n,
    velocity: -22526935980563259165596704776431521304495384705413123n,
  },
  thisEpochBaselinePower: 16912055194872340679n,
}
const REALIZED_POWER = 15287548821500854272n

describe('an epoch that ends', () => {
  test('does what it did on mainnet', () => {
    const state = draftOf(BEFORE)
    updateToNextEpochWithReward(state, REALIZED_POWER)
    updateSmoothedEstimates(state, 1)
    expect(valueOfDraft(state)).toEqual(AFTER)
  })

  test('without a winner changes no reward', () => {
    const state = draftOf(BEFORE)
    updateToNextEpoch(state, REALIZED_POWER)
    const { thisEpochReward, thisEpochRewardSmoothed } = BEFORE
    expect(valueOfDraft(state)).toEqual({ ...AFTER, thisEpochReward, thisEpochRewardSmoothed })
  })

  test('may begin with what the epoch before has found to be minted', () => {
    const [worked, carried] = [draftOf(BEFORE), draftOf(BEFORE)]
    let supply = baselineSupplyOf(carried)
    // Above the baseline and below it, and without power.
    for (const power of [REALIZED_POWER, 2n * REALIZED_POWER, 0n, REALIZED_POWER]) {
      updateToNextEpochWithReward(worked, power)
      supply = updateToNextEpochAfter(carried, power, supply)
      expect(valueOfDraft(carried)).toEqual(valueOfDraft(worked))
    }
  })

  test('may catch up many epochs of effective network time', () => {
    // Ten baselines behind, and one realized: time goes on as long as the realized is more than the sum.
    const power = BASELINE_INITIAL_VALUE
    const state = draftOf({ ...initialRewardState(0n), cumsumRealized: 10n * power })
    updateToNextEpoch(state, power)
    expect(state.cumsumBaseline).toBeGreaterThanOrEqual(state.cumsumRealized)
    // Eleven times the growing baseline is more than 11 P, ten times it is not.
    expect(state.effectiveNetworkTime).toBe(11)
  })
})
