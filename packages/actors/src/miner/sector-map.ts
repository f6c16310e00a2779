import { addIndex, type BitField, type BitIndex, countBits, unionBitFields } from '@plimsoll/ipld'
import type { Policy } from '../policy.ts'
import { requireParam } from '../runtime/actor-error.ts'
import type { SectorDeclaration } from './method-types.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/sector_map.rs`. */

/** Sets of sectors by the number of their partition, ascending. */
export type PartitionSectorMap = ReadonlyMap<bigint, BitField>

/** Partitions with their sectors by the index of their deadline, ascending. */
export type DeadlineSectorMap = ReadonlyMap<number, PartitionSectorMap>

/**
 * Brings declarations together, those for one partition as one set.
 *
 * Source: `DeadlineSectorMap::add`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a deadline that there is not.
 */
export function deadlineSectorMap(
  policy: Policy,
  declarations: readonly SectorDeclaration[],
): DeadlineSectorMap {
  const deadlines = new Map<number, Map<bigint, BitField>>()
  for (const { deadline, partition, sectors } of declarations) {
    requireParam(deadline < policy.wpostPeriodDeadlines, () => `invalid deadline ${deadline}`)
    const index = Number(deadline)
    const partitions = deadlines.get(index) ?? new Map<bigint, BitField>()
    const present = partitions.get(partition)
    partitions.set(partition, present === undefined ? sectors : unionBitFields(present, sectors))
    deadlines.set(index, partitions)
  }
  return new Map(
    sortedEntries(deadlines).map(([index, partitions]) => [index, new Map(sortedEntries(partitions))]),
  )
}

/** How much is declared. Source: `DeadlineSectorMap::count`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` beyond 64 bits. */
export function countDeclared(map: DeadlineSectorMap): {
  readonly partitions: number
  readonly sectors: BitIndex
} {
  let partitions = 0
  let sectors: BitIndex = 0
  for (const partitionMap of map.values()) {
    partitions += partitionMap.size
    for (const numbers of partitionMap.values()) {
      sectors = addIndex(sectors, countBits(numbers))
    }
  }
  requireParam(sectors < 1n << 64n, 'more than 2^64 sectors are addressed')
  return { partitions, sectors }
}

/** Source: `DeadlineSectorMap::check`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function requireDeclaredAtMost(
  map: DeadlineSectorMap,
  maxPartitions: number,
  maxSectors: number,
): void {
  const { partitions, sectors } = countDeclared(map)
  requireParam(partitions <= maxPartitions, () => `too many partitions ${partitions}, max ${maxPartitions}`)
  requireParam(sectors <= maxSectors, () => `too many sectors ${sectors}, max ${maxSectors}`)
}

function sortedEntries<K extends number | bigint, V>(map: ReadonlyMap<K, V>): (readonly [K, V])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
