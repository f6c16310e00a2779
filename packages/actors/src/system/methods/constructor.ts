import { save } from '@plimsoll/ipld'
import { SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import type { Runtime } from '../../runtime/runtime.ts'
import { BuiltinActors, SystemState } from '../state.ts'

/**
 * Method 1, `Constructor`.
 *
 * Source: builtin-actors v18, `actors/system/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system.
 */
export function systemConstructor(rt: Runtime): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  rt.create(SystemState, { builtinActors: save(rt.store, BuiltinActors, []) })
}
