import { type ChainEpoch, divFloor } from '@plimsoll/primitives'
import type { FilterEstimate } from './alpha-beta-filter.ts'
import { PRECISION, polyVal } from './math.ts'

/** Source of all constants: builtin-actors v18, `runtime/src/builtin/reward/smooth/smooth_func.rs`. Q.128. */
const LN_NUMERATOR = [
  261417938209272870992496419296200268025n,
  7266615505142943436908456158054846846897n,
  32458783941900493142649393804518050491988n,
  17078670566130897220338060387082146864806n,
  -35150353308172866634071793531642638290419n,
  -20351202052858059355702509232125230498980n,
  -1563932590352680681114104005183375350999n,
]
const LN_DENOMINATOR = [
  49928077726659937662124949977867279384n,
  2508163877009111928787629628566491583994n,
  21757751789594546643737445330202599887121n,
  53400635271583923415775576342898617051826n,
  41248834748603606604000911015235164348839n,
  9015227820322455780436733526367238305537n,
  340282366920938463463374607431768211456n,
]
const LN_2 = 235865763225513294137944142764154484399n
/** A squared velocity up to this is taken for no velocity. */
const EPSILON = 302231454903657293676544n

/**
 * The sum of `numerator / denominator` over `delta` epochs that begin `relativeStart` epochs from now, both
 * filters extrapolated along their velocities. Q.128.
 *
 * Source: `extrapolated_cum_sum_of_ratio` of the same file. The integral of the ratio of two lines; where the
 * denominator hardly moves, the ratio at the middle of the interval.
 */
export function extrapolatedCumSumOfRatio(
  delta: ChainEpoch,
  relativeStart: ChainEpoch,
  numerator: FilterEstimate,
  denominator: FilterEstimate,
): bigint {
  const deltaT = BigInt(delta) << PRECISION
  const t0 = BigInt(relativeStart) << PRECISION
  const { position: position1, velocity: velocity1 } = numerator
  const { position: position2, velocity: velocity2 } = denominator
  const squaredVelocity2 = (velocity2 * velocity2) >> PRECISION
  if (squaredVelocity2 > EPSILON) {
    const x2a = ((velocity2 * t0) >> PRECISION) + position2
    const x2b = ((velocity2 * deltaT) >> PRECISION) + x2a
    const lnA = ln(x2a)
    const lnB = ln(x2b)
    const m1 = ((lnB - lnA) * position1 * velocity2) >> PRECISION
    const m2 = (((lnA - lnB) * position2 + velocity2 * deltaT) * velocity1) >> PRECISION
    return divFloor(m2 + m1, squaredVelocity2)
  }
  const halfDelta = deltaT >> 1n
  const x1m = ((velocity1 * (t0 + halfDelta)) >> PRECISION) + position1
  return divFloor(x1m * deltaT, position2)
}

/** The natural logarithm, Q.128 to Q.128. Source: `ln` of the same file. */
export function ln(z: bigint): bigint {
  const k = bitLength(z) - 1 - Number(PRECISION)
  const x = k > 0 ? z >> BigInt(k) : z << BigInt(-k)
  return BigInt(k) * LN_2 + lnBetweenOneAndTwo(x)
}

function lnBetweenOneAndTwo(x: bigint): bigint {
  return divFloor(polyVal(LN_NUMERATOR, x) << PRECISION, polyVal(LN_DENOMINATOR, x))
}

function bitLength(z: bigint): number {
  const magnitude = z < 0n ? -z : z
  return magnitude === 0n ? 0 : magnitude.toString(2).length
}
