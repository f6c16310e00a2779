import type { AttoFil } from '@plimsoll/primitives'
import type { SectorKind } from './types.ts'

/** Sectors that differ in nothing but their numbers, so that each has the same power and money as the others. */
export interface AlikeSectors {
  readonly sector: SectorKind
  readonly count: number
}

/**
 * Counts alike sectors together where they are met in a row, or two or three kinds of them in turn: neighbours were
 * often sealed together, some of them with data and some without. A sum over sectors is one over these, each taken
 * `count` times.
 *
 * Source: builtin-actors v18, `actors/miner/src/sectors.rs`, `power_for_sectors`, whose sums go from sector to sector.
 */
export function countAlike(sectors: Iterable<SectorKind>): readonly AlikeSectors[] {
  const counted: Tally[] = []
  for (const sector of sectors) {
    countSector(counted, sector)
  }
  return counted
}

/** Counts one more sector; at the end of the list are the kinds that were met last. */
export function countSector(counted: Tally[], sector: SectorKind): void {
  const last = counted.length > 0 ? counted[counted.length - 1] : undefined
  const isLast = last !== undefined && last.sector === sector
  const tally = isLast ? last : (meetAgain(counted, sector) ?? meet(counted, sector))
  tally.count++
}

/** The recent one that a sector is like; it is the last then. */
function meetAgain(counted: Tally[], sector: SectorKind): Tally | undefined {
  const oldest = Math.max(0, counted.length - RECENT_KINDS)
  for (let place = counted.length - 1; place >= oldest; place--) {
    // Kinds that were read from the state are shared, and looking into none of them finds most.
    if ((counted[place] as Tally).sector === sector) {
      return moveToEnd(counted, place)
    }
  }
  for (let place = counted.length - 1; place >= oldest; place--) {
    if (isAlike((counted[place] as Tally).sector, sector)) {
      return moveToEnd(counted, place)
    }
  }
  return undefined
}

function moveToEnd(counted: Tally[], place: number): Tally {
  const tally = counted[place] as Tally
  for (let i = place + 1; i < counted.length; i++) {
    counted[i - 1] = counted[i] as Tally
  }
  counted[counted.length - 1] = tally
  return tally
}

function meet(counted: Tally[], sector: SectorKind): Tally {
  const tally = { sector, count: 0 }
  counted.push(tally)
  return tally
}

/**
 * How many different sectors are looked back at. Of one epoch and price a provider has sectors with data and without in
 * turn, and among them one that is like no other; more than three are hardly ever met again.
 */
export const RECENT_KINDS = 3

/** The sum of an amount that each of so many sectors has. */
export function times(amount: bigint, count: number): bigint {
  // Most products would be by one, where sectors are like no other.
  return count === 1 ? amount : amount * BigInt(count)
}

/** Source: builtin-actors v18, `actors/miner/src/sectors.rs`, `daily_fee_for_sectors`. */
export function dailyFeeOfAlike(counted: readonly AlikeSectors[]): AttoFil {
  let sum = 0n
  for (const { sector, count } of counted) {
    sum += times(sector.dailyFee, count)
  }
  return sum
}

export function initialPledgeOfAlike(counted: readonly AlikeSectors[]): AttoFil {
  let sum = 0n
  for (const { sector, count } of counted) {
    sum += times(sector.initialPledge, count)
  }
  return sum
}

/** Sectors that more may be counted to. */
export interface Tally extends AlikeSectors {
  count: number
}

function isAlike(a: SectorKind, b: SectorKind): boolean {
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
