import { bigInt } from '@plimsoll/ipld'
import { type Address, CRON_ACTOR_ADDR, ExitCode, REWARD_ACTOR_ADDR } from '@plimsoll/primitives'
import { DeferredCronEventParams, ON_DEFERRED_CRON_EVENT_METHOD } from '../../miner/method-types.ts'
import {
  THIS_EPOCH_REWARD_METHOD,
  ThisEpochRewardReturn,
  UPDATE_NETWORK_KPI_METHOD,
} from '../../reward/types.ts'
import { ActorError } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { deserialize, sendAndReturn, serialize } from '../../runtime/send.ts'
import { type FilterEstimate, nextEstimate } from '../../smooth/alpha-beta-filter.ts'
import { currentTotalPower, deleteClaim, loadClaims } from '../claims.ts'
import { takeCronEvents } from '../cron-events.ts'
import { type CronEvent, PowerState } from '../state.ts'

/**
 * Method 5, `OnEpochTickEnd`: calls the miners whose events are due, takes the epoch's power down, and tells the
 * reward actor.
 *
 * The miners are given the estimates that the last tick left: of the reward as of its own call, of the power as of
 * this actor's state before any of them runs.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `on_epoch_tick_end`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by cron.
 */
export function onEpochTickEnd(rt: Runtime): void {
  rt.validateImmediateCallerIs([CRON_ACTOR_ADDR])
  const { thisEpochRewardSmoothed } = deserialize(
    ThisEpochRewardReturn,
    sendAndReturn(rt, REWARD_ACTOR_ADDR, THIS_EPOCH_REWARD_METHOD, null),
  )
  processDeferredCronEvents(rt, thisEpochRewardSmoothed)
  const rawBytePower = rt.transaction(PowerState, (state) => {
    const { raw, qa } = currentTotalPower(state)
    state.thisEpochPledgeCollateral = state.totalPledgeCollateral
    state.thisEpochQualityAdjPower = qa
    state.thisEpochRawBytePower = raw
    state.thisEpochQaPowerSmoothed = nextEstimate(state.thisEpochQaPowerSmoothed, qa, 1)
    return raw
  })
  sendAndReturn(rt, REWARD_ACTOR_ADDR, UPDATE_NETWORK_KPI_METHOD, serialize(bigInt, rawBytePower))
}

/** Source: `process_deferred_cron_events`. A miner whose callback fails loses its claim. */
function processDeferredCronEvents(rt: Runtime, rewardSmoothed: FilterEstimate): void {
  const { thisEpochQaPowerSmoothed } = rt.state(PowerState)
  const events = rt.transaction(PowerState, (state) => {
    const claims = loadClaims(rt.store, state)
    return takeCronEvents(rt.store, state, rt.currEpoch).filter(({ minerAddr }) => claims.has(minerAddr))
  })
  const failed = events.filter((event) => !callBack(rt, event, rewardSmoothed, thisEpochQaPowerSmoothed))
  if (failed.length > 0) {
    rt.transaction(PowerState, (state) =>
      deleteClaims(
        rt,
        state,
        failed.map(({ minerAddr }) => minerAddr),
      ),
    )
  }
}

function callBack(
  rt: Runtime,
  { minerAddr, callbackPayload }: CronEvent,
  rewardSmoothed: FilterEstimate,
  qualityAdjPowerSmoothed: FilterEstimate,
): boolean {
  const eventPayload = callbackPayload
  const params = serialize(DeferredCronEventParams, { eventPayload, rewardSmoothed, qualityAdjPowerSmoothed })
  const result = rt.send(minerAddr, ON_DEFERRED_CRON_EVENT_METHOD, params, 0n)
  return 'exitCode' in result && result.exitCode === ExitCode.OK
}

/** A claim that cannot be deleted stays, with what the attempt has done to the totals. */
function deleteClaims(rt: Runtime, state: Draft<PowerState>, miners: readonly Address[]): void {
  const claims = loadClaims(rt.store, state)
  for (const miner of miners) {
    try {
      deleteClaim(rt.policy, state, claims, miner)
      state.minerCount--
    } catch (error) {
      if (!(error instanceof ActorError)) {
        throw error
      }
    }
  }
  state.claims = claims.flush()
}
