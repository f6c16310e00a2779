import { address, tuple, type ValueOf } from '@plimsoll/ipld'

/** The state of an account: its key address. CBOR tuple. Source: builtin-actors v18, `actors/account/src/state.rs`. */
export const AccountState = tuple('AccountState', { address })
export type AccountState = ValueOf<typeof AccountState>
