import type { ChainEpoch } from '@plimsoll/primitives'
import type { FeeLanes } from './fee-lanes.ts'
import { CAP_AGE, M_UNIT } from './pledge-lanes.ts'
import { type PrefixSums, prefixSums } from './prefix-sums.ts'
import { RAMP_AGE } from './ramp.ts'

/**
 * Lanes sorted by activation, with sums of all that is linear in age, so that a total at any epoch needs a look
 * only at the remainders of the sectors in their ramp.
 */
export interface FeeIndex {
  readonly lanes: FeeLanes
  /** The distinct epochs of activation, ascending. */
  readonly epochs: Int32Array
  /** By place in `epochs`, sums over the sectors of all earlier places. */
  readonly sums: IndexSums
  /** The remainders `r`, sorted by activation and size; equal ones are one, with a count. */
  readonly residues: Residues
}

/** See `PledgeLanes`; `a` is the epoch of activation. */
export interface IndexSums {
  readonly sectors: Float64Array
  readonly q: PrefixSums
  readonly aq: PrefixSums
  readonly r: PrefixSums
  readonly ar: PrefixSums
  readonly m: PrefixSums
}

export interface Residues {
  /** By place in the epochs of the index, where its residues begin; last, where all end. */
  readonly starts: Int32Array
  readonly activation: Float64Array
  readonly r: Float64Array
  readonly sectors: Float64Array
}

/** The places of an index whose sectors pay the whole fee, then those on the ramp; all others pay 2 %. */
export interface Regimes {
  readonly capEnd: number
  readonly rampEnd: number
}

export function regimesAt({ epochs }: FeeIndex, epoch: ChainEpoch): Regimes {
  return { capEnd: placesUpTo(epochs, epoch - CAP_AGE), rampEnd: placesUpTo(epochs, epoch - RAMP_AGE) }
}

export function feeIndex(lanes: FeeLanes): FeeIndex {
  const keys = sortedKeys(lanes)
  const epochs = distinctEpochs(keys)
  return { lanes, epochs, sums: indexSums(lanes, epochs), residues: residuesOf(keys, epochs) }
}

/** One number for activation and residue: `a 2^19 + r` is below 2^51, since `r` is below 403,200. */
const RESIDUE_RADIX = 2 ** 19

function sortedKeys({ count, activation, pledge: { r } }: FeeLanes): Float64Array {
  const keys = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    keys[i] = (activation[i] as number) * RESIDUE_RADIX + (r[i] as number)
  }
  return keys.sort()
}

function activationOf(key: number): ChainEpoch {
  return Math.floor(key / RESIDUE_RADIX)
}

function distinctEpochs(keys: Float64Array): Int32Array {
  const epochs = new Int32Array(keys.length)
  let count = 0
  for (const key of keys) {
    const epoch = activationOf(key)
    if (count === 0 || epochs[count - 1] !== epoch) {
      epochs[count++] = epoch
    }
  }
  return epochs.slice(0, count)
}

function residuesOf(keys: Float64Array, epochs: Int32Array): Residues {
  let count = 0
  for (let i = 0; i < keys.length; i++) {
    count += i === 0 || keys[i] !== keys[i - 1] ? 1 : 0
  }
  const activation = new Float64Array(count)
  const r = new Float64Array(count)
  const sectors = new Float64Array(count)
  const starts = new Int32Array(epochs.length + 1)
  let at = -1
  let place = -1
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number
    if (i === 0 || key !== keys[i - 1]) {
      at++
      const epoch = activationOf(key)
      activation[at] = epoch
      r[at] = key - epoch * RESIDUE_RADIX
      if (epoch !== epochs[place]) {
        starts[++place] = at
      }
    }
    sectors[at] = (sectors[at] as number) + 1
  }
  starts[epochs.length] = count
  return { starts, activation, r, sectors }
}

function indexSums(lanes: FeeLanes, epochs: Int32Array): IndexSums {
  const { count, activation, pledge } = lanes
  const places = epochs.length
  const [sectors, qHigh, qLow, r, uHigh, uLow, mRest] = Array.from(
    { length: 7 },
    () => new Float64Array(places),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  let place = 0
  for (let i = 0; i < count; i++) {
    const epoch = activation[i] as number
    // Neighbours by number are mostly of one batch.
    place = epochs[place] === epoch ? place : placesUpTo(epochs, epoch) - 1
    add(sectors, place, 1)
    add(qHigh, place, pledge.qHigh[i] as number)
    add(qLow, place, pledge.qLow[i] as number)
    add(r, place, pledge.r[i] as number)
    add(uHigh, place, pledge.uHigh[i] as number)
    add(uLow, place, pledge.uLow[i] as number)
    add(mRest, place, pledge.mRest[i] as number)
  }
  const qAt = (at: number) => (integerAt(qHigh, at) << 22n) + integerAt(qLow, at)
  return {
    sectors: sectorsBefore(sectors),
    q: prefixSums(places, qAt),
    aq: prefixSums(places, (at) => BigInt(epochs[at] as number) * qAt(at)),
    r: prefixSums(places, (at) => integerAt(r, at)),
    ar: prefixSums(places, (at) => BigInt(epochs[at] as number) * integerAt(r, at)),
    m: prefixSums(
      places,
      (at) => ((integerAt(uHigh, at) << 19n) + integerAt(uLow, at)) * BigInt(M_UNIT) + integerAt(mRest, at),
    ),
  }
}

function add(sums: Float64Array, place: number, term: number): void {
  sums[place] = (sums[place] as number) + term
}

function integerAt(sums: Float64Array, place: number): bigint {
  return BigInt(sums[place] as number)
}

function sectorsBefore(sectors: Float64Array): Float64Array {
  const before = new Float64Array(sectors.length + 1)
  for (let place = 0; place < sectors.length; place++) {
    before[place + 1] = (before[place] as number) + (sectors[place] as number)
  }
  return before
}

/** How many places have an epoch up to `epoch`. */
function placesUpTo(epochs: Int32Array, epoch: ChainEpoch): number {
  let low = 0
  let high = epochs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((epochs[middle] as number) <= epoch) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}
