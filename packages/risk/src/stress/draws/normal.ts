import { expneg } from '@plimsoll/actors'
import { divFloor } from '@plimsoll/primitives'
import type { Uniform } from './generator.ts'

/** The standard normal distribution in fixed point: a deviate and a probability are both Q.64. */
export interface Normal {
  /** The chance of less than `deviate`. */
  probability(deviate: bigint): bigint
  /** The deviate below which a number falls with the chance that `uniform` stands for. */
  deviate(uniform: Uniform): bigint
}

const FRACTION = 64n
const ONE = 1n << FRACTION
const HALF = ONE >> 1n
/** Steps of the table between two whole numbers, as a power of two. */
const STEP_BITS = 9n
/** Beyond nine deviations the chance is below 2^-62, and is taken for none. */
const LAST_STEP = 9 << 9
/** The density at zero, 1 / √(2π), Q.128. */
const DENSITY_AT_ZERO = 135753023439836232162591007175785461951n

/**
 * Makes the tables of the distribution: its integral from 0 to every 512th of a deviation, by Simpson's rule with
 * integers of 128 bits; in between it is a straight line, which is wrong by less than 2^-22. The deviate is read from
 * the same table, so that each function undoes the other.
 */
export function createNormal(): Normal {
  const integral = integralFromZero()
  const last = integral[LAST_STEP] as bigint
  return {
    probability: (deviate) => {
      const half = integralAt(integral, deviate < 0n ? -deviate : deviate)
      return deviate < 0n ? HALF - half : HALF + half
    },
    deviate: (uniform) => {
      const chance = uniform >= HALF ? uniform - HALF : HALF - uniform
      const size = chance >= last ? BigInt(LAST_STEP) << (FRACTION - STEP_BITS) : deviateAt(integral, chance)
      return uniform >= HALF ? size : -size
    },
  }
}

/**
 * Half a step of the table is δ = 2^-10. From one half step to the next the density falls by e^(−zδ − δ²/2), and that
 * factor itself falls by e^(−δ²).
 */
function integralFromZero(): readonly bigint[] {
  const halfStepSquared = 1n << (128n - 2n * (STEP_BITS + 1n))
  const fallOfFactor = expneg(halfStepSquared)
  let factor = expneg(halfStepSquared >> 1n)
  let density = DENSITY_AT_ZERO
  const next = () => {
    density = (density * factor) >> 128n
    factor = (factor * fallOfFactor) >> 128n
    return density
  }
  const integral = [0n]
  let sum = 0n
  for (let step = 0; step < LAST_STEP; step++) {
    const [start, middle, end] = [density, next(), next()]
    sum += divFloor(start + 4n * middle + end, 6n)
    integral.push(sum >> (128n - FRACTION + STEP_BITS))
  }
  return integral
}

function integralAt(integral: readonly bigint[], size: bigint): bigint {
  const stepBits = FRACTION - STEP_BITS
  const step = Number(size >> stepBits)
  if (step >= LAST_STEP) {
    return integral[LAST_STEP] as bigint
  }
  const [from, to] = [integral[step] as bigint, integral[step + 1] as bigint]
  const rest = size - (BigInt(step) << stepBits)
  return from + (((to - from) * rest) >> stepBits)
}

/** The table does not fall; where it no longer rises the first of equal entries is taken. */
function deviateAt(integral: readonly bigint[], chance: bigint): bigint {
  let [low, high] = [0, LAST_STEP]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((integral[middle] as bigint) <= chance) {
      low = middle
    } else {
      high = middle
    }
  }
  const [from, to] = [integral[low] as bigint, integral[high] as bigint]
  const stepBits = FRACTION - STEP_BITS
  return (BigInt(low) << stepBits) + divFloor((chance - from) << stepBits, to - from)
}
