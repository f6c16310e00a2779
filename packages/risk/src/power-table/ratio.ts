import { divFloor } from '@plimsoll/primitives'

/** An exact fraction; the denominator is positive. Shares and chances stay such until they are shown. */
export interface Ratio {
  readonly num: bigint
  readonly denom: bigint
}

export const NO_SHARE: Ratio = { num: 0n, denom: 1n }

/** A part of a whole; none of a whole that is nothing. */
export function ratioOf(part: bigint, whole: bigint): Ratio {
  return whole > 0n ? { num: part, denom: whole } : NO_SHARE
}

export function subtractRatio(a: Ratio, b: Ratio): Ratio {
  return a.denom === b.denom
    ? { num: a.num - b.num, denom: a.denom }
    : { num: a.num * b.denom - b.num * a.denom, denom: a.denom * b.denom }
}

/** `amount` times the ratio, rounded down. */
export function scaleFloor({ num, denom }: Ratio, amount: bigint): bigint {
  return divFloor(num * amount, denom)
}
