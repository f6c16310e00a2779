import { address, attoFil, bigInt, i64, nullable, storagePower, tuple, type ValueOf } from '@plimsoll/ipld'
import { FilterEstimate } from '../smooth/alpha-beta-filter.ts'

/** Source of everything here: builtin-actors v18, `actors/reward/src/types.rs`. */

/** Parameters of the constructor: the network's raw power. */
export const ConstructorParams = nullable(bigInt)

/** Parameters of method 2, `AwardBlockReward`. CBOR tuple. */
export const AwardBlockRewardParams = tuple('AwardBlockRewardParams', {
  miner: address,
  penalty: attoFil,
  gasReward: attoFil,
  winCount: i64,
})
export type AwardBlockRewardParams = ValueOf<typeof AwardBlockRewardParams>

/** What method 3, `ThisEpochReward`, returns. CBOR tuple. Source: `runtime/src/builtin/reward/mod.rs`. */
export const ThisEpochRewardReturn = tuple('ThisEpochRewardReturn', {
  thisEpochRewardSmoothed: FilterEstimate,
  thisEpochBaselinePower: storagePower,
})
export type ThisEpochRewardReturn = ValueOf<typeof ThisEpochRewardReturn>

/** Parameters of method 4, `UpdateNetworkKPI`: the network's raw power. */
export const UpdateNetworkKPIParams = nullable(bigInt)

/** Source: builtin-actors v18, `actors/reward/src/lib.rs`, `Method`. */
export const AWARD_BLOCK_REWARD_METHOD = 2

/** Source: builtin-actors v18, `actors/reward/src/lib.rs`, `Method`. */
export const THIS_EPOCH_REWARD_METHOD = 3

/** Source: builtin-actors v18, `actors/reward/src/lib.rs`, `Method`. */
export const UPDATE_NETWORK_KPI_METHOD = 4
