import type { BitField, BitIndex } from '@plimsoll/ipld'
import { type AlikeSectors, countSector, type Tally } from '../alike-sectors.ts'
import type { SectorList } from '../sector-list.ts'
import type { SectorKind } from '../types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`. */

/**
 * Sectors that are looked for in one set after another, and which of them are found. Ascending, so that a run of a
 * set is found by bisection, and its members beside each other.
 */
export interface SoughtSectors extends SectorList {
  /** By the place in the lists; one for each that is. */
  readonly isFound: Uint8Array
  /** How many are not found yet. */
  left: number
}

/** One that is given twice is looked for once. */
export function soughtSectors(sectors: SectorList): SoughtSectors {
  const { numbers, kinds } = isAscending(sectors.numbers) ? sectors : sortedByNumber(sectors)
  return { numbers, kinds, isFound: new Uint8Array(numbers.length), left: numbers.length }
}

/** Sectors that were found in a set. */
export interface FoundSectors {
  readonly sectors: BitField
  readonly counted: readonly AlikeSectors[]
}

/** Those of a set that were not found before; they are found now. Source: `group_expiration_set`. */
export function takeSought(sought: SoughtSectors, { boundaries }: BitField): FoundSectors {
  const { numbers } = sought
  const found: number[] = []
  const counted: Tally[] = []
  let place = 0
  for (let run = 0; run < boundaries.length && place < numbers.length; run += 2) {
    place = placeOf(numbers, boundaries[run] as BitIndex, place)
    const end = boundaries[run + 1] as BitIndex
    while (place < numbers.length && (numbers[place] as number) < end) {
      const next = takeStretch(sought, place, end, counted)
      if (next > place) {
        found.push(numbers[place] as number, (numbers[next - 1] as number) + 1)
        place = next
      } else {
        place++
      }
    }
  }
  return { sectors: { boundaries: found }, counted }
}

/** Takes sectors whose numbers follow each other, below `end` and up to one that was found; returns the next place. */
function takeStretch(sought: SoughtSectors, from: number, end: BitIndex, counted: Tally[]): number {
  const { numbers, kinds, isFound } = sought
  const offset = (numbers[from] as number) - from
  let place = from
  while (
    place < numbers.length &&
    numbers[place] === place + offset &&
    place + offset < end &&
    isFound[place] === 0
  ) {
    isFound[place] = 1
    countSector(counted, kinds[place] as SectorKind)
    place++
  }
  sought.left -= place - from
  return place
}

/** The number of the first of a set that was not found yet. Source: `check_no_early_sectors`. */
export function firstSought(
  { numbers, isFound }: SoughtSectors,
  { boundaries }: BitField,
): number | undefined {
  let place = 0
  for (let run = 0; run < boundaries.length; run += 2) {
    place = placeOf(numbers, boundaries[run] as BitIndex, place)
    const end = boundaries[run + 1] as BitIndex
    for (; place < numbers.length && (numbers[place] as number) < end; place++) {
      if (isFound[place] === 0) {
        return numbers[place]
      }
    }
  }
  return undefined
}

/** The first place from `from` on of a number that is `start` or more. */
function placeOf(numbers: readonly number[], start: BitIndex, from: number): number {
  // Where no number is left out on the way, the place is as far away as the number.
  const near = from + Number(start) - (numbers[from] ?? 0)
  if (near >= from && numbers[near] === start) {
    return near
  }
  let low = from
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] as number) < start) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

function isAscending(numbers: readonly number[]): boolean {
  for (let i = 1; i < numbers.length; i++) {
    if ((numbers[i - 1] as number) >= (numbers[i] as number)) {
      return false
    }
  }
  return true
}

function sortedByNumber({ numbers, kinds }: SectorList): SectorList {
  const byNumber = new Map(numbers.map((number, i) => [number, kinds[i] as SectorKind]))
  const sorted = [...byNumber].sort(([a], [b]) => a - b)
  return { numbers: sorted.map(([number]) => number), kinds: sorted.map(([, kind]) => kind) }
}
