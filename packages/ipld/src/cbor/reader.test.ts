import { fc, test } from '@fast-check/vitest'
import { parseHex } from '@plimsoll/primitives'
import { anyBytes, anyU64, concat } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAX_CBOR_DEPTH } from '../limits.ts'
import { readLength } from './length.ts'
import {
  cborReader,
  enter,
  leave,
  MajorType,
  peekByte,
  peekMajorType,
  readHead,
  readHead64,
  requireEnd,
  unexpected,
} from './reader.ts'
import { cborWriter, writeHead64, writtenBytes } from './writer.ts'

const MAJOR_TYPES = [0, 1, 2, 3, 4, 5, 6]
const anyMajorType = fc.constantFrom(...MAJOR_TYPES)

function headBytes(majorType: number, argument: bigint): Uint8Array {
  const writer = cborWriter()
  writeHead64(writer, majorType, argument)
  return writtenBytes(writer)
}

/** A head of major type 0 in hexadecimal, seen as one of another major type. */
function headOf(majorType: number, hex: string): Uint8Array {
  const bytes = parseHex(hex)
  return concat(Uint8Array.of((majorType << 5) | (bytes[0] ?? 0)), bytes.subarray(1))
}

describe('the major types', () => {
  // RFC 8949, section 3.1.
  test('are numbered as in the standard', () => {
    expect(MajorType).toEqual({
      UINT: 0,
      NEGATIVE: 1,
      BYTES: 2,
      TEXT: 3,
      ARRAY: 4,
      MAP: 5,
      TAG: 6,
      SIMPLE: 7,
    })
  })
})

describe('a head', () => {
  // RFC 8949, section 3: below 24 in the first byte, then 1, 2, 4 or 8 bytes, whichever is the shortest.
  test.each([
    { hex: '00', argument: 0n },
    { hex: '17', argument: 23n },
    { hex: '1818', argument: 24n },
    { hex: '18ff', argument: 255n },
    { hex: '190100', argument: 256n },
    { hex: '19ffff', argument: 65_535n },
    { hex: '1a00010000', argument: 65_536n },
    { hex: '1affffffff', argument: 2n ** 32n - 1n },
    { hex: '1b0000000100000000', argument: 2n ** 32n },
    { hex: '1b001fffffffffffff', argument: 2n ** 53n - 1n },
  ])('$hex has the argument $argument, whatever its major type', ({ hex, argument }) => {
    for (const majorType of MAJOR_TYPES) {
      const bytes = headOf(majorType, hex)
      expect(readHead(cborReader(bytes), majorType)).toBe(Number(argument))
      expect(readHead64(cborReader(bytes), majorType)).toBe(argument)
      expect(headBytes(majorType, argument)).toEqual(bytes)
    }
  })

  test.each([
    { hex: '1800', why: 'is 0 in two bytes' },
    { hex: '1817', why: 'is 23 in two bytes' },
    { hex: '190000', why: 'is 0 in three bytes' },
    { hex: '1900ff', why: 'is 255 in three bytes' },
    { hex: '1a00000000', why: 'is 0 in five bytes' },
    { hex: '1a0000ffff', why: 'is 65,535 in five bytes' },
    { hex: '1b0000000000000000', why: 'is 0 in nine bytes' },
    { hex: '1b00000000ffffffff', why: 'is 2^32 − 1 in nine bytes' },
    { hex: '1c', why: 'has the reserved information 28' },
    { hex: '1d', why: 'has the reserved information 29' },
    { hex: '1e', why: 'has the reserved information 30' },
    { hex: '1f', why: 'has an indefinite length' },
  ])('$hex is refused because it $why, whatever its major type', ({ hex }) => {
    const refusal = expect.objectContaining({ code: 'CBOR_NOT_CANONICAL' })
    for (const majorType of MAJOR_TYPES) {
      expect(() => readHead(cborReader(headOf(majorType, hex)), majorType)).toThrow(refusal)
      expect(() => readHead64(cborReader(headOf(majorType, hex)), majorType)).toThrow(refusal)
    }
  })

  test.each([
    { hex: '1b0020000000000000', argument: 2n ** 53n },
    { hex: '1b0020000000000001', argument: 2n ** 53n + 1n },
    { hex: '1bffffffffffffffff', argument: 2n ** 64n - 1n },
  ])('of $argument is read whole, and refused as a number', ({ hex, argument }) => {
    const bytes = parseHex(hex)
    expect(readHead64(cborReader(bytes), MajorType.UINT)).toBe(argument)
    expect(() => readHead(cborReader(bytes), MajorType.UINT)).toThrow(
      expect.objectContaining({ code: 'CBOR_INTEGER_TOO_LARGE' }),
    )
  })

  test.prop([anyMajorType, anyU64, anyBytes, anyBytes])(
    'is read where the cursor stands, which then stands after it',
    (majorType, argument, before, after) => {
      const head = headBytes(majorType, argument)
      const reader = cborReader(concat(before, head, after), before.length)
      expect(peekMajorType(reader)).toBe(majorType)
      expect(readHead64(reader, majorType)).toBe(argument)
      expect(reader.offset).toBe(before.length + head.length)
    },
  )

  test.prop([anyMajorType, anyU64])('that is cut short at any byte is truncated', (majorType, argument) => {
    const head = headBytes(majorType, argument)
    for (let length = 0; length < head.length; length++) {
      const read = () => readHead64(cborReader(head.subarray(0, length)), majorType)
      expect(read).toThrow(expect.objectContaining({ code: 'CBOR_TRUNCATED' }))
    }
  })

  test.prop([anyMajorType, anyMajorType, anyU64])(
    'of another major type is refused and not consumed',
    (majorType, other, argument) => {
      fc.pre(majorType !== other)
      const reader = cborReader(headBytes(majorType, argument))
      const refusal = expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE' })
      expect(() => readHead64(reader, other)).toThrow(refusal)
      expect(() => readHead(reader, other)).toThrow(refusal)
      expect(reader.offset).toBe(0)
    },
  )
})

describe('peekByte', () => {
  test('shows the next byte without going on', () => {
    const reader = cborReader(Uint8Array.of(7, 8), 1)
    expect([peekByte(reader), peekByte(reader), reader.offset]).toEqual([8, 8, 1])
  })

  test('finds the block truncated at its end', () => {
    expect(() => peekByte(cborReader(Uint8Array.of(7), 1))).toThrow(
      expect.objectContaining({ code: 'CBOR_TRUNCATED', data: { offset: 1 } }),
    )
  })
})

describe('readLength', () => {
  test('returns where the bytes begin and goes on to where they end', () => {
    // h'0102' 7
    const reader = cborReader(parseHex('42010207'))
    expect(readLength(reader, MajorType.BYTES)).toBe(1)
    expect(reader.offset).toBe(3)
  })

  test.each([
    { hex: '4201', why: 'one byte of two is there' },
    { hex: '5affffffff00', why: '2^32 − 1 bytes are said to follow' },
    { hex: '5b001fffffffffffff00', why: '2^53 − 1 bytes are said to follow' },
  ])('finds the block truncated when $why', ({ hex }) => {
    expect(() => readLength(cborReader(parseHex(hex)), MajorType.BYTES)).toThrow(
      expect.objectContaining({ code: 'CBOR_TRUNCATED' }),
    )
  })
})

describe('enter', () => {
  test('takes a count that the remaining bytes can hold, and no larger one', () => {
    expect(enter(cborReader(parseHex('820000')), MajorType.ARRAY)).toBe(2)
    expect(() => enter(cborReader(parseHex('830000')), MajorType.ARRAY)).toThrow(
      expect.objectContaining({ code: 'CBOR_TRUNCATED' }),
    )
  })

  test('goes down to the limit of the depth and not one level further', () => {
    const reader = cborReader(new Uint8Array(MAX_CBOR_DEPTH + 1).fill(0x80))
    for (let depth = 1; depth <= MAX_CBOR_DEPTH; depth++) {
      enter(reader, MajorType.ARRAY)
      expect(reader.depth).toBe(depth)
    }
    expect(() => enter(reader, MajorType.ARRAY)).toThrow(expect.objectContaining({ code: 'CBOR_TOO_DEEP' }))
  })

  test('and leave keep the depth of siblings apart', () => {
    const reader = cborReader(new Uint8Array(2 * MAX_CBOR_DEPTH).fill(0x80))
    for (let i = 0; i < 2 * MAX_CBOR_DEPTH; i++) {
      enter(reader, MajorType.ARRAY)
      leave(reader)
    }
    expect(reader.depth).toBe(0)
  })
})

describe('requireEnd', () => {
  test('passes at the end and nowhere else', () => {
    expect(() => requireEnd(cborReader(Uint8Array.of(1, 2), 2))).not.toThrow()
    expect(() => requireEnd(cborReader(Uint8Array.of(1, 2), 1))).toThrow(
      expect.objectContaining({ code: 'CBOR_TRAILING_BYTES', data: { offset: 1 } }),
    )
  })
})

describe('unexpected', () => {
  test.each([
    { hex: '', found: 'the end of the block' },
    { hex: '00', found: 'integer' },
    { hex: '20', found: 'negative integer' },
    { hex: '40', found: 'bytes' },
    { hex: '60', found: 'text' },
    { hex: '80', found: 'array' },
    { hex: 'a0', found: 'map' },
    { hex: 'd82a', found: 'a tag' },
    { hex: 'f4', found: 'a boolean' },
    { hex: 'f5', found: 'a boolean' },
    { hex: 'f6', found: 'null' },
    { hex: 'f7', found: 'simple value' },
    { hex: 'fb', found: 'simple value' },
  ])('says of "$hex" that it found $found', ({ hex, found }) => {
    expect(unexpected(cborReader(parseHex(hex)), 'a thing')).toMatchObject({
      code: 'CBOR_UNEXPECTED_TYPE',
      data: { expected: 'a thing', found, offset: 0 },
    })
  })
})
