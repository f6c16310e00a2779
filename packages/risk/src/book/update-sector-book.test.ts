import { fc, test } from '@fast-check/vitest'
import { loadMiner, type Miner, minerLayout } from '@plimsoll/actors'
import { type AmtChange, type Blockstore, createMemoryBlockstore, encodeCbor } from '@plimsoll/ipld'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { anyPositiveAmount, buildMiner, plannedSector, type SectorPlan } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { loadSectorBook } from './sector-book.ts'
import { createSectorColumns } from './sector-columns.ts'
import { updateSectorBook } from './update-sector-book.ts'
import { updateSectorColumns } from './update-sector-columns.ts'

const hashes = await createHashes()
const LAYOUT = minerLayout(18)
const EPOCH = 1_000_000

function minerOf(store: Blockstore, sectors: readonly SectorPlan[]): Miner {
  return loadMiner(store, LAYOUT, buildMiner(store, { id: 1000 as ActorId, sectors }, EPOCH).head)
}

/** Sectors with few numbers, so that two sets of them have some in common. */
const anySectors: fc.Arbitrary<readonly SectorPlan[]> = fc.uniqueArray(
  fc.record({
    sectorNumber: fc.oneof(fc.nat(40), fc.constantFrom(1000, 40_000)),
    deadline: fc.nat(3),
    condition: fc.constantFrom('active', 'faulty', 'recovering'),
    initialPledge: fc.oneof(fc.constantFrom((1n << 64n) - 1n, 10n ** 20n, 10n ** 18n), anyPositiveAmount),
    verifiedDealWeight: fc.constantFrom(0n, 1n << 50n, 1n << 64n),
  }),
  { selector: ({ sectorNumber }) => sectorNumber, maxLength: 12 },
)

describe('a book brought up to date', () => {
  test.prop([anySectors, anySectors, fc.nat(12)])('I6: is the book read afresh', (sectors, others, kept) => {
    const store = createMemoryBlockstore(hashes)
    const before = minerOf(store, sectors)
    const stay = sectors.slice(0, kept)
    const numbers = new Set(stay.map(({ sectorNumber }) => sectorNumber))
    const after = minerOf(store, [
      ...stay,
      ...others.filter(({ sectorNumber }) => !numbers.has(sectorNumber)),
    ])
    const book = loadSectorBook(18, before)
    expect(updateSectorBook(book, before, after)).toEqual(loadSectorBook(18, after))
    expect(updateSectorBook(book, before, before)).toEqual(book)
  })

  test('rejects a sector that is stored under the number of another', () => {
    const record = encodeCbor(LAYOUT.sectors.value, plannedSector({ sectorNumber: 8 }))
    const change: AmtChange = { index: 7, before: undefined, after: record }
    expect(() => updateSectorColumns(createSectorColumns(0), [change], LAYOUT.sectors.value)).toThrow(
      expect.objectContaining({ code: 'SECTOR_NUMBER_MISMATCH' }),
    )
  })
})
