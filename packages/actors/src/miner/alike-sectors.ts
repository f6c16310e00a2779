import type { SectorFigures } from './types.ts'

/** Sectors that differ in nothing but their numbers, so that each has the same power and money as the others. */
export interface AlikeSectors {
  readonly sector: SectorFigures
  readonly count: number
}

/**
 * Counts alike sectors together where they are met in a row, or two or three kinds of them in turn: neighbours were
 * often sealed together, some of them with data and some without. A sum over sectors is one over these, each taken
 * `count` times.
 *
 * Source: builtin-actors v18, `actors/miner/src/sectors.rs`, `power_for_sectors`, whose sums go from sector to sector.
 */
export function countAlike(sectors: Iterable<SectorFigures>): readonly AlikeSectors[] {
  const counted: Tally[] = []
  /** Those that were met last, the latest first. */
  const recent: Tally[] = []
  let latest: Tally | undefined
  for (const sector of sectors) {
    if (latest === undefined || !isAlike(latest.sector, sector)) {
      latest = meetAgain(recent, sector) ?? meet(recent, sector, counted)
    }
    latest.count++
  }
  return counted
}

/** The recent one that a sector is like, unless it is the latest; it is the latest then. */
function meetAgain(recent: Tally[], sector: SectorFigures): Tally | undefined {
  for (let place = 1; place < recent.length; place++) {
    const tally = recent[place] as Tally
    if (isAlike(tally.sector, sector)) {
      moveToFront(recent, place)
      return tally
    }
  }
  return undefined
}

function meet(recent: Tally[], sector: SectorFigures, counted: Tally[]): Tally {
  const tally = { sector, count: 0 }
  counted.push(tally)
  const place = Math.min(recent.length, RECENT_KINDS - 1)
  recent[place] = tally
  moveToFront(recent, place)
  return tally
}

/**
 * How many different sectors are looked back at. Of one epoch and price a provider has sectors with data and without in
 * turn, and among them one that is like no other; more than three are hardly ever met again.
 */
export const RECENT_KINDS = 3

/** Puts the item at a place first, and moves those before it by one. */
export function moveToFront<T>(list: T[], place: number): void {
  const item = list[place] as T
  for (let i = place; i > 0; i--) {
    list[i] = list[i - 1] as T
  }
  list[0] = item
}

/** The sum of an amount that each of so many sectors has. */
export function times(amount: bigint, count: number): bigint {
  // Most products would be by one, where sectors are like no other.
  return count === 1 ? amount : amount * BigInt(count)
}

interface Tally extends AlikeSectors {
  count: number
}

function isAlike(a: SectorFigures, b: SectorFigures): boolean {
  return (
    a.expiration === b.expiration &&
    a.initialPledge === b.initialPledge &&
    a.verifiedDealWeight === b.verifiedDealWeight &&
    a.dailyFee === b.dailyFee &&
    a.activation === b.activation &&
    a.powerBaseEpoch === b.powerBaseEpoch &&
    a.dealWeight === b.dealWeight
  )
}
