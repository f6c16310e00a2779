import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../policy.ts'
import {
  collateralPenaltyForDealActivationMissed,
  DEAL_DURATION_BOUNDS,
  dealProviderCollateralBounds,
  TOTAL_FILECOIN,
} from './policy.ts'

describe('the collateral of a provider', () => {
  // The least is floor(size · supply · 1 / (max(raw, baseline, size) · 100)).
  test.each([
    {
      of: 'its share of the raw power',
      rawPower: 1000n,
      baselinePower: 500n,
      size: 10n,
      supply: 10_000n,
      min: 1n,
    },
    {
      of: 'its share of the baseline',
      rawPower: 500n,
      baselinePower: 1000n,
      size: 20n,
      supply: 10_000n,
      min: 2n,
    },
    {
      of: 'all, in a network without power',
      rawPower: 0n,
      baselinePower: 0n,
      size: 7n,
      supply: 10_000n,
      min: 100n,
    },
    {
      of: 'a share that is rounded down',
      rawPower: 3000n,
      baselinePower: 0n,
      size: 100n,
      supply: 8999n,
      min: 2n,
    },
    {
      of: 'nothing where there is no supply',
      rawPower: 1n,
      baselinePower: 1n,
      size: 1n,
      supply: 0n,
      min: 0n,
    },
  ])('is at least $of', ({ rawPower, baselinePower, size, supply, min }) => {
    const network = { rawPower, baselinePower, circulatingSupply: supply }
    expect(dealProviderCollateralBounds(MAINNET_POLICY, size, network)).toEqual({ min, max: TOTAL_FILECOIN })
  })

  test('is lost in whole where no sector takes the deal in', () => {
    expect(collateralPenaltyForDealActivationMissed(7n)).toBe(7n)
  })
})

// Source: actors/market/src/policy.rs: 180 and 1278 days of 2,880 epochs; 2 · 10^9 FIL of 10^18 attoFIL.
test('the bounds are those of the reference', () => {
  expect(DEAL_DURATION_BOUNDS).toEqual({ min: 518_400n, max: 3_680_640n })
  expect(TOTAL_FILECOIN).toBe(2n * 10n ** 27n)
})
