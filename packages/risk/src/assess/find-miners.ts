import { type ActorRecord, requireActor } from '@plimsoll/actors'
import { within } from '@plimsoll/ipld'
import { type ActorId, findActorId, formatActorId } from '@plimsoll/primitives'
import { AssessError, type NetworkView } from './network-view.ts'

/** A miner's id and its record in the state tree. */
export interface MinerEntry {
  readonly id: ActorId
  readonly record: ActorRecord
}

/** All miners of a state, by ascending id. */
export function findMiners(view: NetworkView): readonly MinerEntry[] {
  const miners: MinerEntry[] = []
  for (const [address, record] of within('actors', () => [...view.tree.actors.entries()])) {
    const id = findActorId(address)
    if (id !== undefined && view.codes.nameOf(record.code) === 'storageminer') {
      miners.push({ id, record })
    }
  }
  return miners.sort((a, b) => a.id - b.id)
}

/**
 * One miner.
 *
 * @throws {StateError} `ACTOR_NOT_FOUND`
 * @throws {AssessError} `NOT_A_MINER`
 */
export function requireMiner(view: NetworkView, id: ActorId): MinerEntry {
  const record = requireActor(view.tree, id)
  const name = view.codes.nameOf(record.code)
  if (name !== 'storageminer') {
    throw new AssessError('NOT_A_MINER', `${formatActorId(id)} is a ${name} actor, not a storage miner`, {
      id,
      name,
    })
  }
  return { id, record }
}
