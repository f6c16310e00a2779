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
export function takeSought(sought: SoughtSectors, set: BitField): readonly SectorFigures[] {
  const members: SectorFigures[] = []
  if (sought.left > 0) {
    for (const place of placesIn(sought, set)) {
      sought.isFound[place] = 1
      members.push(sought.sectors[place] as SectorFigures)
    }
    sought.left -= members.length
  }
  return members
}

/** The first of a set that was not found yet. Source: `check_no_early_sectors`. */
export function firstSought(sought: SoughtSectors, set: BitField): SectorFigures | undefined {
  const place = sought.left === 0 ? undefined : placesIn(sought, set)[0]
  return place === undefined ? undefined : sought.sectors[place]
}

/** Where in the list those of a set are that were not found yet. */
function placesIn({ sectors, isFound }: SoughtSectors, { boundaries }: BitField): readonly number[] {
  const places: number[] = []
  let place = 0
  for (let run = 0; run < boundaries.length && place < sectors.length; run += 2) {
    const end = boundaries[run + 1] as BitIndex
    place = placeOf(sectors, boundaries[run] as BitIndex, place)
    for (; place < sectors.length && (sectors[place] as SectorFigures).sectorNumber < end; place++) {
      if (isFound[place] === 0) {
        places.push(place)
      }
    }
  }
  return places
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
