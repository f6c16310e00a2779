import {
  type BitField,
  type Blockstore,
  bitField,
  containsAnyBits,
  encodeRlePlus,
  load,
  MAX_BIT_FIELD_BYTES,
  save,
  unionBitFields,
} from '@plimsoll/ipld'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { MinerState } from '../state.ts'

/** Whether numbers that are taken already are a failure. Source: builtin-actors v18, `actors/miner/src/state.rs`, `CollisionPolicy`. */
export type CollisionPolicy = 'allowCollisions' | 'denyCollisions'

/**
 * Takes sector numbers, each of which a miner can use once.
 *
 * Source: the same file, `allocate_sector_numbers`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when one is taken, or when the set of them all becomes too large.
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
  requireParam(
    encodeRlePlus(together).length <= MAX_BIT_FIELD_BYTES,
    'the set of allocated sector numbers is too large',
  )
  state.allocatedSectors = save(store, bitField, together)
}
