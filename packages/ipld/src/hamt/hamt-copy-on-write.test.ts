import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import type { Blockstore } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { forgetfulBlockstore, writeBackBlockstore } from '../blockstore/write-back.ts'
import { bytes, uint } from '../cbor/scalars.ts'
import type { Cid } from '../cid.ts'
import { type Link, linkTo } from '../link.ts'
import { type Hamt, type HamtType, hamt } from './hamt.ts'
import { uintKey } from './keys.ts'

const hashes = await createHashes()

/** Where a tree is edited: with links that hold values, or without. */
const STORES = [
  { name: 'writeBackBlockstore', over: writeBackBlockstore },
  { name: 'forgetfulBlockstore', over: forgetfulBlockstore },
  { name: 'an ordinary store', over: (store: Blockstore) => store },
]

/** A few bits of a hash, so that keys meet in buckets and in children, and part again. */
function shortHash(key: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32)
  hash[0] = (key[0] ?? 0) & 0b1100_0011
  hash[1] = key[0] ?? 0
  return hash
}

const TYPES = [
  hamt(uintKey, uint, { bitWidth: 5 }),
  hamt(uintKey, uint, { bitWidth: 3, hash: shortHash }),
  hamt(uintKey, uint, { bitWidth: 8, hash: shortHash }),
] as const
const anyType = fc.constantFrom(...TYPES)

type Edit =
  | { readonly kind: 'set'; readonly handle: 0 | 1; readonly key: number; readonly value: number }
  | { readonly kind: 'delete' | 'get'; readonly handle: 0 | 1; readonly key: number }
  | { readonly kind: 'flush' | 'reload' | 'walk' | 'store'; readonly handle: 0 | 1 }

type Model = ReadonlyMap<number, number>

// Below 128 a key is one byte, which the short hash is made of.
const anyKey = fc.nat(127)
const anyModel: fc.Arbitrary<Model> = fc
  .array(fc.tuple(anyKey, fc.nat(300)), { maxLength: 60 })
  .map((entries) => new Map(entries))
const handle = fc.constantFrom(0 as const, 1 as const)
const anyEdits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('set' as const), handle, key: anyKey, value: fc.nat(300) }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'get' as const), handle, key: anyKey }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('flush' as const, 'reload' as const, 'walk' as const, 'store' as const),
        handle,
      }),
    },
  ),
  { maxLength: 80 },
)

/** A link that was taken, and what was in the tree then. */
interface Taken {
  readonly link: Link<Hamt<number, number>>
  readonly model: Model
}

function build(type: HamtType<number, number>, store: Blockstore, model: Model): Link<Hamt<number, number>> {
  const map = type.empty(store)
  for (const [key, value] of model) {
    map.set(key, value)
  }
  return map.flush()
}

function modelOf(map: Hamt<number, number>): Model {
  const entries = [...map.entries()]
  const model = new Map(entries)
  expect(entries).toHaveLength(model.size)
  return model
}

/** Edits two handles that were loaded from one link, each beside a model; returns every link on the way. */
function editTwo(
  type: HamtType<number, number>,
  store: Blockstore,
  first: Taken,
  edits: readonly Edit[],
): Taken[] {
  const taken: Taken[] = [first]
  const pair = [0, 1].map(() => ({ map: type.load(store, first.link), model: new Map(first.model) }))
  for (const edit of edits) {
    const side = pair[edit.handle] as (typeof pair)[number]
    const { map, model } = side
    switch (edit.kind) {
      case 'set':
        map.set(edit.key, edit.value)
        model.set(edit.key, edit.value)
        break
      case 'delete':
        expect(map.delete(edit.key)).toBe(model.delete(edit.key))
        break
      case 'get':
        expect([map.get(edit.key), map.has(edit.key)]).toEqual([model.get(edit.key), model.has(edit.key)])
        break
      case 'walk':
        expect(modelOf(map)).toEqual(model)
        break
      default: {
        const link = map.flush()
        taken.push({ link, model: new Map(model) })
        if (edit.kind === 'store') {
          expect(link.cid).toBe(freshCid(type, model))
        } else if (edit.kind === 'reload') {
          side.map = type.load(store, link)
        }
      }
    }
    expect(side.map.isEmpty).toBe(model.size === 0)
  }
  for (const { map, model } of pair) {
    expect(modelOf(map)).toEqual(model)
    taken.push({ link: map.flush(), model })
  }
  return taken
}

/** The CID of a tree of these entries in an ordinary store, which is the one that it always has. */
function freshCid(type: HamtType<number, number>, model: Model): Cid {
  return build(type, createMemoryBlockstore(hashes), model).cid
}

describe.each(STORES)('two HAMTs that were loaded from one link in $name', ({ over }) => {
  test.prop([anyType, anyModel, anyEdits, fc.boolean()])(
    'change alone, and every link keeps what it led to',
    (type, given, edits, isStored) => {
      const below = createMemoryBlockstore(hashes)
      const store = over(below)
      const link = isStored
        ? linkTo<Hamt<number, number>>(build(type, below, given).cid)
        : build(type, store, given)
      const taken = editTwo(type, store, { link, model: given }, edits)
      for (const { link: root, model } of taken) {
        expect(modelOf(type.load(store, root))).toEqual(model)
      }
      // The last first, so that most blocks are made after trees that share them were changed further.
      for (const { link: root, model } of taken.toReversed()) {
        expect(root.cid).toBe(freshCid(type, model))
        expect(modelOf(type.load(store, root))).toEqual(model)
      }
    },
  )
})

describe('a HAMT in a store that holds values', () => {
  const COUNT = 500
  const Numbers = hamt(uintKey, uint, { bitWidth: 5 })
  const numbers: Model = new Map(Array.from({ length: COUNT }, (_, number) => [number, number]))

  function watched() {
    const below = createMemoryBlockstore(hashes)
    const written: Cid[] = []
    const found: Cid[] = []
    const store = writeBackBlockstore({
      ...below,
      find: (cid) => {
        found.push(cid)
        return below.find(cid)
      },
      put: (cid, block) => {
        written.push(cid)
        below.put(cid, block)
      },
    })
    return { below, store, written, found }
  }

  test.prop([anyType, anyModel])('is whole in the store below once its CID was asked for', (type, given) => {
    const below = createMemoryBlockstore(hashes)
    const { cid } = build(type, writeBackBlockstore(below), given)
    expect(modelOf(type.load(below, linkTo(cid)))).toEqual(given)
  })

  test('writes nothing by its flush, and every block once by its CID, children before parents', () => {
    const { below, store, written } = watched()
    const root = build(Numbers, store, numbers)
    expect(written).toEqual([])
    const { cid } = root
    expect(written.at(-1)).toBe(cid)
    expect(new Set(written).size).toBe(written.length)
    const ordinary: Cid[] = []
    build(Numbers, { ...below, put: (block) => ordinary.push(block) }, numbers)
    expect(written).toEqual(ordinary)
  })

  test('writes only the last of many forms, as far as it is not written yet', () => {
    const { below, store, written, found } = watched()
    const map = Numbers.load(store, linkTo(build(Numbers, below, numbers).cid))
    map.get(123)
    const onTheWay = found.length
    for (let value = 0; value < 10; value++) {
      map.set(123, value)
      map.flush()
    }
    expect(written).toEqual([])
    map.flush().cid
    expect(written).toHaveLength(onTheWay)
    expect(onTheWay).toBeGreaterThan(1)
  })

  test('opens a block once, however often its link is followed', () => {
    const { below, store, found } = watched()
    const root = linkTo<Hamt<number, number>>(build(Numbers, below, numbers).cid)
    Numbers.load(store, root).get(123)
    const onTheWay = found.length
    expect(Numbers.load(store, root).get(123)).toBe(123)
    const changed = Numbers.load(store, root)
    changed.set(123, 7)
    expect(Numbers.load(store, changed.flush()).get(123)).toBe(7)
    expect(Numbers.load(store, root).get(123)).toBe(123)
    expect(found).toHaveLength(onTheWay)
  })
})

describe('a value that was let go', () => {
  const Texts = hamt(uintKey, bytes, { bitWidth: 5 })
  const stored = () => {
    const store = writeBackBlockstore(createMemoryBlockstore(hashes))
    const map = Texts.empty(store)
    map.set(7, Uint8Array.of(1, 2))
    const root = map.flush()
    return { store, root, cid: root.cid }
  }

  test('is decoded again by who asks, and held as before by others on the same tree', () => {
    const { store, root, cid } = stored()
    const [one, other] = [Texts.load(store, root), Texts.load(store, root)]
    const value = one.get(7)
    one.forget(7)
    expect(one.get(7)).toEqual(value)
    expect(one.get(7)).not.toBe(value)
    expect(other.get(7)).toBe(value)
    expect(one.flush().cid).toBe(cid)
  })

  test('stays where it was never encoded, and is nothing where there is none', () => {
    const { store, root, cid } = stored()
    const map = Texts.load(store, root)
    map.forget(8)
    expect(map.flush().cid).toBe(cid)
    const value = Uint8Array.of(3)
    map.set(8, value)
    map.forget(8)
    expect(map.get(8)).toBe(value)
  })
})
