import type { StoragePower } from '@plimsoll/primitives'
import {
  type DurationMultiplier,
  MULTIPLIER_PRECISION,
  multipliedQuality,
} from '../rules/duration-multiplier.ts'
import { type AlikeSectors, countAlike, times } from './alike-sectors.ts'
import {
  findQualityNumber,
  qaPowerForQuality,
  qaPowerMax,
  qualityForWeight,
  SECTOR_QUALITY_PRECISION,
} from './policy.ts'
import type { PowerPair } from './power-pair.ts'
import type { SectorKind } from './types.ts'

/** What a sector's power follows from, beside the sector itself. */
export interface PowerTerms {
  readonly sectorSize: number
  readonly multiplier: DurationMultiplier | null
}

/** The part of a sector that decides its quality. */
export type SectorTerm = Pick<SectorKind, 'powerBaseEpoch' | 'expiration' | 'verifiedDealWeight'>

/**
 * Quality-adjusted power of a sector, stored or to be.
 *
 * Source: builtin-actors v18, `actors/miner/src/policy.rs`, `qa_power_for_weight`; a multiplier scales the quality.
 */
export function qaPowerOfTerm(terms: PowerTerms, sector: SectorTerm): StoragePower {
  const quality = findQualityOf(terms, sector)
  return quality === undefined
    ? qaPowerByQuality(terms, sector)
    : qaPowerForQuality(terms.sectorSize, quality)
}

/** The quality as a number where it can be one; a multiplied one cannot. */
function findQualityOf({ sectorSize, multiplier }: PowerTerms, sector: SectorTerm): number | undefined {
  return multiplier === null || !isMultiplied(multiplier, sector)
    ? findQualityNumber(sectorSize, durationOf(sector), sector.verifiedDealWeight)
    : undefined
}

function qaPowerByQuality({ sectorSize, multiplier }: PowerTerms, sector: SectorTerm): StoragePower {
  const duration = durationOf(sector)
  const plain = qualityForWeight(sectorSize, duration, sector.verifiedDealWeight)
  const quality =
    multiplier === null || !isMultiplied(multiplier, sector)
      ? plain
      : multipliedQuality(multiplier.curve, duration, plain)
  return (BigInt(sectorSize) * quality) >> SECTOR_QUALITY_PRECISION
}

function durationOf({ expiration, powerBaseEpoch }: SectorTerm): number {
  return expiration - powerBaseEpoch
}

function isMultiplied({ fromEpoch }: DurationMultiplier, { powerBaseEpoch }: SectorTerm): boolean {
  return powerBaseEpoch >= fromEpoch
}

/**
 * The power that the deposit of a pre-commitment is computed for: what the sector could have at most.
 *
 * Source: builtin-actors v18, `actors/miner/src/policy.rs`, `qa_power_max`; FIP-0036 and FIP-0056 raise it by the
 * largest multiplier.
 */
export function depositPower({ sectorSize, multiplier }: PowerTerms): StoragePower {
  const power = qaPowerMax(sectorSize)
  return multiplier === null ? power : (power * multiplier.maxMultiplier) >> MULTIPLIER_PRECISION
}

/** Raw and quality-adjusted power. Source: builtin-actors v18, `actors/miner/src/sectors.rs`, `power_for_sectors`. */
export function powerOfSectors(terms: PowerTerms, sectors: readonly SectorKind[]): PowerPair {
  return powerOfAlike(terms, countAlike(sectors))
}

/** The same of sectors that were counted. Qualities are added up as numbers, and multiplied once. */
export function powerOfAlike(terms: PowerTerms, counted: readonly AlikeSectors[]): PowerPair {
  const { sectorSize } = terms
  let [number, qualities, otherQa] = [0, 0, 0n]
  for (const { sector, count } of counted) {
    number += count
    const quality = findQualityOf(terms, sector)
    if (quality !== undefined && Number.isSafeInteger(qualities + quality * count)) {
      qualities += quality * count
    } else {
      otherQa += times(qaPowerOfTerm(terms, sector), count)
    }
  }
  const qa = qualities === 0 ? otherQa : qaPowerForQuality(sectorSize, qualities) + otherQa
  return { raw: BigInt(sectorSize) * BigInt(number), qa }
}
