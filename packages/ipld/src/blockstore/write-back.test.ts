import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { anyBytes, anyIpldValue, concat } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { type Codec, encodeCbor, type ValueOf } from '../cbor/codec.ts'
import { type IpldValue, ipldValue } from '../cbor/ipld-value.ts'
import { link, uint } from '../cbor/scalars.ts'
import { tuple } from '../cbor/tuple.ts'
import { type Cid, cidBytes, cidOfBlock } from '../cid.ts'
import { isSameLink, linkTo } from '../link.ts'
import { load, save, saveBlock } from './blockstore.ts'
import { createMemoryBlockstore } from './memory-blockstore.ts'
import { forgetfulBlockstore, writeBackBlockstore } from './write-back.ts'

const hashes = await createHashes()

/** A memory blockstore that remembers what is found and put. */
function watchedStore() {
  const blocks = createMemoryBlockstore(hashes)
  const found: Cid[] = []
  const written: Cid[] = []
  return {
    ...blocks,
    found,
    written,
    find: (cid: Cid) => {
      found.push(cid)
      return blocks.find(cid)
    },
    put: (cid: Cid, block: Uint8Array) => {
      written.push(cid)
      blocks.put(cid, block)
    },
  }
}

/** The codec, and how often it was used. */
function counted<T>(codec: Codec<T>) {
  const counts = { encoded: 0, decoded: 0 }
  const counting: Codec<T> = {
    ...codec,
    encode: (writer, value) => {
      counts.encoded++
      codec.encode(writer, value)
    },
    decode: (reader) => {
      counts.decoded++
      return codec.decode(reader)
    },
  }
  return { counting, counts }
}

const HOLDING = [
  { name: 'writeBackBlockstore', over: writeBackBlockstore },
  { name: 'forgetfulBlockstore', over: forgetfulBlockstore },
]

describe.each(HOLDING)('$name', ({ over }) => {
  test.prop([anyIpldValue])('encodes a saved value when its CID is asked for, and only once', (value) => {
    const store = over(watchedStore())
    const { counting, counts } = counted(ipldValue)
    const saved = save(store, counting, value)
    expect(load(store, counting, saved)).toBe(value)
    expect(counts).toEqual({ encoded: 0, decoded: 0 })
    const cid = cidOfBlock(encodeCbor(ipldValue, value), hashes)
    expect([saved.cid, saved.cid]).toEqual([cid, cid])
    expect(load(store, counting, saved)).toBe(value)
    expect(counts).toEqual({ encoded: 1, decoded: 0 })
  })

  test.prop([anyIpldValue])('decodes what a link leads to once, and gives the same object again', (value) => {
    const below = watchedStore()
    const { cid } = save(below, ipldValue, value)
    const store = over(below)
    const { counting, counts } = counted(ipldValue)
    const read = linkTo<IpldValue>(cid)
    const first = load(store, counting, read)
    expect(first).toEqual(value)
    expect(load(store, counting, read)).toBe(first)
    expect(counts).toEqual({ encoded: 0, decoded: 1 })
    expect(below.found).toEqual([cid])
  })

  test.prop([anyBytes])('finds what the store below has, by either way of looking it up', (block) => {
    const below = createMemoryBlockstore(hashes)
    const cid = saveBlock(below, block)
    const store = over(below)
    expect(store.hashes).toBe(hashes)
    expect(store.find(cid)).toEqual(block)
    const bytes = concat(Uint8Array.of(1, 2), cidBytes(cid), Uint8Array.of(3))
    expect(store.findAt(bytes, 2, bytes.length - 1)).toEqual(block)
    expect(store.findAt(bytes, 1, bytes.length - 1)).toBeUndefined()
  })

  test('does not take a value in an older layout for what it would write', () => {
    const Older = tuple('Record', { number: uint })
    const Record = tuple('Record', { number: uint }, { tail: { fee: { codec: uint, absent: 0 } } })
    const below = createMemoryBlockstore(hashes)
    const store = over(below)
    const older = linkTo<ValueOf<typeof Record>>(save(below, Older, { number: 7 }).cid)
    const value = load(store, Record, older)
    expect(value).toEqual({ number: 7, fee: 0 })
    const newer = save(store, Record, value)
    expect(isSameLink(older, newer)).toBe(false)
    // [7, 0]
    expect(newer.cid).toBe(cidOfBlock(Uint8Array.of(0x82, 7, 0), hashes))
  })
})

const Inner = tuple('Inner', { number: uint })
const Outer = tuple('Outer', { inner: link<ValueOf<typeof Inner>>(), other: uint })

describe('writeBackBlockstore', () => {
  test.prop([anyIpldValue])('puts a block into the store below when its CID is asked for', (value) => {
    const below = watchedStore()
    const saved = save(writeBackBlockstore(below), ipldValue, value)
    expect(below.written).toEqual([])
    const { cid } = saved
    expect(saved.cid).toBe(cid)
    expect(below.written).toEqual([cid])
    expect(load(below, ipldValue, linkTo(cid))).toEqual(value)
  })

  test.prop([fc.nat(), fc.nat()])('puts what a value links to before the value', (number, other) => {
    const below = watchedStore()
    const store = writeBackBlockstore(below)
    const inner = save(store, Inner, { number })
    const outer = save(store, Outer, { inner, other })
    expect(below.written).toEqual([])
    const { cid } = outer
    expect(below.written).toHaveLength(2)
    expect(below.written).toEqual([inner.cid, cid])
    const read = load(below, Outer, linkTo(cid))
    expect(load(below, Inner, read.inner)).toEqual({ number })
  })

  test('puts nothing of a value that nobody asks for', () => {
    const below = watchedStore()
    const store = writeBackBlockstore(below)
    const { cid } = save(store, Inner, { number: 2 })
    save(store, Inner, { number: 1 })
    expect(below.written).toEqual([cid])
  })
})

describe('forgetfulBlockstore', () => {
  test.prop([fc.nat(), fc.nat()])(
    'gives the CIDs of an ordinary store without keeping a block',
    (number, other) => {
      const below = watchedStore()
      const store = forgetfulBlockstore(below)
      const inner = save(store, Inner, { number })
      const outer = save(store, Outer, { inner, other })
      const ordinary = createMemoryBlockstore(hashes)
      const expected = save(ordinary, Outer, { inner: save(ordinary, Inner, { number }), other })
      expect(outer.cid).toBe(expected.cid)
      expect(below.written).toEqual([])
      expect(store.find(outer.cid)).toBeUndefined()
    },
  )

  test.prop([fc.nat(), fc.nat()])('reaches values through the links that it made alone', (number, other) => {
    const store = forgetfulBlockstore(watchedStore())
    const outer = save(store, Outer, { inner: save(store, Inner, { number }), other })
    const { cid } = outer
    expect(load(store, Inner, load(store, Outer, outer).inner)).toEqual({ number })
    expect(() => load(store, Outer, linkTo(cid))).toThrow(expect.objectContaining({ code: 'MISSING_BLOCK' }))
  })
})

describe('a store that holds no values', () => {
  test.prop([anyIpldValue])('keeps a block at every save and decodes one at every load', (value) => {
    const store = watchedStore()
    const { counting, counts } = counted(ipldValue)
    const saved = save(store, counting, value)
    expect(store.written).toEqual([saved.cid])
    expect(load(store, counting, saved)).toEqual(value)
    expect(load(store, counting, saved)).toEqual(value)
    expect(counts).toEqual({ encoded: 1, decoded: 2 })
    expect(saved.held).toBeUndefined()
  })
})
