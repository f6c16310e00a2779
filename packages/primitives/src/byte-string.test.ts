import { Buffer } from 'node:buffer'
import { fc, test } from '@fast-check/vitest'
import { anyBytes, randomSource } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { byteString, bytesOf, writeByteString } from './byte-string.ts'

describe('byteString', () => {
  test('has one character for each of the 256 byte values', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    const value = byteString(all)
    expect(value).toHaveLength(256)
    expect([...value].map((character) => character.charCodeAt(0))).toEqual([...all])
    expect(bytesOf(value)).toEqual(all)
  })

  // Bytes are turned into characters 4096 at a time.
  test.each([0, 1, 4095, 4096, 4097, 8191, 8192, 8193, 100_000])('keeps %i bytes as they are', (length) => {
    const bytes = randomSource(length).bytes(length)
    const value = byteString(bytes)
    expect(value).toHaveLength(length)
    expect(bytesOf(value)).toEqual(bytes)
  })

  test('reads a view of a larger buffer from where the view begins', () => {
    expect(bytesOf(byteString(Uint8Array.of(1, 2, 3, 4).subarray(1, 3)))).toEqual(Uint8Array.of(2, 3))
  })

  test.prop([anyBytes])('gives the bytes back', (bytes) => {
    expect(bytesOf(byteString(bytes))).toEqual(bytes)
  })

  test.prop([anyBytes])('is equal for equal bytes, as a key of a map must be', (bytes) => {
    expect(byteString(bytes.slice())).toBe(byteString(bytes))
  })

  test.prop([fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 })])(
    'orders as the bytes order',
    (a, b) => {
      const [left, right] = [byteString(a), byteString(b)]
      expect(left < right ? -1 : left > right ? 1 : 0).toBe(Buffer.compare(a, b))
    },
  )
})

describe('writeByteString', () => {
  test('writes from the offset on and leaves the rest', () => {
    const target = new Uint8Array(5).fill(0xee)
    writeByteString(byteString(Uint8Array.of(0, 255)), target, 2)
    expect(target).toEqual(Uint8Array.of(0xee, 0xee, 0, 255, 0xee))
  })
})
