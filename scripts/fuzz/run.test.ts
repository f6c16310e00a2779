import { createHashes } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { runFuzz } from './run.ts'

const hashes = await createHashes()

describe('random messages', () => {
  // An even seed has mainnet's durations, an odd one such short ones that sectors and faults come to their end.
  test.each([2, 3])('I2: break no rule of the reference: 400 of seed %i', (seed) => {
    const { failure, messages, coverage } = runFuzz(hashes, { seed, messages: 400 })
    expect(failure?.violation).toBeUndefined()
    expect(messages).toBe(400)
    expect(coverage.messages.size).toBeGreaterThan(40)
  })

  test('are the same for the same seed', () => {
    const [first, second] = [5, 5].map((seed) => runFuzz(hashes, { seed, messages: 60, checkEvery: 10 }))
    expect(first).toEqual(second)
    expect(runFuzz(hashes, { seed: 7, messages: 60, checkEvery: 10 }).coverage).not.toEqual(first?.coverage)
  })
})
