import { fc, test } from '@fast-check/vitest'
import * as dagCbor from '@ipld/dag-cbor'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyU64 } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAX_CBOR_DEPTH } from '../limits.ts'
import { type Codec, decodeCbor, encodeCbor } from './codec.ts'
import { fixedList, list } from './collections.ts'
import { bool, text, u64, uint } from './scalars.ts'

/** What dag-cbor writes; it returns a Buffer at times, which is not equal to the same bytes. */
function oracleEncode(value: unknown): Uint8Array {
  return Uint8Array.from(dagCbor.encode(value))
}

/** A codec that counts how many items it was asked to read. */
function counting<T>(codec: Codec<T>) {
  const stats = { decoded: 0 }
  const decode: Codec<T>['decode'] = (reader) => {
    stats.decoded++
    return codec.decode(reader)
  }
  return { codec: { ...codec, decode }, stats }
}

describe('list', () => {
  test.each([
    // []
    { hex: '80', values: [] },
    // [1, 2, 3], from RFC 8949, appendix A
    { hex: '83010203', values: [1, 2, 3] },
    // [1, 2, …, 25], from RFC 8949, appendix A
    {
      hex: '98190102030405060708090a0b0c0d0e0f101112131415161718181819',
      values: Array.from({ length: 25 }, (_, i) => i + 1),
    },
  ])('stands for $values as $hex', ({ hex, values }) => {
    expect(formatHex(encodeCbor(list(uint), values))).toBe(hex)
    expect(decodeCbor(list(uint), parseHex(hex))).toEqual(values)
  })

  test.prop([fc.array(anyU64, { maxLength: 300 })])(
    'writes what dag-cbor writes and reads it back',
    (values) => {
      const encoded = encodeCbor(list(u64), values)
      expect(encoded).toEqual(oracleEncode(values))
      expect(decodeCbor(list(u64), encoded)).toEqual(values)
    },
  )

  test('names the item in the path', () => {
    expect(() => decodeCbor(list(uint), parseHex('8300f400'))).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: ['uint[]', 1] }),
    )
  })

  test.each([
    { hex: '82', why: 'there are no items' },
    { hex: '8300', why: 'there is one byte for three items' },
    { hex: '9affffffff0000', why: 'the count is 2^32 − 1' },
    { hex: '9b001fffffffffffff0000', why: 'the count is 2^53 − 1' },
  ])('is refused before an item is read when $why', ({ hex }) => {
    const { codec, stats } = counting(uint)
    expect(() => decodeCbor(list(codec), parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'CBOR_TRUNCATED' }),
    )
    expect(stats.decoded).toBe(0)
  })

  test.each([
    { hex: '9bffffffffffffffff', code: 'CBOR_INTEGER_TOO_LARGE', why: 'has a count of 2^64 − 1' },
    { hex: '9f01ff', code: 'CBOR_NOT_CANONICAL', why: 'has an indefinite length' },
    { hex: '9801f4', code: 'CBOR_NOT_CANONICAL', why: 'has a count of one in two bytes' },
    { hex: 'a0', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a map' },
    { hex: 'f6', code: 'CBOR_UNEXPECTED_TYPE', why: 'is null' },
    { hex: '821801', code: 'CBOR_NOT_CANONICAL', why: 'has an item that is not canonical' },
    { hex: '820118', code: 'CBOR_TRUNCATED', why: 'ends inside an item' },
    { hex: '810101', code: 'CBOR_TRAILING_BYTES', why: 'is followed by a byte' },
  ])('is refused with $code when it $why', ({ hex, code }) => {
    expect(() => decodeCbor(list(uint), parseHex(hex))).toThrow(expect.objectContaining({ code }))
  })

  test('of more lists than may be nested is read, since they do not enclose each other', () => {
    const siblings = Array.from({ length: MAX_CBOR_DEPTH + 1 }, () => [7])
    expect(decodeCbor(list(list(uint)), encodeCbor(list(list(uint)), siblings))).toEqual(siblings)
  })
})

describe('fixedList', () => {
  const Three = fixedList(text, 3)

  test('reads and writes a list of its length', () => {
    // ["a", "b", "c"]
    expect(formatHex(encodeCbor(Three, ['a', 'b', 'c']))).toBe('83616161626163')
    expect(decodeCbor(Three, parseHex('83616161626163'))).toEqual(['a', 'b', 'c'])
  })

  test.each(['80', '8261616162', '846161616261636164'])('refuses a list of another length: %s', (hex) => {
    expect(() => decodeCbor(Three, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['text[3]'] }),
    )
  })

  test('names the item in the path', () => {
    expect(() => decodeCbor(fixedList(bool, 2), parseHex('82f400'))).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE', path: ['bool[2]', 1] }),
    )
  })
})
