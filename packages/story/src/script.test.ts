import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { drawScript, type Script } from './script.ts'
import { STORY_TERMS } from './terms.ts'

const drawn = (seed: number): Omit<Script, 'random'> => {
  const { random: _, ...script } = drawScript(seed, STORY_TERMS)
  return script
}

describe('drawScript', () => {
  test.prop([fc.nat()])('draws one miner that is rescued and one that is not', (seed) => {
    const troubled = drawn(seed).miners.filter(({ trouble }) => trouble !== undefined)
    const abandoned = troubled.filter(({ trouble }) => trouble?.rescueAfterDays === undefined)
    expect(troubled).toHaveLength(2)
    expect(abandoned).toHaveLength(1)
    expect(abandoned[0]?.mintPercent).toBeGreaterThan(100)
  })

  test.prop([fc.nat()])('keeps to the terms, and lists who bids most first', (seed) => {
    const { miners, bidders } = drawn(seed)
    const { least, most } = STORY_TERMS.sectors
    expect(miners).toHaveLength(STORY_TERMS.miners)
    expect(miners.every(({ sectors }) => sectors >= least && sectors <= most)).toBe(true)
    expect(bidders.every(({ limit }, i) => i === 0 || limit <= (bidders[i - 1]?.limit ?? 0n))).toBe(true)
  })

  test.prop([fc.nat()])('draws the same for the same seed', (seed) => {
    expect(drawn(seed)).toEqual(drawn(seed))
  })

  test('draws something else for another seed', () => {
    expect(drawn(1)).not.toEqual(drawn(2))
  })
})
