import {
  address,
  attoFil,
  bool,
  bytes,
  chainEpoch,
  i64,
  int,
  list,
  storagePower,
  tuple,
  u64,
  type ValueOf,
} from '@plimsoll/ipld'
import { FilterEstimate } from '../smooth/alpha-beta-filter.ts'

/**
 * Return value of method 9, `CurrentTotalPower`. CBOR tuple.
 *
 * Source: builtin-actors v18, `actors/power/src/types.rs`.
 */
export const CurrentTotalPowerReturn = tuple('CurrentTotalPowerReturn', {
  rawBytePower: storagePower,
  qualityAdjPower: storagePower,
  pledgeCollateral: attoFil,
  qualityAdjPowerSmoothed: FilterEstimate,
  rampStartEpoch: chainEpoch,
  rampDurationEpochs: u64,
})
export type CurrentTotalPowerReturn = ValueOf<typeof CurrentTotalPowerReturn>

/** Source of everything below: builtin-actors v18, `actors/power/src/types.rs`. */

/** Parameters of method 2, `CreateMiner`. CBOR tuple. */
export const CreateMinerParams = tuple('CreateMinerParams', {
  owner: address,
  worker: address,
  windowPostProofType: i64,
  peer: bytes,
  multiaddrs: list(bytes),
})
export type CreateMinerParams = ValueOf<typeof CreateMinerParams>

/** What it returns. CBOR tuple. */
export const CreateMinerReturn = tuple('CreateMinerReturn', { idAddress: address, robustAddress: address })
export type CreateMinerReturn = ValueOf<typeof CreateMinerReturn>

/** Parameters of method 3, `UpdateClaimedPower`. CBOR tuple. */
export const UpdateClaimedPowerParams = tuple('UpdateClaimedPowerParams', {
  rawByteDelta: storagePower,
  qualityAdjustedDelta: storagePower,
})
export type UpdateClaimedPowerParams = ValueOf<typeof UpdateClaimedPowerParams>

/** Parameters of method 4, `EnrollCronEvent`. CBOR tuple. */
export const EnrollCronEventParams = tuple('EnrollCronEventParams', { eventEpoch: i64, payload: bytes })
export type EnrollCronEventParams = ValueOf<typeof EnrollCronEventParams>

/** What `MinerRawPower` returns. CBOR tuple. */
export const MinerRawPowerReturn = tuple('MinerRawPowerReturn', {
  rawBytePower: storagePower,
  meetsConsensusMinimum: bool,
})
export type MinerRawPowerReturn = ValueOf<typeof MinerRawPowerReturn>

/** What `MinerPower` returns. CBOR tuple. */
export const MinerPowerReturn = tuple('MinerPowerReturn', {
  rawBytePower: storagePower,
  qualityAdjPower: storagePower,
})
export type MinerPowerReturn = ValueOf<typeof MinerPowerReturn>

/** What `MinerCount` and `MinerConsensusCount` return. */
export const MinerCountReturn = int

/** Numbers of methods that other actors call. Source: builtin-actors v18, `actors/power/src/lib.rs`, `Method`. */
export const CREATE_MINER_METHOD = 2
export const UPDATE_CLAIMED_POWER_METHOD = 3
export const ENROLL_CRON_EVENT_METHOD = 4
export const UPDATE_PLEDGE_TOTAL_METHOD = 6
export const CURRENT_TOTAL_POWER_METHOD = 9
