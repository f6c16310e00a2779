import { attoFil, bigInt, chainEpoch, storagePower, tuple, type ValueOf } from '@plimsoll/ipld'
import { FilterEstimate } from '../smooth/alpha-beta-filter.ts'

/**
 * The state of the reward actor. `epoch` is the epoch of the next message: cron of the epoch before has set it.
 *
 * CBOR tuple, unchanged from v8 on. Source: builtin-actors v18, `actors/reward/src/state.rs`, `State`.
 */
export const RewardState = tuple('RewardState', {
  cumsumBaseline: bigInt,
  cumsumRealized: bigInt,
  effectiveNetworkTime: chainEpoch,
  effectiveBaselinePower: storagePower,
  thisEpochReward: attoFil,
  thisEpochRewardSmoothed: FilterEstimate,
  thisEpochBaselinePower: storagePower,
  epoch: chainEpoch,
  totalStoragePowerReward: attoFil,
  simpleTotal: attoFil,
  baselineTotal: attoFil,
})
export type RewardState = ValueOf<typeof RewardState>
