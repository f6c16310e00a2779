import {
  divTrunc,
  EPOCHS_IN_DAY,
  EPOCHS_IN_YEAR,
  MAINNET,
  type NetworkParameters,
  type StoragePower,
} from '@plimsoll/primitives'
import { RULES_OF_TODAY, type Rules } from './rules/rules.ts'

/**
 * The parameters of the protocol that its networks set differently, or that tests vary. Durations are in epochs.
 *
 * Source: builtin-actors v18, `runtime/src/runtime/policy.rs`.
 */
export interface Policy {
  /** Deadlines in a proving period. */
  readonly wpostPeriodDeadlines: number
  /** Epochs in a proving period; every deadline of a miner opens once in it. */
  readonly wpostProvingPeriod: number
  /** Epochs for which a deadline is open. */
  readonly wpostChallengeWindow: number
  /** Epochs between the challenge of a deadline and its opening. */
  readonly wpostChallengeLookback: number
  /** Epochs after a deadline for which a proof that was accepted unseen can be disputed. */
  readonly wpostDisputeWindow: number
  /** Epochs before the opening of a deadline from which its faults and recoveries can no longer be declared. */
  readonly faultDeclarationCutoff: number
  /** How long a sector may be faulty before it is terminated. */
  readonly faultMaxAge: number
  readonly workerKeyChangeDelay: number
  readonly consensusFaultIneligibilityDuration: number

  /** Epochs between a pre-commitment and the challenge of its proof. */
  readonly preCommitChallengeDelay: number
  readonly maxPreCommitRandomnessLookback: number
  /** How long a pre-commitment outlives the last epoch in which it can be proven. */
  readonly expiredPreCommitCleanUpDelay: number
  readonly maxProveCommitNiRandomnessLookback: number
  readonly minSectorExpiration: number
  readonly maxSectorExpirationExtension: number
  /** Epochs before a sector's end from which its claims may be dropped. */
  readonly endOfLifeClaimDropPeriod: number

  readonly maxPartitionsPerDeadline: number
  /** Partitions and sectors that one message may name. */
  readonly addressedPartitionsMax: number
  readonly addressedSectorsMax: number
  /** Partitions and sectors that one round of early terminations settles; the reference has one pair for both. */
  readonly settledPartitionsMax: number
  readonly settledSectorsMax: number
  /** Partitions that one window PoSt may prove. */
  readonly postedPartitionsMax: number
  readonly maxAggregatedSectors: number
  readonly minAggregatedSectors: number
  readonly maxAggregatedSectorsNi: number
  readonly minAggregatedSectorsNi: number
  readonly maxAggregatedProofSizeBytes: number
  readonly maxReplicaUpdateProofSizeBytes: number
  readonly maxControlAddresses: number
  readonly maxPeerIdLengthBytes: number
  readonly maxMultiaddrDataBytes: number
  /** Bytes of a sector for each deal that it may hold. */
  readonly dealLimitDenominator: number

  /** Registered window PoSt, seal, and non-interactive seal proofs that new miners and sectors may have. */
  readonly validPostProofTypes: readonly number[]
  readonly validPreCommitProofTypes: readonly number[]
  readonly validProveCommitNiProofTypes: readonly number[]

  /** The daily fee of a byte of quality-adjusted power, as a share of the circulating supply (FIP-0100). */
  readonly dailyFeeCirculatingSupplyQapMultiplierNum: bigint
  readonly dailyFeeCirculatingSupplyQapMultiplierDenom: bigint

  /** Raw power from which a miner counts in consensus. */
  readonly minimumConsensusPower: StoragePower

  /** Bytes, and epochs, that an allocation of verified data has at least or at most. */
  readonly minimumVerifiedAllocationSize: bigint
  readonly minimumVerifiedAllocationTerm: number
  readonly maximumVerifiedAllocationTerm: number
  readonly maximumVerifiedAllocationExpiration: number
  /** Epochs between two settlements of a deal by cron. */
  readonly dealUpdatesInterval: number
  /** The least collateral of a provider, as a share of the circulating supply. */
  readonly provCollateralPercentSupplyNum: bigint
  readonly provCollateralPercentSupplyDenom: bigint
  /** Epochs by which an allocation outlives the deal that it was made for. */
  readonly marketDefaultAllocationTermBuffer: number

  /** The proposals that are switched on; none on any network. */
  readonly rules: Rules
}

/** Raw power that the deposit of a new miner is a pledge for. Source: the same file, `CREATE_MINER_DEPOSIT_POWER`. */
export function createMinerDepositPower({ minimumConsensusPower }: Policy): StoragePower {
  return divTrunc(minimumConsensusPower, 10n)
}

/** The largest number that a sector may have. Source: the same file, `MAX_SECTOR_NUMBER`. */
export const MAX_SECTOR_NUMBER = (1n << 63n) - 1n

const CHAIN_FINALITY = 900

export const MAINNET_POLICY: Policy = {
  wpostPeriodDeadlines: 48,
  wpostProvingPeriod: EPOCHS_IN_DAY,
  wpostChallengeWindow: 60,
  wpostChallengeLookback: 20,
  wpostDisputeWindow: 2 * CHAIN_FINALITY,
  faultDeclarationCutoff: 70,
  faultMaxAge: 42 * EPOCHS_IN_DAY,
  workerKeyChangeDelay: CHAIN_FINALITY,
  consensusFaultIneligibilityDuration: CHAIN_FINALITY,
  preCommitChallengeDelay: 150,
  maxPreCommitRandomnessLookback: EPOCHS_IN_DAY + CHAIN_FINALITY,
  expiredPreCommitCleanUpDelay: 8 * 120,
  maxProveCommitNiRandomnessLookback: 180 * EPOCHS_IN_DAY,
  minSectorExpiration: 180 * EPOCHS_IN_DAY,
  maxSectorExpirationExtension: 1278 * EPOCHS_IN_DAY,
  endOfLifeClaimDropPeriod: 30 * EPOCHS_IN_DAY,
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
  dealLimitDenominator: 1 << 27,
  validPostProofTypes: [13, 14],
  validPreCommitProofTypes: [8, 9, 13, 14],
  validProveCommitNiProofTypes: [18, 19],
  dailyFeeCirculatingSupplyQapMultiplierNum: 161_817n,
  dailyFeeCirculatingSupplyQapMultiplierDenom: 10n ** 30n,
  minimumConsensusPower: MAINNET.minimumConsensusPower,
  minimumVerifiedAllocationSize: 1n << 20n,
  minimumVerifiedAllocationTerm: 180 * EPOCHS_IN_DAY,
  maximumVerifiedAllocationTerm: 5 * EPOCHS_IN_YEAR,
  maximumVerifiedAllocationExpiration: 60 * EPOCHS_IN_DAY,
  dealUpdatesInterval: 30 * EPOCHS_IN_DAY,
  provCollateralPercentSupplyNum: 1n,
  provCollateralPercentSupplyDenom: 100n,
  marketDefaultAllocationTermBuffer: 90 * EPOCHS_IN_DAY,
  rules: RULES_OF_TODAY,
}

/** The policy of a network; one that is not in the tables is taken to be like mainnet. */
export function policyOf(network: NetworkParameters | undefined): Policy {
  return { ...MAINNET_POLICY, minimumConsensusPower: (network ?? MAINNET).minimumConsensusPower }
}
