import { fc, test } from '@fast-check/vitest'
import * as dagCbor from '@ipld/dag-cbor'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyIpldValue, mutated } from '@plimsoll/testkit'
import { CID } from 'multiformats/cid'
import { describe, expect } from 'vitest'
import { cidBytes, Multicodec, Multihash, makeCid } from '../cid.ts'
import { MAX_CBOR_DEPTH } from '../limits.ts'
import { decodeCbor, encodeCbor } from './codec.ts'
import { type IpldValue, ipldValue } from './ipld-value.ts'

/** What dag-cbor writes; it returns a Buffer at times, which is not equal to the same bytes. */
function oracleEncode(value: unknown): Uint8Array {
  return Uint8Array.from(dagCbor.encode(value))
}

/** The value as dag-cbor's encoder takes it. */
function forOracle(value: IpldValue): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    return value
  }
  if ('link' in value) {
    return CID.decode(cidBytes(value.link))
  }
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [key, forOracle(item)]))
  }
  return (value as readonly IpldValue[]).map(forOracle)
}

/** The value with the keys of its maps in the order in which dag-cbor writes them: by length, then by bytes. */
function sorted(value: IpldValue): IpldValue {
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, IpldValue>)]
    entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
    return new Map(entries.map(([key, item]) => [key, sorted(item)]))
  }
  return Array.isArray(value) ? value.map(sorted) : value
}

const FIL = makeCid(Multicodec.RAW, Multihash.IDENTITY, new TextEncoder().encode('fil'))

describe('ipldValue', () => {
  // Mostly RFC 8949, appendix A.
  test.each([
    { diagnostic: 'null', hex: 'f6', value: null },
    { diagnostic: 'true', hex: 'f5', value: true },
    { diagnostic: 'false', hex: 'f4', value: false },
    { diagnostic: '18446744073709551615', hex: '1bffffffffffffffff', value: 2n ** 64n - 1n },
    { diagnostic: '-18446744073709551616', hex: '3bffffffffffffffff', value: -(2n ** 64n) },
    { diagnostic: '-1', hex: '20', value: -1n },
    { diagnostic: "h'01020304'", hex: '4401020304', value: Uint8Array.of(1, 2, 3, 4) },
    { diagnostic: '"a"', hex: '6161', value: 'a' },
    { diagnostic: '[]', hex: '80', value: [] },
    { diagnostic: '[1, [2, 3], [4, 5]]', hex: '8301820203820405', value: [1n, [2n, 3n], [4n, 5n]] },
    { diagnostic: '{}', hex: 'a0', value: new Map() },
    {
      diagnostic: '{"a": 1, "b": [2, 3]}',
      hex: 'a26161016162820203',
      value: mapOf([
        ['a', 1n],
        ['b', [2n, 3n]],
      ]),
    },
    { diagnostic: '["a", {"b": "c"}]', hex: '826161a161626163', value: ['a', mapOf([['b', 'c']])] },
    { diagnostic: "42(h'000155000366696c')", hex: 'd82a48000155000366696c', value: { link: FIL } },
  ])('writes $diagnostic as $hex and reads it back', ({ hex, value }) => {
    expect(formatHex(encodeCbor(ipldValue, value))).toBe(hex)
    expect(decodeCbor(ipldValue, parseHex(hex))).toEqual(value)
  })

  function mapOf(entries: readonly (readonly [string, IpldValue])[]): IpldValue {
    return new Map(entries)
  }

  test.prop([anyIpldValue])('reads back what it writes', (value) => {
    expect(decodeCbor(ipldValue, encodeCbor(ipldValue, value))).toEqual(value)
  })

  test.prop([anyIpldValue])('writes what dag-cbor writes, once the keys are in its order', (value) => {
    expect(encodeCbor(ipldValue, sorted(value))).toEqual(oracleEncode(forOracle(value)))
  })

  test.prop([fc.uniqueArray(fc.string({ maxLength: 4 }), { maxLength: 8 })])(
    'keeps the order of the keys of a map as it stands in the block',
    (keys) => {
      const map = new Map<string, IpldValue>(keys.map((key, i) => [key, BigInt(i)]))
      const decoded = decodeCbor(ipldValue, encodeCbor(ipldValue, map))
      expect([...(decoded as ReadonlyMap<string, IpldValue>).keys()]).toEqual(keys)
    },
  )

  test.each([
    // {"a": 0, "a": 1} and {"a": 0, "b": 0, "a": 0}
    { hex: 'a2616100616101', code: 'CBOR_NOT_CANONICAL', why: 'has a key twice in a row' },
    { hex: 'a3616100616200616100', code: 'CBOR_NOT_CANONICAL', why: 'has a key twice' },
    { hex: 'a10000', code: 'CBOR_UNEXPECTED_TYPE', why: 'has an integer for a key' },
    { hex: 'a1416100', code: 'CBOR_UNEXPECTED_TYPE', why: 'has bytes for a key' },
    { hex: 'a161ff00', code: 'INVALID_VALUE', why: 'has a key that is not UTF-8' },
    { hex: 'a16161', code: 'CBOR_TRUNCATED', why: 'has no value for a key' },
    { hex: 'bf616100ff', code: 'CBOR_NOT_CANONICAL', why: 'is a map of indefinite length' },
    { hex: '9fff', code: 'CBOR_NOT_CANONICAL', why: 'is an array of indefinite length' },
    { hex: '5f4101ff', code: 'CBOR_NOT_CANONICAL', why: 'is a byte string of indefinite length' },
    { hex: 'bb001fffffffffffff', code: 'CBOR_TRUNCATED', why: 'is a map of 2^53 − 1 entries' },
    { hex: 'f7', code: 'CBOR_UNEXPECTED_TYPE', why: 'is undefined' },
    { hex: 'f93c00', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a float of 16 bits' },
    { hex: 'fa3f800000', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a float of 32 bits' },
    { hex: 'fb3ff0000000000000', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a float of 64 bits' },
    { hex: 'f0', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a simple value' },
    { hex: 'f8f4', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a simple value in two bytes' },
    { hex: 'ff', code: 'CBOR_UNEXPECTED_TYPE', why: 'is a break' },
    { hex: 'c11a514b67b0', code: 'CBOR_UNEXPECTED_TYPE', why: 'has the tag of a time' },
    { hex: 'c249010000000000000000', code: 'CBOR_UNEXPECTED_TYPE', why: 'has the tag of a big number' },
    { hex: '8100f6', code: 'CBOR_TRAILING_BYTES', why: 'is followed by a byte' },
    { hex: '', code: 'CBOR_TRUNCATED', why: 'is not there' },
  ])('refuses with $code what $why', ({ hex, code }) => {
    expect(() => decodeCbor(ipldValue, parseHex(hex))).toThrow(expect.objectContaining({ code }))
  })

  test.each([
    { name: 'arrays', shell: '81', core: '80' },
    { name: 'maps', shell: 'a16161', core: 'a0' },
  ])('reads $name nested up to the limit and no deeper', ({ shell, core }) => {
    const nested = (depth: number) => parseHex(shell.repeat(depth - 1) + core)
    expect(MAX_CBOR_DEPTH).toBe(256)
    expect(encodeCbor(ipldValue, decodeCbor(ipldValue, nested(256)))).toEqual(nested(256))
    expect(() => decodeCbor(ipldValue, nested(257))).toThrow(
      expect.objectContaining({ code: 'CBOR_TOO_DEEP' }),
    )
  })

  test('refuses a million nested arrays as it refuses one too many', () => {
    const bytes = new Uint8Array(1_000_000).fill(0x81)
    expect(() => decodeCbor(ipldValue, bytes)).toThrow(expect.objectContaining({ code: 'CBOR_TOO_DEEP' }))
  })

  test.prop([anyIpldValue.chain((value) => mutated(encodeCbor(ipldValue, value)))])(
    'reads nothing that dag-cbor does not read',
    (bytes) => {
      let value: IpldValue
      try {
        value = decodeCbor(ipldValue, bytes)
      } catch {
        return
      }
      expect(() => dagCbor.decode(bytes)).not.toThrow()
      expect(encodeCbor(ipldValue, value)).toEqual(bytes)
    },
  )
})
