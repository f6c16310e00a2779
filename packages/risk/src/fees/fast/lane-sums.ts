import type { AttoFil } from '@plimsoll/primitives'
import { M_UNIT } from './pledge-lanes.ts'

/** Exact sums of lanes, each below 2^53, which make up a sum of fees. */
export interface LaneSums {
  /** Of `age q`, or of 403,200 `q`, in two parts. */
  readonly qHigh: number
  readonly qLow: number
  /** Attofil beside them. */
  readonly rest: number
  readonly uHigh: number
  readonly uLow: number
}

export function amountOfSums({ qHigh, qLow, rest, uHigh, uLow }: LaneSums): AttoFil {
  return (BigInt(qHigh) << 22n) + BigInt(qLow) + BigInt(rest) + ((BigInt(uHigh) << 19n) + BigInt(uLow)) * UNIT
}

const UNIT = BigInt(M_UNIT)
