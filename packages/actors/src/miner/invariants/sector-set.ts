import { type BitField, bitFieldOf, bitsOf, intersectBitFields, subtractBitFields } from '@plimsoll/ipld'
import type { SectorOnChainInfo } from '../types.ts'

/** A miner's sectors by number, and their numbers as a set. */
export interface SectorSet {
  readonly byNumber: ReadonlyMap<number, SectorOnChainInfo>
  readonly numbers: BitField
}

export function sectorSet(byNumber: ReadonlyMap<number, SectorOnChainInfo>): SectorSet {
  return { byNumber, numbers: bitFieldOf(byNumber.keys()) }
}

/**
 * The sectors of a set, and the numbers in it that are no sectors.
 *
 * Source: builtin-actors v18, `actors/miner/src/testing.rs`, `select_sectors_map`.
 */
export function selectSectors(
  sectors: SectorSet,
  include: BitField,
): { readonly selected: SectorSet; readonly missing: BitField } {
  const numbers = intersectBitFields(include, sectors.numbers)
  const byNumber = new Map<number, SectorOnChainInfo>()
  for (const number of bitsOf(numbers)) {
    const sector = sectors.byNumber.get(Number(number))
    if (sector !== undefined) {
      byNumber.set(Number(number), sector)
    }
  }
  return { selected: { byNumber, numbers }, missing: subtractBitFields(include, sectors.numbers) }
}
