import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore, encodeCbor, i64Key, load, u64Key } from '@plimsoll/ipld'
import { createHashes, formatHex } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { hamtSet } from './set.ts'
import { setMultimap } from './set-multimap.ts'

const store = createMemoryBlockstore(await createHashes())
const Members = hamtSet(u64Key, { bitWidth: 5 })
const Sets = setMultimap(i64Key, u64Key, { bitWidth: 5 })

describe('a set', () => {
  // A HAMT node: a bitmap of the 5-bit parts of the hashes, and buckets of pairs of a key and null (f6). SHA-256 of
  // the byte 05 begins with e7, whose first five bits are 28: bit 28 of a bitmap is 10000000 in hex.
  test('stands in a block as a map to null', () => {
    const members = Members.empty(store)
    members.set(5n, null)
    const block = store.find(members.flush().cid) as Uint8Array
    expect(formatHex(block)).toBe('8244100000008181824105f6')
  })

  test('has what was put into it, also under null', () => {
    const members = Members.empty(store)
    members.set(5n, null)
    expect([members.has(5n), members.has(6n)]).toEqual([true, false])
    expect(members.delete(5n)).toBe(true)
    expect(members.delete(5n)).toBe(false)
    expect(members.isEmpty).toBe(true)
  })

  test('refuses any other value than null', () => {
    const decode = () => load(store, Members.value, Members.empty(store).flush() as never)
    expect(decode).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }))
    expect(formatHex(encodeCbor(Members.value, null))).toBe('f6')
  })
})

// Source of the cases: builtin-actors v18, runtime/tests/set_multimap_test.rs.
describe('a map of sets', () => {
  test('keeps the members of each key apart', () => {
    const sets = Sets.empty(store)
    sets.put(3n, 1n)
    sets.put(3n, 2n)
    sets.put(-1n, 2n)
    const loaded = Sets.load(store, sets.flush())
    expect(new Set(loaded.membersOf(3n))).toEqual(new Set([1n, 2n]))
    expect([...loaded.membersOf(-1n)]).toEqual([2n])
    expect([...loaded.membersOf(4n)]).toEqual([])
    expect(new Set(loaded.keys())).toEqual(new Set([3n, -1n]))
  })

  test('forgets a key with all of its members', () => {
    const sets = Sets.empty(store)
    sets.put(3n, 1n)
    sets.removeAll(3n)
    sets.removeAll(7n)
    expect(sets.flush().cid).toBe(Sets.empty(store).flush().cid)
  })

  test('has a set for a key to which no members were added', () => {
    const sets = Sets.empty(store)
    sets.putMany(3n, [])
    expect([...sets.keys()]).toEqual([3n])
    expect([...sets.membersOf(3n)]).toEqual([])
  })

  const anyKey = fc.bigInt({ min: -2n, max: 3n })
  const anyPut = fc.record({ key: anyKey, member: fc.bigInt({ min: 0n, max: 5n }), isRemoved: fc.boolean() })

  test.prop([fc.array(anyPut, { maxLength: 40 })])('has one root, however it came about', (puts) => {
    const model = new Map<bigint, Set<bigint>>()
    const sets = Sets.empty(store)
    for (const { key, member, isRemoved } of puts) {
      if (isRemoved) {
        sets.removeAll(key)
        model.delete(key)
      } else {
        sets.put(key, member)
        model.set(key, new Set([...(model.get(key) ?? []), member]))
      }
    }
    const built = Sets.empty(store)
    for (const [key, members] of model) {
      built.putMany(key, [...members])
    }
    expect(sets.flush().cid).toBe(built.flush().cid)
  })
})
