/** A number drawn from 0 up to and without 2^64; it stands for the middle of its step of 2^-64. */
export type Uniform = bigint

const MASK = (1n << 64n) - 1n
const GOLDEN_GAMMA = 0x9e3779b97f4a7c15n

/**
 * The number that a seed gives for a key. Numbers for different keys look independent of each other.
 *
 * It depends on nothing else: not on what was drawn before, so not on the order in which a file names anything.
 *
 * Source: the output function and the increment of SplitMix64, in the public domain; here each part of the key is
 * mixed in where the generator would step on.
 */
export function uniformOf(seed: number, key: readonly (string | number)[]): Uniform {
  let state = mix(BigInt(seed))
  for (const part of key) {
    state = typeof part === 'number' ? absorb(state, BigInt(part)) : absorbText(state, part)
  }
  return state
}

/** The length goes first, so that no two keys run together. */
function absorbText(state: bigint, text: string): bigint {
  let next = absorb(state, BigInt(text.length))
  for (let i = 0; i < text.length; i++) {
    next = absorb(next, BigInt(text.charCodeAt(i)))
  }
  return next
}

function absorb(state: bigint, word: bigint): bigint {
  return mix(((state ^ word) + GOLDEN_GAMMA) & MASK)
}

function mix(word: bigint): bigint {
  const first = ((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK
  const second = ((first ^ (first >> 27n)) * 0x94d049bb133111ebn) & MASK
  return second ^ (second >> 31n)
}
