import { type ByteString, byteString, createHashes, formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { requireBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { encodeCbor } from '../cbor/codec.ts'
import { cid as cidCodec, uint } from '../cbor/scalars.ts'
import { type Cid, cidOfBlock, formatCid } from '../cid.ts'
import { type Hamt, hamt } from './hamt.ts'
import { bytesKey, uintKey } from './keys.ts'

const hashes = await createHashes()

/** Remembers what is found and put, and forgets blocks when told so. */
function watchedStore() {
  const blocks = createMemoryBlockstore(hashes)
  const missing = new Set<Cid>()
  const found: Cid[] = []
  const written: Cid[] = []
  return {
    ...blocks,
    found,
    written,
    put: (cid: Cid, block: Uint8Array) => {
      written.push(cid)
      blocks.put(cid, block)
    },
    find: (cid: Cid) => {
      found.push(cid)
      return missing.has(cid) ? undefined : blocks.find(cid)
    },
    lose: (cid: Cid) => missing.add(cid),
    restart: () => {
      found.length = 0
      written.length = 0
    },
  }
}

/** The key itself in 32 bytes: with a bit width of 4, every hexadecimal digit of a key is a slot. */
function identityHash(key: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32)
  hash.set(key.subarray(0, 32))
  return hash
}

const Nibbles = hamt(bytesKey, uint, { bitWidth: 4, hash: identityHash })

function key(hex: string): ByteString {
  return byteString(parseHex(hex))
}

function buildHamt(keys: readonly string[], store = watchedStore()) {
  const map = Nibbles.empty(store)
  for (const hex of keys) {
    map.set(key(hex), 7)
  }
  return map
}

function hexOf(map: Hamt<ByteString, number>, store: ReturnType<typeof watchedStore>): string {
  return formatHex(requireBlock(store, map.flush().cid))
}

function linkHex(block: string): string {
  return formatHex(encodeCbor(cidCodec, cidOfBlock(parseHex(block), hashes)))
}

describe('a bucket', () => {
  // [h'02', [[[h'11', 7], [h'12', 7], [h'13', 7]]]]
  const THREE = '824102818382411107' + '82411207' + '82411307'
  // Slots 1, 2, 3 and 4 of the child, each with one entry: [h'1e', [[[h'11', 7]], …]].
  const CHILD_OF_FOUR = '82411e84' + '8182411107' + '8182411207' + '8182411307' + '8182411407'
  const FOUR = `82410281${linkHex(CHILD_OF_FOUR)}`

  test('of three takes no fourth: all four go into a child', () => {
    const store = watchedStore()
    const map = buildHamt(['13', '11', '12'], store)
    expect(hexOf(map, store)).toBe(THREE)
    map.set(key('14'), 7)
    expect(hexOf(map, store)).toBe(FOUR)
    expect(store.written).toHaveLength(1 + 2)
  })

  test('of three takes another value for a key that it has', () => {
    const store = watchedStore()
    const map = buildHamt(['11', '12', '13'], store)
    map.set(key('12'), 8)
    expect(hexOf(map, store)).toBe('824102818382411107' + '82411208' + '82411307')
  })

  test.each([{ deleted: '11' }, { deleted: '12' }, { deleted: '13' }, { deleted: '14' }])(
    'comes back when $deleted of four in a child is deleted',
    ({ deleted }) => {
      const store = watchedStore()
      const map = buildHamt(['14', '13', '12', '11'], store)
      expect(hexOf(map, store)).toBe(FOUR)
      expect(map.delete(key(deleted))).toBe(true)
      const rest = ['11', '12', '13', '14'].filter((hex) => hex !== deleted)
      expect(map.flush().cid).toBe(buildHamt(rest).flush().cid)
      expect(hexOf(map, store)).toBe(`8241028183${rest.map((hex) => `8241${hex}07`).join('')}`)
    },
  )

  test('does not come back while four entries are left', () => {
    const map = buildHamt(['11', '12', '13', '14', '15'])
    map.delete(key('15'))
    expect(map.flush().cid).toBe(cidOfBlock(parseHex(FOUR), hashes))
  })

  // Keys that share three digits lie in a child of a child of a child.
  test('comes back over all levels at once', () => {
    const store = watchedStore()
    const map = buildHamt(['1111', '1112', '1113', '1114'], store)
    map.flush()
    expect(store.written).toHaveLength(4)
    map.delete(key('1112'))
    expect(hexOf(map, store)).toBe('8241028183' + '8242111107' + '8242111307' + '8242111407')
  })

  // Below slot 1 there are a child for 111… and a bucket for 12…; without the bucket the child still has four.
  test('does not swallow a child of a child', () => {
    const map = buildHamt(['1111', '1112', '1113', '1114', '1211'])
    map.delete(key('1211'))
    expect(map.flush().cid).toBe(buildHamt(['1111', '1112', '1113', '1114']).flush().cid)
    expect([...map.entries()]).toHaveLength(4)
  })

  // Under slot 1: 111… has four entries in a child, 12 and 13 lie beside it.
  test('of what was a child stands beside other buckets, and goes up only when three are left', () => {
    const map = buildHamt(['1111', '1112', '1113', '1114', '1211', '1311'])
    map.delete(key('1111'))
    expect(map.flush().cid).toBe(buildHamt(['1112', '1113', '1114', '1211', '1311']).flush().cid)
    map.delete(key('1112'))
    expect(map.flush().cid).toBe(buildHamt(['1113', '1114', '1211', '1311']).flush().cid)
    map.delete(key('1311'))
    expect(map.flush().cid).toBe(buildHamt(['1113', '1114', '1211']).flush().cid)
  })

  test('is sorted by key where it gathers the buckets of several slots', () => {
    const reversed = (bytes: Uint8Array) => identityHash(bytes).map((byte) => 255 - byte)
    const Reversed = hamt(bytesKey, uint, { bitWidth: 4, hash: reversed })
    const store = watchedStore()
    const map = Reversed.empty(store)
    for (const hex of ['11', '12', '13', '14']) {
      map.set(key(hex), 7)
    }
    map.delete(key('14'))
    // Slot 14 of the root: 0x11 turned around is 0xee.
    expect(hexOf(map, store)).toBe('8242400081838241110782411207' + '82411307')
  })
})

describe('the depth of a HAMT', () => {
  const ZEROS = '00'.repeat(31)

  /** Keys that differ in their last byte alone. */
  const last = (byte: number) => `${ZEROS}${byte.toString(16).padStart(2, '0')}`

  // 64 digits of 4 bits: the root is at depth 0, the node that tells the keys apart at depth 63.
  test.each([
    { bitWidth: 8, blocks: 32 },
    { bitWidth: 4, blocks: 64 },
  ])('reaches the last bits of a hash at bit width $bitWidth', ({ bitWidth, blocks }) => {
    const type = hamt(bytesKey, uint, { bitWidth, hash: identityHash })
    const store = watchedStore()
    const map = type.empty(store)
    for (const byte of [1, 2, 3, 4]) {
      map.set(key(last(byte)), byte)
    }
    const root = map.flush()
    expect(store.written).toHaveLength(blocks)
    const loaded = type.load(store, root)
    expect([...loaded.entries()].map(([, value]) => value)).toEqual([1, 2, 3, 4])
    expect(loaded.delete(key(last(2)))).toBe(true)
    expect([...loaded.entries()].map(([, value]) => value)).toEqual([1, 3, 4])
  })

  // Bits 250 to 254 make the 51st digit of 5 bits: four keys that differ there are told apart at depth 50.
  test('reaches the last five bits that make a digit', () => {
    const type = hamt(bytesKey, uint, { bitWidth: 5, hash: identityHash })
    const store = watchedStore()
    const map = type.empty(store)
    for (const digit of [1, 2, 3, 4]) {
      map.set(key(last(digit << 1)), digit)
    }
    map.flush()
    expect(store.written).toHaveLength(51)
  })

  test.each([{ bitWidth: 8 }, { bitWidth: 4 }, { bitWidth: 5 }, { bitWidth: 6 }])(
    'ends where four keys share a hash at bit width $bitWidth',
    ({ bitWidth }) => {
      const type = hamt(uintKey, uint, { bitWidth, hash: () => new Uint8Array(32) })
      const map = type.empty(createMemoryBlockstore(hashes))
      for (const number of [1, 2, 3]) {
        map.set(number, number)
      }
      const root = map.flush()
      expect(() => map.set(4, 4)).toThrow(expect.objectContaining({ code: 'HAMT_DEPTH' }))
      expect([...map.entries()]).toEqual([
        [1, 1],
        [2, 2],
        [3, 3],
      ])
      expect(map.get(4)).toBeUndefined()
      map.set(3, 5)
      map.set(3, 3)
      expect(map.flush().cid).toBe(root.cid)
    },
  )
})

const COUNT = 500

/** Some hundred blocks of numbers by number. */
function fullTree() {
  const store = watchedStore()
  const type = hamt(uintKey, uint, { bitWidth: 5 })
  const map = type.empty(store)
  for (let number = 0; number < COUNT; number++) {
    map.set(number, number)
  }
  const root = map.flush()
  return { store, type, map, root, blockCount: store.written.length }
}

describe('flushing', () => {
  test('writes every block once, and nothing the second time', () => {
    const { store, map, root, blockCount } = fullTree()
    expect(new Set(store.written).size).toBe(blockCount)
    store.restart()
    expect(map.flush().cid).toBe(root.cid)
    expect(store.written).toEqual([])
  })

  test('writes nothing of a tree that was only read', () => {
    const { store, type, root } = fullTree()
    store.restart()
    const loaded = type.load(store, root)
    expect([...loaded.entries()]).toHaveLength(COUNT)
    expect(loaded.delete(COUNT)).toBe(false)
    expect(loaded.flush().cid).toBe(root.cid)
    expect(store.written).toEqual([])
  })

  test('writes only the blocks that were opened for a change', () => {
    const { store, type, root } = fullTree()
    const loaded = type.load(store, root)
    store.restart()
    loaded.set(123, 7)
    const opened = store.found.length
    loaded.flush()
    // The root was opened before.
    expect(store.written).toHaveLength(opened + 1)
    expect(opened).toBeGreaterThan(0)
    expect(opened).toBeLessThan(4)
  })

  test('gives the same link when a value is replaced by an equal one', () => {
    const { store, type, root } = fullTree()
    const loaded = type.load(store, root)
    loaded.set(123, 123)
    expect(loaded.flush().cid).toBe(root.cid)
  })

  test('writes values that nobody replaced as the bytes that they had', () => {
    const { store, type, root } = fullTree()
    const ReadOnly = hamt(uintKey, { ...uint, encode: refuse }, { bitWidth: 5 })
    const loaded = ReadOnly.load(store, root)
    expect([...loaded.entries()]).toHaveLength(COUNT)
    const expected = type.load(store, root)
    for (let number = 0; number < COUNT; number += 3) {
      expect([loaded.delete(number), expected.delete(number)]).toEqual([true, true])
    }
    expect(loaded.flush().cid).toBe(expected.flush().cid)
  })
})

function refuse(): never {
  throw new Error('a value that nobody looked at or replaced is neither decoded nor encoded')
}

describe('reading', () => {
  test('opens every block once', () => {
    const { store, type, root, blockCount } = fullTree()
    store.restart()
    const loaded = type.load(store, root)
    expect([...loaded.entries()]).toHaveLength(COUNT)
    for (let number = 0; number < COUNT; number++) {
      expect(loaded.get(number)).toBe(number)
    }
    expect(store.found).toHaveLength(blockCount)
  })

  test('the keys decodes no value', () => {
    const { store, type, root } = fullTree()
    const Unreadable = hamt(uintKey, { ...uint, decode: refuse }, { bitWidth: 5 })
    const keys = [...type.load(store, root).entries()].map(([number]) => number)
    expect([...Unreadable.load(store, root).keys()]).toEqual(keys)
    expect(keys).toHaveLength(COUNT)
  })
})

describe('a missing block', () => {
  /** A tree of one root and one child, and the child. */
  function brokenTree() {
    const store = watchedStore()
    const root = buildHamt(['11', '12', '13', '14', '21'], store).flush()
    const [child] = store.written
    store.lose(child as Cid)
    return { store, root, map: Nibbles.load(store, root), data: { cid: formatCid(child as Cid) } }
  }

  test('is named by the load of a root', () => {
    const { store, root } = brokenTree()
    store.lose(root.cid)
    expect(() => Nibbles.load(store, root)).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', path: [], data: { cid: formatCid(root.cid) } }),
    )
  })

  test('is named with the key that was asked for', () => {
    const { map, data } = brokenTree()
    const missing = expect.objectContaining({ code: 'MISSING_BLOCK', path: ['11'], data })
    expect(() => map.get(key('11'))).toThrow(missing)
    expect(() => map.has(key('11'))).toThrow(missing)
    expect(map.get(key('21'))).toBe(7)
  })

  test('fails a walk and a change, which leaves the tree as it was', () => {
    const { map, root, data } = brokenTree()
    const missing = expect.objectContaining({ code: 'MISSING_BLOCK', data })
    expect(() => [...map.entries()]).toThrow(missing)
    expect(() => map.set(key('15'), 1)).toThrow(missing)
    expect(() => map.delete(key('11'))).toThrow(missing)
    expect(map.flush().cid).toBe(root.cid)
  })
})
