import { describe, expect, test } from 'vitest'
import { compareFindings } from './compare-findings.ts'

const CLAIM = 'miner f01000 has no power claim'
const EPOCH = 'reward state epoch 5 does not match prior_epoch+1 6'

function compare(messages: readonly string[], kinds: readonly string[], total = messages.length) {
  const findings = kinds.map((kind) => ({ kind }))
  return compareFindings({ invariants: messages, invariants_total: total }, findings).status
}

describe('findings', () => {
  test.each([
    { messages: [], kinds: [], status: 'passed' },
    { messages: [CLAIM, EPOCH], kinds: ['reward/epoch', 'tree/miner-without-claim'], status: 'passed' },
    { messages: [CLAIM, CLAIM], kinds: ['tree/miner-without-claim'], status: 'failed' },
    { messages: [], kinds: ['reward/epoch'], status: 'failed' },
  ])('of $kinds for $messages have $status', ({ messages, kinds, status }) => {
    expect(compare(messages, kinds)).toBe(status)
  })

  test('of which the reference lists only the first have to include those, and to be as many', () => {
    expect(compare([EPOCH], ['reward/epoch', 'tree/miner-without-claim'], 2)).toBe('passed')
    expect(compare([EPOCH], ['reward/epoch'], 2)).toBe('failed')
    expect(compare([EPOCH], ['tree/miner-without-claim', 'tree/miner-without-claim'], 2)).toBe('failed')
  })

  test('that the reference words as nothing that is known here are an error', () => {
    expect(() => compare(['something new'], [])).toThrow('something new')
  })
})
