import { fc, test } from '@fast-check/vitest'
import { byteString, createHashes } from '@plimsoll/primitives'
import { anyAddress, anyBytes, anyEpoch, randomSource } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { Blockstore } from '../blockstore/blockstore.ts'
import { createMemoryBlockstore } from '../blockstore/memory-blockstore.ts'
import { wholeNodeBlockstore, writeBackBlockstore } from '../blockstore/write-back.ts'
import { uint } from '../cbor/scalars.ts'
import type { Cid } from '../cid.ts'
import { type HamtType, hamt } from './hamt.ts'
import { addressKey, bytesKey, epochKey, type HamtKey, uintKey } from './keys.ts'

const hashes = await createHashes()

type Operation<K> =
  | { readonly kind: 'set'; readonly key: K; readonly value: number }
  | { readonly kind: 'delete' | 'get' | 'forget'; readonly key: K }
  | { readonly kind: 'reload' }

/** Operations on a few keys, so that they meet again. */
function anyOperations<K>(anyKey: fc.Arbitrary<K>): fc.Arbitrary<readonly Operation<K>[]> {
  return fc.uniqueArray(anyKey, { minLength: 1, maxLength: 60 }).chain((keys) => {
    const key = fc.constantFrom(...keys)
    return fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), key, value: fc.nat(300) }) },
        {
          weight: 4,
          arbitrary: fc.record({ kind: fc.constantFrom('delete', 'get', 'forget'), key }),
        },
        { weight: 1, arbitrary: fc.constant({ kind: 'reload' as const }) },
      ),
      { maxLength: 120 },
    )
  })
}

const memory = () => createMemoryBlockstore(hashes)
const STORES = [memory, () => writeBackBlockstore(memory()), () => wholeNodeBlockstore(memory())]

/** Applies operations to a HAMT and to a map, and checks every answer on the way. */
function replay<K>(store: Blockstore, type: HamtType<K, number>, operations: readonly Operation<K>[]) {
  const model = new Map<K, number>()
  let map = type.empty(store)
  for (const operation of operations) {
    switch (operation.kind) {
      case 'set':
        map.set(operation.key, operation.value)
        model.set(operation.key, operation.value)
        break
      case 'delete':
        expect(map.delete(operation.key)).toBe(model.delete(operation.key))
        break
      case 'get':
        expect(map.get(operation.key)).toBe(model.get(operation.key))
        expect(map.has(operation.key)).toBe(model.has(operation.key))
        break
      case 'forget':
        map.forget(operation.key)
        break
      default:
        map = type.load(store, map.flush())
    }
    expect(map.isEmpty).toBe(model.size === 0)
  }
  return { map, model }
}

function freshRoot<K>(type: HamtType<K, number>, entries: Iterable<readonly [K, number]>): Cid {
  const map = type.empty(createMemoryBlockstore(hashes))
  for (const [key, value] of entries) {
    map.set(key, value)
  }
  return map.flush().cid
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = randomSource(seed)
  const left = [...items]
  return items.flatMap(() => left.splice(random.below(left.length), 1))
}

function expectModel<K>(type: HamtType<K, number>, operations: readonly Operation<K>[], seed: number): void {
  for (const open of STORES) {
    expectModelIn(open(), type, operations, seed)
  }
}

/** Checks the entries, the one form, and that deleting everything leaves the empty tree. */
function expectModelIn<K>(
  store: Blockstore,
  type: HamtType<K, number>,
  operations: readonly Operation<K>[],
  seed: number,
): void {
  const { map, model } = replay(store, type, operations)
  const entries = [...map.entries()]
  expect(entries).toHaveLength(model.size)
  expect(new Map(entries)).toEqual(model)
  const root = map.flush()
  expect([...type.load(store, root).entries()]).toEqual(entries)
  expect(root.cid).toBe(freshRoot(type, model))
  expect(root.cid).toBe(freshRoot(type, shuffled([...model], seed)))
  for (const key of shuffled([...model.keys()], seed)) {
    expect(map.delete(key)).toBe(true)
  }
  expect(map.flush().cid).toBe(freshRoot(type, []))
}

function eachType<K>(key: HamtKey<K>, bitWidths: readonly number[] = [5, 6]): HamtType<K, number>[] {
  return bitWidths.map((bitWidth) => hamt(key, uint, { bitWidth }))
}

/** The key itself in 32 bytes: keys that begin alike go deep. */
function identityHash(key: Uint8Array): Uint8Array {
  const hash = new Uint8Array(32)
  hash.set(key)
  return hash
}

const anySeed = fc.nat()

describe('any changes to a HAMT leave what they leave in a map, in a form without history', () => {
  test.prop([anyOperations(anyBytes.map(byteString)), anySeed])(
    'of keys that are bytes',
    (operations, seed) => {
      for (const type of eachType(bytesKey, [1, 3, 5, 6, 8])) {
        expectModel(type, operations, seed)
      }
    },
  )

  test.prop([anyOperations(fc.oneof(fc.nat(500), fc.maxSafeNat())), anySeed])(
    'of keys that are numbers',
    (operations, seed) => {
      for (const type of eachType(uintKey)) {
        expectModel(type, operations, seed)
      }
    },
  )

  test.prop([anyOperations(fc.oneof(anyEpoch, fc.constantFrom(-1, -2, -1000))), anySeed])(
    'of keys that are epochs',
    (operations, seed) => {
      for (const type of eachType(epochKey)) {
        expectModel(type, operations, seed)
      }
    },
  )

  test.prop([anyOperations(anyAddress), anySeed])('of keys that are addresses', (operations, seed) => {
    for (const type of eachType(addressKey)) {
      expectModel(type, operations, seed)
    }
  })

  // 4^4 keys of few bits that differ: children of children, that split and collapse all the time.
  const anyCloseKey = fc
    .array(fc.constantFrom(0x00, 0x01, 0x80, 0xff), { minLength: 4, maxLength: 4 })
    .map((bytes) => byteString(Uint8Array.from(bytes)))

  test.prop([anyOperations(anyCloseKey), anySeed])('of keys whose hashes begin alike', (operations, seed) => {
    for (const bitWidth of [1, 3, 5, 6, 8]) {
      expectModel(hamt(bytesKey, uint, { bitWidth, hash: identityHash }), operations, seed)
    }
  })
})
