import { type BitField, unionBitFields } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'

/**
 * Sectors that were terminated early and are to be charged, by the epoch of their termination, with what has been
 * looked at to find them.
 *
 * Source of everything here: builtin-actors v18, `actors/miner/src/termination.rs`.
 */
export interface TerminationResult {
  readonly sectors: ReadonlyMap<ChainEpoch, BitField>
  readonly partitionsProcessed: number
  readonly sectorsProcessed: number
}

export const NO_TERMINATIONS: TerminationResult = {
  sectors: new Map(),
  partitionsProcessed: 0,
  sectorsProcessed: 0,
}

/** Source: `AddAssign`. */
export function addTerminations(a: TerminationResult, b: TerminationResult): TerminationResult {
  const sectors = new Map(a.sectors)
  for (const [epoch, added] of b.sectors) {
    const present = sectors.get(epoch)
    sectors.set(epoch, present === undefined ? added : unionBitFields(present, added))
  }
  return {
    sectors,
    partitionsProcessed: a.partitionsProcessed + b.partitionsProcessed,
    sectorsProcessed: a.sectorsProcessed + b.sectorsProcessed,
  }
}

/** Source: `below_limit`. */
export function isBelowLimit(result: TerminationResult, maxPartitions: number, maxSectors: number): boolean {
  return result.partitionsProcessed < maxPartitions && result.sectorsProcessed < maxSectors
}

/** Source: `is_empty`. */
export function hasNoTerminations(result: TerminationResult): boolean {
  return result.sectorsProcessed === 0
}

/** The sectors with the epoch of their termination, by ascending epoch. Source: `iter`. */
export function terminationsByEpoch(result: TerminationResult): readonly (readonly [ChainEpoch, BitField])[] {
  return [...result.sectors].sort(([a], [b]) => a - b)
}
