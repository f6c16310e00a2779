import { fc, test } from '@fast-check/vitest'
import { decode } from '@ipld/dag-cbor'
import { type ByteString, byteString, createHashes, parseHex } from '@plimsoll/primitives'
import { anyBytes, randomSource } from '@plimsoll/testkit'
import type { CID } from 'multiformats/cid'
import { describe, expect } from 'vitest'
import { type Blockstore, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { decodeCbor } from '../cbor/codec.ts'
import { uint } from '../cbor/scalars.ts'
import { type Cid, cidFromBytes, formatCid } from '../cid.ts'
import { diffHamt } from './diff.ts'
import { type HamtType, hamt } from './hamt.ts'
import { bytesKey, uintKey } from './keys.ts'

const hashes = await createHashes()

/** The key itself in 32 bytes: keys that begin alike go deep. */
function identityHash(key: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32)
  hash.set(key.subarray(0, 32))
  return hash
}

function buildHamt<K>(store: Blockstore, type: HamtType<K, number>, entries: Iterable<readonly [K, number]>) {
  const map = type.empty(store)
  for (const [key, value] of entries) {
    map.set(key, value)
  }
  return map.flush()
}

interface Change {
  readonly key: ByteString
  readonly before: number | undefined
  readonly after: number | undefined
}

function sorted(changes: readonly Change[]): Change[] {
  return changes.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** The changes by ascending key, with their values as numbers. */
function changesOf(store: Blockstore, before: Cid, after: Cid, bitWidth: number): Change[] {
  const decoded = (bytes: Uint8Array | undefined) => bytes && decodeCbor(uint, bytes)
  return sorted(
    diffHamt(store, before, after, bitWidth).map((change) => ({
      key: change.key,
      before: decoded(change.before),
      after: decoded(change.after),
    })),
  )
}

type Model = ReadonlyMap<ByteString, number>

function changesOfMaps(before: Model, after: Model): Change[] {
  return sorted(
    [...new Set([...before.keys(), ...after.keys()])]
      .map((key) => ({ key, before: before.get(key), after: after.get(key) }))
      .filter((change) => change.before !== change.after),
  )
}

/** Counts the blocks that are opened, by either way of looking one up. */
function countingStore(store: Blockstore) {
  let opened = 0
  const counting: Blockstore = {
    ...store,
    find: (cid) => {
      opened++
      return store.find(cid)
    },
    findAt: (bytes, start, end) => {
      opened++
      return store.findAt(bytes, start, end)
    },
  }
  return { counting, openedCount: () => opened }
}

type NodeBlock = readonly [Uint8Array, readonly (CID | readonly unknown[])[]]

/** The blocks of a tree, each with its place, found by another decoder than the one under test. */
function blocksOf(store: Blockstore, root: Cid): Set<string> {
  const places = new Set<string>()
  const walk = (cid: Cid, path: string) => {
    places.add(`${path}: ${formatCid(cid)}`)
    const [bitfield, pointers] = decode<NodeBlock>(requireBlock(store, cid))
    const bits = bitfield.toReversed()
    const slots = Array.from({ length: bits.length * 8 }, (_, slot) => slot)
    const present = slots.filter((slot) => ((bits[slot >> 3] ?? 0) >> (slot & 7)) & 1)
    for (const [i, pointer] of pointers.entries()) {
      if ('multihash' in pointer) {
        walk(cidFromBytes(pointer.bytes), `${path}/${present[i]}`)
      }
    }
  }
  walk(root, '')
  return places
}

function countMissingFrom(blocks: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return [...blocks].filter((block) => !others.has(block)).length
}

/** Diffs two trees and says how many blocks it opened, and how many of each differ from the other. */
function countOpened(store: Blockstore, before: Cid, after: Cid, bitWidth: number) {
  const { counting, openedCount } = countingStore(store)
  const changes = changesOf(counting, before, after, bitWidth)
  const [left, right] = [blocksOf(store, before), blocksOf(store, after)]
  return {
    changes,
    opened: openedCount(),
    onlyBefore: countMissingFrom(left, right),
    onlyAfter: countMissingFrom(right, left),
  }
}

const anyCloseKey = fc
  .array(fc.constantFrom(0x00, 0x01, 0x80, 0xff), { minLength: 4, maxLength: 4 })
  .map((bytes) => byteString(Uint8Array.from(bytes)))

/** Two maps, the second most often a changed form of the first. */
function anyPair(anyKey: fc.Arbitrary<ByteString>) {
  const anyEntries = fc.array(fc.tuple(anyKey, fc.nat(40)), { maxLength: 60 })
  return fc
    .tuple(anyEntries, anyEntries, fc.array(fc.nat(60), { maxLength: 30 }), fc.boolean())
    .map(([entries, others, deleted, isUnrelated]) => {
      const before = new Map(entries)
      const after = new Map(isUnrelated ? others : [...entries, ...others.slice(0, 8)])
      for (const at of deleted) {
        const [key] = entries[at] ?? []
        if (key !== undefined) {
          after.delete(key)
        }
      }
      return { before, after }
    })
}

/** Maps of keys that SHA-256 spreads, and of keys that lie deep beside each other. */
const anyCase = fc
  .record({ bitWidth: fc.constantFrom(1, 3, 5, 6, 8), isDeep: fc.boolean() })
  .chain(({ bitWidth, isDeep }) =>
    fc.record({
      type: fc.constant(hamt(bytesKey, uint, isDeep ? { bitWidth, hash: identityHash } : { bitWidth })),
      pair: anyPair(isDeep ? anyCloseKey : anyBytes.map(byteString)),
    }),
  )

describe('diffHamt', () => {
  test.prop([anyCase])('gives the changes from one map to the other', ({ type, pair: { before, after } }) => {
    const store = createMemoryBlockstore(hashes)
    const [left, right] = [buildHamt(store, type, before), buildHamt(store, type, after)]
    expect(changesOf(store, left.cid, right.cid, type.bitWidth)).toEqual(changesOfMaps(before, after))
    expect(changesOf(store, right.cid, left.cid, type.bitWidth)).toEqual(changesOfMaps(after, before))
  })

  test.prop([anyCase])(
    'turns the first into the second when it is applied',
    ({ type, pair: { before, after } }) => {
      const store = createMemoryBlockstore(hashes)
      const [left, right] = [buildHamt(store, type, before), buildHamt(store, type, after)]
      const map = type.load(store, left)
      for (const change of changesOf(store, left.cid, right.cid, type.bitWidth)) {
        if (change.after === undefined) {
          map.delete(change.key)
        } else {
          map.set(change.key, change.after)
        }
      }
      expect(map.flush().cid).toBe(right.cid)
    },
  )

  test.prop([anyCase])('opens exactly the blocks that differ', ({ type, pair: { before, after } }) => {
    const store = createMemoryBlockstore(hashes)
    const [left, right] = [buildHamt(store, type, before), buildHamt(store, type, after)]
    const { opened, onlyBefore, onlyAfter } = countOpened(store, left.cid, right.cid, type.bitWidth)
    expect(opened).toBe(onlyBefore + onlyAfter)
  })

  test('of a tree and itself opens nothing, not even a block that is not there', () => {
    const type = hamt(uintKey, uint, { bitWidth: 5 })
    const root = buildHamt(createMemoryBlockstore(hashes), type, [[1, 1]])
    expect(diffHamt(createMemoryBlockstore(hashes), root.cid, root.cid, 5)).toEqual([])
  })

  // Slot 1 has a bucket of three on one side and a child of four on the other.
  test('finds the entries of a bucket in the child that took its place', () => {
    const store = createMemoryBlockstore(hashes)
    const type = hamt(bytesKey, uint, { bitWidth: 4, hash: identityHash })
    const key = (hex: string) => byteString(parseHex(hex))
    const bucket = buildHamt(store, type, [
      [key('11'), 1],
      [key('12'), 2],
      [key('13'), 3],
    ])
    const child = buildHamt(store, type, [
      [key('11'), 1],
      [key('12'), 20],
      [key('14'), 4],
      [key('15'), 5],
    ])
    expect(changesOf(store, bucket.cid, child.cid, 4)).toEqual([
      { key: key('12'), before: 2, after: 20 },
      { key: key('13'), before: 3, after: undefined },
      { key: key('14'), before: undefined, after: 4 },
      { key: key('15'), before: undefined, after: 5 },
    ])
    expect(countOpened(store, bucket.cid, child.cid, 4)).toMatchObject({
      opened: 3,
      onlyBefore: 1,
      onlyAfter: 2,
    })
    expect(countOpened(store, child.cid, bucket.cid, 4)).toMatchObject({
      opened: 3,
      onlyBefore: 2,
      onlyAfter: 1,
    })
  })
})

describe('the blocks that diffHamt opens', () => {
  const BIT_WIDTH = 5
  const COUNT = 20_000
  const type = hamt(uintKey, uint, { bitWidth: BIT_WIDTH })
  const store = createMemoryBlockstore(hashes)
  const before = buildHamt(
    store,
    type,
    Array.from({ length: COUNT }, (_, number) => [number, number] as const),
  )
  const total = blocksOf(store, before.cid).size

  test('are two for every block that changed in place', () => {
    const map = type.load(store, before)
    const random = randomSource(7)
    const changed = new Set(Array.from({ length: 100 }, () => random.below(COUNT)))
    for (const number of changed) {
      map.set(number, COUNT + number)
    }
    const { opened, onlyBefore, onlyAfter, changes } = countOpened(
      store,
      before.cid,
      map.flush().cid,
      BIT_WIDTH,
    )
    expect(changes).toHaveLength(changed.size)
    expect(onlyBefore).toBe(onlyAfter)
    expect(opened).toBe(2 * onlyBefore)
    // A change is in the root, one of its 32 children, one of theirs, and at most one or two below.
    expect(onlyBefore).toBeLessThan(1 + 32 + 3 * changed.size)
    expect(total).toBeGreaterThan(1000)
  })

  test('are few for one change', () => {
    const map = type.load(store, before)
    map.set(12_345, 0)
    const { opened, onlyBefore, onlyAfter, changes } = countOpened(
      store,
      before.cid,
      map.flush().cid,
      BIT_WIDTH,
    )
    expect(changes).toEqual([{ key: uintKey.toBytes(12_345), before: 12_345, after: 0 }])
    expect(opened).toBe(onlyBefore + onlyAfter)
    expect(opened).toBeLessThan(10)
  })

  test('are those that differ when entries come and go', () => {
    const map = type.load(store, before)
    for (let number = 0; number < COUNT; number += 199) {
      map.delete(number)
      map.set(COUNT + number, 1)
    }
    const { opened, onlyBefore, onlyAfter, changes } = countOpened(
      store,
      before.cid,
      map.flush().cid,
      BIT_WIDTH,
    )
    expect(changes).toHaveLength(2 * Math.ceil(COUNT / 199))
    expect(opened).toBe(onlyBefore + onlyAfter)
    expect(opened).toBeLessThan(total)
  })

  test('are all blocks against an empty side', () => {
    const empty = type.empty(store).flush()
    const { opened, changes } = countOpened(store, empty.cid, before.cid, BIT_WIDTH)
    expect(opened).toBe(1 + total)
    expect(changes).toHaveLength(COUNT)
  })
})

describe('diffHamt of data that is not as it should be', () => {
  test('names a block that is missing', () => {
    const store = createMemoryBlockstore(hashes)
    const type = hamt(uintKey, uint, { bitWidth: 5 })
    const root = buildHamt(store, type, [[1, 1]])
    const other = buildHamt(createMemoryBlockstore(hashes), type, [[2, 1]])
    const missing = expect.objectContaining({ code: 'MISSING_BLOCK', data: { cid: formatCid(other.cid) } })
    expect(() => diffHamt(store, root.cid, other.cid, 5)).toThrow(missing)
    expect(() => diffHamt(store, other.cid, root.cid, 5)).toThrow(missing)
  })

  test('refuses a malformed node on either side', () => {
    const store = createMemoryBlockstore(hashes)
    const whole = hamt(uintKey, uint, { bitWidth: 3 }).empty(store).flush()
    // [h'01', [[]]]: a bucket of nothing.
    const broken = saveBlock(store, parseHex('8241018180'))
    const malformed = expect.objectContaining({ code: 'HAMT_NODE' })
    expect(() => diffHamt(store, whole.cid, broken, 3)).toThrow(malformed)
    expect(() => diffHamt(store, broken, whole.cid, 3)).toThrow(malformed)
  })
})
