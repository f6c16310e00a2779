import { divFloor, maxBigInt, minBigInt } from '@plimsoll/primitives'
import type { Uniform } from './generator.ts'
import type { Normal } from './normal.ts'

/** How a value is distributed; all values of one are in the same unit. */
export type Distribution =
  | { readonly kind: 'uniform'; readonly from: bigint; readonly to: bigint }
  /** A normal distribution of which only the part between two bounds is left. */
  | {
      readonly kind: 'normal'
      readonly mean: bigint
      /** Above zero. */
      readonly deviation: bigint
      readonly from: bigint
      readonly to: bigint
    }
  /** By ascending value; the weights are above zero. */
  | { readonly kind: 'discrete'; readonly outcomes: readonly Outcome[] }

/** A value that comes so many times out of the sum of all weights. */
export interface Outcome {
  readonly value: bigint
  readonly weight: bigint
}

const FRACTION = 64n

/** The value below which the distribution falls with the chance that `uniform` stands for: never less for a greater one. */
export function quantileOf(distribution: Distribution, uniform: Uniform, normal: Normal): bigint {
  switch (distribution.kind) {
    case 'uniform': {
      const { from, to } = distribution
      return from + (((to - from) * (2n * uniform + 1n)) >> (FRACTION + 1n))
    }
    case 'normal':
      return truncatedNormal(distribution, uniform, normal)
    case 'discrete':
      return outcomeOf(distribution.outcomes, uniform)
  }
}

function truncatedNormal(
  { mean, deviation, from, to }: Extract<Distribution, { kind: 'normal' }>,
  uniform: Uniform,
  normal: Normal,
): bigint {
  const deviates = [from, to].map((bound) => divFloor((bound - mean) << FRACTION, deviation))
  const [lowest, highest] = deviates.map((deviate) => normal.probability(deviate)) as [bigint, bigint]
  const chance = lowest + (((highest - lowest) * uniform) >> FRACTION)
  const value = mean + ((normal.deviate(chance) * deviation) >> FRACTION)
  return minBigInt(maxBigInt(value, from), to)
}

function outcomeOf(outcomes: readonly Outcome[], uniform: Uniform): bigint {
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0n)
  let passed = 0n
  for (const { value, weight } of outcomes) {
    passed += weight
    if (passed << FRACTION > uniform * total) {
      return value
    }
  }
  return outcomes.at(-1)?.value ?? 0n
}
