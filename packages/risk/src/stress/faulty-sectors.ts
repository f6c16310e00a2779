import { divCeil } from '@plimsoll/primitives'
import type { PredictedMiner } from '../plan/predict-state.ts'
import type { Draw, MinerShock } from './draw-shock.ts'
import { uniformOf } from './draws/generator.ts'

/**
 * Which live sectors of a miner a shock makes faulty, by their numbers: whole units in an order that the seed, the draw
 * and the miner decide, until they are at least the share of the sectors. So a larger share has all the sectors of a
 * smaller one, and shocks of the same file share the order.
 */
export function faultySectors(
  miner: PredictedMiner,
  id: number,
  { faultyShare, faultyUnit }: Pick<MinerShock, 'faultyShare' | 'faultyUnit'>,
  { seed, index }: Pick<Draw, 'seed' | 'index'>,
): ReadonlySet<number> {
  const units = unitsOf(miner, faultyUnit)
  const live = units.reduce((sum, { sectors }) => sum + sectors.length, 0)
  const wanted = Number(divCeil(BigInt(live) * faultyShare.num, faultyShare.denom))
  const ordered = units
    .map((unit) => ({ ...unit, rank: uniformOf(seed, ['order', index, id, faultyUnit, ...unit.key]) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
  const faulty = new Set<number>()
  for (const { sectors } of ordered) {
    if (faulty.size >= wanted) {
      break
    }
    for (const sector of sectors) {
      faulty.add(sector)
    }
  }
  return faulty
}

interface Unit {
  readonly key: readonly number[]
  readonly sectors: readonly number[]
}

/** What fails as one: a sector, what is proven together, or what is proven in the same half hour. */
function unitsOf({ deadlines }: PredictedMiner, unit: MinerShock['faultyUnit']): readonly Unit[] {
  const partitions = deadlines.flatMap(({ partitions: own }, deadline) =>
    own.map(({ index, live }) => ({ key: [deadline, index], sectors: [...live.keys()] })),
  )
  switch (unit) {
    case 'partitions':
      return partitions
    case 'deadlines':
      return deadlines.map((_, deadline) => ({
        key: [deadline],
        sectors: partitions.flatMap(({ key, sectors }) => (key[0] === deadline ? sectors : [])),
      }))
    case 'sectors':
      return partitions.flatMap(({ sectors }) =>
        sectors.map((sector) => ({ key: [sector], sectors: [sector] })),
      )
  }
}
