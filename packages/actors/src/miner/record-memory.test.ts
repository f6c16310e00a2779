import { describe, expect, test } from 'vitest'
import { createRecordMemory, turnToBlock } from './record-memory.ts'
import { MAX_RECORD_BYTES } from './sector-record.ts'

describe('the memory of records', () => {
  test('of no block has no place for a record', () => {
    const { start, end, lastFast } = createRecordMemory()
    expect({ start, end }).toEqual({ start: 0, end: 0 })
    expect(lastFast).toBeLessThan(start)
  })

  test('reaches beyond a block, and keeps its view from block to block', () => {
    const slab = new Uint8Array(1000)
    const memory = createRecordMemory()
    turnToBlock(memory, slab.subarray(100, 300))
    const { view } = memory
    expect(memory).toMatchObject({ start: 100, end: 300, lastFast: 1000 - MAX_RECORD_BYTES })
    turnToBlock(memory, slab.subarray(300, 350))
    expect(memory).toMatchObject({ start: 300, end: 350, lastFast: 1000 - MAX_RECORD_BYTES })
    expect(memory.view).toBe(view)
    turnToBlock(memory, new Uint8Array(400))
    expect(memory).toMatchObject({ start: 0, end: 400, lastFast: 400 - MAX_RECORD_BYTES })
  })
})
