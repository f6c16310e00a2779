import { fc, test } from '@fast-check/vitest'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyBytes, anyMembers, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { CodecError } from '../errors.ts'
import {
  type BitField,
  type BitIndex,
  bitFieldOf,
  bitFieldRange,
  canonicalIndex,
  countBits,
  firstBit,
  lastBit,
} from './bit-field.ts'
import { decodeRlePlus, encodeRlePlus } from './rle-plus.ts'

const WHOLE_LINE_END = 2n ** 64n - 1n

/** Sets with runs of every kind of block: single, short, long, and some of nearly 64 bits. */
const anyField: fc.Arbitrary<BitField> = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.oneof(
        fc.constant(1n),
        fc.bigInt({ min: 2n, max: 15n }),
        fc.bigInt({ min: 16n, max: 300n }),
        fc.bigInt({ min: 2n ** 31n, max: 2n ** 59n }),
      ),
      { maxLength: 24 },
    ),
  )
  .map(([startsAtZero, lengths]) => {
    const boundaries: BitIndex[] = startsAtZero ? [0] : []
    let index = 0n
    for (const length of lengths) {
      index += length
      boundaries.push(canonicalIndex(index))
    }
    return { boundaries: boundaries.slice(0, boundaries.length - (boundaries.length % 2)) }
  })

/** Packs bits as they are read: the first is the lowest of the first byte. Spaces are for the reader. */
function bytesOfBits(text: string): Uint8Array {
  const bits = text.replaceAll(' ', '')
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt([...bits.slice(8 * i, 8 * i + 8).padEnd(8, '0')].reverse().join(''), 2),
  )
}

function lowFirst(value: bigint, count: number): string {
  return [...value.toString(2).padStart(count, '0')].reverse().join('')
}

/** The grammar of ref-fvm ipld/bitfield/src/rleplus/mod.rs, written down as text of bits. */
function bitsOfLength(length: bigint): string {
  if (length === 1n) {
    return '1'
  }
  if (length < 16n) {
    return `01${lowFirst(length, 4)}`
  }
  let bits = '00'
  let rest = length
  while (rest >= 128n) {
    bits += `${lowFirst(rest & 127n, 7)}1`
    rest >>= 7n
  }
  return `${bits}${lowFirst(rest, 7)}0`
}

function bitsOfField({ boundaries }: BitField): string {
  const lengths = boundaries.map((boundary, i) => BigInt(boundary) - BigInt(boundaries[i - 1] ?? 0))
  const runs = lengths.filter((length) => length > 0n).map(bitsOfLength)
  return boundaries.length === 0 ? '' : `00 ${boundaries[0] === 0 ? '1' : '0'} ${runs.join('')}`
}

function withoutTrailingZeros(bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, bytes.findLastIndex((byte) => byte !== 0) + 1)
}

function reading(bytes: Uint8Array): () => BitField {
  return () => decodeRlePlus(bytes)
}

describe('the encoding of a set', () => {
  test.each<{ name: string; field: BitField; hex: string }>([
    { name: 'no members', field: bitFieldOf([]), hex: '' },
    // 00 1 1
    { name: 'zero', field: bitFieldOf([0]), hex: '0c' },
    // Source: go-bitfield rle/rleplus_test.go, referenceEncoding.
    {
      name: '0, 2, 4 to 6 and 11 to 27',
      field: { boundaries: [0, 1, 2, 3, 4, 7, 11, 28] },
      hex: '7c472202',
    },
    // Source: ref-fvm ipld/bitfield/tests/bitfield_tests.rs, bit_vec_unset_vector.
    { name: '1, 2, 4 and 5', field: bitFieldOf([1, 2, 4, 5]), hex: 'a854' },
    // Source: ref-fvm ipld/bitfield/tests/bitfield_tests.rs, padding: 00 0 1 1 1 1.
    { name: '1 and 3', field: bitFieldOf([1, 3]), hex: '78' },
    // Source: ref-fvm ipld/bitfield/src/rleplus/mod.rs, iter_last.
    {
      name: 'all integers up to 2^64 − 2 but 2^63 − 1',
      field: { boundaries: [0, 2n ** 63n - 1n, 2n ** 63n, WHOLE_LINE_END] },
      hex: 'e4ffffffffffffffff2fffffffffffffffff7f',
    },
  ])('of $name is $hex', ({ field, hex }) => {
    expect(formatHex(encodeRlePlus(field))).toBe(hex)
    expect(decodeRlePlus(parseHex(hex))).toEqual(field)
  })

  // Source of the bits: ref-fvm ipld/bitfield/src/rleplus/mod.rs, test; reader.rs, read_len.
  test.each<{ name: string; bits: string; boundaries: readonly BitIndex[] }>([
    { name: 'a short block of 8', bits: '00 1 01 0001', boundaries: [0, 8] },
    { name: 'short blocks around a single one', bits: '00 1 01 0010 1 01 1100', boundaries: [0, 4, 5, 8] },
    { name: 'a long block of 25', bits: '00 1 00 10011000', boundaries: [0, 25] },
    {
      name: 'a long block of 17 and zeros that fill its byte',
      bits: '00 1 00 10001000 000',
      boundaries: [0, 17],
    },
    { name: 'the longest short block', bits: '00 1 01 1111', boundaries: [0, 15] },
    { name: 'the shortest long block', bits: '00 1 00 00001000', boundaries: [0, 16] },
    { name: 'the shortest short block', bits: '00 1 01 0100', boundaries: [0, 2] },
    { name: 'a long block of one byte', bits: '00 1 00 11111110', boundaries: [0, 127] },
    { name: 'a long block of two bytes', bits: '00 1 00 00000001 10000000', boundaries: [0, 128] },
    {
      name: 'a long block of 147 after single and short ones',
      bits: '00 1 1 01 0100 01 1101 01 1111 00 11001001 10000000',
      boundaries: [0, 1, 3, 14, 29, 176],
    },
    {
      name: 'a run of all integers up to 2^64 − 2 in ten bytes',
      bits: `00 1 00 ${'11111111'.repeat(9)} 10000000`,
      boundaries: [0, WHOLE_LINE_END],
    },
  ])('is $name: $bits', ({ bits, boundaries }) => {
    const bytes = withoutTrailingZeros(bytesOfBits(bits))
    expect(decodeRlePlus(bytes).boundaries).toEqual(boundaries)
    expect(encodeRlePlus({ boundaries })).toEqual(bytes)
  })

  test.prop([anyField])('follows the grammar, with the shortest block for every run', (field) => {
    expect(encodeRlePlus(field)).toEqual(withoutTrailingZeros(bytesOfBits(bitsOfField(field))))
  })

  test.prop([anyField])('survives a round trip', (field) => {
    expect(decodeRlePlus(encodeRlePlus(field))).toEqual(field)
  })

  test.prop([anyMembers])('survives a round trip for sets of members', (members) => {
    expect(decodeRlePlus(encodeRlePlus(bitFieldOf(members)))).toEqual(bitFieldOf(members))
  })
})

describe('the decoder', () => {
  // Source of the bits and verdicts: ref-fvm ipld/bitfield/src/rleplus/mod.rs, test; reader.rs.
  test.each([
    { defect: 'version 1', bits: '10 1 01 0001', code: 'RLE_VERSION' },
    { defect: 'version 2', bits: '01 1 01 0001', code: 'RLE_VERSION' },
    { defect: 'version 3', bits: '11 1 01 0001', code: 'RLE_VERSION' },
    { defect: 'one zero byte', bits: '00 0 00000', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a trailing zero byte', bits: '00 1 01 1010 0000000', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a first run of members that is not there', bits: '00 1', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a short block of 0', bits: '00 1 1 01 0000 1', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a short block of 1', bits: '00 1 01 1000 1111111', code: 'RLE_NOT_MINIMAL' },
    {
      defect: 'a short block of 0 made of the zeros after the end',
      bits: '00 1 01',
      code: 'RLE_NOT_MINIMAL',
    },
    { defect: 'a long block of 0', bits: '00 1 1 00 00000000 1', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a long block of 1', bits: '00 1 00 10000000 111', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a long block of 3', bits: '00 1 00 11000000 111', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a long block of 15', bits: '00 1 00 11110000', code: 'RLE_NOT_MINIMAL' },
    {
      defect: 'a varint that ends in a zero byte',
      bits: '00 1 00 11000001 00000000 111',
      code: 'RLE_INVALID_LENGTH',
    },
    { defect: 'a varint that the end cuts short', bits: '00 1 00 11111111', code: 'RLE_INVALID_LENGTH' },
    {
      defect: 'a length of 65 bits',
      bits: `00 1 00 ${'00000001'.repeat(9)} 01`,
      code: 'RLE_INVALID_LENGTH',
    },
    {
      defect: 'a varint of eleven bytes',
      bits: `00 1 00 ${'11111111'.repeat(10)} 1`,
      code: 'RLE_INVALID_LENGTH',
    },
    {
      defect: 'an end beyond 2^64 − 1',
      bits: `00 1 00 ${'11111111'.repeat(8)} 11111110 00 ${'11111111'.repeat(8)} 11111110 01 0100`,
      code: 'RLE_OVERFLOW',
    },
    {
      defect: 'an end of exactly 2^64',
      bits: `00 0 00 ${'11111111'.repeat(9)} 10000000 1`,
      code: 'RLE_OVERFLOW',
    },
    { defect: 'a single run of non-members', bits: '00 0 1', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a short run of non-members', bits: '00 0 01 0010', code: 'RLE_NOT_MINIMAL' },
    { defect: 'a single run of non-members at the end', bits: '00 1 01 0010 1', code: 'RLE_NOT_MINIMAL' },
    {
      defect: 'a short run of non-members at the end',
      bits: '00 0 1 01 0010 01 0010',
      code: 'RLE_NOT_MINIMAL',
    },
  ])('refuses $defect', ({ bits, code }) => {
    expect(reading(bytesOfBits(bits))).toThrow(expect.objectContaining({ code }))
  })

  test('says at which byte the defect is', () => {
    // 00 1, nine single blocks, then a short block of 1 that begins at bit 12.
    expect(reading(bytesOfBits('00 1 111111111 01 1000 1'))).toThrow(
      expect.objectContaining({ code: 'RLE_NOT_MINIMAL', data: { offset: 1 } }),
    )
  })

  test.prop([anyField.chain((field) => mutated(encodeRlePlus(field)))])(
    'refuses damaged bytes or reads the one set that they encode',
    expectUnique,
  )

  test.prop([anyBytes])('refuses any bytes or reads the one set that they encode', expectUnique)
})

function expectUnique(bytes: Uint8Array): void {
  let field: BitField
  try {
    field = decodeRlePlus(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError)
    return
  }
  expect(encodeRlePlus(field)).toEqual(bytes)
}

describe('the limit of an encoding', () => {
  // Even numbers: two bits of version, one for the first run, and 2n − 1 single blocks of one bit for n members.
  // Source of 32 KiB: ref-fvm ipld/bitfield/src/lib.rs, MAX_ENCODED_SIZE.
  const LIMIT_BYTES = 32 * 1024
  const MOST_MEMBERS = (LIMIT_BYTES * 8 - 2) / 2

  function evenNumbers(count: number): BitField {
    return { boundaries: Array.from({ length: 2 * count }, (_, i) => i) }
  }

  function singleBlocks(length: number, last: number): Uint8Array {
    const bytes = new Uint8Array(length).fill(0xff)
    bytes[0] = 0xfc
    bytes[length - 1] = last
    return bytes
  }

  test('is 32 KiB', () => {
    const field = evenNumbers(MOST_MEMBERS)
    expect(encodeRlePlus(field)).toEqual(singleBlocks(LIMIT_BYTES, 0xff))
    expect(decodeRlePlus(singleBlocks(LIMIT_BYTES, 0xff))).toEqual(field)
  })

  test('is not passed by one byte', () => {
    const tooLong = expect.objectContaining({ code: 'RLE_TOO_LONG' })
    expect(() => encodeRlePlus(evenNumbers(MOST_MEMBERS + 1))).toThrow(tooLong)
    expect(reading(singleBlocks(LIMIT_BYTES + 1, 0x03))).toThrow(tooLong)
  })

  test('holds sets of any count in few bytes', () => {
    const field = bitFieldRange(0, WHOLE_LINE_END)
    const decoded = decodeRlePlus(encodeRlePlus(field))
    expect(countBits(decoded)).toBe(WHOLE_LINE_END)
    expect(firstBit(decoded)).toBe(0)
    expect(lastBit(decoded)).toBe(WHOLE_LINE_END - 1n)
  })
})
