import { test } from '@fast-check/vitest'
import { parseHex } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { MAX_BIG_INT_BYTES, MAX_CID_BYTES } from '../limits.ts'
import { type Codec, decodeCbor } from './codec.ts'
import { address, bigInt, bool, bytes, cid, i64, int, nullable, text, u64, uint } from './scalars.ts'

/** Expects that a codec refuses a block with that code and a path of its name alone. */
function expectRefusal<T>(codec: Codec<T>, hex: string, code: string): void {
  expect(() => decodeCbor(codec, parseHex(hex))).toThrow(
    expect.objectContaining({ code, path: [codec.name] }),
  )
}

describe('every scalar', () => {
  /** For each codec a value, and something of another type. */
  const EVERY = [
    { ...of(uint), value: '1818', other: '3863' },
    { ...of(int), value: '3863', other: '4101' },
    { ...of(u64), value: '1b8000000000000000', other: '20' },
    { ...of(i64), value: '3b7fffffffffffffff', other: 'f6' },
    { ...of(bool), value: 'f5', other: '01' },
    { ...of(bytes), value: '4401020304', other: '6161' },
    { ...of(text), value: '6449455446', other: '4161' },
    { ...of(bigInt), value: '43000100', other: '01' },
    { ...of(address), value: '43008008', other: '63008008' },
    { ...of(cid), value: 'd82a48000155000366696c', other: '48000155000366696c' },
    { ...of(nullable(uint)), value: '1818', other: 'f7' },
  ]

  function of<T>(codec: Codec<T>) {
    return { name: codec.name, decode: (hex: string): unknown => decodeCbor(codec, parseHex(hex)) }
  }

  test.each(EVERY)('$name refuses a block that ends inside it', ({ decode, value }) => {
    for (let end = 0; end < value.length; end += 2) {
      expect(() => decode(value.slice(0, end))).toThrow(expect.objectContaining({ code: 'CBOR_TRUNCATED' }))
    }
    expect(() => decode(value)).not.toThrow()
  })

  test.each(EVERY)('$name refuses bytes after it', ({ decode, value }) => {
    expect(() => decode(`${value}00`)).toThrow(expect.objectContaining({ code: 'CBOR_TRAILING_BYTES' }))
  })

  test.each(EVERY)('$name refuses another type', ({ decode, other }) => {
    expect(() => decode(other)).toThrow(expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE' }))
  })

  // Floats of 16, 32 and 64 bits, undefined, a simple value and a break, then other tags.
  test.each(['f90000', 'fa00000000', 'fb0000000000000000', 'f7', 'f820', 'ff', 'c000', 'c24101', 'd82b4100'])(
    'refuses %s, which DAG-CBOR does not have',
    (hex) => {
      for (const { decode } of EVERY) {
        expect(() => decode(hex)).toThrow(expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE' }))
      }
    },
  )
})

describe('the integers', () => {
  test.each([
    { hex: '1b0020000000000000', code: 'CBOR_INTEGER_TOO_LARGE', why: 'is 2^53' },
    { hex: '1bffffffffffffffff', code: 'CBOR_INTEGER_TOO_LARGE', why: 'is 2^64 − 1' },
    { hex: '20', code: 'CBOR_UNEXPECTED_TYPE', why: 'is −1' },
    { hex: '1817', code: 'CBOR_NOT_CANONICAL', why: 'is 23 in two bytes' },
    { hex: '1f', code: 'CBOR_NOT_CANONICAL', why: 'is indefinite' },
  ])('uint refuses with $code what $why', ({ hex, code }) => {
    expectRefusal(uint, hex, code)
  })

  test.each([
    { hex: '1b0020000000000000', code: 'CBOR_INTEGER_TOO_LARGE', why: 'is 2^53' },
    { hex: '3b0020000000000000', code: 'CBOR_INTEGER_TOO_LARGE', why: 'is −2^53 − 1' },
    { hex: '3bffffffffffffffff', code: 'CBOR_INTEGER_TOO_LARGE', why: 'is −2^64' },
    { hex: '3800', code: 'CBOR_NOT_CANONICAL', why: 'is −1 in two bytes' },
  ])('int refuses with $code what $why', ({ hex, code }) => {
    expectRefusal(int, hex, code)
  })

  test.each([
    { hex: '20', code: 'CBOR_UNEXPECTED_TYPE', why: 'is −1' },
    { hex: '1b00000000ffffffff', code: 'CBOR_NOT_CANONICAL', why: 'is 2^32 − 1 in nine bytes' },
    { hex: 'c249010000000000000000', code: 'CBOR_UNEXPECTED_TYPE', why: 'is 2^64 as a tagged number' },
  ])('u64 refuses with $code what $why', ({ hex, code }) => {
    expectRefusal(u64, hex, code)
  })

  test.each([
    { hex: '1b8000000000000000', code: 'INVALID_VALUE', why: 'is 2^63' },
    { hex: '1bffffffffffffffff', code: 'INVALID_VALUE', why: 'is 2^64 − 1' },
    { hex: '3b8000000000000000', code: 'INVALID_VALUE', why: 'is −2^63 − 1' },
    { hex: '3bffffffffffffffff', code: 'INVALID_VALUE', why: 'is −2^64' },
  ])('i64 refuses with $code what $why', ({ hex, code }) => {
    expectRefusal(i64, hex, code)
  })
})

describe('text', () => {
  test.each([
    { hex: '61ff', why: 'a byte that no character begins with' },
    { hex: '6180', why: 'a continuation alone' },
    { hex: '61c3', why: 'a character that is cut short' },
    { hex: '62c328', why: 'a continuation that is none' },
    { hex: '62c080', why: 'a zero in two bytes' },
    { hex: '63eda080', why: 'half of a surrogate pair' },
    { hex: '64f4908080', why: 'a character beyond the last' },
  ])('refuses $hex, which has $why', ({ hex }) => {
    expectRefusal(text, hex, 'INVALID_VALUE')
  })

  test('refuses a length that the block does not hold', () => {
    expectRefusal(text, '7b001fffffffffffff61', 'CBOR_TRUNCATED')
    expectRefusal(text, '7f6161ff', 'CBOR_NOT_CANONICAL')
  })
})

describe('bigInt', () => {
  test.each([
    { hex: '420201', why: 'a sign byte of 2' },
    { hex: '42ff01', why: 'a sign byte of 255' },
    { hex: '4100', why: 'a plus sign alone' },
    { hex: '4101', why: 'a minus sign alone' },
    { hex: '420000', why: 'zero with a sign' },
    { hex: '420100', why: 'minus zero' },
    { hex: '43000001', why: 'a zero before the magnitude' },
    { hex: '43010001', why: 'a zero before a negative magnitude' },
  ])('refuses $hex, which has $why', ({ hex }) => {
    expectRefusal(bigInt, hex, 'INVALID_VALUE')
  })

  test('refuses one byte more than the limit, and not the limit itself', () => {
    const hexOf = (size: number) => `58${size.toString(16)}00${'ff'.repeat(size - 1)}`
    expect(MAX_BIG_INT_BYTES).toBe(128)
    expect(decodeCbor(bigInt, parseHex(hexOf(128)))).toBe(2n ** (8n * 127n) - 1n)
    expectRefusal(bigInt, hexOf(129), 'INVALID_VALUE')
  })

  test('refuses a length in too long a head', () => {
    expectRefusal(bigInt, '58020001', 'CBOR_NOT_CANONICAL')
    expectRefusal(bigInt, '5f420001ff', 'CBOR_NOT_CANONICAL')
  })
})

describe('address', () => {
  test.each([
    { hex: '40', why: 'is empty' },
    { hex: '420500', why: 'has an unknown protocol' },
    { hex: '43008000', why: 'has an id that is not minimal' },
    { hex: `54${'01'.repeat(20)}`, why: 'has an f1 payload of 19 bytes' },
    { hex: `5842${'04'.repeat(66)}`, why: 'is longer than any address' },
  ])('refuses what $why', ({ hex }) => {
    expectRefusal(address, hex, 'INVALID_VALUE')
  })

  test('takes the longest address that there is', () => {
    const longest = `5841${'04'}${'ff'.repeat(9)}01${'07'.repeat(54)}`
    expect(decodeCbor(address, parseHex(longest))).toHaveLength(65)
  })
})

describe('cid', () => {
  test.each([
    { hex: 'd82a40', code: 'INVALID_VALUE', why: 'is empty' },
    { hex: 'd82a4100', code: 'INVALID_VALUE', why: 'is a zero byte alone' },
    { hex: 'd82a470155000366696c', code: 'INVALID_VALUE', why: 'has no zero byte before it' },
    { hex: 'd82a48010155000366696c', code: 'INVALID_VALUE', why: 'has another multibase before it' },
    { hex: 'd82a49000155000366696c00', code: 'INVALID_CID', why: 'is followed by a byte' },
    { hex: 'd82a470001550003666900'.slice(0, -2), code: 'INVALID_CID', why: 'is cut short' },
    { hex: 'd82a48000255000366696c', code: 'INVALID_CID', why: 'has version 2' },
    { hex: 'd82a490001d500000366696c', code: 'INVALID_CID', why: 'has a codec in too many bytes' },
    { hex: 'd82b48000155000366696c', code: 'CBOR_UNEXPECTED_TYPE', why: 'has tag 43' },
    { hex: 'd82a68000155000366696c', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a text' },
    { hex: 'd9002a48000155000366696c', code: 'CBOR_NOT_CANONICAL', why: 'has a tag in three bytes' },
    { hex: 'd82a5808000155000366696c', code: 'CBOR_NOT_CANONICAL', why: 'has a length in two bytes' },
    { hex: 'db002000000000000040', code: 'CBOR_INTEGER_TOO_LARGE', why: 'has the tag 2^53' },
    { hex: 'd82af6', code: 'CBOR_UNEXPECTED_TYPE', why: 'is null under the tag' },
  ])('refuses with $code a link that $why', ({ hex, code }) => {
    expectRefusal(cid, hex, code)
  })

  test('refuses a CID of one byte more than the limit', () => {
    // Version 1, raw, identity, 125 bytes: 129 bytes; with the zero byte before it 130.
    expect(MAX_CID_BYTES).toBe(128)
    expectRefusal(cid, `d82a5882000155007d${'00'.repeat(125)}`, 'INVALID_VALUE')
    // The bytes alone may be as many, if they say themselves that they are more.
    expectRefusal(cid, `d82a5881000155007d${'00'.repeat(124)}`, 'INVALID_CID')
  })
})

describe('nullable', () => {
  test('reads null only where it stands alone', () => {
    expect(decodeCbor(nullable(uint), parseHex('f6'))).toBeNull()
    expectRefusal(nullable(uint), 'f600', 'CBOR_TRAILING_BYTES')
    expectRefusal(nullable(uint), '', 'CBOR_TRUNCATED')
    expectRefusal(nullable(bool), '00', 'CBOR_UNEXPECTED_TYPE')
  })
})
