/**
 * Numbers that look random and are the same in every run: for generated data, where a property test's own
 * randomness would be too slow or too large to shrink.
 *
 * Source: the generator mulberry32, in the public domain.
 */
export interface RandomSource {
  /** A whole number from 0 up to and without `limit`, which is at most 2^32. */
  below(limit: number): number
  bytes(length: number): Uint8Array
}

export function randomSource(seed: number): RandomSource {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return {
    below: (limit) => Math.floor((next() / 2 ** 32) * limit),
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  }
}
