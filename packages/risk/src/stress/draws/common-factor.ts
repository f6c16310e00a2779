import { divFloor } from '@plimsoll/primitives'
import type { Uniform } from './generator.ts'
import type { Normal } from './normal.ts'

/** A correlation in 10^-18, from −10^18 to 10^18. */
export const CORRELATION_SCALE = 10n ** 18n

const LARGEST: Uniform = (1n << 64n) - 1n

/**
 * Ties a number of its own to a factor that many numbers share: as normal deviates the result has the correlation ρ
 * with the factor, ρ·Z + √(1 − ρ²)·E, and is drawn as evenly as the two are. Two results with the correlations ρ and σ
 * have the correlation ρ·σ with each other.
 *
 * At 0 it is the number of its own, at 1 the factor, at −1 the factor mirrored; exactly.
 */
export function tieToFactor(normal: Normal, correlation: bigint, factor: Uniform, own: Uniform): Uniform {
  switch (correlation) {
    case 0n:
      return own
    case CORRELATION_SCALE:
      return factor
    case -CORRELATION_SCALE:
      return LARGEST - factor
    default: {
      const rest = squareRoot(CORRELATION_SCALE * CORRELATION_SCALE - correlation * correlation)
      const sum = correlation * normal.deviate(factor) + rest * normal.deviate(own)
      const chance = normal.probability(divFloor(sum, CORRELATION_SCALE))
      return chance > LARGEST ? LARGEST : chance
    }
  }
}

/** The square root, rounded down. */
export function squareRoot(square: bigint): bigint {
  if (square < 2n) {
    return square
  }
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + divFloor(square, root)) >> 1n
    if (next >= root) {
      return root
    }
    root = next
  }
}
