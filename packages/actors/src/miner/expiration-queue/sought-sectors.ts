import type { BitField, BitIndex } from '@plimsoll/ipld'
import type { SectorFigures } from '../types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`. */

/**
 * Sectors that are looked for in one set after another, and which of them are found. Ascending, so that a run of a
 * set is found by bisection, and its members beside each other.
 */
export interface SoughtSectors {
  readonly sectors: readonly SectorFigures[]
  /** By the place in `sectors`; one for each that is. */
  readonly isFound: Uint8Array
  /** How many are not found yet. */
  left: number
}

/** One that is given twice is looked for once. */
export function soughtSectors(sectors: readonly SectorFigures[]): SoughtSectors {
  const ascending = isAscending(sectors) ? sectors : sortedByNumber(sectors)
  return { sectors: ascending, isFound: new Uint8Array(ascending.length), left: ascending.length }
}

/** Those of a set that were not found before; they are found now. Source: `group_expiration_set`. */
export function takeSought(sought: SoughtSectors, { boundaries }: BitField): readonly SectorFigures[] {
  const { sectors, isFound } = sought
  const members: SectorFigures[] = []
  let place = 0
  for (let run = 0; run < boundaries.length && place < sectors.length; run += 2) {
    place = placeOf(sectors, boundaries[run] as BitIndex, place)
    const end = boundaries[run + 1] as BitIndex
    for (; place < sectors.length; place++) {
      const sector = sectors[place] as SectorFigures
      if (sector.sectorNumber >= end) {
        break
      }
      if (isFound[place] === 0) {
        isFound[place] = 1
        members.push(sector)
      }
    }
  }
  sought.left -= members.length
  return members
}

/** The first of a set that was not found yet. Source: `check_no_early_sectors`. */
export function firstSought(
  { sectors, isFound }: SoughtSectors,
  { boundaries }: BitField,
): SectorFigures | undefined {
  let place = 0
  for (let run = 0; run < boundaries.length; run += 2) {
    place = placeOf(sectors, boundaries[run] as BitIndex, place)
    const end = boundaries[run + 1] as BitIndex
    for (; place < sectors.length && (sectors[place] as SectorFigures).sectorNumber < end; place++) {
      if (isFound[place] === 0) {
        return sectors[place]
      }
    }
  }
  return undefined
}

/** The first place from `from` on of a sector whose number is `start` or more. */
function placeOf(sectors: readonly SectorFigures[], start: BitIndex, from: number): number {
  let low = from
  let high = sectors.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sectors[middle] as SectorFigures).sectorNumber < start) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

function isAscending(sectors: readonly SectorFigures[]): boolean {
  for (let i = 1; i < sectors.length; i++) {
    if ((sectors[i - 1] as SectorFigures).sectorNumber >= (sectors[i] as SectorFigures).sectorNumber) {
      return false
    }
  }
  return true
}

function sortedByNumber(sectors: readonly SectorFigures[]): readonly SectorFigures[] {
  return [...new Map(sectors.map((sector) => [sector.sectorNumber, sector])).values()].sort(
    (a, b) => a.sectorNumber - b.sectorNumber,
  )
}
