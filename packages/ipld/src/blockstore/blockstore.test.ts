import { test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { anyBytes, anyIpldValue, anyU64 } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { decodeCbor, encodeCbor } from '../cbor/codec.ts'
import { ipldValue } from '../cbor/ipld-value.ts'
import { text, u64 } from '../cbor/scalars.ts'
import { cidOfBlock, formatCid } from '../cid.ts'
import { MissingBlockError } from '../errors.ts'
import { linkTo } from '../link.ts'
import { load, missingBlock, requireBlock, save, saveBlock } from './blockstore.ts'
import { createMemoryBlockstore } from './memory-blockstore.ts'

const hashes = await createHashes()

describe('save and load', () => {
  test.prop([anyIpldValue])('keep a value under the hash of its block', (value) => {
    const store = createMemoryBlockstore(hashes)
    const link = save(store, ipldValue, value)
    const block = encodeCbor(ipldValue, value)
    expect(link.cid).toBe(cidOfBlock(block, hashes))
    expect(store.find(link.cid)).toEqual(block)
    expect(load(store, ipldValue, link)).toEqual(value)
    expect(decodeCbor(ipldValue, requireBlock(store, link.cid))).toEqual(value)
  })

  test.prop([anyBytes])('saveBlock keeps bytes as they are', (block) => {
    const store = createMemoryBlockstore(hashes)
    const cid = saveBlock(store, block)
    expect(cid).toBe(cidOfBlock(block, hashes))
    expect(requireBlock(store, cid)).toEqual(block)
  })

  test.prop([anyU64])('load refuses a block of another type, and says of which', (value) => {
    const store = createMemoryBlockstore(hashes)
    const { cid } = save(store, u64, value)
    expect(() => load(store, text, linkTo(cid))).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: ['text'] }),
    )
  })
})

describe('a block that is not in the store', () => {
  const absent = cidOfBlock(Uint8Array.of(7), hashes)
  const MISSING = expect.objectContaining({ code: 'MISSING_BLOCK', data: { cid: formatCid(absent) } })

  test('is missing for those who require it, and they say its CID', () => {
    const store = createMemoryBlockstore(hashes)
    expect(store.find(absent)).toBeUndefined()
    expect(() => requireBlock(store, absent)).toThrow(MISSING)
    expect(() => load(store, u64, linkTo(absent))).toThrow(MISSING)
  })

  test('makes an error of its own class, which a loader can fetch the block for', () => {
    expect(missingBlock(absent)).toBeInstanceOf(MissingBlockError)
    expect(missingBlock(absent)).toEqual(MISSING)
  })
})
