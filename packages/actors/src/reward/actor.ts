import { type ActorCode, method } from '../runtime/dispatch.ts'
import { awardBlockReward } from './methods/award-block-reward.ts'
import { rewardConstructor } from './methods/constructor.ts'
import { thisEpochReward } from './methods/this-epoch-reward.ts'
import { updateNetworkKpi } from './methods/update-network-kpi.ts'
import {
  AWARD_BLOCK_REWARD_METHOD,
  AwardBlockRewardParams,
  ConstructorParams,
  THIS_EPOCH_REWARD_METHOD,
  ThisEpochRewardReturn,
  UPDATE_NETWORK_KPI_METHOD,
  UpdateNetworkKPIParams,
} from './types.ts'

/** The methods of the reward actor. Source: the same file. */
export const REWARD_ACTOR: ActorCode = {
  name: 'reward',
  methods: new Map([
    [1, method('Constructor', { params: ConstructorParams }, rewardConstructor)],
    [
      AWARD_BLOCK_REWARD_METHOD,
      method('AwardBlockReward', { params: AwardBlockRewardParams }, awardBlockReward),
    ],
    [
      THIS_EPOCH_REWARD_METHOD,
      method('ThisEpochReward', { returns: ThisEpochRewardReturn }, thisEpochReward),
    ],
    [
      UPDATE_NETWORK_KPI_METHOD,
      method('UpdateNetworkKPI', { params: UpdateNetworkKPIParams }, updateNetworkKpi),
    ],
  ]),
}
