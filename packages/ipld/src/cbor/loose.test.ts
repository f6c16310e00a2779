import { fc, test as propertyTest } from '@fast-check/vitest'
import { parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { bitFieldOf } from '../bitfield/bit-field.ts'
import { bitField } from '../bitfield/bit-field-codec.ts'
import type { CodecError } from '../errors.ts'
import { type AnyCodec, type Codec, decodeCbor, decodeLooseCbor, encodeCbor } from './codec.ts'
import { list } from './collections.ts'
import { bigInt, bytes, cid, i64, nullable, text, u8, u32, u64 } from './scalars.ts'
import { tuple } from './tuple.ts'

// Expected values follow from cbor4ii 0.2.14, `src/core/dec.rs`, by hand: a head counts as one of a major type when
// `head & ~(major << 5)` is at most 0x1b.
const accepted: readonly (readonly [why: string, codec: AnyCodec, hex: string, value: unknown])[] = [
  ['a head that is too long, 8 bits', u64, '1805', 5n],
  ['a head that is too long, 16 bits', u64, '190005', 5n],
  ['a head that is too long, 32 bits', u64, '1a00000005', 5n],
  ['a head that is too long, 64 bits', u64, '1b0000000000000005', 5n],
  ['a negative integer with a head that is too long', i64, '3800', -1n],
  ['an integer for the length of bytes', bytes, '03010203', Uint8Array.of(1, 2, 3)],
  ['an integer of 8 bits for the length of bytes', bytes, '1801ff', Uint8Array.of(255)],
  ['an integer for the length of an array', list(u64), '020506', [5n, 6n]],
  ['no array at all for an empty one', list(u64), '00', []],
  ['bytes for the length of a text', text, '426869', 'hi'],
  ['a negative integer for the length of a text', text, '226869', 'hi'],
  ['bytes in chunks', bytes, '5f4101420203ff', Uint8Array.of(1, 2, 3)],
  ['bytes in no chunks', bytes, '5fff', Uint8Array.of()],
  ['bytes in chunks in chunks', bytes, '5f41015f4102ff4103ff', Uint8Array.of(1, 2, 3)],
  ['a chunk with an integer for its length', bytes, '5f0107ff', Uint8Array.of(7)],
  ['a text in chunks', text, '7f61686169ff', 'hi'],
  ['a big integer with leading zeros', bigInt, '4400000005', 5n],
  ['a negative big integer with leading zeros', bigInt, '43010005', -5n],
  ['a big integer of nothing but a sign', bigInt, '4101', 0n],
  [
    'bytes in chunks before another field',
    tuple('T', { a: bytes, b: u64 }),
    '825f4101ff05',
    { a: Uint8Array.of(1), b: 5n },
  ],
  ['a bit field in chunks', list(bitField), '815f410cff', [bitFieldOf([0])]],
]

const refused: readonly (readonly [why: string, codec: AnyCodec, hex: string])[] = [
  ['an array where bytes belong', bytes, '83010203'],
  ['a text where bytes belong', bytes, '6161'],
  ['bytes where an array belongs', list(u64), '4105'],
  ['a negative integer where one without a sign belongs', u64, '20'],
  ['bytes where an integer belongs', u64, '4105'],
  ['a reserved head', u64, '1c'],
  ['an array without a length', list(u64), '9f05ff'],
  ['bytes in chunks that do not end', bytes, '5f4101'],
  ['a chunk that is no bytes', bytes, '5f6161ff'],
  ['a length that the block does not have', bytes, '05010203'],
  ['more after the value', u64, '0500'],
  ['a sign that is none', bigInt, '420205'],
  ['8 bits in a head of 16', u8, '190005'],
  ['32 bits in a head of 64', u32, '1b0000000000000005'],
  ['an integer for the length of a CID', cid, 'd82a050001710000'],
  ['a link without its tag', cid, '450001710000'],
]

describe('decodeLooseCbor', () => {
  test.each(accepted)('accepts %s, which decodeCbor refuses', (_, codec, hex, value) => {
    expect(decodeLooseCbor(codec as Codec<unknown>, parseHex(hex))).toEqual(value)
    expect(() => decodeCbor(codec as Codec<unknown>, parseHex(hex))).toThrow()
  })

  test.each(refused)('refuses %s', (_, codec, hex) => {
    expect(() => decodeLooseCbor(codec as Codec<unknown>, parseHex(hex))).toThrow()
  })

  test('drops what follows a CID inside its bytes, as the reference does', () => {
    // CID 1, dag-cbor, identity, no digest; then two bytes more.
    const encoded = parseHex('d82a4700017100000102')
    expect(encodeCbor(cid, decodeLooseCbor(cid, encoded))).toEqual(parseHex('d82a450001710000'))
    expect(() => decodeCbor(cid, encoded)).toThrow()
  })

  test('refuses chunks that are nested too deep', () => {
    const deep = parseHex(`${'5f'.repeat(300)}${'ff'.repeat(300)}`)
    expect(() => decodeLooseCbor(bytes, deep)).toThrow(
      expect.objectContaining({ code: 'CBOR_TOO_DEEP' } satisfies Partial<CodecError>),
    )
  })

  const Everything = tuple('Everything', {
    a: u64,
    b: i64,
    c: bytes,
    d: text,
    e: bigInt,
    f: list(nullable(u64)),
  })
  propertyTest.prop([
    fc.record({
      a: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      b: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
      c: fc.uint8Array(),
      d: fc.string({ unit: 'grapheme' }),
      e: fc.bigInt({ min: -(1n << 900n), max: 1n << 900n }),
      f: fc.array(fc.option(fc.bigInt({ min: 0n, max: 99n }))),
    }),
  ])('reads what is written like decodeCbor', (value) => {
    const encoded = encodeCbor(Everything, value)
    expect(decodeLooseCbor(Everything, encoded)).toEqual(value)
    expect(decodeCbor(Everything, encoded)).toEqual(value)
  })

  propertyTest.prop([fc.uint8Array({ maxLength: 40 })])(
    'accepts at least what decodeCbor accepts',
    (block) => {
      let strict: unknown
      try {
        strict = decodeCbor(Everything, block)
      } catch {
        return
      }
      expect(decodeLooseCbor(Everything, block)).toEqual(strict)
    },
  )
})
