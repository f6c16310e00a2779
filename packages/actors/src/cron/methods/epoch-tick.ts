import { SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import { methodNumOf } from '../../runtime/method-num.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { CronState } from '../state.ts'

/**
 * Method 2, `EpochTick`: calls every entry, in order. That one fails stops nothing.
 *
 * Source: builtin-actors v18, `actors/cron/src/lib.rs`, `epoch_tick`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system.
 */
export function epochTick(rt: Runtime): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  for (const { receiver, methodNum } of rt.state(CronState).entries) {
    rt.send(receiver, methodNumOf(methodNum), null, 0n)
  }
}
