import { requireInvariant, requireState } from '../runtime/actor-error.ts'
import type { SectorOnChainInfo } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/deadline_assignment.rs`. */

/** A deadline that can take sectors, with how many it has. */
export interface AssignableDeadline {
  readonly index: number
  readonly liveSectors: number
  readonly totalSectors: number
}

interface Candidate {
  readonly index: number
  liveSectors: number
  totalSectors: number
}

/**
 * Spreads sectors over deadlines so that proofs stay few: each goes to where it costs the fewest partitions, after
 * compaction first and then today; then to a deadline with an open partition, the fuller first; then to the one
 * with the fewest live sectors; then to the first.
 *
 * Source: `assign_deadlines`. Ours looks through the deadlines for each sector, which are at most 48.
 *
 * @returns the sectors of each deadline, by its index.
 * @throws {ActorError} `USR_ILLEGAL_STATE` when every deadline is full.
 */
export function assignDeadlines(
  maxPartitions: number,
  partitionSize: number,
  deadlines: readonly AssignableDeadline[],
  sectors: readonly SectorOnChainInfo[],
): ReadonlyMap<number, readonly SectorOnChainInfo[]> {
  const candidates: Candidate[] = deadlines.map((deadline) => ({ ...deadline }))
  const assigned = new Map<number, SectorOnChainInfo[]>()
  for (const sector of sectors) {
    const best = candidates.reduce<Candidate | undefined>(
      (least, candidate) =>
        least === undefined || compareCandidates(candidate, least, partitionSize) < 0 ? candidate : least,
      undefined,
    )
    requireInvariant(best !== undefined, 'no deadline can take sectors')
    requireState(best.totalSectors < partitionSize * maxPartitions, 'all deadlines have all their partitions')
    best.liveSectors++
    best.totalSectors++
    const present = assigned.get(best.index)
    if (present === undefined) {
      assigned.set(best.index, [sector])
    } else {
      present.push(sector)
    }
  }
  return assigned
}

/** Source: `cmp`. Two deadlines are never equal, since their indices differ. */
function compareCandidates(a: Candidate, b: Candidate, partitionSize: number): number {
  const isFullA = a.totalSectors % partitionSize === 0
  const isFullB = b.totalSectors % partitionSize === 0
  return (
    partitionsAfter(a.liveSectors, partitionSize) - partitionsAfter(b.liveSectors, partitionSize) ||
    partitionsAfter(a.totalSectors, partitionSize) - partitionsAfter(b.totalSectors, partitionSize) ||
    Number(isFullA) - Number(isFullB) ||
    (isFullA || isFullB ? 0 : b.totalSectors - a.totalSectors) ||
    a.liveSectors - b.liveSectors ||
    a.index - b.index
  )
}

function partitionsAfter(sectors: number, partitionSize: number): number {
  return Math.ceil((sectors + 1) / partitionSize)
}
