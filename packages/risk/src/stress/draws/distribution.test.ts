import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type Distribution, quantileOf } from './distribution.ts'
import { createNormal } from './normal.ts'

const normal = createNormal()
const ONE = 1n << 64n
const uniform = fc.bigInt({ min: 0n, max: ONE - 1n })
const value = fc.bigInt({ min: 0n, max: 10n ** 24n })

const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc.tuple(value, value).map(([from, width]) => ({ kind: 'uniform' as const, from, to: from + width })),
  fc.tuple(value, value, value, value).map(([mean, deviation, from, width]) => ({
    ...{ kind: 'normal' as const, mean, deviation: deviation + 1n, from, to: from + width },
  })),
  fc.array(fc.tuple(value, fc.bigInt({ min: 1n, max: 9n })), { minLength: 1, maxLength: 6 }).map((list) => ({
    kind: 'discrete' as const,
    outcomes: list
      .map(([of, weight]) => ({ value: of, weight }))
      .toSorted((a, b) => (a.value < b.value ? -1 : 1)),
  })),
)

const boundsOf = (given: Distribution): readonly [bigint, bigint] =>
  given.kind === 'discrete'
    ? [given.outcomes[0]?.value ?? 0n, given.outcomes.at(-1)?.value ?? 0n]
    : [given.from, given.to]

describe('a drawn value', () => {
  test.prop([distribution, uniform, uniform])('lies within its bounds, and never falls', (given, a, b) => {
    const [low, high] = a < b ? [a, b] : [b, a]
    const [from, to] = boundsOf(given)
    const drawn = [low, high].map((chance) => quantileOf(given, chance, normal)) as [bigint, bigint]
    expect(drawn[0]).toBeGreaterThanOrEqual(from)
    expect(drawn[0]).toBeLessThanOrEqual(drawn[1])
    expect(drawn[1]).toBeLessThanOrEqual(to)
  })

  test('of a uniform distribution is as far between its bounds as the number is', () => {
    expect(quantileOf({ kind: 'uniform', from: 100n, to: 200n }, ONE >> 2n, normal)).toBe(125n)
  })

  test('of a normal distribution with symmetric bounds has its median in the middle', () => {
    const given = { kind: 'normal' as const, mean: 1000n, deviation: 50n, from: 900n, to: 1100n }
    expect(quantileOf(given, ONE >> 1n, normal)).toBe(1000n)
  })

  // Weights of 1 and 3: the first quarter of the numbers, and the rest.
  test.each([
    { at: 0n, drawn: 5n },
    { at: (ONE >> 2n) - 1n, drawn: 5n },
    { at: ONE >> 2n, drawn: 8n },
    { at: ONE - 1n, drawn: 8n },
  ])('of weighted outcomes is $drawn at $at', ({ at, drawn }) => {
    const outcomes = [
      { value: 5n, weight: 1n },
      { value: 8n, weight: 3n },
    ]
    expect(quantileOf({ kind: 'discrete', outcomes }, at, normal)).toBe(drawn)
  })
})
