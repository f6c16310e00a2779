import { type ActorId, AddressProtocol, FIRST_NON_SINGLETON_ID, protocolOf } from '@plimsoll/primitives'
import type { Findings } from '../invariants/findings.ts'
import type { AccountState } from './state.ts'

/** Source: builtin-actors v18, `actors/account/src/testing.rs`, `check_state_invariants`. */
export function checkAccountInvariants(id: ActorId, state: AccountState, findings: Findings): void {
  const protocol = protocolOf(state.address)
  findings.require(
    id < FIRST_NON_SINGLETON_ID || protocol === AddressProtocol.Bls || protocol === AddressProtocol.Secp256k1,
    'account/key-address',
    () => `an address of protocol ${protocol}`,
  )
}
