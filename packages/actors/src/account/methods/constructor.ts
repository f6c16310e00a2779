import { type Address, AddressProtocol, protocolOf, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { AccountState } from '../state.ts'

/**
 * Method 1, `Constructor`.
 *
 * Source: builtin-actors v18, `actors/account/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system; `USR_ILLEGAL_ARGUMENT` for an address of no key.
 */
export function accountConstructor(rt: Runtime, address: Address): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  const protocol = protocolOf(address)
  requireParam(
    protocol === AddressProtocol.Secp256k1 || protocol === AddressProtocol.Bls,
    'the address of an account is that of a key',
  )
  rt.create(AccountState, { address })
}
