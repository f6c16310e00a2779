import type { Address } from '@plimsoll/primitives'
import type { Runtime } from '../../runtime/runtime.ts'
import { AccountState } from '../state.ts'

/** Method 2, `PubkeyAddress`. Source: builtin-actors v18, `actors/account/src/lib.rs`, `pubkey_address`. */
export function pubkeyAddress(rt: Runtime): Address {
  rt.validateImmediateCallerAcceptAny()
  return rt.state(AccountState).address
}
