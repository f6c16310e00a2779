import { fc, test } from '@fast-check/vitest'
import { filterEstimate } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { anyAmount, buildState } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { assessMiner, type MinerAssessment, openMiner } from './assess-miner.ts'
import { findMiners } from './find-miners.ts'
import { openNetworkView } from './network-view.ts'
import { compareAmounts, compareWorstFirst } from './order.ts'

const hashes = await createHashes()

describe('compareAmounts', () => {
  test.each([
    { name: 'a smaller amount before a larger one', a: -1n, b: 0n, order: -1 },
    { name: 'a larger amount after a smaller one', a: 2n, b: 1n, order: 1 },
    { name: 'equal amounts nowhere', a: 5n, b: 5n, order: 0 },
    { name: 'an unknown amount after any', a: null, b: 10n ** 30n, order: 1 },
    { name: 'any amount before an unknown one', a: 10n ** 30n, b: null, order: -1 },
    { name: 'two unknown amounts nowhere', a: null, b: null, order: 0 },
  ])('puts $name', ({ a, b, order }) => {
    expect(compareAmounts(a, b)).toBe(order)
  })

  test.prop([fc.option(anyAmount), fc.option(anyAmount)])('turns around with its arguments', (a, b) => {
    expect(compareAmounts(a, b) + compareAmounts(b, a)).toBe(0)
  })
})

/** Miners with 2 FIL of pledge, a fee by the older rules that is known or not, and a debt. */
function assessmentsOf(
  miners: readonly { readonly id: number; readonly debt: bigint; readonly isKnown: boolean }[],
): readonly MinerAssessment[] {
  const store = createMemoryBlockstore(hashes)
  const zero = { expectedDayReward: 0n, expectedStoragePledge: 0n, replacedDayReward: 0n }
  const root = buildState(store, {
    epoch: 1_000_000,
    reward: filterEstimate(0n, 0n),
    miners: miners.map(({ id, debt, isKnown }) => ({
      id: id as ActorId,
      feeDebt: debt,
      sectors: [{ sectorNumber: 1, ...(isKnown ? zero : {}) }],
    })),
  })
  const view = openNetworkView(store, [root])
  return findMiners(view).map(({ id, record }) =>
    assessMiner(view, openMiner(view, id, record), ['pre-fip0098', 'fip0098']),
  )
}

describe('compareWorstFirst', () => {
  test('puts the least strict Safe Pledge first, ties by id, and unknown ones last by id', () => {
    const assessments = assessmentsOf([
      { id: 1000, debt: 5n, isKnown: true },
      { id: 1001, debt: 9n, isKnown: false },
      { id: 1002, debt: 7n * 10n ** 18n, isKnown: true },
      { id: 1003, debt: 6n, isKnown: true },
      { id: 1004, debt: 5n, isKnown: true },
      { id: 1005, debt: 0n, isKnown: false },
    ])
    const order = [...assessments].reverse().sort(compareWorstFirst)
    expect(order.map(({ miner }) => miner)).toEqual([1002, 1003, 1000, 1004, 1001, 1005])
  })
})
