import { MAX_RECORD_BYTES } from './sector-record.ts'

/**
 * A block with all that happens to lie around it in memory, so that the last records of a block can be read like
 * the others; whether they end inside the block is checked afterwards.
 */
export interface RecordMemory {
  block: Uint8Array
  view: DataView
  /** Where in the view the block begins and ends. */
  start: number
  end: number
  /** Where in the view a record may begin at the latest to be read fast. */
  lastFast: number
}

/** Of no block; every record is beyond the last fast one. */
export function createRecordMemory(): RecordMemory {
  return { block: new Uint8Array(), view: new DataView(new ArrayBuffer()), start: 0, end: 0, lastFast: -1 }
}

/** Goes to a block, which most likely lies in the same memory as the last one. */
export function turnToBlock(memory: RecordMemory, block: Uint8Array): void {
  const { buffer, byteOffset, length } = block
  if (memory.view.buffer !== buffer) {
    memory.view = new DataView(buffer)
    memory.lastFast = buffer.byteLength - MAX_RECORD_BYTES
  }
  memory.block = block
  memory.start = byteOffset
  memory.end = byteOffset + length
}
