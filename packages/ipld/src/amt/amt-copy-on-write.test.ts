import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import type { Blockstore } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { forgetfulBlockstore, writeBackBlockstore } from '../blockstore/write-back.ts'
import { uint } from '../cbor/scalars.ts'
import { type Cid, cidFromBytes } from '../cid.ts'
import { type Link, linkTo } from '../link.ts'
import { type Amt, type AmtType, amt } from './amt.ts'

const hashes = await createHashes()

/** Where a tree is edited: with links that hold values, or without. */
const STORES = [
  { name: 'writeBackBlockstore', over: writeBackBlockstore },
  { name: 'forgetfulBlockstore', over: forgetfulBlockstore },
  { name: 'an ordinary store', over: (store: Blockstore) => store },
]

type Edit =
  | { readonly kind: 'set'; readonly handle: 0 | 1; readonly index: number; readonly value: number }
  | { readonly kind: 'delete' | 'get'; readonly handle: 0 | 1; readonly index: number }
  | { readonly kind: 'flush' | 'reload' | 'walk' | 'store'; readonly handle: 0 | 1 }

type Entries = readonly (readonly [number, number])[]

/** Near ones that share leaves, and far ones that raise the tree and let it down again. */
const anyIndex = fc.oneof(
  { weight: 6, arbitrary: fc.nat(70) },
  { weight: 1, arbitrary: fc.constantFrom(511, 512, 4096, 2 ** 32) },
)
const anyEntries: fc.Arbitrary<Entries> = fc.array(fc.tuple(anyIndex, fc.nat(300)), { maxLength: 40 })
const handle = fc.constantFrom(0 as const, 1 as const)
const anyEdits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('set' as const),
        handle,
        index: anyIndex,
        value: fc.nat(300),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom('delete' as const, 'get' as const),
        handle,
        index: anyIndex,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('flush' as const, 'reload' as const, 'walk' as const, 'store' as const),
        handle,
      }),
    },
  ),
  { maxLength: 60 },
)
const anyBitWidth = fc.constantFrom(1, 2, 3, 5)

/** A link that was taken, and what was in the tree then. */
interface Taken {
  readonly link: Link<Amt<number>>
  readonly entries: Entries
}

function sorted(model: ReadonlyMap<number, number>): Entries {
  return [...model].sort(([a], [b]) => a - b)
}

function build(type: AmtType<number>, store: Blockstore, entries: Entries): Link<Amt<number>> {
  const array = type.empty(store)
  for (const [index, value] of entries) {
    array.set(index, value)
  }
  return array.flush()
}

/** Edits two handles that were loaded from one link, each beside a model; returns every link on the way. */
function editTwo(type: AmtType<number>, store: Blockstore, first: Taken, edits: readonly Edit[]): Taken[] {
  const taken: Taken[] = [first]
  const pair = [0, 1].map(() => ({ array: type.load(store, first.link), model: new Map(first.entries) }))
  for (const edit of edits) {
    const side = pair[edit.handle] as (typeof pair)[number]
    const { array, model } = side
    switch (edit.kind) {
      case 'set':
        array.set(edit.index, edit.value)
        model.set(edit.index, edit.value)
        break
      case 'delete':
        expect(array.delete(edit.index)).toBe(model.delete(edit.index))
        break
      case 'get':
        expect([array.get(edit.index), array.has(edit.index)]).toEqual([
          model.get(edit.index),
          model.has(edit.index),
        ])
        break
      case 'walk':
        expect([...array.entries()]).toEqual(sorted(model))
        break
      default: {
        const link = array.flush()
        taken.push({ link, entries: sorted(model) })
        if (edit.kind === 'store') {
          expect(link.cid).toBe(freshCid(type, sorted(model)))
        } else if (edit.kind === 'reload') {
          side.array = type.load(store, link)
        }
      }
    }
  }
  for (const { array, model } of pair) {
    expect([...array.entries()]).toEqual(sorted(model))
    taken.push({ link: array.flush(), entries: sorted(model) })
  }
  return taken
}

/** The CID of a tree of these entries in an ordinary store, which is the one that it always has. */
function freshCid(type: AmtType<number>, entries: Entries): Cid {
  return build(type, createMemoryBlockstore(hashes), entries).cid
}

describe.each(STORES)('two AMTs that were loaded from one link in $name', ({ over }) => {
  test.prop([anyBitWidth, anyEntries, anyEdits, fc.boolean()])(
    'change alone, and every link keeps what it led to',
    (bitWidth, given, edits, isStored) => {
      const type = amt(uint, { bitWidth })
      const below = createMemoryBlockstore(hashes)
      const store = over(below)
      const entries = sorted(new Map(given))
      const link = isStored ? linkTo<Amt<number>>(build(type, below, given).cid) : build(type, store, given)
      const taken = editTwo(type, store, { link, entries }, edits)
      for (const { link: root, entries: expected } of taken) {
        expect([...type.load(store, root).entries()]).toEqual(expected)
      }
      // The last first, so that most blocks are made after trees that share them were changed further.
      for (const { link: root, entries: expected } of taken.toReversed()) {
        expect(root.cid).toBe(freshCid(type, expected))
        expect([...type.load(store, root).entries()]).toEqual(expected)
      }
    },
  )
})

describe('an AMT in a store that holds values', () => {
  const Numbers = amt(uint, { bitWidth: 3 })
  const entries: Entries = Array.from({ length: 512 }, (_, index) => [index, index])

  function watched() {
    const below = createMemoryBlockstore(hashes)
    const written: Cid[] = []
    const found: Cid[] = []
    const find = (cid: Cid) => {
      found.push(cid)
      return below.find(cid)
    }
    const store = writeBackBlockstore({
      ...below,
      find,
      findAt: (bytes, start, end) => find(cidFromBytes(bytes.subarray(start, end))),
      put: (cid, block) => {
        written.push(cid)
        below.put(cid, block)
      },
    })
    return { below, store, written, found }
  }

  test.prop([anyBitWidth, anyEntries])(
    'is whole in the store below once its CID was asked for',
    (bitWidth, given) => {
      const type = amt(uint, { bitWidth })
      const below = createMemoryBlockstore(hashes)
      const { cid } = build(type, writeBackBlockstore(below), given)
      expect([...type.load(below, linkTo(cid)).entries()]).toEqual(sorted(new Map(given)))
    },
  )

  // Height 2: 64 leaves, 8 nodes above them, one root.
  test('writes nothing by its flush, and every block once by its CID, children before parents', () => {
    const { below, store, written } = watched()
    const root = build(Numbers, store, entries)
    expect(written).toEqual([])
    const { cid } = root
    expect(written).toHaveLength(64 + 8 + 1)
    expect(new Set(written).size).toBe(64 + 8 + 1)
    expect(written.at(-1)).toBe(cid)
    const ordinary: Cid[] = []
    build(Numbers, { ...below, put: (block) => ordinary.push(block) }, entries)
    expect(written).toEqual(ordinary)
  })

  test('writes only the last of many forms, as far as it is not written yet', () => {
    const { store, written } = watched()
    const array = Numbers.load(store, build(Numbers, store, entries))
    array.flush().cid
    written.length = 0
    for (let value = 0; value < 10; value++) {
      array.set(100, value)
      array.flush()
    }
    expect(written).toEqual([])
    array.flush().cid
    // The leaf of 96 to 103, the node above it, the root.
    expect(written).toHaveLength(3)
  })

  test('opens a block once, however often its link is followed', () => {
    const { below, store, found } = watched()
    const root = linkTo<Amt<number>>(build(Numbers, below, entries).cid)
    for (let i = 0; i < 3; i++) {
      expect(Numbers.load(store, root).get(100)).toBe(100)
    }
    expect(found).toHaveLength(3)
    const changed = Numbers.load(store, root)
    changed.set(100, 7)
    expect(Numbers.load(store, changed.flush()).get(101)).toBe(101)
    expect(Numbers.load(store, root).get(100)).toBe(100)
    expect(found).toHaveLength(3)
  })
})
