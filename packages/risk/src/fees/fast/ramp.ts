import { CAP_AGE } from './pledge-lanes.ts'

/**
 * The age from which on the share of a pledge that grows with age is at least its 2 %.
 *
 * `94870 × 85 / 403200000 < 2 / 100`, so the share is not above the 2 % up to there, floors included. At 94,871
 * the growing share leads by 7/80,640,000 of the pledge, which outweighs what two floors may take from it,
 * `1 + 94871/403200` attoFIL, from 14,230,620 attoFIL on; smaller pledges are not in lanes.
 */
export const RAMP_AGE = 94_871

/**
 * `floor(age r / 403200)` for an age up to 403,200 and a remainder below it.
 *
 * `age r` is an integer below 2^38; half an attofil more is at least 1.2 × 10^-6 away from every multiple, once
 * divided, and the two roundings reach 10^-10, so that the product with the inverse has the same floor.
 */
export function rampFloor(age: number, r: number): number {
  return Math.floor((age * r + 0.5) * (1 / CAP_AGE))
}
