import { addPower, CONSENSUS_MINER_MIN_MINERS, type PowerPair, ZERO_POWER } from '@plimsoll/actors'
import type { StoragePower } from '@plimsoll/primitives'

/** Whose power is in the network's total, and who meets the minimum. */
export interface TodaysTable {
  /** Miners with at least the minimum of raw power. */
  readonly minersAboveMinimum: number
  /** Those that meet the minimum, which it is enough to have any power for while few are above it; ascending. */
  readonly meetsMinimum: readonly number[]
  /** Of all claims. */
  readonly committed: PowerPair
  /** Of the claims above the minimum. */
  readonly aboveMinimum: PowerPair
  /** What shares are of: that of the claims above the minimum, once they are enough, and until then of all. */
  readonly currentTotal: PowerPair
}

/**
 * Works today's table out of a whole set of claims; the actor keeps the same sums up claim by claim.
 *
 * Source: builtin-actors v18, `actors/power/src/state.rs`, `miner_nominal_power_meets_consensus_minimum` and
 * `current_total_power`.
 */
export function todaysTable(claims: readonly PowerPair[], minimumPower: StoragePower): TodaysTable {
  const above = claims.filter(({ raw }) => raw >= minimumPower)
  const [committed, aboveMinimum] = [sumOf(claims), sumOf(above)]
  const isSmallNetwork = above.length < CONSENSUS_MINER_MIN_MINERS
  const meets = ({ raw }: PowerPair) => raw >= minimumPower || (isSmallNetwork && raw > 0n)
  return {
    minersAboveMinimum: above.length,
    meetsMinimum: claims.flatMap((claim, index) => (meets(claim) ? [index] : [])),
    committed,
    aboveMinimum,
    currentTotal: isSmallNetwork ? committed : aboveMinimum,
  }
}

function sumOf(claims: readonly PowerPair[]): PowerPair {
  return claims.reduce(addPower, ZERO_POWER)
}
