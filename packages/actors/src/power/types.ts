import { attoFil, chainEpoch, storagePower, tuple, u64, type ValueOf } from '@plimsoll/ipld'
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
