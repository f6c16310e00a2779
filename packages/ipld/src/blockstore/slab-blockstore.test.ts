import { Buffer } from 'node:buffer'
import { fc, test } from '@fast-check/vitest'
import { BaseError, createHashes } from '@plimsoll/primitives'
import { anyBytes, anyCid, concat, randomSource } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { type Cid, cidBytes, cidOfBlock, Multicodec, Multihash, makeCid } from '../cid.ts'
import { MAX_CID_BYTES } from '../limits.ts'
import { createMemoryBlockstore } from './memory-blockstore.ts'
import { SlabBlockstore } from './slab-blockstore.ts'

const hashes = await createHashes()

interface Entry {
  readonly cid: Cid
  readonly block: Uint8Array
}

/** CIDs of several lengths, many of which end in the same four bytes and so meet in the table. */
const anyTail = fc.constantFrom([0, 0, 0, 0], [255, 255, 255, 255], [0, 0, 3, 255], [1, 0, 3, 255])
const anyMeetingCid = fc
  .tuple(fc.uint8Array({ maxLength: 40 }), anyTail)
  .map(([head, tail]) => makeCid(Multicodec.RAW, Multihash.IDENTITY, concat(head, Uint8Array.from(tail))))

const anyEntries: fc.Arbitrary<readonly Entry[]> = fc.uniqueArray(
  fc.record({ cid: fc.oneof(anyCid, anyMeetingCid), block: anyBytes }),
  { selector: ({ cid }) => cid, minLength: 1, maxLength: 40 },
)

function numberedEntry(i: number, tail: readonly number[] = []): Entry {
  const digest = hashes.blake2b256(Uint8Array.of(i & 0xff, (i >> 8) & 0xff, i >> 16))
  digest.set(tail, digest.length - tail.length)
  const block = Uint8Array.of(i & 0xff, (i >> 8) & 0xff, i >> 16)
  return { cid: makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, digest), block }
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((total, { block }) => total + block.length, 0)
}

/** Expects that a store holds the entries and nothing else that was ever asked for. */
function expectToHold(store: SlabBlockstore, entries: readonly Entry[]): void {
  expect(store.size).toBe(entries.length)
  expect(store.totalBytes).toBe(bytesOf(entries))
  const lost = entries.filter(({ cid, block }) => {
    const found = store.find(cid)
    return found === undefined || Buffer.compare(found, block) !== 0
  })
  expect(lost).toEqual([])
}

describe('a store of blocks, in a map or in slabs,', () => {
  const anyOperations = anyEntries.chain((entries) =>
    fc.tuple(
      fc.constant(entries),
      fc.array(
        fc.record({ kind: fc.constantFrom('put', 'find', 'findAt'), index: fc.nat(entries.length - 1) }),
        {
          maxLength: 120,
        },
      ),
    ),
  )

  test.prop([anyOperations])('finds what was put, and nothing else', ([entries, operations]) => {
    const expected = new Map<Cid, Uint8Array>()
    const memory = createMemoryBlockstore(hashes)
    const slabs = new SlabBlockstore(hashes)
    for (const { kind, index } of operations) {
      const { cid, block } = entries[index] ?? { cid: '' as Cid, block: new Uint8Array() }
      if (kind === 'put') {
        expected.set(cid, block)
        memory.put(cid, block)
        slabs.put(cid, block)
      } else if (kind === 'find') {
        expect(memory.find(cid)).toEqual(expected.get(cid))
        expect(slabs.find(cid)).toEqual(expected.get(cid))
      } else {
        const bytes = concat(Uint8Array.of(1, 2, 3), cidBytes(cid), Uint8Array.of(4))
        expect(memory.findAt(bytes, 3, bytes.length - 1)).toEqual(expected.get(cid))
        expect(slabs.findAt(bytes, 3, bytes.length - 1)).toEqual(expected.get(cid))
      }
      expect([memory.size, slabs.size]).toEqual([expected.size, expected.size])
    }
    expect(slabs.totalBytes).toBe([...expected.values()].reduce((total, block) => total + block.length, 0))
  })

  test.each([
    { name: 'the map', create: () => createMemoryBlockstore(hashes) },
    { name: 'the slabs', create: () => new SlabBlockstore(hashes) },
  ])('$name: gives out the hashes that it was made with', ({ create }) => {
    expect(create().hashes).toBe(hashes)
    expect(create().size).toBe(0)
  })
})

describe('SlabBlockstore', () => {
  // The table begins with 1024 slots and grows when half of them are taken.
  test.each([511, 512, 513, 1023, 1024, 1025, 2048, 5000])(
    'keeps every one of %i blocks as it grows',
    (count) => {
      const entries = Array.from({ length: count }, (_, i) => numberedEntry(i))
      const store = new SlabBlockstore(hashes)
      for (const { cid, block } of entries) {
        store.put(cid, block)
      }
      expectToHold(store, entries)
      expect(store.find(numberedEntry(count).cid)).toBeUndefined()
    },
  )

  // Alike in the last four bytes, they all ask for one slot; the last slot of the table is followed by the first.
  test.each([
    { tail: [0, 0, 0, 0], where: 'the first slot' },
    { tail: [255, 255, 255, 255], where: 'the last slot' },
    { tail: [0, 0, 1, 128], where: 'a slot in the middle' },
  ])('keeps 700 blocks that all belong into $where', ({ tail }) => {
    const entries = Array.from({ length: 700 }, (_, i) => numberedEntry(i, tail))
    const store = new SlabBlockstore(hashes)
    for (const { cid, block } of entries) {
      store.put(cid, block)
    }
    expectToHold(store, entries)
    expect(store.find(numberedEntry(700, tail).cid)).toBeUndefined()
  })

  test('tells CIDs apart of which one ends like the other', () => {
    const long = makeCid(Multicodec.RAW, Multihash.IDENTITY, Uint8Array.of(9, 1, 2, 3, 4, 5))
    const short = makeCid(Multicodec.RAW, Multihash.IDENTITY, Uint8Array.of(1, 2, 3, 4, 5))
    const store = new SlabBlockstore(hashes)
    store.put(long, Uint8Array.of(7))
    expect(store.find(short)).toBeUndefined()
    store.put(short, Uint8Array.of(8))
    expect([store.find(long), store.find(short)]).toEqual([Uint8Array.of(7), Uint8Array.of(8)])
  })

  // The first slab has 2^20 bytes; a record is a byte, 38 of the CID, and the block.
  const SLAB_BYTES = 1 << 20
  const RECORD_HEAD_BYTES = 1 + 38

  test.each([
    { name: 'no bytes', sizes: [0, 0] },
    { name: 'all bytes of the first slab', sizes: [SLAB_BYTES - RECORD_HEAD_BYTES, 5] },
    { name: 'a byte more than the first slab', sizes: [SLAB_BYTES - RECORD_HEAD_BYTES + 1, 5] },
    {
      name: 'all bytes that are left in a slab',
      sizes: [1000, SLAB_BYTES - 1000 - 2 * RECORD_HEAD_BYTES, 5],
    },
    { name: 'a byte more than is left', sizes: [1000, SLAB_BYTES - 1000 - 2 * RECORD_HEAD_BYTES + 1, 5] },
    { name: 'more than several slabs', sizes: [10, 5 * SLAB_BYTES, 10, 3 * SLAB_BYTES, 0, 10] },
  ])('keeps blocks of $name', ({ sizes }) => {
    const entries = sizes.map((size, i) => {
      // Bytes that repeat after a prime number of them, so that a block at the wrong place is another one.
      const block = new Uint8Array(Buffer.alloc(size, randomSource(i + 1).bytes(251)))
      return { cid: cidOfBlock(concat(Uint8Array.of(i), block), hashes), block }
    })
    const store = new SlabBlockstore(hashes)
    for (const { cid, block } of entries) {
      store.put(cid, block)
    }
    expectToHold(store, entries)
  })

  test('keeps blocks that fill many slabs', () => {
    const entries = Array.from({ length: 300 }, (_, i) => ({
      ...numberedEntry(i),
      block: new Uint8Array(40_000).fill(i & 0xff),
    }))
    const store = new SlabBlockstore(hashes)
    for (const { cid, block } of entries) {
      store.put(cid, block)
    }
    expectToHold(store, entries)
  })

  test('keeps a copy of its own, since the reader of a CAR overwrites what it gave', () => {
    const { cid } = numberedEntry(1)
    const bytes = concat(Uint8Array.of(1, 2), cidBytes(cid), Uint8Array.of(5, 6, 7))
    const store = new SlabBlockstore(hashes)
    store.putAt(bytes, 2, bytes.length - 3, bytes.subarray(bytes.length - 3))
    bytes.fill(0xee)
    expect(store.find(cid)).toEqual(Uint8Array.of(5, 6, 7))
  })

  test('counts a block that is put again only once', () => {
    const { cid, block } = numberedEntry(1)
    const store = new SlabBlockstore(hashes)
    store.put(cid, block)
    store.put(cid, block)
    expectToHold(store, [{ cid, block }])
  })

  test('takes a CID of the greatest length, and a longer one for a bug', () => {
    const longest = makeCid(Multicodec.RAW, Multihash.IDENTITY, new Uint8Array(MAX_CID_BYTES - 4))
    const longer = makeCid(Multicodec.RAW, Multihash.IDENTITY, new Uint8Array(MAX_CID_BYTES - 3))
    const store = new SlabBlockstore(hashes)
    store.put(longest, Uint8Array.of(7))
    expect(store.find(longest)).toEqual(Uint8Array.of(7))
    let thrown: unknown
    try {
      store.put(longer, Uint8Array.of(7))
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(Error)
    expect(thrown).not.toBeInstanceOf(BaseError)
  })
})
