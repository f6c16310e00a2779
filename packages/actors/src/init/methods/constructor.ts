import { FIRST_NON_SINGLETON_ID, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import type { Runtime } from '../../runtime/runtime.ts'
import { AddressMap, InitState } from '../state.ts'
import type { ConstructorParams } from '../types.ts'

/**
 * Method 1, `Constructor`.
 *
 * Source: builtin-actors v18, `actors/init/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system.
 */
export function initConstructor(rt: Runtime, { networkName }: ConstructorParams): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  const addressMap = AddressMap.empty(rt.store).flush()
  rt.create(InitState, { addressMap, nextId: FIRST_NON_SINGLETON_ID, networkName })
}
