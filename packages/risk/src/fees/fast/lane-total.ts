import type { RewardProjection } from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { faultFloorExcess } from './fault-floor.ts'
import { type FeeLanes, literalTotal } from './fee-lanes.ts'
import { amountOfSums } from './lane-sums.ts'
import { CAP_AGE } from './pledge-lanes.ts'
import { RAMP_AGE, rampFloor } from './ramp.ts'

/**
 * Rows whose sums of `mRest`, each below 1,612,800, stay below 2^31, and those of `age qLow`, each below 2^41,
 * below 2^53.
 */
const BLOCK_ROWS = 1024

/**
 * What terminating all live sectors in `epoch` would cost by the rules of FIP-0098, exactly: the sum of
 * `pledgePenaltyForTermination` over them, in one pass of number arithmetic.
 */
export function laneTotal(lanes: FeeLanes, epoch: ChainEpoch, projection: RewardProjection): AttoFil {
  let total = literalTotal(lanes.literal, epoch, projection) + faultFloorExcess(lanes, epoch, projection)
  for (let start = 0; start < lanes.count; start += BLOCK_ROWS) {
    total += blockTotal(lanes, start, Math.min(start + BLOCK_ROWS, lanes.count), epoch)
  }
  return total
}

/**
 * The fees of some rows without regard to the fault fee. What is summed on either side of the branch is kept
 * apart: 32-bit integers on one, doubles on the other, which is faster than sums that are sometimes either.
 */
function blockTotal(
  { activation, pledge }: FeeLanes,
  start: number,
  end: number,
  epoch: ChainEpoch,
): AttoFil {
  const { qHigh, qLow, r, uHigh, uLow, mRest } = pledge
  const rampEnd = epoch - RAMP_AGE
  let unitHighs = 0
  let unitLows = 0
  let rests = 0
  let highs = 0
  let lows = 0
  let floors = 0
  for (let i = start; i < end; i++) {
    const activated = activation[i] as number
    if (activated > rampEnd) {
      unitHighs = (unitHighs + (uHigh[i] as number)) | 0
      unitLows = (unitLows + (uLow[i] as number)) | 0
      rests = (rests + (mRest[i] as number)) | 0
    } else {
      const age = epoch - activated
      const charged = age < CAP_AGE ? age : CAP_AGE
      highs += charged * (qHigh[i] as number)
      lows += charged * (qLow[i] as number)
      // At the cap the floor is r itself.
      floors += rampFloor(charged, r[i] as number)
    }
  }
  return amountOfSums({ qHigh: highs, qLow: lows, rest: rests + floors, uHigh: unitHighs, uLow: unitLows })
}
