import {
  type AttoFil,
  type ChainEpoch,
  divFloor,
  EPOCHS_IN_DAY,
  EPOCHS_IN_HOUR,
  minBigInt,
  type StoragePower,
} from '@plimsoll/primitives'
import { type PowerPair, ZERO_POWER } from './power-pair.ts'
import type { SectorOnChainInfo } from './types.ts'

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
 * Before v15 unverified data had a weight of its own, equal to the base, so that the value is the same.
 */
export function qualityForWeight(sizeBytes: number, durationEpochs: number, verifiedWeight: bigint): bigint {
  const spacetime = BigInt(sizeBytes) * BigInt(durationEpochs)
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
  const quality = qualityForWeight(sizeBytes, durationEpochs, verifiedWeight)
  return (BigInt(sizeBytes) * quality) >> SECTOR_QUALITY_PRECISION
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
export function dailyFeeForSectors(sectors: Iterable<SectorOnChainInfo>): AttoFil {
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
