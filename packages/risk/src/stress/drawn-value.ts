import { parseDecimal } from '@plimsoll/primitives'
import { z } from 'zod'
import { parsedText } from '../schema/parsed-text.ts'
import { CORRELATION_SCALE } from './draws/common-factor.ts'
import type { Distribution } from './draws/distribution.ts'

/** A value of a shock: the same in every draw, or drawn, and then tied to the factor that all draws share. */
export type DrawnValue =
  | { readonly kind: 'fixed'; readonly value: bigint }
  | {
      readonly kind: 'drawn'
      readonly distribution: Distribution
      /** In 10^-18, from −1 to 1. */
      readonly correlation: bigint
    }

/** Decimals of shares, factors, prices, days and correlations. */
export const VALUE_DECIMALS = 18

/** A number as text, in 10^-18. */
export function scaledText(example: string, isAllowed: (value: bigint) => boolean) {
  return parsedText((text) => parseDecimal(text, VALUE_DECIMALS), example, isAllowed)
}

const correlation = scaledText(
  'a correlation between -1 and 1 such as "0.5"',
  (value) => value >= -CORRELATION_SCALE && value <= CORRELATION_SCALE,
).default(0n)

/** A value, or how it is distributed, in a file; `value` reads one. */
export function drawnValue(value: z.ZodType<bigint, string>) {
  const bounds = { from: value, to: value }
  const areInOrder = ({ from, to }: { readonly from: bigint; readonly to: bigint }) => from <= to
  const disorder = { path: ['to'], message: 'is below from' }
  const weight = z.int().positive().transform(BigInt)
  const distribution = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('uniform'), ...bounds, correlation }).refine(areInOrder, disorder),
    z
      .strictObject({
        kind: z.literal('normal'),
        mean: value,
        deviation: value.refine((deviation) => deviation > 0n, 'is not above zero'),
        ...bounds,
        correlation,
      })
      .refine(areInOrder, disorder),
    z.strictObject({
      kind: z.literal('discrete'),
      outcomes: z.array(z.strictObject({ value, weight })).min(1),
      correlation,
    }),
    /** What was observed, each value as often as it is named. */
    z.strictObject({ kind: z.literal('empirical'), values: z.array(value).min(1), correlation }),
  ])
  return z.union([
    value.transform((fixed): DrawnValue => ({ kind: 'fixed', value: fixed })),
    distribution.transform(({ correlation: tie, ...given }): DrawnValue => {
      return { kind: 'drawn', distribution: distributionOf(given), correlation: tie }
    }),
  ])
}

type Given =
  | Exclude<Distribution, { kind: 'discrete' }>
  | Extract<Distribution, { kind: 'discrete' }>
  | { readonly kind: 'empirical'; readonly values: readonly bigint[] }

/** Outcomes go by their value, so that a greater number never draws a lesser one. */
function distributionOf(given: Given): Distribution {
  switch (given.kind) {
    case 'uniform':
    case 'normal':
      return given
    case 'discrete':
      return { kind: 'discrete', outcomes: sorted(given.outcomes) }
    case 'empirical':
      return { kind: 'discrete', outcomes: sorted(given.values.map((value) => ({ value, weight: 1n }))) }
  }
}

function sorted<T extends { readonly value: bigint }>(outcomes: readonly T[]): readonly T[] {
  return outcomes.toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
}
