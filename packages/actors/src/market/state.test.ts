import { createMemoryBlockstore, decodeCbor, encodeCbor, formatCid } from '@plimsoll/ipld'
import { createHashes, EPOCH_UNDEFINED, formatHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { emptyMarketState, MarketState, totalLocked } from './state.ts'

const store = createMemoryBlockstore(await createHashes())

// Source of the case: builtin-actors v18, actors/market/tests/market_actor_test.rs, simple_construction.
describe('a market without deals', () => {
  const state = emptyMarketState(store)

  test('has nothing, and has not been called by cron', () => {
    expect(state.nextId).toBe(0n)
    expect(state.lastCron).toBe(EPOCH_UNDEFINED)
    expect(totalLocked(state)).toBe(0n)
  })

  // An empty HAMT is [empty bitmap, no buckets] whatever its width; empty AMTs of the widths 5 and 6 have bitmaps of
  // 4 and 8 bytes.
  test.each([
    { block: formatHex(blockOf(state.escrowTable)), is: '824080' },
    { block: formatHex(blockOf(state.pendingProposals)), is: '824080' },
    { block: formatHex(blockOf(state.dealOpsByEpoch)), is: '824080' },
    { block: formatHex(blockOf(state.providerSectors)), is: '824080' },
    { block: formatHex(blockOf(state.proposals)), is: '840500008344000000008080' },
    { block: formatHex(blockOf(state.states)), is: '84060000834800000000000000008080' },
  ])('holds $block', ({ block, is }) => {
    expect(block).toBe(is)
  })

  test('is a tuple of thirteen fields', () => {
    const encoded = encodeCbor(MarketState, state)
    expect(encoded[0]).toBe(0x8d)
    const decoded = decodeCbor(MarketState, encoded)
    expect(encodeCbor(MarketState, decoded)).toEqual(encoded)
    expect(formatCid(decoded.proposals.cid)).toBe(formatCid(state.proposals.cid))
  })

  // Before v9 there were eleven fields, and twelve up to v12.
  test.each([0x8b, 0x8c])('is refused with another number of fields: %i', (head) => {
    const encoded = encodeCbor(MarketState, state).slice()
    encoded[0] = head
    expect(() => decodeCbor(MarketState, encoded)).toThrow()
  })
})

function blockOf(link: { readonly cid: Parameters<typeof store.find>[0] }): Uint8Array {
  return store.find(link.cid) as Uint8Array
}
