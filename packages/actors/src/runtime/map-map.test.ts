import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore, u64, u64Key } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { mapMap } from './map-map.ts'

const store = createMemoryBlockstore(await createHashes())
const Pairs = mapMap(u64Key, u64Key, u64, { bitWidth: 5 })

function pairs(...entries: readonly (readonly [bigint, bigint, bigint])[]) {
  const map = Pairs.empty(store)
  for (const [outer, inner, value] of entries) {
    map.set(outer, inner, value)
  }
  return map
}

// Source of the cases: builtin-actors v18, runtime/tests and runtime/src/util/mapmap.rs.
describe('a map of maps', () => {
  test('finds what was set under both keys, and nothing else', () => {
    const map = Pairs.load(store, pairs([1n, 2n, 12n], [1n, 3n, 13n], [2n, 2n, 22n]).flush())
    expect(map.get(1n, 2n)).toBe(12n)
    expect(map.get(1n, 3n)).toBe(13n)
    expect(map.get(2n, 2n)).toBe(22n)
    expect(map.get(2n, 3n)).toBeUndefined()
    expect(map.get(3n, 2n)).toBeUndefined()
  })

  test('sets a value over another one, but not if it has to be absent', () => {
    const map = pairs([1n, 2n, 12n])
    expect(map.setIfAbsent(1n, 2n, 99n)).toBe(false)
    expect(map.get(1n, 2n)).toBe(12n)
    expect(map.setIfAbsent(1n, 3n, 13n)).toBe(true)
    map.set(1n, 2n, 99n)
    expect(map.get(1n, 2n)).toBe(99n)
    expect(map.get(1n, 3n)).toBe(13n)
  })

  test('returns what it removes, once', () => {
    const map = pairs([1n, 2n, 12n])
    expect(map.delete(1n, 2n)).toBe(12n)
    expect(map.delete(1n, 2n)).toBeUndefined()
    expect(map.delete(7n, 2n)).toBeUndefined()
  })

  test('holds no inner map that has become empty', () => {
    const map = Pairs.load(store, pairs([1n, 2n, 12n], [2n, 2n, 22n]).flush())
    map.delete(1n, 2n)
    expect(map.flush().cid).toBe(pairs([2n, 2n, 22n]).flush().cid)
  })

  test('has the root of before when nothing was changed', () => {
    const root = pairs([1n, 2n, 12n]).flush()
    const map = Pairs.load(store, root)
    map.get(1n, 2n)
    map.get(9n, 2n)
    map.delete(9n, 2n)
    expect(map.flush().cid).toBe(root.cid)
    expect([...map.entriesOf(9n)]).toEqual([])
  })

  const anyKey = fc.bigInt({ min: 0n, max: 6n })
  const anyEdit = fc.record({
    outer: anyKey,
    inner: anyKey,
    value: fc.option(anyKey),
    isFlushed: fc.boolean(),
  })

  test.prop([fc.array(anyEdit, { maxLength: 40 })])('is a map of pairs, however it came about', (edits) => {
    const model = new Map<string, readonly [bigint, bigint, bigint]>()
    let map = Pairs.empty(store)
    for (const { outer, inner, value, isFlushed } of edits) {
      const key = `${outer} ${inner}`
      if (value === null) {
        expect(map.delete(outer, inner)).toBe(model.get(key)?.[2])
        model.delete(key)
      } else {
        map.set(outer, inner, value)
        model.set(key, [outer, inner, value])
      }
      map = isFlushed ? Pairs.load(store, map.flush()) : map
    }
    expect(map.flush().cid).toBe(pairs(...model.values()).flush().cid)
  })
})
