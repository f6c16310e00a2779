import { createHashes } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import type { Codec } from '../cbor/codec.ts'
import { rawItem } from '../cbor/raw-item.ts'
import { enter, leave, MajorType } from '../cbor/reader.ts'
import { text, uint } from '../cbor/scalars.ts'
import { type Cid, cidFromBytes, formatCid } from '../cid.ts'
import { linkTo } from '../link.ts'
import { amt } from './amt.ts'

const hashes = await createHashes()

/** Remembers what is found and put, and forgets blocks when told so. */
function watchedStore() {
  const blocks = createMemoryBlockstore(hashes)
  const missing = new Set<Cid>()
  const found: Cid[] = []
  const put: Cid[] = []
  const find = (cid: Cid) => {
    found.push(cid)
    return missing.has(cid) ? undefined : blocks.find(cid)
  }
  return {
    ...blocks,
    found,
    find,
    findAt: (bytes: Uint8Array, start: number, end: number) => find(cidFromBytes(bytes.subarray(start, end))),
    put: (cid: Cid, block: Uint8Array) => {
      put.push(cid)
      blocks.put(cid, block)
    },
    written: put,
    lose: (cid: Cid) => missing.add(cid),
    restart: () => {
      found.length = 0
      put.length = 0
    },
  }
}

const Numbers = amt(uint, { bitWidth: 3 })

/** Indices 0 to 511 in a tree of height 2: one root, 8 inner nodes, 64 leaves. */
function fullTree() {
  const store = watchedStore()
  const array = Numbers.empty(store)
  for (let index = 0; index < 512; index++) {
    array.set(index, index)
  }
  const root = array.flush()
  return { store, array, root }
}

/** The CID of the last leaf put while `index` was changed: leaves are put before what links them. */
function leafOf(index: number): Cid {
  const { store, array } = fullTree()
  store.restart()
  array.set(index, index)
  array.flush()
  return store.written[0] as Cid
}

describe('flushing', () => {
  test('writes every block once', () => {
    const { store } = fullTree()
    expect(store.written).toHaveLength(1 + 8 + 64)
    expect(new Set(store.written).size).toBe(1 + 8 + 64)
  })

  test('twice writes nothing the second time', () => {
    const { store, array, root } = fullTree()
    store.restart()
    expect(array.flush().cid).toBe(root.cid)
    expect(store.written).toEqual([])
  })

  test('a tree that was only read writes nothing', () => {
    const { store, root } = fullTree()
    store.restart()
    const loaded = Numbers.load(store, root)
    expect([...loaded.values()]).toHaveLength(512)
    expect(loaded.flush().cid).toBe(root.cid)
    expect(store.written).toEqual([])
  })

  test('writes only the blocks on the way to a change', () => {
    const { store, root } = fullTree()
    const loaded = Numbers.load(store, root)
    store.restart()
    loaded.set(100, 7)
    loaded.flush()
    expect(store.found).toHaveLength(2)
    expect(store.written).toHaveLength(3)
  })

  test('writes a block that two changes share once', () => {
    const { store, root } = fullTree()
    const loaded = Numbers.load(store, root)
    store.restart()
    loaded.set(96, 7)
    loaded.delete(103)
    // In another leaf below the same inner node.
    loaded.set(104, 7)
    loaded.flush()
    expect(store.written).toHaveLength(2 + 1 + 1)
  })

  test.each([{ index: 512 }, { index: 2 ** 40 }])(
    'writes nothing after deleting the absent $index',
    ({ index }) => {
      const { store, root } = fullTree()
      const loaded = Numbers.load(store, root)
      store.restart()
      expect(loaded.delete(index)).toBe(false)
      expect(loaded.flush().cid).toBe(root.cid)
      expect(store.written).toEqual([])
    },
  )

  test('writes nothing after deleting what is absent from a leaf or has no leaf', () => {
    const store = watchedStore()
    const array = Numbers.empty(store)
    array.set(0, 1)
    array.set(20, 1)
    const root = array.flush()
    const loaded = Numbers.load(store, root)
    store.restart()
    expect([loaded.delete(1), loaded.delete(8)]).toEqual([false, false])
    expect(loaded.flush().cid).toBe(root.cid)
    expect(store.written).toEqual([])
  })

  test('gives the same link when a value is replaced by an equal one', () => {
    const { store, root } = fullTree()
    const loaded = Numbers.load(store, root)
    loaded.set(100, 100)
    expect(loaded.flush().cid).toBe(root.cid)
  })

  test('writes values that nobody replaced as the bytes that they had', () => {
    const { store, root } = fullTree()
    const ReadOnly = amt({ ...uint, encode: refuse }, { bitWidth: 3 })
    const loaded = ReadOnly.load(store, root)
    expect([...loaded.values()]).toHaveLength(512)
    expect(loaded.delete(9)).toBe(true)
    const expected = Numbers.load(store, root)
    expected.delete(9)
    expect(loaded.flush().cid).toBe(expected.flush().cid)
  })
})

function refuse(): never {
  throw new Error('a value that was not replaced is not encoded')
}

describe('reading', () => {
  test('opens only the blocks on the way, and each once', () => {
    const { store, root } = fullTree()
    store.restart()
    const loaded = Numbers.load(store, root)
    expect(store.found).toEqual([root.cid])
    expect(loaded.get(100)).toBe(100)
    expect(loaded.get(101)).toBe(101)
    expect(store.found).toHaveLength(3)
  })

  test('all values opens every block once', () => {
    const { store, root } = fullTree()
    store.restart()
    const loaded = Numbers.load(store, root)
    expect([...loaded.values()]).toHaveLength(512)
    expect([...loaded.values()]).toHaveLength(512)
    expect(store.found).toHaveLength(1 + 8 + 64)
  })

  test.each([{ index: 512 }, { index: 2n ** 64n - 2n }])(
    'opens nothing for $index, beyond the height',
    ({ index }) => {
      const { store, root } = fullTree()
      const loaded = Numbers.load(store, root)
      store.restart()
      expect(loaded.get(index)).toBeUndefined()
      expect(store.found).toEqual([])
    },
  )

  test('opens no leaf for an index that has none', () => {
    const store = watchedStore()
    const array = Numbers.empty(store)
    array.set(0, 1)
    array.set(20, 1)
    const loaded = Numbers.load(store, array.flush())
    store.restart()
    expect(loaded.get(8)).toBeUndefined()
    expect(store.found).toEqual([])
  })
})

describe('a missing block', () => {
  test('is named by the load of a root', () => {
    const { store, root } = fullTree()
    store.lose(root.cid)
    expect(() => Numbers.load(store, root)).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', path: [], data: { cid: formatCid(root.cid) } }),
    )
  })

  test('is named with the index that was asked for', () => {
    const { store, root } = fullTree()
    const leaf = leafOf(100)
    store.lose(leaf)
    const loaded = Numbers.load(store, root)
    expect(() => loaded.get(100)).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', path: [100], data: { cid: formatCid(leaf) } }),
    )
    expect(loaded.get(104)).toBe(104)
  })

  // Index 100 lies in the leaf of 96 to 103.
  test('is named with its first index by a walk, after everything before it', () => {
    const { store, root } = fullTree()
    const leaf = leafOf(100)
    store.lose(leaf)
    const seen: number[] = []
    const walk = () => {
      for (const [index] of Numbers.load(store, root).entries()) {
        seen.push(index)
      }
    }
    expect(walk).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', path: [96], data: { cid: formatCid(leaf) } }),
    )
    expect(seen).toEqual(Array.from({ length: 96 }, (_, i) => i))
  })

  test('fails a change and leaves the tree as it was', () => {
    const { store, root } = fullTree()
    const leaf = leafOf(100)
    store.lose(leaf)
    const loaded = Numbers.load(store, root)
    const missing = expect.objectContaining({ code: 'MISSING_BLOCK', data: { cid: formatCid(leaf) } })
    expect(() => loaded.set(100, 1)).toThrow(missing)
    expect(() => loaded.delete(100)).toThrow(missing)
    expect(loaded.count).toBe(512)
    expect(loaded.flush().cid).toBe(root.cid)
  })
})

describe('a value of another type', () => {
  const Raw = amt(rawItem, { bitWidth: 3 })

  /** A tree with a text at index 10, seen as a tree of numbers. */
  function mixedTree() {
    const store = createMemoryBlockstore(hashes)
    const array = Raw.empty(store)
    array.set(9, Uint8Array.of(0x07))
    array.set(10, Uint8Array.of(0x61, 0x61))
    return Numbers.load(store, linkTo(array.flush().cid))
  }

  test('is found when it is asked for, with its index', () => {
    const mixed = mixedTree()
    const unexpected = expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: [10] })
    expect(mixed.get(9)).toBe(7)
    expect(() => mixed.get(10)).toThrow(unexpected)
    expect(() => [...mixed.entries()]).toThrow(unexpected)
  })

  test('may be replaced or deleted unread', () => {
    const mixed = mixedTree()
    mixed.set(10, 8)
    expect(mixed.get(10)).toBe(8)
    expect(mixedTree().delete(10)).toBe(true)
  })

  test('is refused when its codec leaves bytes over', () => {
    // Reads the head of [1] and not the item.
    const head: Codec<number> = {
      ...uint,
      name: 'head',
      decode: (reader) => {
        const count = enter(reader, MajorType.ARRAY)
        leave(reader)
        return count
      },
    }
    const store = createMemoryBlockstore(hashes)
    const array = Raw.empty(store)
    array.set(2, Uint8Array.of(0x81, 0x01))
    const loaded = amt(head, { bitWidth: 3 }).load(store, linkTo(array.flush().cid))
    expect(() => loaded.get(2)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE', path: [2] }))
  })
})

describe('the link of an AMT', () => {
  test('is a codec of its CID', () => {
    const Texts = amt(text, { bitWidth: 3 })
    const root = Texts.empty(createMemoryBlockstore(hashes)).flush()
    const Links = amt(Texts.link, { bitWidth: 3 })
    const store = createMemoryBlockstore(hashes)
    const array = Links.empty(store)
    array.set(0, root)
    expect(Links.load(store, array.flush()).get(0)?.cid).toBe(root.cid)
  })
})
