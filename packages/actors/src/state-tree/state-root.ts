import { type Hamt, link, tuple, uint, type ValueOf } from '@plimsoll/ipld'
import type { Address } from '@plimsoll/primitives'
import type { ActorRecord } from './actor-record.ts'

/**
 * The root of a network's state: the version of its layout, its actors, and a block that is an empty tuple.
 *
 * CBOR tuple. Source: filecoin-project/lotus `chain/types/state.go`, `StateRoot`.
 */
export const StateRoot = tuple('StateRoot', {
  version: uint,
  actors: link<Hamt<Address, ActorRecord>>(),
  info: link<Uint8Array>(),
})
export type StateRoot = ValueOf<typeof StateRoot>
