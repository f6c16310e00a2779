import type { Runtime } from '../../runtime/runtime.ts'
import { RewardState } from '../state.ts'
import type { ThisEpochRewardReturn } from '../types.ts'

/** Method 3, `ThisEpochReward`. Source: builtin-actors v18, `actors/reward/src/lib.rs`, `this_epoch_reward`. */
export function thisEpochReward(rt: Runtime): ThisEpochRewardReturn {
  rt.validateImmediateCallerAcceptAny()
  const { thisEpochRewardSmoothed, thisEpochBaselinePower } = rt.state(RewardState)
  return { thisEpochRewardSmoothed, thisEpochBaselinePower }
}
