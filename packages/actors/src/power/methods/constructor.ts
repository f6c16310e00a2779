import { SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import type { Runtime } from '../../runtime/runtime.ts'
import { filterEstimate } from '../../smooth/alpha-beta-filter.ts'
import { Claims, CronEventQueue, PowerState } from '../state.ts'

/** What the network is assumed to have before anybody has anything. Source: builtin-actors v18, `actors/power/src/state.rs`. */
const INITIAL_QA_POWER_ESTIMATE_POSITION = 750_000n * (1n << 30n)
const INITIAL_QA_POWER_ESTIMATE_VELOCITY = 3840n * (1n << 30n)

/**
 * Method 1, `Constructor`.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system.
 */
export function powerConstructor(rt: Runtime): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  rt.create(PowerState, {
    totalRawBytePower: 0n,
    totalBytesCommitted: 0n,
    totalQualityAdjPower: 0n,
    totalQaBytesCommitted: 0n,
    totalPledgeCollateral: 0n,
    thisEpochRawBytePower: 0n,
    thisEpochQualityAdjPower: 0n,
    thisEpochPledgeCollateral: 0n,
    thisEpochQaPowerSmoothed: filterEstimate(
      INITIAL_QA_POWER_ESTIMATE_POSITION,
      INITIAL_QA_POWER_ESTIMATE_VELOCITY,
    ),
    minerCount: 0,
    minerAboveMinPowerCount: 0,
    rampStartEpoch: 0,
    rampDurationEpochs: 0,
    cronEventQueue: CronEventQueue.empty(rt.store).flush(),
    firstCronEpoch: 0,
    claims: Claims.empty(rt.store).flush(),
    proofValidationBatch: null,
  })
}
