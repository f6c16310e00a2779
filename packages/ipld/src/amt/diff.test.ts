import { fc, test } from '@fast-check/vitest'
import { decode } from '@ipld/dag-cbor'
import { createHashes, parseHex } from '@plimsoll/primitives'
import { type RandomSource, randomSource } from '@plimsoll/testkit'
import type { CID } from 'multiformats/cid'
import { describe, expect } from 'vitest'
import { type Blockstore, requireBlock, saveBlock } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { decodeCbor } from '../cbor/codec.ts'
import { uint } from '../cbor/scalars.ts'
import { type Cid, cidFromBytes, formatCid } from '../cid.ts'
import type { Link } from '../link.ts'
import { type Amt, amt } from './amt.ts'
import { diffAmt } from './diff.ts'

const hashes = await createHashes()

type Entries = Iterable<readonly [number, number]>

function buildAmt(store: Blockstore, bitWidth: number, entries: Entries) {
  const array = amt(uint, { bitWidth }).empty(store)
  for (const [index, value] of entries) {
    array.set(index, value)
  }
  return array.flush()
}

/** The changes as numbers, so that they can be compared with those of two maps. */
function changesOf(store: Blockstore, before: Cid, after: Cid, bitWidth: number) {
  const decoded = (bytes: Uint8Array | undefined) => bytes && decodeCbor(uint, bytes)
  return diffAmt(store, before, after, bitWidth).map((change) => ({
    index: change.index,
    before: decoded(change.before),
    after: decoded(change.after),
  }))
}

function changesOfMaps(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>) {
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort((a, b) => a - b)
    .map((index) => ({ index, before: before.get(index), after: after.get(index) }))
    .filter((change) => change.before !== change.after)
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

type NodeBlock = readonly [Uint8Array, readonly CID[], readonly unknown[]]

/** The blocks of a tree, each with its place, found by another decoder than the one under test. */
function blocksOf(store: Blockstore, root: Cid, bitWidth: number): Set<string> {
  const places = new Set([`root ${formatCid(root)}`])
  const walk = ([bitmap, links]: NodeBlock, height: number, first: number) => {
    const slots = Array.from({ length: 1 << bitWidth }, (_, slot) => slot)
    const present = slots.filter((slot) => ((bitmap[slot >> 3] ?? 0) >> (slot & 7)) & 1)
    for (const [i, link] of links.entries()) {
      const cid = cidFromBytes(link.bytes)
      const childFirst = first + (present[i] ?? 0) * 2 ** (bitWidth * height)
      places.add(`height ${height - 1}, index ${childFirst}: ${formatCid(cid)}`)
      walk(decode<NodeBlock>(requireBlock(store, cid)), height - 1, childFirst)
    }
  }
  const [, height, , node] = decode<[number, number, number, NodeBlock]>(requireBlock(store, root))
  walk(node, height, 0)
  return places
}

function countMissingFrom(blocks: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return [...blocks].filter((block) => !others.has(block)).length
}

/** Diffs two trees and says how many blocks it opened, and how many of each differ from the other. */
function countOpened(store: Blockstore, before: Cid, after: Cid, bitWidth: number) {
  const { counting, openedCount } = countingStore(store)
  const changes = changesOf(counting, before, after, bitWidth)
  const [left, right] = [blocksOf(store, before, bitWidth), blocksOf(store, after, bitWidth)]
  return {
    changes,
    opened: openedCount(),
    onlyBefore: countMissingFrom(left, right),
    onlyAfter: countMissingFrom(right, left),
  }
}

/** Small ones that share leaves, and large ones that raise one side above the other. */
const anyEntries: fc.Arbitrary<(readonly [number, number])[]> = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.nat(150) },
      { weight: 1, arbitrary: fc.nat(5000) },
      { weight: 1, arbitrary: fc.constantFrom(2 ** 20, 2 ** 40, 2 ** 53 - 1) },
    ),
    // Few values, so that neighbours are equal, and some of more bytes.
    fc.oneof(fc.nat(2), fc.nat(300)),
  ),
  { maxLength: 80 },
)

/** Two maps, the second most often a changed form of the first. */
const anyPair = fc
  .tuple(anyEntries, anyEntries, fc.array(fc.nat(150), { maxLength: 30 }), fc.boolean())
  .map(([entries, others, deleted, isUnrelated]) => {
    const before = new Map(entries)
    const after = new Map(isUnrelated ? others : [...entries, ...others.slice(0, 8)])
    for (const index of deleted) {
      after.delete(index)
    }
    return { before, after }
  })

const anyBitWidth = fc.constantFrom(1, 2, 3, 4, 5, 6, 8)

describe('diffAmt', () => {
  test.prop([anyBitWidth, anyPair])(
    'gives the changes from one map to the other',
    (bitWidth, { before, after }) => {
      const store = createMemoryBlockstore(hashes)
      const [left, right] = [buildAmt(store, bitWidth, before), buildAmt(store, bitWidth, after)]
      expect(changesOf(store, left.cid, right.cid, bitWidth)).toEqual(changesOfMaps(before, after))
      expect(changesOf(store, right.cid, left.cid, bitWidth)).toEqual(changesOfMaps(after, before))
    },
  )

  test.prop([anyBitWidth, anyPair])(
    'turns the first into the second when it is applied',
    (bitWidth, pair) => {
      const store = createMemoryBlockstore(hashes)
      const [left, right] = [buildAmt(store, bitWidth, pair.before), buildAmt(store, bitWidth, pair.after)]
      const array = amt(uint, { bitWidth }).load(store, left)
      for (const { index, after } of changesOf(store, left.cid, right.cid, bitWidth)) {
        if (after === undefined) {
          array.delete(index)
        } else {
          array.set(index, after)
        }
      }
      expect(array.flush().cid).toBe(right.cid)
    },
  )

  test.prop([anyBitWidth, anyPair])('opens exactly the blocks that differ', (bitWidth, { before, after }) => {
    const store = createMemoryBlockstore(hashes)
    const [left, right] = [buildAmt(store, bitWidth, before), buildAmt(store, bitWidth, after)]
    const { opened, onlyBefore, onlyAfter } = countOpened(store, left.cid, right.cid, bitWidth)
    expect(opened).toBe(onlyBefore + onlyAfter)
  })

  test('of a tree and itself opens nothing, not even a block that is not there', () => {
    const root = buildAmt(createMemoryBlockstore(hashes), 3, [[1, 1]])
    expect(diffAmt(createMemoryBlockstore(hashes), root.cid, root.cid, 3)).toEqual([])
  })

  test.each([{ bitWidth: 3 }, { bitWidth: 5 }])(
    'of two empty sides of bit width $bitWidth is empty',
    ({ bitWidth }) => {
      const store = createMemoryBlockstore(hashes)
      const empty = buildAmt(store, bitWidth, [])
      const full = buildAmt(store, bitWidth, [[2 ** 30, 7]])
      expect(changesOf(store, empty.cid, empty.cid, bitWidth)).toEqual([])
      expect(changesOf(store, empty.cid, full.cid, bitWidth)).toEqual([
        { index: 2 ** 30, before: undefined, after: 7 },
      ])
      expect(changesOf(store, full.cid, empty.cid, bitWidth)).toEqual([
        { index: 2 ** 30, before: 7, after: undefined },
      ])
    },
  )

  test('does not take the next value for one that is absent', () => {
    const store = createMemoryBlockstore(hashes)
    const [both, second] = [
      new Map([
        [0, 7],
        [1, 7],
      ]),
      new Map([[1, 7]]),
    ]
    const [left, right] = [buildAmt(store, 3, both), buildAmt(store, 3, second)]
    expect(changesOf(store, left.cid, right.cid, 3)).toEqual([{ index: 0, before: 7, after: undefined }])
    expect(changesOf(store, right.cid, left.cid, 3)).toEqual([{ index: 0, before: undefined, after: 7 }])
  })

  // 24 takes a byte more than 23; 256 and 257 differ in the last of three bytes.
  test('tells values apart that begin alike or differ in length', () => {
    const store = createMemoryBlockstore(hashes)
    const before = buildAmt(store, 3, [
      [0, 1],
      [1, 23],
      [2, 256],
      [3, 5],
    ])
    const after = buildAmt(store, 3, [
      [0, 1],
      [1, 24],
      [2, 257],
      [3, 5],
    ])
    expect(changesOf(store, before.cid, after.cid, 3)).toEqual([
      { index: 1, before: 23, after: 24 },
      { index: 2, before: 256, after: 257 },
    ])
  })
})

describe('the blocks that diffAmt opens', () => {
  const BIT_WIDTH = 5
  const COUNT = 20_000
  const store = createMemoryBlockstore(hashes)
  const entries = () => new Map(Array.from({ length: COUNT }, (_, index) => [index, 3 * index + 1]))
  const before = buildAmt(store, BIT_WIDTH, entries())

  /** The tree after changes made to a loaded one, as the actors make them. */
  function changed(
    change: (array: ReturnType<typeof load>, random: RandomSource) => void,
  ): Link<Amt<number>> {
    const array = load()
    change(array, randomSource(7))
    return array.flush()
  }

  function load() {
    return amt(uint, { bitWidth: BIT_WIDTH }).load(store, before)
  }

  test('are two for every block that changed in place', () => {
    const after = changed((array, random) => {
      // Scattered over the whole tree, and a cluster that spans three leaves.
      for (let i = 0; i < 100; i++) {
        array.set(random.below(COUNT), 7_000_000 + i)
      }
      for (let index = 4000; index < 4080; index++) {
        array.set(index, 9_000_000)
      }
    })
    const { opened, onlyBefore, onlyAfter, changes } = countOpened(store, before.cid, after.cid, BIT_WIDTH)
    expect(onlyBefore).toBe(onlyAfter)
    expect(opened).toBe(2 * onlyBefore)
    expect(changes.length).toBeGreaterThan(150)
    // 625 leaves, 20 nodes above them, one root: far from all of them differ.
    expect(blocksOf(store, before.cid, BIT_WIDTH).size).toBe(COUNT / 32 + 20 + 1)
    expect(onlyBefore).toBeLessThan(130)
  })

  // Index 12345 lies in leaf 385 below node 12: that leaf, that node and the root, on either side.
  test('are six for one change in a tree of height 2', () => {
    const after = changed((array) => array.set(12_345, 0))
    expect(countOpened(store, before.cid, after.cid, BIT_WIDTH)).toEqual({
      changes: [{ index: 12_345, before: 37_036, after: 0 }],
      opened: 6,
      onlyBefore: 3,
      onlyAfter: 3,
    })
  })

  // A node and its 32 leaves go: they and the root are opened on one side, the root alone on the other.
  test('are all of a subtree that only one side has, and one root of the other', () => {
    const after = changed((array) => {
      for (let index = 1024; index < 2048; index++) {
        array.delete(index)
      }
    })
    const { opened, onlyBefore, onlyAfter, changes } = countOpened(store, before.cid, after.cid, BIT_WIDTH)
    expect([opened, onlyBefore, onlyAfter]).toEqual([35, 34, 1])
    expect(changes).toHaveLength(1024)
  })

  // Index 2^15 raises the height from 2 to 3: new are the root, the old root as its child, and the way to 2^15.
  test('are few when one side is higher', () => {
    const after = changed((array) => array.set(2 ** 15, 1))
    const { opened, onlyBefore, onlyAfter, changes } = countOpened(store, before.cid, after.cid, BIT_WIDTH)
    expect([opened, onlyBefore, onlyAfter]).toEqual([6, 1, 5])
    expect(changes).toEqual([{ index: 2 ** 15, before: undefined, after: 1 }])
  })

  test('are all blocks against an empty side', () => {
    const empty = buildAmt(store, BIT_WIDTH, [])
    const { opened, changes } = countOpened(store, empty.cid, before.cid, BIT_WIDTH)
    expect(opened).toBe(1 + COUNT / 32 + 20 + 1)
    expect(changes).toHaveLength(COUNT)
  })

  test('are each opened where they stand, though equal blocks stand in many places', () => {
    const same = (value: number) => new Map(Array.from({ length: 64 }, (_, index) => [index, value]))
    const [left, right] = [buildAmt(store, 3, same(1)), buildAmt(store, 3, same(2))]
    expect(countOpened(store, left.cid, right.cid, 3)).toMatchObject({
      opened: 18,
      onlyBefore: 9,
      onlyAfter: 9,
    })
  })
})

describe('diffAmt of data that is not as it should be', () => {
  test('names a block that is missing', () => {
    const store = createMemoryBlockstore(hashes)
    const root = buildAmt(store, 3, [[100, 1]])
    const other = buildAmt(createMemoryBlockstore(hashes), 3, [[200, 1]])
    expect(() => diffAmt(store, root.cid, other.cid, 3)).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', data: { cid: formatCid(other.cid) } }),
    )
  })

  test('refuses trees of another bit width on either side', () => {
    const store = createMemoryBlockstore(hashes)
    const [three, four] = [buildAmt(store, 3, []), buildAmt(store, 4, [])]
    const mismatch = expect.objectContaining({ code: 'AMT_BIT_WIDTH' })
    expect(() => diffAmt(store, three.cid, four.cid, 3)).toThrow(mismatch)
    expect(() => diffAmt(store, four.cid, three.cid, 3)).toThrow(mismatch)
  })

  test('refuses a value that is cut short on either side', () => {
    const store = createMemoryBlockstore(hashes)
    const whole = buildAmt(store, 3, [[0, 7]])
    // [3, 0, 1, [h'01', [], [a number of two bytes, of which one is there]]]
    const cut = saveBlock(store, parseHex('8403000183410180811907'))
    const truncated = expect.objectContaining({ code: 'CBOR_TRUNCATED' })
    expect(() => diffAmt(store, whole.cid, cut, 3)).toThrow(truncated)
    expect(() => diffAmt(store, cut, whole.cid, 3)).toThrow(truncated)
  })

  test('refuses changes from index 2^53 on, and passes over what is equal there', () => {
    const store = createMemoryBlockstore(hashes)
    const array = amt(uint, { bitWidth: 5 }).empty(store)
    array.set(0, 1)
    array.set(2n ** 53n, 1)
    const before = array.flush()
    array.set(0, 2)
    const after = array.flush()
    expect(changesOf(store, before.cid, after.cid, 5)).toEqual([{ index: 0, before: 1, after: 2 }])
    array.set(2n ** 53n, 2)
    const beyond = array.flush()
    expect(() => diffAmt(store, after.cid, beyond.cid, 5)).toThrow(
      expect.objectContaining({ code: 'AMT_INDEX_TOO_LARGE' }),
    )
  })
})
