import { describe, expect, test } from 'vitest'
import { storableEpoch, storableSectorNumber } from './storable.ts'

// The protocol stores numbers of 64 bits; states of ours hold those of 53, and say so.
describe('what a message asks to store', () => {
  test.each([
    { store: storableSectorNumber, value: 0n },
    { store: storableSectorNumber, value: 2n ** 53n - 1n },
    { store: storableEpoch, value: -(2n ** 53n) + 1n },
    { store: storableEpoch, value: 2n ** 53n - 1n },
  ])('is a number up to 53 bits: $value', ({ store, value }) => {
    expect(BigInt(store(value))).toBe(value)
  })

  test.each([
    { store: storableSectorNumber, value: 2n ** 53n },
    { store: storableSectorNumber, value: 2n ** 63n - 1n },
    { store: storableEpoch, value: 2n ** 53n },
    { store: storableEpoch, value: -(2n ** 53n) },
  ])('is refused beyond them: $value', ({ store, value }) => {
    expect(() => store(value)).toThrow(expect.objectContaining({ code: 'NUMBER_TOO_LARGE' }))
  })
})
