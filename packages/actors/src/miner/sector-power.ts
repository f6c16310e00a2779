import type { StoragePower } from '@plimsoll/primitives'
import {
  type DurationMultiplier,
  MULTIPLIER_PRECISION,
  multipliedQuality,
} from '../rules/duration-multiplier.ts'
import { type AlikeSectors, countAlike, times } from './alike-sectors.ts'
import { qaPowerForWeight, qaPowerMax, qualityForWeight, SECTOR_QUALITY_PRECISION } from './policy.ts'
import type { PowerPair } from './power-pair.ts'
import type { SectorFigures } from './types.ts'

/** What a sector's power follows from, beside the sector itself. */
export interface PowerTerms {
  readonly sectorSize: number
  readonly multiplier: DurationMultiplier | null
}

/** The part of a sector that decides its quality. */
export type SectorTerm = Pick<SectorFigures, 'powerBaseEpoch' | 'expiration' | 'verifiedDealWeight'>

/**
 * Quality-adjusted power of a sector, stored or to be.
 *
 * Source: builtin-actors v18, `actors/miner/src/policy.rs`, `qa_power_for_weight`; a multiplier scales the quality.
 */
export function qaPowerOfTerm({ sectorSize, multiplier }: PowerTerms, sector: SectorTerm): StoragePower {
  const duration = sector.expiration - sector.powerBaseEpoch
  if (multiplier === null || sector.powerBaseEpoch < multiplier.fromEpoch) {
    return qaPowerForWeight(sectorSize, duration, sector.verifiedDealWeight)
  }
  const quality = qualityForWeight(sectorSize, duration, sector.verifiedDealWeight)
  const multiplied = multipliedQuality(multiplier.curve, duration, quality)
  return (BigInt(sectorSize) * multiplied) >> SECTOR_QUALITY_PRECISION
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
export function powerOfSectors(terms: PowerTerms, sectors: readonly SectorFigures[]): PowerPair {
  return powerOfAlike(terms, countAlike(sectors))
}

/** The same of sectors that were counted. */
export function powerOfAlike(terms: PowerTerms, counted: readonly AlikeSectors[]): PowerPair {
  let [number, qa] = [0, 0n]
  for (const { sector, count } of counted) {
    number += count
    qa += times(qaPowerOfTerm(terms, sector), count)
  }
  return { raw: BigInt(terms.sectorSize) * BigInt(number), qa }
}
