import type { RewardProjection } from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, divFloor, modFloor } from '@plimsoll/primitives'
import { faultFloorExcess } from './fault-floor.ts'
import { type FeeIndex, regimesAt } from './fee-index.ts'
import { literalTotal } from './fee-lanes.ts'
import { type FeeInterval, indexTotal, sectorsOnRamp } from './index-total.ts'
import { CAP_AGE } from './pledge-lanes.ts'
import { sumBetween } from './prefix-sums.ts'
import { RAMP_AGE } from './ramp.ts'

const HIGH_SHIFT = 40n
const HIGH_RADIX = 2 ** 40
const LOW_MASK = BigInt(HIGH_RADIX) - 1n
const CAP = BigInt(CAP_AGE)

/**
 * The intervals of many miners, carried from epoch to epoch: between two events of a miner, a sector that enters
 * or leaves its ramp, a step is three additions.
 *
 * With `Z = Σ age s` over a ramp, in which one epoch adds `Σ s`, the fees are at most `Z / 403200`; `Z` is kept
 * as `403200 (2^40 high + low) + rest`.
 */
export class RunningIntervals {
  #epoch: ChainEpoch
  readonly #indexes: readonly FeeIndex[]
  readonly #next: Float64Array
  readonly #high: Float64Array
  readonly #low: Float64Array
  readonly #rest: Float64Array
  readonly #slopeHigh: Float64Array
  readonly #slopeLow: Float64Array
  readonly #slopeRest: Float64Array
  readonly #onRamp: Float64Array
  /** What does not change between two events. */
  readonly #constant: AttoFil[]

  constructor(indexes: readonly FeeIndex[], epoch: ChainEpoch) {
    const lane = () => new Float64Array(indexes.length)
    this.#indexes = indexes
    this.#epoch = epoch
    this.#next = lane()
    this.#high = lane()
    this.#low = lane()
    this.#rest = lane()
    this.#slopeHigh = lane()
    this.#slopeLow = lane()
    this.#slopeRest = lane()
    this.#onRamp = lane()
    this.#constant = indexes.map(() => 0n)
    for (const miner of indexes.keys()) {
      this.#reload(miner)
    }
  }

  get epoch(): ChainEpoch {
    return this.#epoch
  }

  /** Takes all miners to the next epoch. */
  step(): void {
    this.#epoch++
    for (let miner = 0; miner < this.#indexes.length; miner++) {
      if (this.#epoch >= (this.#next[miner] as number)) {
        this.#reload(miner)
      } else {
        this.#advance(miner)
      }
    }
  }

  /** The same interval that the index of the miner gives for this epoch, or one that lies in it. */
  interval(miner: number, projection: RewardProjection): FeeInterval {
    const { lanes } = this.#indexes[miner] as FeeIndex
    const rest = this.#rest[miner] as number
    const known =
      (this.#constant[miner] as bigint) +
      (BigInt(this.#high[miner] as number) << HIGH_SHIFT) +
      BigInt(this.#low[miner] as number) +
      literalTotal(lanes.literal, this.#epoch, projection) +
      faultFloorExcess(lanes, this.#epoch, projection)
    // Exact: a product of up to 2^31 sectors and 403,199 is an integer below 2^50.
    const below = Math.ceil((rest - (this.#onRamp[miner] as number) * (CAP_AGE - 1)) / CAP_AGE)
    return { low: known + BigInt(below), high: known }
  }

  /** The exact total of a miner at this epoch. */
  total(miner: number, projection: RewardProjection): AttoFil {
    return indexTotal(this.#indexes[miner] as FeeIndex, this.#epoch, projection)
  }

  #advance(miner: number): void {
    let carry = 0
    let rest = (this.#rest[miner] as number) + (this.#slopeRest[miner] as number)
    if (rest >= CAP_AGE) {
      rest -= CAP_AGE
      carry = 1
    }
    let low = (this.#low[miner] as number) + (this.#slopeLow[miner] as number) + carry
    let high = (this.#high[miner] as number) + (this.#slopeHigh[miner] as number)
    if (low >= HIGH_RADIX) {
      low -= HIGH_RADIX
      high++
    }
    this.#rest[miner] = rest
    this.#low[miner] = low
    this.#high[miner] = high
  }

  /** Works a miner out afresh from its index, at an event. */
  #reload(miner: number): void {
    const index = this.#indexes[miner] as FeeIndex
    const { epochs, sums } = index
    const regimes = regimesAt(index, this.#epoch)
    const { capEnd, rampEnd } = regimes
    const q = sumBetween(sums.q, capEnd, rampEnd)
    const r = sumBetween(sums.r, capEnd, rampEnd)
    const at = BigInt(this.#epoch)
    const ageR = at * r - sumBetween(sums.ar, capEnd, rampEnd)
    const z = at * q - sumBetween(sums.aq, capEnd, rampEnd) + divFloor(ageR, CAP)
    const slope = q + divFloor(r, CAP)
    this.#high[miner] = Number(z >> HIGH_SHIFT)
    this.#low[miner] = Number(z & LOW_MASK)
    this.#rest[miner] = Number(modFloor(ageR, CAP))
    this.#slopeHigh[miner] = Number(slope >> HIGH_SHIFT)
    this.#slopeLow[miner] = Number(slope & LOW_MASK)
    this.#slopeRest[miner] = Number(modFloor(r, CAP))
    this.#onRamp[miner] = sectorsOnRamp(index, regimes)
    this.#constant[miner] =
      CAP * sumBetween(sums.q, 0, capEnd) +
      sumBetween(sums.r, 0, capEnd) +
      sumBetween(sums.m, rampEnd, epochs.length)
    this.#next[miner] = Math.min(
      (epochs[rampEnd] ?? Number.POSITIVE_INFINITY) + RAMP_AGE,
      (epochs[capEnd] ?? Number.POSITIVE_INFINITY) + CAP_AGE,
    )
  }
}
