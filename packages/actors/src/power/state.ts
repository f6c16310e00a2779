import {
  address,
  addressKey,
  amt,
  asMemberOf,
  attoFil,
  bytes,
  type Codec,
  chainEpoch,
  cid,
  epochKey,
  hamt,
  int,
  nullable,
  storagePower,
  tuple,
  uint,
  type ValueOf,
} from '@plimsoll/ipld'
import type { ActorsVersion } from '../actors-version.ts'
import { FilterEstimate } from '../smooth/alpha-beta-filter.ts'

/** Source of all types here: builtin-actors v18, `actors/power/src/state.rs`. */
const CRON_QUEUE_HAMT_BIT_WIDTH = 6
const CRON_QUEUE_AMT_BIT_WIDTH = 6
const CLAIMS_BIT_WIDTH = 5

/** The power that a miner claims: raw, and quality-adjusted, without its faulty and unproven sectors. */
export const Claim = tuple('Claim', {
  windowPostProofType: int,
  rawBytePower: storagePower,
  qualityAdjPower: storagePower,
})
export type Claim = ValueOf<typeof Claim>

/** A call that cron will make to a miner. */
export const CronEvent = tuple('CronEvent', { minerAddr: address, callbackPayload: bytes })
export type CronEvent = ValueOf<typeof CronEvent>

/** Miner to claim. */
export const Claims = hamt(addressKey, Claim, { bitWidth: CLAIMS_BIT_WIDTH })

/** The events of one epoch, in the order of their enrolment. */
export const CronEvents = amt(CronEvent, { bitWidth: CRON_QUEUE_AMT_BIT_WIDTH })

/** Epoch to its events. */
export const CronEventQueue = hamt(epochKey, CronEvents.link, { bitWidth: CRON_QUEUE_HAMT_BIT_WIDTH })

const totals = {
  totalRawBytePower: storagePower,
  totalBytesCommitted: storagePower,
  totalQualityAdjPower: storagePower,
  totalQaBytesCommitted: storagePower,
  totalPledgeCollateral: attoFil,
  thisEpochRawBytePower: storagePower,
  thisEpochQualityAdjPower: storagePower,
  thisEpochPledgeCollateral: attoFil,
  thisEpochQaPowerSmoothed: FilterEstimate,
  minerCount: int,
  minerAboveMinPowerCount: int,
}

const queues = {
  cronEventQueue: CronEventQueue.link,
  firstCronEpoch: chainEpoch,
  claims: Claims.link,
  /** Unused since FIP-0084 (v14). */
  proofValidationBatch: nullable(cid),
}

/** The state of the power actor from v15 on, which brought the ramp of FIP-0081. CBOR tuple. */
export const PowerState = tuple('PowerState', {
  ...totals,
  rampStartEpoch: chainEpoch,
  rampDurationEpochs: uint,
  ...queues,
})
export type PowerState = ValueOf<typeof PowerState>

/** The state of the power actor from v8 to v14. CBOR tuple. */
export const PowerStateV8 = tuple('PowerState', { ...totals, ...queues })
export type PowerStateV8 = ValueOf<typeof PowerStateV8>

/** The state of the power actor in any version. */
export type AnyPowerState = PowerState | PowerStateV8

/** The layout that a version of the actors gives the state. */
export function powerStateCodec(version: ActorsVersion): Codec<AnyPowerState> {
  return version >= 15 ? asMemberOf(PowerState, isPowerState) : asMemberOf(PowerStateV8, isPowerStateV8)
}

function isPowerState(state: AnyPowerState): state is PowerState {
  return 'rampStartEpoch' in state
}

function isPowerStateV8(state: AnyPowerState): state is PowerStateV8 {
  return !isPowerState(state)
}
