import { fc, test } from '@fast-check/vitest'
import { createHashes } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { canonicalText, hashOf } from './plan-hash.ts'

const hashes = await createHashes()

describe('canonicalText', () => {
  test('sorts keys, leaves out what is absent, and writes bigints and bytes as texts', () => {
    const value = { b: 1n, a: [null, true, true], c: undefined, d: Uint8Array.of(1, 255) }
    expect(canonicalText(value)).toBe('{"a":[null,true,true],"b":"1","d":"01ff"}')
  })

  test.prop([fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.bigInt(), fc.string()))])(
    'does not depend on the order of keys',
    (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalText(reversed)).toBe(canonicalText(value))
    },
  )
})

describe('hashOf', () => {
  test('tells values apart', () => {
    expect(hashOf(hashes, { a: 1 })).toHaveLength(64)
    expect(hashOf(hashes, { a: 1 })).not.toBe(hashOf(hashes, { a: 2 }))
  })
})
