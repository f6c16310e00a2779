import { type ByteString, byteString, createHashes, formatHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { requireBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { bytes, nullable, uint } from '../cbor/scalars.ts'
import { formatCid } from '../cid.ts'
import { type Hamt, hamt } from './hamt.ts'
import { bytesKey, uintKey } from './keys.ts'

const hashes = await createHashes()

/** The CID of `82 40 80`, whatever the bit width. Source: ref-fvm ipld/hamt/tests/hamt_tests.rs, reload_empty. */
const EMPTY_CID = 'bafy2bzaceamp42wmmgr2g2ymg46euououzfyck7szknvfacqscohrvaikwfay'

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

function keyOf(text: string | number): ByteString {
  return byteString(utf8(String(text)))
}

/** The key itself in 32 bytes, so that a test chooses where a key goes. Source: hash_algorithm.rs, Identity. */
function identityHash(key: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32)
  hash.set(key.subarray(0, 32))
  return hash
}

describe('an empty HAMT', () => {
  test.each([{ bitWidth: 1 }, { bitWidth: 3 }, { bitWidth: 5 }, { bitWidth: 6 }, { bitWidth: 8 }])(
    'of bit width $bitWidth has the same root as any other',
    ({ bitWidth }) => {
      const store = createMemoryBlockstore(hashes)
      const type = hamt(bytesKey, uint, { bitWidth })
      const root = type.empty(store).flush()
      expect(formatHex(requireBlock(store, root.cid))).toBe('824080')
      expect(formatCid(root.cid)).toBe(EMPTY_CID)
      const loaded = type.load(store, root)
      expect(loaded.isEmpty).toBe(true)
      expect([...loaded.entries()]).toEqual([])
    },
  )
})

describe('a HAMT', () => {
  // Slot 0x4b is bit 75: [h'08000000000000000000', [[[h'4b', h'30']]]].
  test('holds up to three values of one slot in a bucket', () => {
    const store = createMemoryBlockstore(hashes)
    const map = hamt(bytesKey, bytes, { bitWidth: 8, hash: identityHash }).empty(store)
    map.set(keyOf('K'), utf8('0'))
    expect(formatHex(requireBlock(store, map.flush().cid))).toBe(
      '824a0800000000000000000081818241' + '4b4130',
    )
  })

  // Slots of 5 bits: 0x00 is slot 0, 0x20 is slot 4, 0xf8 is slot 31; the last slot is the highest bit.
  test('lists its slots in a big-endian bitfield without leading zeros', () => {
    const store = createMemoryBlockstore(hashes)
    const map = hamt(bytesKey, uint, { bitWidth: 5, hash: identityHash }).empty(store)
    map.set(byteString(Uint8Array.of(0x20)), 2)
    map.set(byteString(Uint8Array.of(0x00)), 1)
    expect(formatHex(requireBlock(store, map.flush().cid))).toBe('82411182' + '8182410001' + '8182412002')
    map.set(byteString(Uint8Array.of(0xf8)), 3)
    expect(formatHex(requireBlock(store, map.flush().cid))).toBe(
      '82448000001183' + '8182410001' + '8182412002' + '818241f803',
    )
  })

  // Source: ref-fvm ipld/hamt/tests/hamt_tests.rs, test_basics.
  test('gives the last value that a key was set to', () => {
    const map = hamt(uintKey, bytes, { bitWidth: 5 }).empty(createMemoryBlockstore(hashes))
    map.set(1, utf8('world'))
    map.set(1, utf8('world2'))
    expect(map.get(1)).toEqual(utf8('world2'))
    expect(map.has(1)).toBe(true)
    expect(map.get(2)).toBeUndefined()
    expect(map.has(2)).toBe(false)
    expect(map.isEmpty).toBe(false)
    expect([...map.entries()]).toEqual([[1, utf8('world2')]])
  })

  test('says of a deletion whether the key was there', () => {
    const map = hamt(uintKey, uint, { bitWidth: 5 }).empty(createMemoryBlockstore(hashes))
    map.set(1, 7)
    expect(map.delete(2)).toBe(false)
    expect(map.delete(1)).toBe(true)
    expect(map.delete(1)).toBe(false)
    expect(map.isEmpty).toBe(true)
  })

  test('keeps null as a value', () => {
    const map = hamt(uintKey, nullable(uint), { bitWidth: 5 }).empty(createMemoryBlockstore(hashes))
    map.set(1, null)
    expect(map.get(1)).toBeNull()
    expect(map.has(1)).toBe(true)
    expect([...map.entries()]).toEqual([[1, null]])
  })

  test('visits its entries in the order of their slots', () => {
    const map = hamt(bytesKey, uint, { bitWidth: 3, hash: identityHash }).empty(
      createMemoryBlockstore(hashes),
    )
    const keys = [0xff, 0x00, 0x80, 0x7f, 0x01, 0x02, 0x03, 0x04, 0x05].map((byte) =>
      byteString(Uint8Array.of(byte)),
    )
    keys.forEach((key, i) => {
      map.set(key, i)
    })
    expect([...map.entries()].map(([key]) => key)).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)))
  })
})

describe('the CID of a HAMT', () => {
  type Map = Hamt<ByteString, Uint8Array>
  const setNumbers = (map: Map, from: number, to: number) => {
    for (let i = from; i < to; i++) {
      map.set(keyOf(i), utf8(String(i)))
    }
  }

  // Source: ref-fvm ipld/hamt/tests/hamt_tests.rs; the figures of writes are those of its tracking store.
  test.each<{
    rule: string
    bitWidth: number
    steps: readonly ((map: Map) => void)[]
    cids: readonly string[]
    writes: number
    size: number
  }>([
    {
      rule: 'is known for one entry',
      bitWidth: 8,
      steps: [(map) => map.set(keyOf('favorite-animal'), utf8('owl bear'))],
      cids: ['bafy2bzaced2tgnlsq4n2ioe6ldy75fw3vlrrkyfv4bq6didbwoob2552zvpuk'],
      writes: 1,
      size: 63,
    },
    {
      rule: 'is known before and after a deletion',
      bitWidth: 8,
      steps: [
        (map) => {
          map.set(keyOf('foo'), utf8('cat dog bear'))
          map.set(keyOf('bar'), utf8('cat dog'))
          map.set(keyOf('baz'), utf8('cat'))
        },
        (map) => {
          map.delete(keyOf('foo'))
          map.delete(keyOf('nonexistent'))
        },
      ],
      cids: [
        'bafy2bzacebql36crv4odvxzstx2ubaczmawy2tlljxezvorcsoqeyyojxkrom',
        'bafy2bzaced7up7wkm7cirieh5bs4iyula5inrprihmjzozmku3ywvekzzmlyi',
      ],
      writes: 2,
      size: 139,
    },
    {
      rule: 'is the empty one after the only entry is gone',
      bitWidth: 8,
      steps: [
        (map) => map.set(byteString(Uint8Array.of(0)), utf8('Test data')),
        (map) => map.delete(byteString(Uint8Array.of(0))),
      ],
      cids: ['bafy2bzaceb2hikcc6tfuuuuehjstbiq356oruwx6ejyse77zupq445unranv6', EMPTY_CID],
      writes: 2,
      size: 34,
    },
    {
      rule: 'is known for the smallest bit width',
      bitWidth: 1,
      steps: [
        (map) => {
          for (let i = 0; i < 30; i++) {
            map.set(keyOf(i), utf8('filler'))
          }
        },
        (map) => map.set(keyOf('favorite-animal'), utf8('bright green bear')),
      ],
      cids: [
        'bafy2bzacebjilcrsqa4uyxuh36gllup4rlgnvwgeywdm5yqq2ks4jrsj756qq',
        'bafy2bzacea7biyabzk7v7le2rrlec5tesjbdnymh5sk4lfprxibg4rtudwtku',
      ],
      writes: 18,
      size: 1282,
    },
    {
      rule: 'comes back when many entries are added and deleted',
      bitWidth: 5,
      steps: [
        (map) => setNumbers(map, 0, 200),
        (map) => setNumbers(map, 200, 400),
        (map) => {
          for (let i = 200; i < 400; i++) {
            map.delete(keyOf(i))
          }
        },
        (map) => {
          for (let i = 0; i < 200; i++) {
            map.delete(keyOf(i))
          }
        },
      ],
      cids: [
        'bafy2bzaceczhz54xmmz3xqnbmvxfbaty3qprr6dq7xh5vzwqbirlsnbd36z7a',
        'bafy2bzacecxcp736xkl2mcyjlors3tug6vdlbispbzxvb75xlrhthiw2xwxvw',
        'bafy2bzaceczhz54xmmz3xqnbmvxfbaty3qprr6dq7xh5vzwqbirlsnbd36z7a',
        EMPTY_CID,
      ],
      writes: 94,
      size: 11737,
    },
    {
      rule: 'is known after changes to a few of many entries',
      bitWidth: 5,
      steps: [
        (map) => setNumbers(map, 0, 200),
        (map) => {
          for (const i of [10, 80, 81]) {
            map.set(keyOf(i), utf8(`modified-${i}`))
          }
          map.delete(keyOf(30))
        },
      ],
      cids: [
        'bafy2bzaceczhz54xmmz3xqnbmvxfbaty3qprr6dq7xh5vzwqbirlsnbd36z7a',
        'bafy2bzacebln5j7tdfavh2qqhio6mgaoq6mm2jbmcex2ngcmi3uqlx5k3mov4',
      ],
      writes: 33,
      size: 4697,
    },
  ])('$rule', ({ bitWidth, steps, cids, writes, size }) => {
    const store = countingStore()
    const map = hamt(bytesKey, bytes, { bitWidth }).empty(store)
    const found = steps.map((step) => {
      step(map)
      return formatCid(map.flush().cid)
    })
    expect(found).toEqual(cids)
    expect(store.stats).toEqual({ writes, bytesWritten: size })
  })

  // Source: ref-fvm ipld/hamt/tests/hamt_tests.rs, clean_child_ordering.
  test('is known where a child that collapses has to be sorted anew', () => {
    const store = countingStore()
    const type = hamt(uintKey, uint, { bitWidth: 5 })
    const map = type.empty(store)
    for (let i = 100; i < 195; i++) {
      map.set(i, 42)
    }
    const before = map.flush()
    expect(formatCid(before.cid)).toBe('bafy2bzacebqox3gtng4ytexyacr6zmaliyins3llnhbnfbcrqmhzuhmuuawqk')
    const loaded = type.load(store, before)
    loaded.delete(104)
    loaded.delete(108)
    expect(formatCid(loaded.flush().cid)).toBe(
      'bafy2bzacedlyeuub3mo4aweqs7zyxrbldsq2u4a2taswubudgupglu2j4eru6',
    )
    expect(store.stats).toEqual({ writes: 11, bytesWritten: 1751 })
  })

  // Source: ref-fvm ipld/hamt/tests/hamt_tests.rs, canonical_structure and canonical_structure_alt_bit_width.
  test.each([
    {
      bitWidth: 5,
      keys: 'K',
      extra: 'B',
      cid: 'bafy2bzacec3cquclaqkb32cntwtizgij55b7isb4s5hv5hv5ujbbeu6clxkug',
    },
    {
      bitWidth: 6,
      keys: 'K',
      extra: 'B',
      cid: 'bafy2bzacebj7b2jahw7nxmu6mlhkwzucjmfq7aqlj52jusqtufqtaxcma4pdm',
    },
    {
      bitWidth: 7,
      keys: 'K',
      extra: 'B',
      cid: 'bafy2bzacedrwwndijql6lmmtyicjwyehxtgey5fhzocc43hrzhetrz25v2k2y',
    },
    {
      bitWidth: 8,
      keys: 'K',
      extra: 'B',
      cid: 'bafy2bzacecosy45hp4sz2t4o4flxvntnwjy7yaq43bykci22xycpeuj542lse',
    },
    {
      bitWidth: 5,
      keys: 'K0 K1 KAA1 KAA2 KAA3',
      extra: 'KAA4',
      cid: 'bafy2bzacedbiipe7l7gbtjandyyl6rqlkuqr2im2nl7d4bljidv5mta22rjqk',
    },
    {
      bitWidth: 6,
      keys: 'K0 K1 KAA1 KAA2 KAA3',
      extra: 'KAA4',
      cid: 'bafy2bzaceb3c76qlbsiv3baogpao3zah56eqonsowpkof33o5hmncfow4seso',
    },
    {
      bitWidth: 7,
      keys: 'K0 K1 KAA1 KAA2 KAA3',
      extra: 'KAA4',
      cid: 'bafy2bzacebhkyrwfexokaoygsx2crydq3fosiyfoa5bthphntmicsco2xf442',
    },
    {
      bitWidth: 8,
      keys: 'K0 K1 KAA1 KAA2 KAA3',
      extra: 'KAA4',
      cid: 'bafy2bzaceaqdaj5aqkwugr7wx4to3fahynoqlxuo5j6xznly3khazgyxihkbo',
    },
  ])('of $keys at bit width $bitWidth has no trace of $extra', ({ bitWidth, keys, extra, cid }) => {
    const type = hamt(bytesKey, bytes, { bitWidth, hash: identityHash })
    const map = type.empty(createMemoryBlockstore(hashes))
    for (const [i, key] of keys.split(' ').entries()) {
      map.set(keyOf(key), utf8(String(i)))
    }
    expect(formatCid(map.flush().cid)).toBe(cid)
    map.set(keyOf(extra), utf8('0'))
    expect(formatCid(map.flush().cid)).not.toBe(cid)
    map.delete(keyOf(extra))
    expect(formatCid(map.flush().cid)).toBe(cid)
  })
})
