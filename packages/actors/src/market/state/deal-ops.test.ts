import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { exitCodeOf } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { draftOf } from '../../runtime/draft.ts'
import { emptyMarketState } from '../state.ts'
import { dealsForEpochs, nextUpdateEpoch, putDealsByEpoch, removeDealsByEpoch } from './deal-ops.ts'

const store = createMemoryBlockstore(await createHashes())

describe('the next update of a deal', () => {
  // The place of deal 1 in an interval of 100 is 1: epochs 1, 101, 201 … Source: actors/market/src/lib.rs.
  test.each([
    { dealId: 1n, earliest: 0n, next: 1n },
    { dealId: 1n, earliest: 1n, next: 1n },
    { dealId: 1n, earliest: 2n, next: 101n },
    { dealId: 1n, earliest: 101n, next: 101n },
    { dealId: 100n, earliest: 1n, next: 100n },
    { dealId: 199n, earliest: 0n, next: 99n },
    { dealId: 199n, earliest: 100n, next: 199n },
    { dealId: 2n ** 60n, earliest: 2n ** 62n, next: 2n ** 62n + 72n },
  ])('of deal $dealId from $earliest on is at $next', ({ dealId, earliest, next }) => {
    expect(nextUpdateEpoch(dealId, 100, earliest)).toBe(next)
  })

  // The reference computes it in 63 bits, and panics where they are not enough.
  test('is never beyond the last epoch that there can be', () => {
    expect(exitCodeOf(() => nextUpdateEpoch(1n, 100, 2n ** 63n - 1n))).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  const anyId = fc.bigInt({ min: 0n, max: 10n ** 9n })
  test.prop([anyId, fc.integer({ min: 1, max: 100_000 }), anyId])(
    'is the first at its place of an interval',
    (dealId, interval, earliest) => {
      const next = nextUpdateEpoch(dealId, interval, earliest)
      expect(next).toBeGreaterThanOrEqual(earliest)
      expect(next < earliest + BigInt(interval)).toBe(true)
      expect((next - dealId) % BigInt(interval)).toBe(0n)
    },
  )
})

describe('the deals of epochs', () => {
  const anyOp = fc.tuple(fc.bigInt({ min: 0n, max: 30n }), fc.bigInt({ min: 0n, max: 100n }))

  // A wide range is searched, a narrow one looked up; both have to find the same.
  test.prop([fc.array(anyOp), fc.nat(20), fc.nat(12)])('are found in order', (ops, first, length) => {
    const state = draftOf(emptyMarketState(store))
    putDealsByEpoch(store, state, ops)
    const last = first + length - 1
    const expected = Array.from({ length }, (_, i) => BigInt(first + i)).flatMap((epoch) => {
      const dealIds = new Set(ops.flatMap(([at, dealId]) => (at === epoch ? [dealId] : [])))
      return dealIds.size === 0 ? [] : [[epoch, dealIds]]
    })
    const found = [...dealsForEpochs(store, state, first, last)]
    const present = found.filter(([, dealIds]) => dealIds.length > 0)
    expect(present.map(([epoch, dealIds]) => [epoch, new Set(dealIds)])).toEqual(expected)
  })

  test('are none once they were removed', () => {
    const state = draftOf(emptyMarketState(store))
    putDealsByEpoch(store, state, [
      [5n, 1n],
      [6n, 2n],
    ])
    removeDealsByEpoch(store, state, [5n, 7n])
    expect([...dealsForEpochs(store, state, 0, 10)]).toEqual([[6n, [2n]]])
    removeDealsByEpoch(store, state, [6n])
    expect(state.dealOpsByEpoch.cid).toBe(emptyMarketState(store).dealOpsByEpoch.cid)
  })
})
