import {
  type RewardProjection,
  rewardForPower,
  TERM_FEE_MAX_FAULT_FEE_MULTIPLE_DENOM,
  TERM_FEE_MAX_FAULT_FEE_MULTIPLE_NUM,
} from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, divFloor } from '@plimsoll/primitives'
import { type FeeLanes, rewardPerByteIsBelow } from './fee-lanes.ts'
import { amountOfSums } from './lane-sums.ts'
import { CAP_AGE, M_UNIT, Q_RADIX, U_RADIX } from './pledge-lanes.ts'
import { RAMP_AGE, rampFloor } from './ramp.ts'

/** Two amounts that are further apart than this share of them are told apart by their doubles. */
const DECISIVE = 1 + 2 ** -40
const BLOCK_ROWS = 4096

/**
 * By how much the fees of lanes are larger than without the fault fee: nothing, by one comparison, in all
 * usual networks. Otherwise a pass over the rows.
 */
export function faultFloorExcess(lanes: FeeLanes, epoch: ChainEpoch, projection: RewardProjection): AttoFil {
  if (lanes.count === 0 || rewardPerByteIsBelow(lanes.faultLimit, projection)) {
    return 0n
  }
  const floors = lanes.powers.map((power) =>
    divFloor(
      rewardForPower(projection, power) * TERM_FEE_MAX_FAULT_FEE_MULTIPLE_NUM,
      TERM_FEE_MAX_FAULT_FEE_MULTIPLE_DENOM,
    ),
  )
  const pass: Pass = {
    lanes,
    epoch,
    floors,
    approximate: Float64Array.from(floors, Number),
    bound: new Float64Array(floors.length),
    sums: new Float64Array(SUMS),
    excess: 0n,
  }
  for (let start = 0; start < lanes.count; start += BLOCK_ROWS) {
    addBlock(pass, start, Math.min(start + BLOCK_ROWS, lanes.count))
  }
  return floors.reduce((sum, floor, index) => sum + floor * BigInt(pass.bound[index] as number), pass.excess)
}

interface Pass {
  readonly lanes: FeeLanes
  readonly epoch: ChainEpoch
  /** 105 % of the fault fee, by class of power. */
  readonly floors: readonly AttoFil[]
  readonly approximate: Float64Array
  /** How many rows of each class are charged by it. */
  readonly bound: Float64Array
  /** What the same rows would be charged otherwise, in a block. */
  readonly sums: Float64Array
  /** Of the other rows, less the fees of those that are counted. */
  excess: AttoFil
}

const SUMS = 5
const [Q_HIGH, Q_LOW, REST, U_HIGH, U_LOW] = [0, 1, 2, 3, 4]

/** Counts the rows of a block whose fault fee is certainly larger, and takes their other fees away. */
function addBlock(pass: Pass, start: number, end: number): void {
  const { lanes, epoch, approximate, bound, sums } = pass
  const { activation, powerClass, pledge } = lanes
  const { qHigh, qLow, r, uHigh, uLow, mRest } = pledge
  sums.fill(0)
  for (let i = start; i < end; i++) {
    const index = powerClass[i] as number
    const floor = approximate[index] as number
    const age = Math.min(epoch - (activation[i] as number), CAP_AGE)
    const isRamp = age >= RAMP_AGE
    const first = isRamp ? Q_HIGH : U_HIGH
    const high = isRamp ? age * (qHigh[i] as number) : (uHigh[i] as number)
    const low = isRamp ? age * (qLow[i] as number) : (uLow[i] as number)
    const rest = isRamp ? rampFloor(age, r[i] as number) : (mRest[i] as number)
    const fee = isRamp ? high * Q_RADIX + low + rest : (high * U_RADIX + low) * M_UNIT + rest
    if (floor > fee * DECISIVE) {
      bound[index] = (bound[index] as number) + 1
      sums[first] = (sums[first] as number) + high
      sums[first + 1] = (sums[first + 1] as number) + low
      sums[REST] = (sums[REST] as number) + rest
    } else if (floor * DECISIVE > fee) {
      addExactly(pass, index, isRamp, high, low, rest)
    }
  }
  pass.excess -= amountOf(sums)
}

/** The excess of a row that doubles do not decide. */
function addExactly(
  pass: Pass,
  index: number,
  isRamp: boolean,
  high: number,
  low: number,
  rest: number,
): void {
  const fee = amountOfSums({
    qHigh: isRamp ? high : 0,
    qLow: isRamp ? low : 0,
    rest,
    uHigh: isRamp ? 0 : high,
    uLow: isRamp ? 0 : low,
  })
  const excess = (pass.floors[index] as AttoFil) - fee
  pass.excess += excess > 0n ? excess : 0n
}

function amountOf(sums: Float64Array): AttoFil {
  return amountOfSums({
    qHigh: sums[Q_HIGH] as number,
    qLow: sums[Q_LOW] as number,
    rest: sums[REST] as number,
    uHigh: sums[U_HIGH] as number,
    uLow: sums[U_LOW] as number,
  })
}
