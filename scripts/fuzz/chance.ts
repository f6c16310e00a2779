import { type RandomSource, randomSource } from '@plimsoll/testkit'

/** Decisions that look random and are the same in every run with the same seed. */
export interface Chance extends RandomSource {
  /** From `min` up to and with `max`. */
  between(min: number, max: number): number
  /** True in so many of a hundred cases. */
  percent(share: number): boolean
  /** One of some things, of which there is at least one. */
  pick<T>(things: readonly T[]): T
  /** Some of the things, at least one if there are any, in their order. */
  some<T>(things: readonly T[], atMost: number): readonly T[]
}

export function chanceOf(seed: number): Chance {
  const source = randomSource(seed)
  const between = (min: number, max: number) => min + source.below(max - min + 1)
  return {
    ...source,
    between,
    percent: (share) => source.below(100) < share,
    pick: (things) => things[source.below(things.length)] as (typeof things)[number],
    some: (things, atMost) => {
      const count = Math.min(things.length, between(1, atMost))
      const chosen = new Set<number>()
      while (chosen.size < count) {
        chosen.add(source.below(things.length))
      }
      return things.filter((_, index) => chosen.has(index))
    },
  }
}
