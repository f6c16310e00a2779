import { createHashes, formatHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import type { BitIndex } from '../bitfield/bit-field.ts'
import { requireBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { bytes, nullable, uint } from '../cbor/scalars.ts'
import { formatCid } from '../cid.ts'
import { type Amt, amt } from './amt.ts'

const hashes = await createHashes()
const MAX_INDEX = 2n ** 64n - 2n

/** Counts what is put, as the reference's tracking store does. */
function countingStore() {
  const store = createMemoryBlockstore(hashes)
  const stats = { writes: 0, bytesWritten: 0 }
  return {
    ...store,
    stats,
    put: (...[cid, block]: Parameters<typeof store.put>) => {
      stats.writes++
      stats.bytesWritten += block.length
      store.put(cid, block)
    },
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

describe('the root of an AMT', () => {
  // [bit width, 0, 0, [bitmap, [], []]]
  test.each([
    { bitWidth: 1, hex: '84010000834100' },
    { bitWidth: 2, hex: '84020000834100' },
    { bitWidth: 3, hex: '84030000834100' },
    { bitWidth: 4, hex: '8404000083420000' },
    { bitWidth: 5, hex: '84050000834400000000' },
    { bitWidth: 6, hex: '8406000083480000000000000000' },
    { bitWidth: 8, hex: `84080000835820${'00'.repeat(32)}` },
  ])('of bit width $bitWidth is $hex8080 while it is empty', ({ bitWidth, hex }) => {
    const store = createMemoryBlockstore(hashes)
    const empty = amt(uint, { bitWidth }).empty(store)
    expect(formatHex(requireBlock(store, empty.flush().cid))).toBe(`${hex}8080`)
    expect(empty.count).toBe(0)
    expect([...empty.entries()]).toEqual([])
  })

  // [3, 0, 2, [h'05', [], [7, 8]]]
  test('holds the values that fit beside its bitmap', () => {
    const store = createMemoryBlockstore(hashes)
    const array = amt(uint, { bitWidth: 3 }).empty(store)
    array.set(2, 8)
    array.set(0, 7)
    expect(formatHex(requireBlock(store, array.flush().cid))).toBe('8403000283410580820708')
    expect(store.size).toBe(1)
  })

  // [3, 1, 1, [h'02', [42(h'00…')], []]] over [h'04', [], [7]]: index 10 is slot 2 below slot 1.
  test('links a leaf for an index that it cannot hold', () => {
    const store = createMemoryBlockstore(hashes)
    const array = amt(uint, { bitWidth: 3 }).empty(store)
    array.set(10, 7)
    const root = formatHex(requireBlock(store, array.flush().cid))
    const leafHash = formatHex(hashes.blake2b256(Uint8Array.of(0x83, 0x41, 0x04, 0x80, 0x81, 0x07)))
    expect(root).toBe(`8403010183410281d82a5827000171a0e40220${leafHash}80`)
    expect(store.size).toBe(2)
  })

  // A tree of height h holds the indices below 2^(bit width × (h + 1)).
  // Source of 21 for the largest index: ref-fvm ipld/amt/tests/amt_tests.rs, out_of_range.
  test.each<{ bitWidth: number; index: BitIndex; height: number }>([
    { bitWidth: 3, index: 7, height: 0 },
    { bitWidth: 3, index: 8, height: 1 },
    { bitWidth: 3, index: 63, height: 1 },
    { bitWidth: 3, index: 64, height: 2 },
    { bitWidth: 5, index: 31, height: 0 },
    { bitWidth: 5, index: 32, height: 1 },
    { bitWidth: 5, index: 2 ** 50 - 1, height: 9 },
    { bitWidth: 5, index: 2 ** 50, height: 10 },
    { bitWidth: 2, index: 3, height: 0 },
    { bitWidth: 2, index: 4, height: 1 },
    { bitWidth: 4, index: 2 ** 52 - 1, height: 12 },
    { bitWidth: 4, index: 2 ** 52, height: 13 },
    { bitWidth: 6, index: 2n ** 54n - 1n, height: 8 },
    { bitWidth: 6, index: 2n ** 54n, height: 9 },
    { bitWidth: 2, index: 2n ** 62n - 1n, height: 30 },
    { bitWidth: 2, index: MAX_INDEX, height: 31 },
    { bitWidth: 3, index: MAX_INDEX, height: 21 },
    { bitWidth: 4, index: MAX_INDEX, height: 15 },
    { bitWidth: 5, index: MAX_INDEX, height: 12 },
    { bitWidth: 6, index: MAX_INDEX, height: 10 },
    { bitWidth: 8, index: MAX_INDEX, height: 7 },
  ])('of bit width $bitWidth with index $index has height $height', ({ bitWidth, index, height }) => {
    const store = createMemoryBlockstore(hashes)
    const array = amt(uint, { bitWidth }).empty(store)
    array.set(index, 1)
    const root = requireBlock(store, array.flush().cid)
    // [bit width, height, …]; a height from 24 on takes a byte of its own.
    expect(root[2] === 0x18 ? root[3] : root[2]).toBe(height)
    expect(array.get(index)).toBe(1)
  })
})

describe('the limit of an index', () => {
  test.each<{ index: BitIndex }>([
    { index: MAX_INDEX + 1n },
    { index: 2n ** 64n },
    { index: -1 },
    { index: -1n },
  ])('refuses $index to every method', ({ index }) => {
    const array = amt(uint, { bitWidth: 5 }).empty(createMemoryBlockstore(hashes))
    const tooLarge = expect.objectContaining({ code: 'AMT_INDEX_TOO_LARGE', data: { index } })
    expect(() => array.get(index)).toThrow(tooLarge)
    expect(() => array.set(index, 1)).toThrow(tooLarge)
    expect(() => array.delete(index)).toThrow(tooLarge)
    expect(array.count).toBe(0)
  })

  // Indices are numbers below 2^53; larger ones can be looked up and not listed.
  test('of what is listed is 2^53', () => {
    const array = amt(uint, { bitWidth: 5 }).empty(createMemoryBlockstore(hashes))
    array.set(Number.MAX_SAFE_INTEGER, 1)
    expect([...array.entries()]).toEqual([[Number.MAX_SAFE_INTEGER, 1]])
    array.set(2n ** 53n, 2)
    const entries = array.entries()
    expect(entries.next().value).toEqual([Number.MAX_SAFE_INTEGER, 1])
    expect(() => entries.next()).toThrow(expect.objectContaining({ code: 'AMT_INDEX_TOO_LARGE' }))
    expect(array.get(2n ** 53n)).toBe(2)
  })
})

describe('a value', () => {
  test('that is null is still a value', () => {
    const array = amt(nullable(uint), { bitWidth: 3 }).empty(createMemoryBlockstore(hashes))
    array.set(1, null)
    expect(array.get(1)).toBeNull()
    expect(array.get(2)).toBeUndefined()
    expect(array.count).toBe(1)
    expect([...array.entries()]).toEqual([[1, null]])
    expect(array.delete(1)).toBe(true)
    expect(array.count).toBe(0)
  })

  test('is listed by ascending index, whatever the order in which it came', () => {
    const array = amt(uint, { bitWidth: 2 }).empty(createMemoryBlockstore(hashes))
    for (const index of [70, 3, 1000, 0, 64, 5]) {
      array.set(index, index + 1)
    }
    expect([...array.values()]).toEqual([1, 4, 6, 65, 71, 1001])
  })
})

describe('the CID of an AMT', () => {
  type Array = Amt<Uint8Array>
  const setAll = (array: Array, indices: Iterable<BitIndex>, value: string) => {
    for (const index of indices) {
      array.set(index, utf8(value))
    }
  }
  const below = (end: number, step = 1, start = 0) =>
    Array.from({ length: Math.ceil((end - start) / step) }, (_, i) => start + i * step)

  // Source: ref-fvm ipld/amt/tests/amt_tests.rs; the figures of writes are those of its tracking store.
  test.each<{ rule: string; run: (array: Array) => void; cid: string; writes: number; size: number }>([
    {
      rule: 'is known for one value',
      run: (array) => setAll(array, [2], 'foo'),
      cid: 'bafy2bzacedv5uu5za6oqtnozjvju5lhbgaybayzhw4txiojw7hd47ktgbv5wc',
      writes: 1,
      size: 13,
    },
    {
      rule: 'is known for the two largest indices',
      run: (array) => setAll(array, [MAX_INDEX, MAX_INDEX - 1n], 'what is up'),
      cid: 'bafy2bzacecl3zuubhdvkojg6uhbu4mebaehx554q6algfjitqiivvnrqprkxo',
      writes: 22,
      size: 1039,
    },
    {
      rule: 'is known for three values far apart',
      run: (array) => {
        setAll(array, [2], 'foo')
        setAll(array, [11], 'bar')
        setAll(array, [79], 'baz')
      },
      cid: 'bafy2bzacecughjbclx3lbqwibrwc6pe7nttlc3qewedsrayghsvh5j5lpofiq',
      writes: 6,
      size: 261,
    },
    {
      rule: 'is known for 5000 values',
      run: (array) => setAll(array, below(5000), 'foo foo bar'),
      cid: 'bafy2bzacecfquuqzqzlox25aynodzw2qhxijdzfvno6tibyes3kb6nd3f7uxa',
      writes: 717,
      size: 94379,
    },
    {
      rule: 'is known for every third of 10000 indices',
      run: (array) => setAll(array, below(10_000, 3, 2), 'value'),
      cid: 'bafy2bzaceanqxtbsuyhqgxubiq6vshtbhktmzp2if4g6kxzttxmzkdxmtipcm',
      writes: 1431,
      size: 88649,
    },
    {
      rule: 'is known for single values in many leaves',
      run: (array) => setAll(array, [1, 9, 66, 74, 82, 515], 'value'),
      cid: 'bafy2bzaced44wtasbcukqjqicvxzcyn5up6sorr5khzbdkl6zjeo736f377ew',
      writes: 12,
      size: 573,
    },
    {
      rule: 'forgets what was set and deleted',
      run: (array) => {
        setAll(array, [0, 1, 2, 3], 'cat')
        for (const index of [1, 0, 2, 3]) {
          array.delete(index)
        }
        setAll(array, [23, 24], 'dog')
        array.delete(23)
      },
      cid: 'bafy2bzacebnnxpurpb3zqqr22i7ch4uruz6hgykn3ryzoo4hh3ox2m2kufsvg',
      // The reference counts 4 and 122 for two flushes of the same blocks.
      writes: 2,
      size: 61,
    },
    {
      rule: 'forgets a height that is no longer needed',
      run: (array) => {
        setAll(array, [0, 27], 'cat')
        array.delete(27)
      },
      cid: 'bafy2bzacecmxrjeri2ojuy3riae2mpbnztx2hqggqgkcrxao2nwpga77j2vqe',
      writes: 1,
      size: 13,
    },
    {
      rule: 'forgets a height that was stored',
      run: (array) => {
        setAll(array, [1], 'thing')
        array.flush()
        setAll(array, [37], 'other')
        array.flush()
        array.delete(37)
      },
      cid: 'bafy2bzacebmkyah6kppbszluix3g332hntzx6wfdcqcr5hjdsaxri5jhgrdmo',
      writes: 5,
      size: 147,
    },
    {
      rule: 'is the empty one after the last value is gone',
      run: (array) => {
        array.flush()
        setAll(array, [100_000], 'foo')
        array.delete(100_000)
      },
      cid: 'bafy2bzacedijw74yui7otvo63nfl3hdq2vdzuy7wx2tnptwed6zml4vvz7wee',
      writes: 2,
      size: 18,
    },
  ])('$rule: $cid', ({ run, cid, writes, size }) => {
    const store = countingStore()
    const array = amt(bytes, { bitWidth: 3 }).empty(store)
    run(array)
    expect(formatCid(array.flush().cid)).toBe(cid)
    expect(store.stats).toEqual({ writes, bytesWritten: size })
  })
})
