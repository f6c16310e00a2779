import type { RewardProjection } from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, divCeil, divFloor } from '@plimsoll/primitives'
import { faultFloorExcess } from './fault-floor.ts'
import { type FeeIndex, type Regimes, regimesAt } from './fee-index.ts'
import { literalTotal } from './fee-lanes.ts'
import { CAP_AGE } from './pledge-lanes.ts'
import { sumBetween } from './prefix-sums.ts'
import { rampFloor } from './ramp.ts'

/** Amounts between which, both included, a sum is proved to lie. */
export interface FeeInterval {
  readonly low: AttoFil
  readonly high: AttoFil
}

/**
 * What `laneTotal` is, from the index: exact at any epoch, in a time that grows with the sectors that are on the
 * ramp at that epoch. Where the fault fee decides any fee there is a pass over the lanes besides.
 */
export function indexTotal(index: FeeIndex, epoch: ChainEpoch, projection: RewardProjection): AttoFil {
  const regimes = regimesAt(index, epoch)
  return (
    certainPart(index, regimes, epoch) +
    BigInt(residual(index, regimes, epoch)) +
    beside(index, epoch, projection)
  )
}

/**
 * An interval of at most as many attofil as sectors are on the ramp, in logarithmic time; where the fault fee
 * decides any fee, in that of a pass over the lanes.
 *
 * A floor takes between 0 and 403,199/403,200 away, so a sum of `n` floors of `y / 403200` is at most the floor
 * and at least the ceiling of `(Σ y − 403199 n) / 403200`.
 */
export function indexInterval(index: FeeIndex, epoch: ChainEpoch, projection: RewardProjection): FeeInterval {
  const regimes = regimesAt(index, epoch)
  const { capEnd, rampEnd } = regimes
  const { sums } = index
  const known = certainPart(index, regimes, epoch) + beside(index, epoch, projection)
  const y = BigInt(epoch) * sumBetween(sums.r, capEnd, rampEnd) - sumBetween(sums.ar, capEnd, rampEnd)
  const sectors = BigInt(sectorsOnRamp(index, regimes))
  return { low: known + divCeil(y - sectors * (CAP - 1n), CAP), high: known + divFloor(y, CAP) }
}

export function sectorsOnRamp({ sums: { sectors } }: FeeIndex, { capEnd, rampEnd }: Regimes): number {
  return (sectors[rampEnd] as number) - (sectors[capEnd] as number)
}

const CAP = BigInt(CAP_AGE)

/** All but the floors of the remainders: 2 %, whole fees, and `age q`. */
function certainPart({ epochs, sums }: FeeIndex, { capEnd, rampEnd }: Regimes, epoch: ChainEpoch): AttoFil {
  return (
    CAP * sumBetween(sums.q, 0, capEnd) +
    sumBetween(sums.r, 0, capEnd) +
    BigInt(epoch) * sumBetween(sums.q, capEnd, rampEnd) -
    sumBetween(sums.aq, capEnd, rampEnd) +
    sumBetween(sums.m, rampEnd, epochs.length)
  )
}

/** Sectors that are not in the lanes, and what the fault fee adds. */
function beside({ lanes }: FeeIndex, epoch: ChainEpoch, projection: RewardProjection): AttoFil {
  return literalTotal(lanes.literal, epoch, projection) + faultFloorExcess(lanes, epoch, projection)
}

/**
 * The sum of `floor(age r / 403200)` over the ramp. Two sums at a time, because an addition waits for the one
 * before it.
 */
function residual({ residues }: FeeIndex, { capEnd, rampEnd }: Regimes, epoch: ChainEpoch): number {
  const { starts, activation, r, sectors } = residues
  const end = starts[rampEnd] as number
  let at = starts[capEnd] as number
  let [even, odd] = [0, 0]
  if (((end - at) & 1) === 1) {
    even = (sectors[at] as number) * rampFloor(epoch - (activation[at] as number), r[at] as number)
    at++
  }
  for (; at < end; at += 2) {
    even += (sectors[at] as number) * rampFloor(epoch - (activation[at] as number), r[at] as number)
    odd +=
      (sectors[at + 1] as number) * rampFloor(epoch - (activation[at + 1] as number), r[at + 1] as number)
  }
  return even + odd
}
