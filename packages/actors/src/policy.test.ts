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
      wpostDisputeWindow: 1800,
      faultDeclarationCutoff: 70,
      faultMaxAge: 120_960,
      workerKeyChangeDelay: 900,
      consensusFaultIneligibilityDuration: 900,
      preCommitChallengeDelay: 150,
      maxPreCommitRandomnessLookback: 3780,
      expiredPreCommitCleanUpDelay: 960,
      maxProveCommitNiRandomnessLookback: 518_400,
      minSectorExpiration: 518_400,
      maxSectorExpirationExtension: 3_680_640,
      endOfLifeClaimDropPeriod: 86_400,
      maxPartitionsPerDeadline: 3000,
      addressedPartitionsMax: 3000,
      addressedSectorsMax: 25_000,
      settledPartitionsMax: 3000,
      settledSectorsMax: 25_000,
      postedPartitionsMax: 3,
      maxAggregatedSectors: 819,
      minAggregatedSectors: 4,
      maxAggregatedSectorsNi: 65,
      minAggregatedSectorsNi: 1,
      maxAggregatedProofSizeBytes: 81_960,
      maxReplicaUpdateProofSizeBytes: 4096,
      maxControlAddresses: 10,
      maxPeerIdLengthBytes: 128,
      maxMultiaddrDataBytes: 1024,
      dealLimitDenominator: 134_217_728,
      validPostProofTypes: [13, 14],
      validPreCommitProofTypes: [8, 9, 13, 14],
      validProveCommitNiProofTypes: [18, 19],
      dailyFeeCirculatingSupplyQapMultiplierNum: 161_817n,
      dailyFeeCirculatingSupplyQapMultiplierDenom: 1_000_000_000_000_000_000_000_000_000_000n,
      minimumConsensusPower: 10_995_116_277_760n,
      minimumVerifiedAllocationSize: 1_048_576n,
      minimumVerifiedAllocationTerm: 518_400,
      // Five years of 31,556,925 seconds.
      maximumVerifiedAllocationTerm: 5_259_485,
      maximumVerifiedAllocationExpiration: 172_800,
      dealUpdatesInterval: 86_400,
      provCollateralPercentSupplyNum: 1n,
      provCollateralPercentSupplyDenom: 100n,
      marketDefaultAllocationTermBuffer: 259_200,
      rules: { terminateSectors2: 'off', recoveryInDebt: false, durationMultiplier: null },
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
