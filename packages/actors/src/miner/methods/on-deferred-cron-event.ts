import { CodecError, decodeCbor } from '@plimsoll/ipld'
import { ExitCode, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import { ActorError } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { handleProvingDeadline } from '../handle-proving-deadline.ts'
import type { DeferredCronEventParams } from '../method-types.ts'
import { processEarlyTerminations } from '../process-early-terminations.ts'
import { scheduleEarlyTerminationWork } from '../sends.ts'
import { checkBalanceInvariants } from '../state/funds.ts'
import { MinerState } from '../state.ts'
import {
  CRON_EVENT_PROCESS_EARLY_TERMINATIONS,
  CRON_EVENT_PROVING_DEADLINE,
  CronEventPayload,
} from '../types.ts'

/**
 * Method 12, `OnDeferredCronEvent`: what a miner had itself called back for. A failure costs it its claim.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `on_deferred_cron_event`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the power actor; `USR_ILLEGAL_STATE` for a payload that is none.
 */
export function onDeferredCronEvent(rt: Runtime, params: DeferredCronEventParams): void {
  rt.validateImmediateCallerIs([STORAGE_POWER_ACTOR_ADDR])
  const estimates = { reward: params.rewardSmoothed, qaPower: params.qualityAdjPowerSmoothed }
  switch (eventTypeOf(params.eventPayload)) {
    case CRON_EVENT_PROVING_DEADLINE:
      handleProvingDeadline(rt, estimates)
      break
    case CRON_EVENT_PROCESS_EARLY_TERMINATIONS:
      if (processEarlyTerminations(rt, estimates)) {
        scheduleEarlyTerminationWork(rt)
      }
      break
    default:
    // Nothing is due; the reference only logs it.
  }
  checkBalanceInvariants(rt.state(MinerState), rt.currentBalance())
}

function eventTypeOf(payload: Uint8Array): number {
  try {
    return decodeCbor(CronEventPayload, payload).eventType
  } catch (error) {
    throw error instanceof CodecError ? new ActorError(ExitCode.USR_ILLEGAL_STATE, error.message) : error
  }
}
