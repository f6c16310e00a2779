import { type StoragePower, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { initialRewardState } from '../minting.ts'
import { RewardState } from '../state.ts'

/**
 * Method 1, `Constructor`.
 *
 * Source: builtin-actors v18, `actors/reward/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system; `USR_ILLEGAL_ARGUMENT` for null.
 */
export function rewardConstructor(rt: Runtime, power: StoragePower | null): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  requireParam(power !== null, 'the power must not be null')
  rt.create(RewardState, initialRewardState(power))
}
