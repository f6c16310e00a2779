import { fc, test } from '@fast-check/vitest'
import { anyBytes, anyU64, concat } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { formatHex, parseHex } from './hex.ts'
import {
  decodeVarint,
  decodeZigZagVarint,
  encodeVarint,
  encodeZigZagVarint,
  MAX_VARINT_BYTES,
} from './varint.ts'

const NOT_A_VARINT = expect.objectContaining({ code: 'INVALID_VARINT' })
const U64_MAX = (1n << 64n) - 1n

describe('a varint', () => {
  test.each([
    // multiformats/unsigned-varint, the table of the specification.
    { value: 1n, hex: '01' },
    { value: 127n, hex: '7f' },
    { value: 128n, hex: '8001' },
    { value: 255n, hex: 'ff01' },
    { value: 300n, hex: 'ac02' },
    { value: 16384n, hex: '808001' },
    { value: 0n, hex: '00' },
    // Seven bits a byte: 2^63 − 1 are nine full bytes, 2^63 is the lowest bit of the tenth.
    { value: (1n << 63n) - 1n, hex: 'ffffffffffffffff7f' },
    { value: 1n << 63n, hex: '80808080808080808001' },
    { value: U64_MAX, hex: 'ffffffffffffffffff01' },
  ])('of $value is $hex', ({ value, hex }) => {
    expect(formatHex(encodeVarint(value))).toBe(hex)
    expect(decodeVarint(parseHex(hex))).toEqual({ value, end: hex.length / 2 })
  })

  test('is written of a number as of a bigint', () => {
    expect(encodeVarint(2 ** 53 - 1)).toEqual(encodeVarint(2n ** 53n - 1n))
  })

  test('of 64 bits has at most MAX_VARINT_BYTES bytes', () => {
    expect(MAX_VARINT_BYTES).toBe(Math.ceil(64 / 7))
  })

  test.prop([anyU64, anyBytes, anyBytes])(
    'is read where it stands and says where it ends',
    (value, before, after) => {
      const encoded = encodeVarint(value)
      const bytes = concat(before, encoded, after)
      expect(decodeVarint(bytes, before.length)).toEqual({ value, end: before.length + encoded.length })
    },
  )

  test.each([
    { hex: '', why: 'there are no bytes' },
    { hex: '80', why: 'it is cut short after one byte' },
    { hex: 'ffffffffffffffffff', why: 'it is cut short after nine bytes' },
    { hex: '8000', why: 'zero is written with two bytes' },
    { hex: 'ff00', why: '127 is written with two bytes' },
    { hex: 'ffffffffffffffffff00', why: '2^63 − 1 is written with ten bytes' },
    { hex: 'ffffffffffffffffff02', why: 'it has a bit 65' },
    { hex: 'ffffffffffffffffff7f', why: 'it has 70 bits' },
    { hex: '8080808080808080808001', why: 'it has eleven bytes' },
    { hex: 'ffffffffffffffffffffff', why: 'it never ends' },
  ])('is refused when $why', ({ hex }) => {
    expect(() => decodeVarint(parseHex(hex))).toThrow(NOT_A_VARINT)
  })

  test('that is refused says where it began', () => {
    expect(() => decodeVarint(parseHex('0102038000'), 3)).toThrow(
      expect.objectContaining({ data: { offset: 3 } }),
    )
  })

  test.prop([fc.uint8Array({ maxLength: 12 })])(
    'is either refused or written with the same bytes',
    (bytes) => {
      try {
        const { value, end } = decodeVarint(bytes)
        expect(value <= U64_MAX).toBe(true)
        expect(encodeVarint(value)).toEqual(bytes.slice(0, end))
      } catch (error) {
        expect(error).toEqual(NOT_A_VARINT)
      }
    },
  )
})

describe('a zig-zag varint', () => {
  // Protocol Buffers documentation, Encoding, signed integers; the unsigned number is then a varint.
  test.each([
    { value: 0n, unsigned: 0n },
    { value: -1n, unsigned: 1n },
    { value: 1n, unsigned: 2n },
    { value: -2n, unsigned: 3n },
    { value: 0x7fff_ffffn, unsigned: 0xffff_fffen },
    { value: -0x8000_0000n, unsigned: 0xffff_ffffn },
    { value: (1n << 63n) - 1n, unsigned: U64_MAX - 1n },
    { value: -(1n << 63n), unsigned: U64_MAX },
  ])('of $value is the varint of $unsigned', ({ value, unsigned }) => {
    expect(encodeZigZagVarint(value)).toEqual(encodeVarint(unsigned))
    expect(decodeZigZagVarint(encodeVarint(unsigned)).value).toBe(value)
  })

  test.prop([fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), anyBytes])(
    'is read where it stands and says where it ends',
    (value, before) => {
      const encoded = encodeZigZagVarint(value)
      const end = before.length + encoded.length
      expect(decodeZigZagVarint(concat(before, encoded), before.length)).toEqual({ value, end })
    },
  )

  test('is written of a number as of a bigint', () => {
    expect(encodeZigZagVarint(-(2 ** 53 - 1))).toEqual(encodeZigZagVarint(-(2n ** 53n - 1n)))
  })

  test('is refused where the varint is', () => {
    expect(() => decodeZigZagVarint(parseHex('8000'))).toThrow(NOT_A_VARINT)
  })
})
