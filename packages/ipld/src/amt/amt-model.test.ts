import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import type { BitIndex } from '../bitfield/bit-field.ts'
import type { Blockstore } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { wholeNodeBlockstore, writeBackBlockstore } from '../blockstore/write-back.ts'
import { uint } from '../cbor/scalars.ts'
import type { Cid } from '../cid.ts'
import { amt } from './amt.ts'

const hashes = await createHashes()
const MAX_INDEX = 2n ** 64n - 2n

type Operation =
  | { readonly kind: 'set'; readonly index: BitIndex; readonly value: number }
  | { readonly kind: 'delete' | 'get'; readonly index: BitIndex }
  | { readonly kind: 'reload' }

/** Near ones that meet again, ones at the edges of nodes, and single ones far away. */
const anySafeIndex: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.nat(70) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(255, 256, 1023, 1024, 4095, 4096, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1),
  },
  { weight: 1, arbitrary: fc.nat(100_000) },
)

const anyIndex: fc.Arbitrary<BitIndex> = fc.oneof(
  { weight: 4, arbitrary: anySafeIndex },
  { weight: 1, arbitrary: fc.constantFrom(2n ** 53n, 2n ** 60n, 2n ** 60n + 1n, MAX_INDEX - 1n, MAX_INDEX) },
)

function anyOperations(index: fc.Arbitrary<BitIndex>): fc.Arbitrary<readonly Operation[]> {
  return fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('set' as const), index, value: fc.nat(300) }) },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'get' as const), index }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: 'reload' as const }) },
    ),
    { maxLength: 80 },
  )
}

const anyBitWidth = fc.constantFrom(1, 2, 3, 4, 5, 6, 8)

function sortedEntries(model: ReadonlyMap<BitIndex, number>): (readonly [BitIndex, number])[] {
  return [...model].sort(([a], [b]) => (a < b ? -1 : 1))
}

const STORES = [
  { name: 'an ordinary store', open: () => createMemoryBlockstore(hashes) },
  { name: 'a store that holds values', open: () => writeBackBlockstore(createMemoryBlockstore(hashes)) },
  { name: 'a store of whole nodes', open: () => wholeNodeBlockstore(createMemoryBlockstore(hashes)) },
]

/** Applies operations to an AMT and to a map, and checks every answer on the way. */
function replay(store: Blockstore, bitWidth: number, operations: readonly Operation[]) {
  const type = amt(uint, { bitWidth })
  const model = new Map<BitIndex, number>()
  let array = type.empty(store)
  for (const operation of operations) {
    switch (operation.kind) {
      case 'set':
        array.set(operation.index, operation.value)
        model.set(operation.index, operation.value)
        break
      case 'delete':
        expect(array.delete(operation.index)).toBe(model.delete(operation.index))
        break
      case 'get':
        expect(array.get(operation.index)).toBe(model.get(operation.index))
        break
      default:
        array = type.load(store, array.flush())
    }
    expect(array.count).toBe(model.size)
  }
  return { type, array, model }
}

function freshRoot(bitWidth: number, entries: Iterable<readonly [BitIndex, number]>): Cid {
  const array = amt(uint, { bitWidth }).empty(createMemoryBlockstore(hashes))
  for (const [index, value] of entries) {
    array.set(index, value)
  }
  return array.flush().cid
}

describe.each(STORES)('any changes to an AMT in $name', ({ open }) => {
  test.prop([anyBitWidth, anyOperations(anySafeIndex)])(
    'leave the entries that they leave in a map',
    (bitWidth, operations) => {
      const store = open()
      const { type, array, model } = replay(store, bitWidth, operations)
      expect([...array.entries()]).toEqual(sortedEntries(model))
      expect([...type.load(store, array.flush()).entries()]).toEqual(sortedEntries(model))
    },
  )

  test.prop([anyBitWidth, anyOperations(anyIndex)])(
    'give the form that has no history, at indices of any size',
    (bitWidth, operations) => {
      const store = open()
      const { type, array, model } = replay(store, bitWidth, operations)
      const root = array.flush()
      expect(root.cid).toBe(freshRoot(bitWidth, sortedEntries(model)))
      expect(root.cid).toBe(freshRoot(bitWidth, sortedEntries(model).reverse()))
      const loaded = type.load(store, root)
      expect(loaded.count).toBe(model.size)
      for (const [index, value] of model) {
        expect(loaded.get(index)).toBe(value)
      }
    },
  )

  test.prop([anyBitWidth, anyOperations(anyIndex)])(
    'give back the empty tree when all is deleted',
    (bitWidth, operations) => {
      const { array, model } = replay(open(), bitWidth, operations)
      for (const index of model.keys()) {
        expect(array.delete(index)).toBe(true)
      }
      expect(array.count).toBe(0)
      expect(array.flush().cid).toBe(freshRoot(bitWidth, []))
    },
  )
})
