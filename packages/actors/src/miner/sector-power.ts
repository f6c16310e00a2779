import type { StoragePower } from '@plimsoll/primitives'
import { qaPowerForWeight } from './policy.ts'
import { type PowerPair, ZERO_POWER } from './power-pair.ts'
import type { SectorOnChainInfo } from './types.ts'

/** What a sector's power follows from, beside the sector itself. */
export interface PowerTerms {
  readonly sectorSize: number
}

/** The part of a sector that decides its quality. */
export type SectorTerm = Pick<SectorOnChainInfo, 'powerBaseEpoch' | 'expiration' | 'verifiedDealWeight'>

/** Quality-adjusted power of a sector, stored or to be. Source: builtin-actors v18, `actors/miner/src/policy.rs`, `qa_power_for_weight`. */
export function qaPowerOfTerm({ sectorSize }: PowerTerms, sector: SectorTerm): StoragePower {
  return qaPowerForWeight(sectorSize, sector.expiration - sector.powerBaseEpoch, sector.verifiedDealWeight)
}

/** Raw and quality-adjusted power. Source: builtin-actors v18, `actors/miner/src/lib.rs`, `power_for_sector`. */
export function powerOfSector(terms: PowerTerms, sector: SectorOnChainInfo): PowerPair {
  return { raw: BigInt(terms.sectorSize), qa: qaPowerOfTerm(terms, sector) }
}

/** Source: the same file, `power_for_sectors`. */
export function powerOfSectors(terms: PowerTerms, sectors: readonly SectorOnChainInfo[]): PowerPair {
  if (sectors.length === 0) {
    return ZERO_POWER
  }
  let qa = 0n
  for (const sector of sectors) {
    qa += qaPowerOfTerm(terms, sector)
  }
  return { raw: BigInt(terms.sectorSize) * BigInt(sectors.length), qa }
}
