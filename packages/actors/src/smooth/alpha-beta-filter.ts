import { bigInt, tuple, type ValueOf } from '@plimsoll/ipld'
import { type ChainEpoch, divFloor } from '@plimsoll/primitives'
import { PRECISION } from './math.ts'

/**
 * An estimate of a quantity and of its change per epoch, both Q.128.
 *
 * CBOR tuple. Source: builtin-actors v18, `runtime/src/builtin/reward/smooth/alpha_beta_filter.rs`.
 */
export const FilterEstimate = tuple('FilterEstimate', { position: bigInt, velocity: bigInt })
export type FilterEstimate = ValueOf<typeof FilterEstimate>

/** Source: builtin-actors v18, `runtime/src/builtin/reward/smooth/smooth_func.rs`. Q.128. */
export const DEFAULT_ALPHA = 314760000000000000000000000000000000n
export const DEFAULT_BETA = 96640100000000000000000000000000n

/** A filter from a position and a velocity in whole units. Source: `FilterEstimate::new` of the same file. */
export function filterEstimate(position: bigint, velocity: bigint): FilterEstimate {
  return { position: position << PRECISION, velocity: velocity << PRECISION }
}

/** The estimated quantity in whole units. Source: `FilterEstimate::estimate` of the same file. */
export function estimate(filter: FilterEstimate): bigint {
  return filter.position >> PRECISION
}

/**
 * The filter after one more observation, `epochDelta` epochs after the last.
 *
 * Source: `AlphaBetaFilter::next_estimate` of the same file.
 */
export function nextEstimate(
  filter: FilterEstimate,
  observation: bigint,
  epochDelta: ChainEpoch,
): FilterEstimate {
  const deltaT = BigInt(epochDelta) << PRECISION
  const predicted = ((deltaT * filter.velocity) >> PRECISION) + filter.position
  const residual = (observation << PRECISION) - predicted
  const position = predicted + ((DEFAULT_ALPHA * residual) >> PRECISION)
  const velocity = filter.velocity + divFloor(residual * DEFAULT_BETA, deltaT)
  return { position, velocity }
}
