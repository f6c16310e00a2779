import { type Miner, SECTORS_AMT_BIT_WIDTH } from '@plimsoll/actors'
import { diffAmt } from '@plimsoll/ipld'
import { placeSectorColumns, type SectorBook } from './sector-book.ts'
import { updateSectorColumns } from './update-sector-columns.ts'

/**
 * The book of a miner in a later state of the same layout, from its book in an earlier one: only sectors that
 * are not stored as they were are read.
 *
 * @throws {CodecError} as `loadSectorBook` does
 */
export function updateSectorBook(book: SectorBook, before: Miner, after: Miner): SectorBook {
  const { store, layout, state } = after
  const changes = diffAmt(store, before.state.sectors.cid, state.sectors.cid, SECTORS_AMT_BIT_WIDTH)
  return placeSectorColumns(after, updateSectorColumns(book.columns, changes, layout.sectors.value))
}
