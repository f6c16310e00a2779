import { type AttoFil, type ChainEpoch, divFloor, type StoragePower } from '@plimsoll/primitives'
import { PRECISION } from '../smooth/math.ts'
import { expneg } from './expneg.ts'

/** Source of everything here: builtin-actors v18, `actors/reward/src/logic.rs`. */

/** Growth of the baseline in one epoch, Q.128: doubling in a year. */
const BASELINE_EXPONENT = 340282591298641078465964189926313473653n

/** The baseline of the first epoch, bytes. */
export const BASELINE_INITIAL_VALUE: StoragePower = 2_888_888_880_000_000_000n

/** The baseline of the epoch before the first, so that the first has the value above; it lacks one byte. */
export const INIT_BASELINE_POWER: StoragePower =
  divFloor(BASELINE_INITIAL_VALUE << (2n * PRECISION), BASELINE_EXPONENT) >> PRECISION

/** e^λ − 1, Q.128. */
const EXP_LAM_SUB_ONE = 37396273494747879394193016954629n
/** ln 2 / epochs of six years, Q.128. */
const LAMBDA = 37396271439864487274534522888786n

/** The baseline of the epoch after. Source: `baseline_power_from_prev`. */
export function baselinePowerFromPrev(previous: StoragePower): StoragePower {
  return (previous * BASELINE_EXPONENT) >> PRECISION
}

/** Where the network stands against its baseline, in byte-epochs. */
export interface RewardPosition {
  readonly effectiveNetworkTime: ChainEpoch
  /** The baseline at the effective network time. */
  readonly effectiveBaselinePower: StoragePower
  readonly cumsumRealized: bigint
  readonly cumsumBaseline: bigint
}

/** Effective network time with its fraction, Q.128 epochs. Source: `compute_r_theta`. */
export function computeRTheta({
  effectiveNetworkTime,
  effectiveBaselinePower,
  cumsumRealized,
  cumsumBaseline,
}: RewardPosition): bigint {
  if (effectiveNetworkTime === 0) {
    return 0n
  }
  const rewardTheta = BigInt(effectiveNetworkTime) << PRECISION
  return rewardTheta - divFloor((cumsumBaseline - cumsumRealized) << PRECISION, effectiveBaselinePower)
}

/** What is left to mint in all: by time alone, and by growth of the network. */
export interface MintingTotals {
  readonly simpleTotal: AttoFil
  readonly baselineTotal: AttoFil
}

/**
 * The reward of one epoch for all its winners.
 *
 * Source: `compute_reward`.
 */
export function computeReward(
  epoch: ChainEpoch,
  previousTheta: bigint,
  currentTheta: bigint,
  { simpleTotal, baselineTotal }: MintingTotals,
): AttoFil {
  const previousSupply = computeBaselineSupply(previousTheta, baselineTotal)
  const currentSupply = computeBaselineSupply(currentTheta, baselineTotal)
  return rewardBetween(epoch, previousSupply, currentSupply, simpleTotal)
}

/**
 * The reward of one epoch for all its winners, attoFIL, by what the baseline part had minted before it and has after it,
 * both Q.128.
 *
 * Source: `compute_reward`.
 */
export function rewardBetween(
  epoch: ChainEpoch,
  previousSupply: bigint,
  currentSupply: bigint,
  simpleTotal: AttoFil,
): AttoFil {
  // Q.0 * Q.128 * Q.128 => Q.256 => Q.128
  const simpleReward = (simpleTotal * EXP_LAM_SUB_ONE * expneg(LAMBDA * BigInt(epoch))) >> PRECISION
  return (simpleReward + currentSupply - previousSupply) >> PRECISION
}

/** What the baseline part has minted up to `theta`, Q.128. Source: `compute_baseline_supply`. */
export function computeBaselineSupply(theta: bigint, baselineTotal: AttoFil): bigint {
  const one = 1n << PRECISION
  return (one - expneg((theta * LAMBDA) >> PRECISION)) * baselineTotal
}
