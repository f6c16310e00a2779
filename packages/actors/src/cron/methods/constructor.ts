import { SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import type { Runtime } from '../../runtime/runtime.ts'
import { CronState } from '../state.ts'

/**
 * Method 1, `Constructor`, whose parameters are the state.
 *
 * Source: builtin-actors v18, `actors/cron/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system.
 */
export function cronConstructor(rt: Runtime, { entries }: CronState): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  rt.create(CronState, { entries })
}
