import { fc, test } from '@fast-check/vitest'
import * as dagCbor from '@ipld/dag-cbor'
import { type Address, addressBytes, formatHex, parseHex } from '@plimsoll/primitives'
import { anyAddress, anyAmount, anyBytes, anyCid, anyU64, concat } from '@plimsoll/testkit'
import { CID } from 'multiformats/cid'
import { describe, expect } from 'vitest'
import { type Cid, cidBytes, Multicodec, Multihash, makeCid } from '../cid.ts'
import { type Codec, decodeCbor, encodeCbor } from './codec.ts'
import {
  address,
  attoFil,
  bigInt,
  bool,
  bytes,
  chainEpoch,
  cid,
  i64,
  int,
  LINK_BYTES,
  link,
  nullable,
  storagePower,
  text,
  u64,
  uint,
} from './scalars.ts'

/** What dag-cbor writes; it returns a Buffer at times, which is not equal to the same bytes. */
function oracleEncode(value: unknown): Uint8Array {
  return Uint8Array.from(dagCbor.encode(value))
}

const MAX_SAFE = 2 ** 53 - 1

/** A value, how CBOR diagnostic notation writes it, and its bytes in hexadecimal. */
function vector<T>(codec: Codec<T>, value: T, diagnostic: string, hex: string) {
  return {
    name: codec.name,
    diagnostic,
    hex,
    value,
    encode: () => formatHex(encodeCbor(codec, value)),
    decode: (): unknown => decodeCbor(codec, parseHex(hex)),
  }
}

const IDENTITY_CID = makeCid(Multicodec.RAW, Multihash.IDENTITY, Uint8Array.of(0x66, 0x69, 0x6c))

describe('a scalar', () => {
  test.each([
    // RFC 8949, appendix A.
    vector(uint, 0, '0', '00'),
    vector(uint, 23, '23', '17'),
    vector(uint, 24, '24', '1818'),
    vector(uint, 1_000_000_000_000, '1000000000000', '1b000000e8d4a51000'),
    vector(int, -1, '-1', '20'),
    vector(int, -10, '-10', '29'),
    vector(int, -100, '-100', '3863'),
    vector(int, -1000, '-1000', '3903e7'),
    vector(int, 1000, '1000', '1903e8'),
    vector(u64, 2n ** 64n - 1n, '18446744073709551615', '1bffffffffffffffff'),
    vector(bool, false, 'false', 'f4'),
    vector(bool, true, 'true', 'f5'),
    vector(nullable(bool), null, 'null', 'f6'),
    vector(bytes, new Uint8Array(), "h''", '40'),
    vector(bytes, Uint8Array.of(1, 2, 3, 4), "h'01020304'", '4401020304'),
    vector(text, '', '""', '60'),
    vector(text, 'IETF', '"IETF"', '6449455446'),
    vector(text, '"\\', '"\\"\\\\"', '62225c'),
    vector(text, '\u00fc', '"\\u00fc"', '62c3bc'),
    vector(text, '\u6c34', '"\\u6c34"', '63e6b0b4'),
    vector(text, '\u{10151}', '"\\ud800\\udd51"', '64f0908591'),
    // The edges of what each integer type holds.
    vector(uint, MAX_SAFE, '9007199254740991', '1b001fffffffffffff'),
    vector(int, MAX_SAFE, '9007199254740991', '1b001fffffffffffff'),
    vector(int, -MAX_SAFE, '-9007199254740991', '3b001ffffffffffffe'),
    vector(chainEpoch, -1, '-1', '20'),
    vector(i64, 2n ** 63n - 1n, '9223372036854775807', '1b7fffffffffffffff'),
    vector(i64, -(2n ** 63n), '-9223372036854775808', '3b7fffffffffffffff'),
    vector(i64, -1n, '-1', '20'),
    // A byte order mark at the beginning of a text belongs to the text.
    vector(text, '\ufeffa', '"\\ufeffa"', '64efbbbf61'),
    // ref-fvm `shared/src/bigint/bigint_ser.rs`: a sign byte, 0 or 1, and the magnitude; zero is empty.
    vector(bigInt, 0n, "h''", '40'),
    vector(bigInt, 1n, "h'0001'", '420001'),
    vector(bigInt, -1n, "h'0101'", '420101'),
    vector(bigInt, 255n, "h'00ff'", '4200ff'),
    vector(bigInt, -256n, "h'010100'", '43010100'),
    // One FIL is 10^18, hexadecimal 0de0b6b3a7640000.
    vector(attoFil, 10n ** 18n, "h'000de0b6b3a7640000'", '49000de0b6b3a7640000'),
    vector(storagePower, 1n << 40n, "h'00010000000000'", '4700010000000000'),
    // ref-fvm `shared/tests/address_test.rs`, cbor_encoding: f01024.
    vector(address, '\x00\x80\x08' as Address, "h'008008'", '43008008'),
    // Version 1, raw, identity, three bytes: "fil".
    vector(cid, IDENTITY_CID, "42(h'000155000366696c')", 'd82a48000155000366696c'),
    vector(nullable(cid), IDENTITY_CID, "42(h'000155000366696c')", 'd82a48000155000366696c'),
  ])('$name writes $diagnostic as $hex and reads it back', ({ encode, decode, hex, value }) => {
    expect(encode()).toBe(hex)
    expect(decode()).toEqual(value)
  })
})

describe('the integers', () => {
  test.prop([fc.maxSafeNat()])('uint agrees with dag-cbor', (value) => {
    const encoded = encodeCbor(uint, value)
    expect(encoded).toEqual(oracleEncode(value))
    expect(decodeCbor(uint, encoded)).toBe(value)
  })

  test.prop([fc.maxSafeInteger()])('int agrees with dag-cbor', (value) => {
    const encoded = encodeCbor(int, value)
    expect(encoded).toEqual(oracleEncode(value))
    expect(decodeCbor(int, encoded)).toBe(value)
    expect(decodeCbor(chainEpoch, encoded)).toBe(value)
  })

  test.prop([anyU64])('u64 agrees with dag-cbor', (value) => {
    const encoded = encodeCbor(u64, value)
    expect(encoded).toEqual(oracleEncode(value))
    expect(decodeCbor(u64, encoded)).toBe(value)
  })

  test.prop([fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })])('i64 agrees with dag-cbor', (value) => {
    const encoded = encodeCbor(i64, value)
    expect(encoded).toEqual(oracleEncode(value))
    expect(decodeCbor(i64, encoded)).toBe(value)
  })
})

describe('bytes and text', () => {
  test.prop([fc.uint8Array({ maxLength: 400 })])('bytes agree with dag-cbor', (value) => {
    const encoded = encodeCbor(bytes, value)
    expect(encoded).toEqual(oracleEncode(value))
    expect(decodeCbor(bytes, encoded)).toEqual(value)
  })

  test.prop([anyBytes])('bytes that were read are a copy, which the block does not share', (value) => {
    const encoded = encodeCbor(bytes, value)
    const decoded = decodeCbor(bytes, encoded)
    encoded.fill(0xee)
    expect(decoded).toEqual(value)
  })

  test.prop([fc.string({ unit: 'binary', maxLength: 200 })])('text agrees with dag-cbor', (value) => {
    const encoded = encodeCbor(text, value)
    expect(encoded).toEqual(oracleEncode(value))
    expect(decodeCbor(text, encoded)).toBe(value)
  })
})

describe('bigInt', () => {
  test.prop([anyAmount])('writes the sign and then the shortest magnitude', (value) => {
    const digits = (value < 0n ? -value : value).toString(16)
    const magnitude = digits.length % 2 === 0 ? digits : `0${digits}`
    const expected = value === 0n ? '' : (value < 0n ? '01' : '00') + magnitude
    const encoded = encodeCbor(bigInt, value)
    expect(encoded).toEqual(oracleEncode(parseHex(expected)))
    expect(decodeCbor(bigInt, encoded)).toBe(value)
  })

  // ref-fvm `shared/src/bigint/mod.rs`: MAX_BIGINT_SIZE is 128, with the sign byte.
  test.each([2n ** 1016n - 1n, -(2n ** 1016n - 1n)])('reads a magnitude of 127 bytes', (value) => {
    const encoded = encodeCbor(bigInt, value)
    expect(encoded).toHaveLength(2 + 128)
    expect(decodeCbor(bigInt, encoded)).toBe(value)
  })
})

describe('address', () => {
  test.prop([anyAddress])('writes the bytes of the address', (value) => {
    const encoded = encodeCbor(address, value)
    expect(encoded).toEqual(oracleEncode(addressBytes(value)))
    expect(decodeCbor(address, encoded)).toBe(value)
  })
})

describe('cid and link', () => {
  test.prop([anyCid])('write tag 42 and a zero byte before the CID, as dag-cbor does', (value) => {
    const encoded = encodeCbor(cid, value)
    expect(encoded).toEqual(oracleEncode(CID.decode(cidBytes(value))))
    expect(decodeCbor(cid, encoded)).toBe(value)
    const decoded = decodeCbor(link<number>(), encoded)
    expect(decoded.cid).toBe(value)
    expect(encodeCbor(link<number>(), decoded)).toEqual(encoded)
  })

  test('take LINK_BYTES for a block of state', () => {
    const state = makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32))
    expect(encodeCbor(cid, state)).toHaveLength(LINK_BYTES)
  })

  // Four bytes before the digest make a CID of 128 bytes, the most that there may be.
  test('read a CID of the greatest length', () => {
    const long = makeCid(Multicodec.RAW, Multihash.IDENTITY, new Uint8Array(124))
    expect(decodeCbor(cid, encodeCbor(cid, long))).toBe(long)
  })

  test('read a CID of version 0, which is a bare hash', () => {
    const digest = new Uint8Array(32).fill(7)
    const bare = concat(Uint8Array.of(0x12, 0x20), digest)
    const encoded = concat(parseHex('d82a582300'), bare)
    expect(cidBytes(decodeCbor(cid, encoded))).toEqual(bare)
    expect(encodeCbor(cid, decodeCbor(cid, encoded))).toEqual(encoded)
  })
})

describe('nullable', () => {
  test.prop([fc.option(anyCid)])('reads back a value or its absence', (value: Cid | null) => {
    expect(decodeCbor(nullable(cid), encodeCbor(nullable(cid), value))).toBe(value)
  })
})
