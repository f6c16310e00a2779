import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { appendCronEvent } from '../cron-events.ts'
import { PowerState } from '../state.ts'
import type { EnrollCronEventParams } from '../types.ts'

/**
 * Method 4, `EnrollCronEvent`: has the calling miner called back at an epoch.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `enroll_cron_event`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a miner; `USR_ILLEGAL_ARGUMENT` for a negative epoch.
 */
export function enrollCronEvent(rt: Runtime, { eventEpoch, payload }: EnrollCronEventParams): void {
  rt.validateImmediateCallerType(['storageminer'])
  requireParam(eventEpoch >= 0n, 'the epoch of a cron event cannot be less than zero')
  const event = { minerAddr: rt.message.caller, callbackPayload: payload }
  rt.transaction(PowerState, (state) => appendCronEvent(rt.store, state, Number(eventEpoch), event))
}
