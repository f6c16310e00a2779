import { createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, createHashes } from '@plimsoll/primitives'
import { buildMiner } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../policy.ts'
import { minerLayout } from './layout.ts'
import { loadMiner } from './load-miner.ts'
import { quantSpecEveryDeadline, quantSpecForDeadline } from './quant-specs.ts'
import { quantizeUp } from './quantize.ts'

const store = createMemoryBlockstore(await createHashes())
const { head } = buildMiner(store, { id: actorId(1000) }, 1_000_000)
const { state: built } = loadMiner(store, minerLayout(18), head)
const state = { ...built, provingPeriodStart: 5000 }

// Source: builtin-actors v18, `actors/miner/src/state.rs`, `quant_spec_for_deadline`.
describe('quantSpecForDeadline', () => {
  test.each([
    { index: 0, last: 5059 },
    { index: 1, last: 5119 },
    { index: 47, last: 7879 },
  ])('deadline $index has its last epoch, once in a proving period', ({ index, last }) => {
    const quant = quantSpecForDeadline(MAINNET_POLICY, state, index)
    expect(quant).toEqual({ unit: 2880, offset: last })
    expect(quantizeUp(quant, last)).toBe(last)
    expect(quantizeUp(quant, last + 1)).toBe(last + 2880)
  })
})

describe('quantSpecEveryDeadline', () => {
  test('has the opening of every deadline', () => {
    const quant = quantSpecEveryDeadline(MAINNET_POLICY, state)
    expect(quant).toEqual({ unit: 60, offset: 5000 })
    expect(quantizeUp(quant, 5001)).toBe(5060)
  })
})
