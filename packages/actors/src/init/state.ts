import { addressKey, hamt, text, tuple, uint, type ValueOf } from '@plimsoll/ipld'

/** Every address but f0 to the actor's id. Source: builtin-actors v18, `actors/init/src/state.rs`. */
export const AddressMap = hamt(addressKey, uint, { bitWidth: 5 })

/** The state of the init actor. CBOR tuple, unchanged from v8 on. Source: the same file, `State`. */
export const InitState = tuple('InitState', { addressMap: AddressMap.link, nextId: uint, networkName: text })
export type InitState = ValueOf<typeof InitState>
