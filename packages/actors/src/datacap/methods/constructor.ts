import { type Address, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { DatacapState } from '../state.ts'
import { newTokenState } from '../token-state.ts'

/**
 * Method 1, `Constructor`. The governor is stored as the address that it was given as.
 *
 * Source: builtin-actors v18, `actors/datacap/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system; `USR_ILLEGAL_ARGUMENT` for an unknown address.
 */
export function datacapConstructor(rt: Runtime, governor: Address): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  requireParam(rt.resolveAddress(governor) !== undefined, 'the address of the governor is unknown')
  rt.create(DatacapState, { governor, token: newTokenState(rt.store) })
}
