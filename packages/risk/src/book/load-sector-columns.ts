import type { ActorsVersion, Miner, SectorOnChainInfo } from '@plimsoll/actors'
import { SECTORS_AMT_BIT_WIDTH } from '@plimsoll/actors'
import {
  type AmtNodeLayout,
  type Codec,
  CodecError,
  cborReader,
  hasSlot,
  visitAmtLeaves,
  within,
} from '@plimsoll/ipld'
import { createSectorColumns, type SectorColumns, setSector } from './sector-columns.ts'
import {
  MAX_RECORD_BYTES,
  type SectorRecordReader,
  sectorRecordReader,
  UNUSUAL_RECORD,
} from './sector-record.ts'

/**
 * Reads all sectors of a miner into columns, without an object for any of them.
 *
 * Goes over the tree once to find the leaves, so that the columns have the size that there really is and not
 * the one that the root claims.
 *
 * @throws {CodecError} when a block is missing or malformed; `SECTOR_OUT_OF_RANGE`, `SECTOR_NUMBER_MISMATCH`
 */
export function loadSectorColumns(version: ActorsVersion, { store, layout, state }: Miner): SectorColumns {
  return within('sectors', () => {
    const leaves: { readonly leaf: AmtNodeLayout; readonly firstIndex: number }[] = []
    const count = visitAmtLeaves(store, state.sectors.cid, SECTORS_AMT_BIT_WIDTH, (leaf, firstIndex) =>
      leaves.push({ leaf, firstIndex }),
    )
    const columns = createSectorColumns(count)
    const decoder: Decoder = { columns, read: sectorRecordReader(version), codec: layout.sectors.value }
    let row = 0
    for (const { leaf, firstIndex } of leaves) {
      row = decodeLeaf(decoder, leaf, firstIndex, row)
    }
    return columns
  })
}

interface Decoder {
  readonly columns: SectorColumns
  readonly read: SectorRecordReader
  readonly codec: Codec<SectorOnChainInfo>
}

/** Reads the sectors of a leaf into the rows from `firstRow` on; returns the row after the last. */
function decodeLeaf(decoder: Decoder, leaf: AmtNodeLayout, firstIndex: number, firstRow: number): number {
  const { columns, read } = decoder
  const { block } = leaf
  const view = viewBeyond(block)
  const lastFast = view.byteLength - MAX_RECORD_BYTES
  let row = firstRow
  let at = leaf.valuesStart
  for (let slot = 0; slot < 1 << SECTORS_AMT_BIT_WIDTH; slot++) {
    if (!hasSlot(leaf, slot)) {
      continue
    }
    const index = firstIndex + slot
    const end = at <= lastFast ? read(view, at, row, columns) : UNUSUAL_RECORD
    at = end === UNUSUAL_RECORD || end > block.length ? decodeStrictly(decoder, block, at, row, index) : end
    if (columns.sectorNumber[row] !== index) {
      throw new CodecError(
        'SECTOR_NUMBER_MISMATCH',
        `sector ${columns.sectorNumber[row]} is stored under the number ${index}`,
        { sectorNumber: columns.sectorNumber[row], index },
      )
    }
    row++
  }
  if (at !== block.length) {
    throw new CodecError('CBOR_TRAILING_BYTES', `${block.length - at} bytes after the sectors of a leaf`, {
      offset: at,
    })
  }
  return row
}

/**
 * A block and what happens to lie behind it in memory, so that the last records of a block can be read like
 * the others; whether they end inside the block is checked afterwards.
 */
function viewBeyond({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, Math.min(length + MAX_RECORD_BYTES, buffer.byteLength - byteOffset))
}

/** Reads a record of an unusual form; returns where it ends. */
function decodeStrictly(
  { columns, codec }: Decoder,
  block: Uint8Array,
  offset: number,
  row: number,
  index: number,
): number {
  const reader = cborReader(block, offset)
  within(index, () => setSector(columns, row, codec.decode(reader)))
  return reader.offset
}
