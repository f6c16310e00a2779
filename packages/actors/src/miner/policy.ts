import {
  type AttoFil,
  type ChainEpoch,
  divExact,
  divFloor,
  EPOCHS_IN_DAY,
  EPOCHS_IN_HOUR,
  EPOCHS_IN_YEAR,
  minBigInt,
  SealProofGroup,
  type StoragePower,
  sealProofGroup,
} from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'
import { requireInvariant } from '../runtime/actor-error.ts'
import { type PowerPair, ZERO_POWER } from './power-pair.ts'
import type { SectorKind, SectorOnChainInfo } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/policy.rs`. */

/** Fractional bits of a sector's quality. */
export const SECTOR_QUALITY_PRECISION = 20n
/** The weight of space without verified data, and of space with it. */
export const QUALITY_BASE_MULTIPLIER = 10n
export const VERIFIED_DEAL_WEIGHT_MULTIPLIER = 100n

/** A linear schedule of vesting; all in epochs. */
export interface VestSpec {
  readonly initialDelay: number
  readonly vestPeriod: number
  readonly stepDuration: number
  readonly quantization: number
}

/** How locked block rewards vest. */
export const REWARD_VESTING_SPEC: VestSpec = {
  initialDelay: 0,
  vestPeriod: 180 * EPOCHS_IN_DAY,
  stepDuration: EPOCHS_IN_DAY,
  quantization: 12 * EPOCHS_IN_HOUR,
}

/** A day's fee may take at most half of a day's expected reward (FIP-0100). */
export const DAILY_FEE_BLOCK_REWARD_CAP_DENOM = 2n

/**
 * The quality of a sector, Q.20. Source: `quality_for_weight`.
 *
 * @throws {ActorError} `USR_ASSERTION_FAILED` for a sector that lasts no epoch.
 *
 * Before v15 unverified data had a weight of its own, equal to the base, so that the value is the same.
 */
export function qualityForWeight(sizeBytes: number, durationEpochs: number, verifiedWeight: bigint): bigint {
  const spacetime = BigInt(sizeBytes) * BigInt(durationEpochs)
  requireInvariant(spacetime !== 0n, 'the quality of a sector that lasts no epoch')
  const weighted =
    (spacetime - verifiedWeight) * QUALITY_BASE_MULTIPLIER + verifiedWeight * VERIFIED_DEAL_WEIGHT_MULTIPLIER
  return divFloor(divFloor(weighted << SECTOR_QUALITY_PRECISION, spacetime), QUALITY_BASE_MULTIPLIER)
}

/** Quality-adjusted power. Source: `qa_power_for_weight`. */
export function qaPowerForWeight(
  sizeBytes: number,
  durationEpochs: number,
  verifiedWeight: bigint,
): StoragePower {
  const quality = findQualityNumber(sizeBytes, durationEpochs, verifiedWeight)
  return quality === undefined
    ? (BigInt(sizeBytes) * qualityForWeight(sizeBytes, durationEpochs, verifiedWeight)) >>
        SECTOR_QUALITY_PRECISION
    : qaPowerForQuality(sizeBytes, quality)
}

/**
 * The quality of a sector, Q.20 as {@link qualityForWeight} gives it, found without a division of bigints; undefined
 * for a size that is no power of two from 2^20 up, and for weights that no sector of a real size has.
 *
 * Floors of quotients by S and by 10 are one floor: with S = 2^(20 + n) × duration,
 * ⌊(10 S + 90 w) × 2^20 / 10 S⌋ = 2^20 + ⌊9 w / (2^n × duration)⌋.
 */
export function findQualityNumber(
  sizeBytes: number,
  durationEpochs: number,
  verifiedWeight: bigint,
): number | undefined {
  const factor = sizeBytes / QUALITY_ONE
  const exponent = 31 - Math.clz32(factor)
  if (durationEpochs <= 0 || exponent < 0 || factor !== 2 ** exponent) {
    return undefined
  }
  if (verifiedWeight === 0n) {
    return QUALITY_ONE
  }
  // Of two safe integers, the quotient of floats has the floor of the true one.
  const scaled = Number((VERIFIED_DATA_BONUS * verifiedWeight) >> BigInt(exponent))
  return Number.isSafeInteger(scaled) ? QUALITY_ONE + Math.floor(scaled / durationEpochs) : undefined
}

/** The quality of a sector without verified data. */
const QUALITY_ONE = 2 ** 20

/** What verified data has beyond what every byte has. */
const VERIFIED_DATA_BONUS = divExact(VERIFIED_DEAL_WEIGHT_MULTIPLIER, QUALITY_BASE_MULTIPLIER) - 1n

/** The power of a sector whose quality {@link findQualityNumber} gave, or of sectors whose qualities add up to that. */
export function qaPowerForQuality(sizeBytes: number, quality: number): StoragePower {
  return BigInt(quality) * BigInt(sizeBytes / QUALITY_ONE)
}

/** Quality-adjusted power of a sector. Source: `qa_power_for_sector`. */
export function qaPowerForSector(sizeBytes: number, sector: SectorOnChainInfo): StoragePower {
  const duration: ChainEpoch = sector.expiration - sector.powerBaseEpoch
  return qaPowerForWeight(sizeBytes, duration, sector.verifiedDealWeight)
}

/** Raw and quality-adjusted power of sectors. Source: `actors/miner/src/sectors.rs`, `power_for_sectors`. */
export function powerForSectors(sizeBytes: number, sectors: Iterable<SectorOnChainInfo>): PowerPair {
  let { raw, qa } = ZERO_POWER
  for (const sector of sectors) {
    raw += BigInt(sizeBytes)
    qa += qaPowerForSector(sizeBytes, sector)
  }
  return { raw, qa }
}

/** The sum of daily fees. Source: `actors/miner/src/sectors.rs`, `daily_fee_for_sectors`. */
export function dailyFeeForSectors(sectors: Iterable<SectorKind>): AttoFil {
  let sum = 0n
  for (const sector of sectors) {
    sum += sector.dailyFee
  }
  return sum
}

/** What of a day's fee is charged, given a day's expected reward. Source: `daily_proof_fee_payable`. */
export function dailyProofFeePayable(dailyFee: AttoFil, estimatedDayReward: AttoFil): AttoFil {
  return minBigInt(divFloor(estimatedDayReward, DAILY_FEE_BLOCK_REWARD_CAP_DENOM), dailyFee)
}

/** The fee of a day for power at the present supply (FIP-0100). Source: `daily_proof_fee`. */
export function dailyProofFee(policy: Policy, circulatingSupply: AttoFil, qaPower: StoragePower): AttoFil {
  return divFloor(
    policy.dailyFeeCirculatingSupplyQapMultiplierNum * circulatingSupply * qaPower,
    policy.dailyFeeCirculatingSupplyQapMultiplierDenom,
  )
}

/** A fee that follows a change of power. Source: `daily_proof_fee_adjust`. */
export function dailyProofFeeAdjust(
  dailyFee: AttoFil,
  oldQaPower: StoragePower,
  newQaPower: StoragePower,
): AttoFil {
  return oldQaPower === newQaPower ? dailyFee : divFloor(dailyFee * newQaPower, oldQaPower)
}

/** The most quality-adjusted power that a sector of that size can have. Source: `qa_power_max`. */
export function qaPowerMax(sizeBytes: number): StoragePower {
  return divFloor(BigInt(sizeBytes) * VERIFIED_DEAL_WEIGHT_MULTIPLIER, QUALITY_BASE_MULTIPLIER)
}

/** How many deals a sector may hold. Source: `sector_deals_max`. */
export function sectorDealsMax(policy: Policy, sizeBytes: number): number {
  return Math.max(256, Math.trunc(sizeBytes / policy.dealLimitDenominator))
}

/** How many partitions a message may name. Source: `load_partitions_sectors_max`. */
export function loadPartitionsSectorsMax(policy: Policy, partitionSectors: number): number {
  const bySectors = Math.trunc(policy.addressedSectorsMax / partitionSectors)
  return Math.min(bySectors, policy.addressedPartitionsMax)
}

/**
 * How long after its pre-commitment a sector can be proven; undefined for a proof type that is not pre-committed.
 *
 * Source: `max_prove_commit_duration`.
 */
export function maxProveCommitDuration(policy: Policy, sealProof: number): ChainEpoch | undefined {
  switch (sealProofGroup(sealProof)) {
    case SealProofGroup.V1:
      return EPOCHS_IN_DAY + policy.preCommitChallengeDelay
    case SealProofGroup.V1P1:
    case SealProofGroup.SYNTHETIC:
      return 30 * EPOCHS_IN_DAY + policy.preCommitChallengeDelay
    default:
      return undefined
  }
}

/** How long a sector may live in all; undefined for no proof type. Source: `seal_proof_sector_maximum_lifetime`. */
export function sealProofSectorMaximumLifetime(sealProof: number): ChainEpoch | undefined {
  switch (sealProofGroup(sealProof)) {
    case SealProofGroup.V1:
      return EPOCHS_IN_DAY * 540
    case undefined:
      return undefined
    default:
      return EPOCHS_IN_YEAR * 5
  }
}
