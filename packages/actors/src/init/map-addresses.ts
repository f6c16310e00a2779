import type { Blockstore } from '@plimsoll/ipld'
import { type Address, actorId, idAddress } from '@plimsoll/primitives'
import { requireAllowed } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import { AddressMap, type InitState } from './state.ts'

/**
 * Gives a new actor its id, and makes both of its addresses lead to it. A delegated address that has an id
 * already keeps it.
 *
 * Source: builtin-actors v18, `actors/init/src/state.rs`, `map_addresses_to_id`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` when the robust address is taken.
 */
export function mapAddressesToId(
  store: Blockstore,
  state: Draft<InitState>,
  robustAddress: Address,
  delegatedAddress: Address | null,
): { readonly actor: Address; readonly isExisting: boolean } {
  const map = AddressMap.load(store, state.addressMap)
  const existing = delegatedAddress === null ? undefined : map.get(delegatedAddress)
  const id = actorId(existing ?? state.nextId)
  if (existing === undefined) {
    state.nextId++
    if (delegatedAddress !== null) {
      map.set(delegatedAddress, id)
    }
  }
  requireAllowed(!map.has(robustAddress), 'the robust address is in the address map already')
  map.set(robustAddress, id)
  state.addressMap = map.flush()
  return { actor: idAddress(id), isExisting: existing !== undefined }
}
