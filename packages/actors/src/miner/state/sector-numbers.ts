import {
  type BitField,
  type Blockstore,
  bitField,
  containsAnyBits,
  load,
  save,
  unionBitFields,
} from '@plimsoll/ipld'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { serialize } from '../../runtime/send.ts'
import type { MinerState } from '../state.ts'

/** Whether numbers that are taken already are a failure. Source: builtin-actors v18, `actors/miner/src/state.rs`, `CollisionPolicy`. */
export type CollisionPolicy = 'allowCollisions' | 'denyCollisions'

/**
 * Takes sector numbers, each of which a miner can use once.
 *
 * Source: the same file, `allocate_sector_numbers`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when one is taken; `USR_SERIALIZATION` when the set of them all becomes
 * too large to be stored.
 */
export function allocateSectorNumbers(
  store: Blockstore,
  state: Draft<MinerState>,
  numbers: BitField,
  policy: CollisionPolicy,
): void {
  const allocated = load(store, bitField, state.allocatedSectors)
  requireParam(
    policy === 'allowCollisions' || !containsAnyBits(allocated, numbers),
    'sector numbers are allocated already',
  )
  const together = unionBitFields(allocated, numbers)
  // What is saved is encoded later; the call has to fail here.
  serialize(bitField, together)
  state.allocatedSectors = save(store, bitField, together)
}
