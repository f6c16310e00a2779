import { fc, test } from '@fast-check/vitest'
import { byteString, parseHex } from '@plimsoll/primitives'
import { anyBytes, anyIpldValue, concat, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAX_CBOR_DEPTH } from '../limits.ts'
import { decodeCbor, encodeCbor } from './codec.ts'
import { type IpldValue, ipldValue } from './ipld-value.ts'
import { itemEnd } from './item-end.ts'
import { cborReader } from './reader.ts'
import { skipItem } from './skip.ts'

/** The value with the keys of its maps in the order of the DAG-CBOR specification: by length, then by bytes. */
function sorted(value: IpldValue): IpldValue {
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, IpldValue>)]
    entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
    return new Map(entries.map(([key, item]) => [key, sorted(item)]))
  }
  return Array.isArray(value) ? value.map(sorted) : value
}

/** The CIDs of all links inside, in the order in which they are written. */
function linksOf(value: IpldValue): readonly string[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    return []
  }
  if ('link' in value) {
    return [value.link]
  }
  const items: Iterable<IpldValue> = value instanceof Map ? value.values() : (value as readonly IpldValue[])
  return [...items].flatMap(linksOf)
}

function skipped(bytes: Uint8Array, offset = 0): number {
  const reader = cborReader(bytes, offset)
  skipItem(reader)
  expect(reader.depth).toBe(0)
  return reader.offset
}

const anySorted = anyIpldValue.map(sorted)

describe('skipItem', () => {
  test.prop([anySorted, anyBytes, anyBytes])(
    'ends where the item ends, as ipldValue and itemEnd find it',
    (value, before, after) => {
      const encoded = encodeCbor(ipldValue, value)
      const bytes = concat(before, encoded, after)
      const end = before.length + encoded.length
      const reader = cborReader(bytes, before.length)
      ipldValue.decode(reader)
      expect(reader.offset).toBe(end)
      expect(skipped(bytes, before.length)).toBe(end)
      expect(itemEnd(bytes, before.length)).toBe(end)
    },
  )

  test.prop([anySorted])('reports every link in the order of the block', (value) => {
    const bytes = encodeCbor(ipldValue, value)
    const links: string[] = []
    skipItem(cborReader(bytes), (start, end) => links.push(byteString(bytes.subarray(start, end))))
    expect(links).toEqual(linksOf(value))
  })

  // {"a": [42(h'000155000366696c')]}: the CID itself stands from byte 8 to byte 15.
  test('reports where a CID begins, after the zero byte, and where it ends', () => {
    const extents: number[][] = []
    const reader = cborReader(parseHex('a1616181d82a48000155000366696c'))
    skipItem(reader, (start, end) => extents.push([start, end]))
    expect(extents).toEqual([[8, 15]])
  })

  test.each([
    { hex: '', code: 'CBOR_TRUNCATED', why: 'is not there' },
    { hex: '1817', code: 'CBOR_NOT_CANONICAL', why: 'has an integer in too many bytes' },
    { hex: '3817', code: 'CBOR_NOT_CANONICAL', why: 'has a negative integer in too many bytes' },
    { hex: '5801ff', code: 'CBOR_NOT_CANONICAL', why: 'has bytes with too long a head' },
    { hex: '4201', code: 'CBOR_TRUNCATED', why: 'has fewer bytes than it says' },
    { hex: '6261', code: 'CBOR_TRUNCATED', why: 'has a shorter text than it says' },
    { hex: '8201', code: 'CBOR_TRUNCATED', why: 'has fewer items than it says' },
    { hex: '820118', code: 'CBOR_TRUNCATED', why: 'ends inside its last item' },
    { hex: '9f01ff', code: 'CBOR_NOT_CANONICAL', why: 'has an indefinite length' },
    { hex: 'a2616100616101', code: 'CBOR_NOT_CANONICAL', why: 'has a key twice' },
    { hex: 'a10001', code: 'CBOR_UNEXPECTED_TYPE', why: 'has an integer for a key' },
    { hex: 'a16161', code: 'CBOR_TRUNCATED', why: 'has no value for a key' },
    { hex: 'f7', code: 'CBOR_UNEXPECTED_TYPE', why: 'is undefined' },
    { hex: '81fb3ff0000000000000', code: 'CBOR_UNEXPECTED_TYPE', why: 'has a float inside' },
    { hex: 'c11a514b67b0', code: 'CBOR_UNEXPECTED_TYPE', why: 'has another tag than 42' },
    { hex: 'd82a48010155000366696c', code: 'INVALID_VALUE', why: 'has a link without its zero byte' },
    { hex: 'd82a49000155000366696c00', code: 'INVALID_CID', why: 'has a link that goes on after the CID' },
    { hex: 'd82a470001550003666900', code: 'INVALID_CID', why: 'has a link to less than a CID' },
  ])('refuses with $code what $why', ({ hex, code }) => {
    expect(() => skipped(parseHex(hex))).toThrow(expect.objectContaining({ code }))
  })

  test.each([
    { name: 'arrays', shell: '81', core: '80' },
    { name: 'maps', shell: 'a16161', core: 'a0' },
  ])('passes over $name nested up to the limit and no deeper', ({ shell, core }) => {
    const nested = (depth: number) => parseHex(shell.repeat(depth - 1) + core)
    expect(skipped(nested(MAX_CBOR_DEPTH))).toBe(nested(MAX_CBOR_DEPTH).length)
    expect(() => skipped(nested(MAX_CBOR_DEPTH + 1))).toThrow(
      expect.objectContaining({ code: 'CBOR_TOO_DEEP' }),
    )
  })

  test('passes over more siblings than may be nested', () => {
    const bytes = concat(parseHex('990200'), new Uint8Array(512).fill(0x80))
    expect(skipped(bytes)).toBe(bytes.length)
    const maps = concat(parseHex('990200'), new Uint8Array(512).fill(0xa0))
    expect(skipped(maps)).toBe(maps.length)
  })

  test.prop([
    fc.oneof(
      anySorted.chain((value) => mutated(encodeCbor(ipldValue, value))),
      anyBytes,
    ),
  ])('finds the end of damaged bytes that ipldValue reads, or refuses them with a data error', (bytes) => {
    let end: number
    try {
      end = skipped(bytes)
    } catch (error) {
      expect(error).toHaveProperty('code', expect.stringMatching(/^(CBOR_|INVALID_)/))
      return
    }
    expect(itemEnd(bytes, 0)).toBe(end)
    // It does not look into texts, which may then be something else than UTF-8.
    const item = bytes.subarray(0, end)
    try {
      expect(encodeCbor(ipldValue, decodeCbor(ipldValue, item))).toEqual(item)
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_VALUE', data: { name: 'text' } })
    }
  })
})
