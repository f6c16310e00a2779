import { EPOCHS_IN_DAY } from '@plimsoll/primitives'

/**
 * What a pledge contributes to a fee, in parts that numbers hold exactly.
 *
 * With `s = floor(85 P / 1000)` and `m = floor(2 P / 100)` of FIP-0098, for a pledge `P < 2^64`:
 * `s = 403200 q + r`, `q = 2^22 qHigh + qLow`, `m = 1612800 u + mRest`, `u = 2^19 uHigh + uLow`.
 *
 * A fee in its ramp is `floor(age s / 403200) = age q + floor(age r / 403200)`, so there is never a product of
 * two wide factors. All parts are below 2^22, and so are sums of 2^31 of them below 2^53.
 */
export interface PledgeLanes {
  readonly qHigh: Int32Array
  readonly qLow: Int32Array
  readonly r: Int32Array
  readonly uHigh: Int32Array
  readonly uLow: Int32Array
  readonly mRest: Int32Array
}

/** Epochs from which a fee grows no more: 140 days. */
export const CAP_AGE = 140 * EPOCHS_IN_DAY
export const Q_RADIX = 2 ** 22
export const U_RADIX = 2 ** 19

/** `P = PLEDGE_UNIT u + v`: with 17 P = 200 s + …, one unit of pledge is 17 of `q`. */
const PLEDGE_UNIT = 200 * CAP_AGE
/** Attofil of `m` in one unit of pledge. */
export const M_UNIT = 4 * CAP_AGE

/** A little over 14,230,620 attoFIL, from which on a ramp has left the share of 2 % at the age of 94,871. */
export const SMALLEST_LANE_PLEDGE = 15_000_000
/** Pledges in lanes are less than this, as doubles. */
export const LANE_PLEDGE_LIMIT = 2 ** 64

export function createPledgeLanes(count: number): PledgeLanes {
  return {
    qHigh: new Int32Array(count),
    qLow: new Int32Array(count),
    r: new Int32Array(count),
    uHigh: new Int32Array(count),
    uLow: new Int32Array(count),
    mRest: new Int32Array(count),
  }
}

/**
 * Puts a pledge of `2^32 high + low` attoFIL into a row.
 *
 * Every division has an integer below 2^49 over an integer: the quotient of two such doubles, floored, is the
 * integer quotient, since the next integer is further away than rounding reaches.
 */
export function setPledge(lanes: PledgeLanes, row: number, high: number, low: number): void {
  const upper = high * 65536 + (low >>> 16)
  const quotient = Math.floor(upper / PLEDGE_UNIT)
  const lower = (upper - quotient * PLEDGE_UNIT) * 65536 + (low & 65535)
  const quotientLow = Math.floor(lower / PLEDGE_UNIT)
  const v = lower - quotientLow * PLEDGE_UNIT
  const u = quotient * 65536 + quotientLow
  // 17 v is below 2^31, so that these are 32-bit divisions.
  const v17 = (17 * v) | 0
  const carried = (v17 / PLEDGE_UNIT) | 0
  const q = 17 * u + carried
  const qHigh = Math.floor(q / Q_RADIX)
  const uHigh = Math.floor(u / U_RADIX)
  lanes.qHigh[row] = qHigh
  lanes.qLow[row] = q - qHigh * Q_RADIX
  lanes.r[row] = ((v17 - carried * PLEDGE_UNIT) / 200) | 0
  lanes.uHigh[row] = uHigh
  lanes.uLow[row] = u - uHigh * U_RADIX
  lanes.mRest[row] = (v / 50) | 0
}
