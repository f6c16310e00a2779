import { BUTTERFLY, CALIBRATION, MAINNET } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY, policyOf } from './policy.ts'

describe('policyOf', () => {
  // Source: builtin-actors v18, `runtime/src/runtime/policy.rs`.
  test('a proving period of mainnet is a day of 48 deadlines of half an hour', () => {
    expect(MAINNET_POLICY).toEqual({
      wpostPeriodDeadlines: 48,
      wpostProvingPeriod: 2880,
      wpostChallengeWindow: 60,
      wpostChallengeLookback: 20,
      faultDeclarationCutoff: 70,
      minimumConsensusPower: 10_995_116_277_760n,
    })
  })

  // Source: the same file and `runtime/build.rs`: 10 TiB, 32 GiB and 2 GiB.
  test.each([
    { network: MAINNET, minimum: 10n << 40n },
    { network: CALIBRATION, minimum: 32n << 30n },
    { network: BUTTERFLY, minimum: 2n << 30n },
  ])('on $network.name a miner counts in consensus from $minimum bytes on', ({ network, minimum }) => {
    expect(policyOf(network)).toEqual({ ...MAINNET_POLICY, minimumConsensusPower: minimum })
  })

  test('a network that is in no table is like mainnet', () => {
    expect(policyOf(undefined)).toEqual(MAINNET_POLICY)
  })
})
