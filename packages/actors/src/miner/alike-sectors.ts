import type { SectorFigures } from './types.ts'

/** Sectors that differ in nothing but their numbers, so that each has the same power and money as the others. */
export interface AlikeSectors {
  readonly sector: SectorFigures
  readonly count: number
}

/**
 * Counts alike sectors together where they are met in a row or in turn: neighbours were often sealed together, some of
 * them with data and some without. A sum over sectors is one over these, each taken `count` times.
 *
 * Source: builtin-actors v18, `actors/miner/src/sectors.rs`, `power_for_sectors`, whose sums go from sector to sector.
 */
export function countAlike(sectors: Iterable<SectorFigures>): readonly AlikeSectors[] {
  const counted: Tally[] = []
  let last: Tally | undefined
  let other: Tally | undefined
  for (const sector of sectors) {
    if (last === undefined || !isAlike(last.sector, sector)) {
      const before = last
      if (other !== undefined && isAlike(other.sector, sector)) {
        last = other
      } else {
        last = { sector, count: 0 }
        counted.push(last)
      }
      other = before
    }
    last.count++
  }
  return counted
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
