import {
  type ActorsVersion,
  createRecordMemory,
  type Miner,
  type RecordMemory,
  SECTORS_AMT_BIT_WIDTH,
  type SectorOnChainInfo,
  type SectorRecordReader,
  sectorRecordReader,
  setFigures,
  turnToBlock,
  UNUSUAL_RECORD,
} from '@plimsoll/actors'
import {
  type AmtNodeLayout,
  type Codec,
  CodecError,
  cborReader,
  visitAmtLeaves,
  within,
} from '@plimsoll/ipld'
import { createSectorColumns, type SectorColumns } from './sector-columns.ts'

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
    const leaves: AmtNodeLayout[] = []
    const firstIndices: number[] = []
    const count = visitAmtLeaves(store, state.sectors.cid, SECTORS_AMT_BIT_WIDTH, (leaf, firstIndex) => {
      leaves.push(leaf)
      firstIndices.push(firstIndex)
    })
    const columns = createSectorColumns(count)
    const decoder: Decoder = {
      columns,
      read: sectorRecordReader(version),
      codec: layout.sectors.value,
      memory: createRecordMemory(),
    }
    let row = 0
    for (let i = 0; i < leaves.length; i++) {
      row = decodeLeaf(decoder, leaves[i] as AmtNodeLayout, firstIndices[i] as number, row)
    }
    return columns
  })
}

interface Decoder {
  readonly columns: SectorColumns
  readonly read: SectorRecordReader
  readonly codec: Codec<SectorOnChainInfo>
  readonly memory: RecordMemory
}

/** Reads the sectors of a leaf into the rows from `firstRow` on; returns the row after the last. */
function decodeLeaf(decoder: Decoder, leaf: AmtNodeLayout, firstIndex: number, firstRow: number): number {
  const { read, columns, memory } = decoder
  const { sectorNumber } = columns
  const { block } = leaf
  turnToBlock(memory, block)
  const { view, start, end, lastFast } = memory
  let row = firstRow
  let at = start + leaf.valuesStart
  let index = firstIndex
  for (let present = bitmapOf(leaf); present !== 0; present >>>= 1, index++) {
    if ((present & 1) === 0) {
      continue
    }
    const next = at <= lastFast ? read(view, at, row, columns) : UNUSUAL_RECORD
    at =
      next === UNUSUAL_RECORD || next > end
        ? start + decodeStrictly(decoder, block, at - start, row, index)
        : next
    if (sectorNumber[row] !== index) {
      throw numberMismatch(sectorNumber[row], index)
    }
    row++
  }
  if (at !== end) {
    throw new CodecError('CBOR_TRAILING_BYTES', `${end - at} bytes after the sectors of a leaf`, {
      offset: at - start,
    })
  }
  return row
}

/** The slots of a leaf that are present, the first one in the lowest bit. */
function bitmapOf({ block, bitmapStart }: AmtNodeLayout): number {
  let bits = 0
  for (let i = 0; i < 1 << (SECTORS_AMT_BIT_WIDTH - 3); i++) {
    bits |= (block[bitmapStart + i] as number) << (8 * i)
  }
  return bits >>> 0
}

function numberMismatch(sectorNumber: number | undefined, index: number): CodecError {
  return new CodecError(
    'SECTOR_NUMBER_MISMATCH',
    `sector ${sectorNumber} is stored under the number ${index}`,
    { sectorNumber, index },
  )
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
  within(index, () => setFigures(columns, row, codec.decode(reader)))
  return reader.offset
}
