import { type BitField, type BitIndex, bitsOf, isEmptyBitField } from '@plimsoll/ipld'
import { requireState } from '../runtime/actor-error.ts'
import type { SectorFigures, SectorKind } from './types.ts'

/**
 * Sectors as two lists beside each other: the number of each, and its kind. Neighbours that were read from the state and
 * are alike have the same object for a kind, which takes less memory than one for each and is compared at once.
 *
 * Source of everything here: builtin-actors v18, `actors/miner/src/sectors.rs`, whose lists have whole sectors.
 */
export interface SectorList {
  readonly numbers: readonly number[]
  readonly kinds: readonly SectorKind[]
}

export function sectorList(sectors: readonly SectorFigures[]): SectorList {
  return { numbers: sectors.map(({ sectorNumber }) => sectorNumber), kinds: sectors }
}

/** Each as an object of its own. */
export function figuresOf({ numbers, kinds }: SectorList): readonly SectorFigures[] {
  return numbers.map((sectorNumber, i) => ({ ...(kinds[i] as SectorKind), sectorNumber }))
}

/** Those whose number `isWanted`, in their order. */
export function filterSectors(sectors: SectorList, isWanted: (number: number) => boolean): SectorList {
  const numbers: number[] = []
  const kinds: SectorKind[] = []
  for (let i = 0; i < sectors.numbers.length; i++) {
    const number = sectors.numbers[i] as number
    if (isWanted(number)) {
      numbers.push(number)
      kinds.push(sectors.kinds[i] as SectorKind)
    }
  }
  return { numbers, kinds }
}

/** Those that are in the set, in their order. Source: `select_sectors`. @throws {ActorError} `USR_ILLEGAL_STATE` when one is missing. */
export function selectSectors(sectors: SectorList, wanted: BitField): SectorList {
  if (isEmptyBitField(wanted)) {
    return NO_SECTORS
  }
  const missing = new Set<BitIndex>(bitsOf(wanted))
  const selected = filterSectors(sectors, (number) => missing.delete(number))
  requireState(missing.size === 0, () => `failed to find ${missing.size} expected sectors`)
  return selected
}

const NO_SECTORS: SectorList = { numbers: [], kinds: [] }
