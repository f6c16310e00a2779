import {
  ATTO_FIL_PER_FIL,
  type AttoFil,
  type ChainEpoch,
  divFloor,
  EPOCHS_IN_DAY,
  maxBigInt,
  minBigInt,
  type StoragePower,
} from '@plimsoll/primitives'
import { EXPECTED_LEADERS_PER_EPOCH } from '../reward/policy.ts'
import { estimate, type FilterEstimate } from '../smooth/alpha-beta-filter.ts'
import { PRECISION } from '../smooth/math.ts'
import { extrapolatedCumSumOfRatio } from '../smooth/smooth-func.ts'

/** Source of everything here, unless said otherwise: builtin-actors v18, `actors/miner/src/monies.rs`. */

export const PRE_COMMIT_DEPOSIT_PROJECTION_PERIOD = 20 * EPOCHS_IN_DAY
export const INITIAL_PLEDGE_PROJECTION_PERIOD = 20 * EPOCHS_IN_DAY
/** 3.51 days, truncated to whole epochs: 10,108. */
export const CONTINUED_FAULT_PROJECTION_PERIOD = Math.trunc((EPOCHS_IN_DAY * 351) / 100)

/** The fee of a day more than a fault's, for a proof that was not one: 15,868 epochs. */
const INVALID_WINDOW_POST_PROJECTION_PERIOD = CONTINUED_FAULT_PROJECTION_PERIOD + 2 * EPOCHS_IN_DAY

/** Paid by who proved nothing, beside the fee; and the reward of who shows it. */
const BASE_PENALTY_FOR_DISPUTED_WINDOW_POST: AttoFil = 20n * ATTO_FIL_PER_FIL
export const BASE_REWARD_FOR_DISPUTED_WINDOW_POST: AttoFil = 4n * ATTO_FIL_PER_FIL

const CONSENSUS_FAULT_FACTOR = 5n
/** A reporter gets this part of what an expected winner does. Source: `actors/miner/src/policy.rs`. */
const CONSENSUS_FAULT_REPORTER_DEFAULT_SHARE = 4n

/** The part of a block reward that is locked. */
const LOCKED_REWARD_FACTOR_NUM = 3n
const LOCKED_REWARD_FACTOR_DENOM = 4n

export const LOCK_TARGET_FACTOR_NUM = 3n
export const LOCK_TARGET_FACTOR_DENOM = 10n

/** FIP-0098: the fee of a sector of full age, as a share of its initial pledge. */
export const TERM_FEE_PLEDGE_MULTIPLE_NUM = 85n
export const TERM_FEE_PLEDGE_MULTIPLE_DENOM = 1000n
/** FIP-0098: the least share of the initial pledge, whatever the age. */
export const TERM_FEE_MIN_PLEDGE_MULTIPLE_NUM = 2n
export const TERM_FEE_MIN_PLEDGE_MULTIPLE_DENOM = 100n
/** FIP-0098: the least fee as a multiple of the fault fee, so that terminating is never cheaper than a fault. */
export const TERM_FEE_MAX_FAULT_FEE_MULTIPLE_NUM = 105n
export const TERM_FEE_MAX_FAULT_FEE_MULTIPLE_DENOM = 100n
/** Days of age from which the fee grows no more. */
export const TERMINATION_LIFETIME_CAP = 140

/** The cap on initial pledge: 1 FIL for 32 GiB of quality-adjusted power, floored to attoFIL per byte. */
export const INITIAL_PLEDGE_MAX_PER_BYTE: AttoFil = divFloor(ATTO_FIL_PER_FIL, 32n << 30n)

const GAMMA_FIXED_POINT_FACTOR = 1000n
const FIP_0081_ACTIVATION_PERMILLE = 300

/** What the network is expected to pay and how much power shares it, both smoothed. */
export interface NetworkEstimates {
  /** Reward of one epoch for all its winners, attoFIL. */
  readonly reward: FilterEstimate
  /** Quality-adjusted power of the network, bytes. */
  readonly qaPower: FilterEstimate
}

/**
 * BR(t): the block reward that power is expected to earn in a projection period.
 *
 * On a network without power it is the reward of one epoch, whatever the power and the period.
 *
 * Source: `expected_reward_for_power`.
 */
export function expectedRewardForPower(
  estimates: NetworkEstimates,
  qaSectorPower: StoragePower,
  projectionDuration: ChainEpoch,
): AttoFil {
  return rewardForPower(rewardProjection(estimates, projectionDuration), qaSectorPower)
}

/**
 * The part of BR(t) that all sectors of a network share: the expected reward of one byte, Q.128, or, on a
 * network without power, the reward of one epoch.
 */
export type RewardProjection = { readonly perByte: bigint } | { readonly wholeReward: AttoFil }

/** Works out the shared part of BR(t) once, for many sectors. */
export function rewardProjection(
  estimates: NetworkEstimates,
  projectionDuration: ChainEpoch,
): RewardProjection {
  if (estimate(estimates.qaPower) === 0n) {
    return { wholeReward: estimate(estimates.reward) }
  }
  return { perByte: extrapolatedCumSumOfRatio(projectionDuration, 0, estimates.reward, estimates.qaPower) }
}

/** BR(t) of some power, given the shared part. */
export function rewardForPower(projection: RewardProjection, qaSectorPower: StoragePower): AttoFil {
  if ('wholeReward' in projection) {
    return projection.wholeReward
  }
  return maxBigInt((qaSectorPower * projection.perByte) >> PRECISION, 0n)
}

/**
 * BR(t), but at least 1 attoFIL: deposits and pledges must be positive to show that a miner is active.
 *
 * Source: `expected_reward_for_power_clamped_at_atto_fil`.
 */
export function expectedRewardForPowerClampedAtAttoFil(
  estimates: NetworkEstimates,
  qaSectorPower: StoragePower,
  projectionDuration: ChainEpoch,
): AttoFil {
  return maxBigInt(expectedRewardForPower(estimates, qaSectorPower, projectionDuration), 1n)
}

/**
 * FF(t): the fee for power that stays faulty for one more proving period.
 *
 * Source: `pledge_penalty_for_continued_fault`.
 */
export function pledgePenaltyForContinuedFault(
  estimates: NetworkEstimates,
  qaSectorPower: StoragePower,
): AttoFil {
  return expectedRewardForPower(estimates, qaSectorPower, CONTINUED_FAULT_PROJECTION_PERIOD)
}

/** Which term of the termination fee is the largest, and so is the fee. */
export type TerminationFeeBranch = 'age' | 'cap' | 'floorPledge' | 'floorFault'

/** A termination fee with the terms that it was chosen from; all attoFIL. */
export interface TerminationFeeTerms {
  readonly simpleTerminationFee: AttoFil
  readonly durationTerminationFee: AttoFil
  readonly baseTerminationFee: AttoFil
  readonly minimumFeeAbs: AttoFil
  readonly minimumFeeFf: AttoFil
  readonly fee: AttoFil
  readonly branch: TerminationFeeBranch
}

/**
 * The fee for terminating a sector since FIP-0098 (v16).
 *
 * `sectorAge` counts from activation, `faultFee` is FF of the sector's power.
 *
 * Source: `pledge_penalty_for_termination`.
 */
export function pledgePenaltyForTermination(
  initialPledge: AttoFil,
  sectorAge: ChainEpoch,
  faultFee: AttoFil,
): AttoFil {
  return terminationFeeTerms(initialPledge, sectorAge, faultFee).fee
}

/** {@link pledgePenaltyForTermination} with all its terms. On a tie the base wins, then the share of the pledge. */
export function terminationFeeTerms(
  initialPledge: AttoFil,
  sectorAge: ChainEpoch,
  faultFee: AttoFil,
): TerminationFeeTerms {
  const simpleTerminationFee = divFloor(
    initialPledge * TERM_FEE_PLEDGE_MULTIPLE_NUM,
    TERM_FEE_PLEDGE_MULTIPLE_DENOM,
  )
  const durationTerminationFee = divFloor(
    BigInt(sectorAge) * simpleTerminationFee,
    BigInt(TERMINATION_LIFETIME_CAP * EPOCHS_IN_DAY),
  )
  const baseTerminationFee = minBigInt(simpleTerminationFee, durationTerminationFee)
  const minimumFeeAbs = divFloor(
    initialPledge * TERM_FEE_MIN_PLEDGE_MULTIPLE_NUM,
    TERM_FEE_MIN_PLEDGE_MULTIPLE_DENOM,
  )
  const minimumFeeFf = divFloor(
    faultFee * TERM_FEE_MAX_FAULT_FEE_MULTIPLE_NUM,
    TERM_FEE_MAX_FAULT_FEE_MULTIPLE_DENOM,
  )
  const minimumFee = maxBigInt(minimumFeeAbs, minimumFeeFf)
  return {
    simpleTerminationFee,
    durationTerminationFee,
    baseTerminationFee,
    minimumFeeAbs,
    minimumFeeFf,
    fee: maxBigInt(baseTerminationFee, minimumFee),
    branch: decidingBranch(),
  }

  function decidingBranch(): TerminationFeeBranch {
    if (baseTerminationFee >= minimumFee) {
      return durationTerminationFee >= simpleTerminationFee ? 'cap' : 'age'
    }
    return minimumFeeAbs >= minimumFeeFf ? 'floorPledge' : 'floorFault'
  }
}

/** The deposit for a pre-commitment. Source: `pre_commit_deposit_for_power`. */
export function preCommitDepositForPower(estimates: NetworkEstimates, qaSectorPower: StoragePower): AttoFil {
  return expectedRewardForPowerClampedAtAttoFil(
    estimates,
    qaSectorPower,
    PRE_COMMIT_DEPOSIT_PROJECTION_PERIOD,
  )
}

/** What the pledge for new power depends on beside the estimates. */
export interface PledgeInputs {
  readonly baselinePower: StoragePower
  readonly circulatingSupply: AttoFil
  readonly epochsSinceRampStart: number
  readonly rampDurationEpochs: number
  /** Tenths of the circulating supply that all pledges aim at. */
  readonly lockTargetFactorNum: bigint
}

/**
 * The pledge for new power: 20 days of its expected reward, and its share of 30 % of the circulating supply,
 * which FIP-0081 measures in a mixture of two shares; capped per byte.
 *
 * Source: `initial_pledge_for_power`.
 */
export function initialPledgeForPower(
  qaPower: StoragePower,
  estimates: NetworkEstimates,
  inputs: PledgeInputs,
): AttoFil {
  const { baselinePower, circulatingSupply, epochsSinceRampStart, rampDurationEpochs, lockTargetFactorNum } =
    inputs
  const ipBase = expectedRewardForPowerClampedAtAttoFil(estimates, qaPower, INITIAL_PLEDGE_PROJECTION_PERIOD)
  const networkQaPower = estimate(estimates.qaPower)
  const gamma = GAMMA_FIXED_POINT_FACTOR - BigInt(rampSkewPermille(epochsSinceRampStart, rampDurationEpochs))
  const additionalIpNum = circulatingSupply * lockTargetFactorNum * qaPower
  const denomScale = LOCK_TARGET_FACTOR_DENOM * GAMMA_FIXED_POINT_FACTOR
  const shareDenomBaseline = maxBigInt(maxBigInt(networkQaPower, baselinePower), qaPower)
  const shareDenomSimple = maxBigInt(networkQaPower, qaPower)
  const additionalIp =
    divFloor(gamma * additionalIpNum, shareDenomBaseline * denomScale) +
    divFloor((GAMMA_FIXED_POINT_FACTOR - gamma) * additionalIpNum, shareDenomSimple * denomScale)
  return minBigInt(ipBase + additionalIp, INITIAL_PLEDGE_MAX_PER_BYTE * qaPower)
}

/** How far the ramp of FIP-0081 has come, in thousandths of the whole pledge: from 0 to 300. */
function rampSkewPermille(epochsSinceRampStart: number, rampDurationEpochs: number): number {
  if (epochsSinceRampStart < 0) {
    return 0
  }
  if (rampDurationEpochs === 0 || epochsSinceRampStart >= rampDurationEpochs) {
    return FIP_0081_ACTIVATION_PERMILLE
  }
  return Math.trunc((epochsSinceRampStart * FIP_0081_ACTIVATION_PERMILLE) / rampDurationEpochs)
}

/** What a disputed proof costs. Source: `pledge_penalty_for_invalid_windowpost`. */
export function pledgePenaltyForInvalidWindowPoSt(
  estimates: NetworkEstimates,
  qaSectorPower: StoragePower,
): AttoFil {
  const fee = expectedRewardForPower(estimates, qaSectorPower, INVALID_WINDOW_POST_PROJECTION_PERIOD)
  return fee + BASE_PENALTY_FOR_DISPUTED_WINDOW_POST
}

/** What a consensus fault costs: as much as all winners of an epoch get. Source: `consensus_fault_penalty`. */
export function consensusFaultPenalty(thisEpochReward: AttoFil): AttoFil {
  return divFloor(thisEpochReward * CONSENSUS_FAULT_FACTOR, EXPECTED_LEADERS_PER_EPOCH)
}

/** Source: `actors/miner/src/policy.rs`, `reward_for_consensus_slash_report`. */
export function rewardForConsensusSlashReport(epochReward: AttoFil): AttoFil {
  return divFloor(epochReward, EXPECTED_LEADERS_PER_EPOCH * CONSENSUS_FAULT_REPORTER_DEFAULT_SHARE)
}

/** The part of a reward that is locked. Source: `locked_reward_from_reward`. */
export function lockedRewardFromReward(reward: AttoFil): AttoFil {
  return divFloor(reward * LOCKED_REWARD_FACTOR_NUM, LOCKED_REWARD_FACTOR_DENOM)
}
