import { fc, test } from '@fast-check/vitest'
import { parseHex } from '@plimsoll/primitives'
import { anyBytes, anyIpldValue, concat, mutated } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { CodecError } from '../errors.ts'
import { encodeCbor } from './codec.ts'
import { ipldValue } from './ipld-value.ts'
import { itemEnd } from './item-end.ts'

const TRUNCATED = expect.objectContaining({ code: 'CBOR_TRUNCATED' })

describe('itemEnd', () => {
  test.each([
    { hex: '00', what: 'an integer in its head' },
    { hex: '18ff', what: 'an integer of one byte' },
    { hex: '19ffff', what: 'an integer of two bytes' },
    { hex: '1affffffff', what: 'an integer of four bytes' },
    { hex: '1bffffffffffffffff', what: 'an integer of eight bytes' },
    { hex: '3bffffffffffffffff', what: 'a negative integer of eight bytes' },
    { hex: '40', what: 'no bytes' },
    { hex: '4401020304', what: 'four bytes' },
    { hex: `5818${'00'.repeat(24)}`, what: '24 bytes' },
    { hex: `590100${'00'.repeat(256)}`, what: '256 bytes' },
    { hex: '6161', what: 'a text' },
    { hex: '80', what: 'an empty array' },
    { hex: '8301820203820405', what: 'arrays in an array' },
    { hex: `9818${'00'.repeat(24)}`, what: 'an array of 24 items' },
    { hex: 'a26161016162820203', what: 'a map' },
    { hex: 'd82a48000155000366696c', what: 'a link' },
    { hex: '82d82a4100f6', what: 'a tag before another item' },
    { hex: 'f6', what: 'null' },
    { hex: 'f5', what: 'true' },
  ])('finds the end of $what, with other bytes around it', ({ hex }) => {
    const item = parseHex(hex)
    expect(itemEnd(item, 0)).toBe(item.length)
    expect(itemEnd(concat(parseHex('ffff'), item, parseHex('00')), 2)).toBe(2 + item.length)
  })

  test.prop([anyIpldValue])('finds an item truncated wherever it is cut', (value) => {
    const bytes = encodeCbor(ipldValue, value)
    for (let end = 0; end < bytes.length; end++) {
      expect(() => itemEnd(bytes.subarray(0, end), 0)).toThrow(TRUNCATED)
    }
  })

  test.each([
    { hex: '', why: 'there is no item' },
    { hex: '9bffffffffffffffff00', why: 'an array says that it has 2^64 − 1 items' },
    { hex: 'bbffffffffffffffff00', why: 'a map says that it has 2^64 − 1 entries' },
    { hex: '5bffffffffffffffff00', why: 'bytes say that they are 2^64 − 1' },
    { hex: '5b001fffffffffffff00', why: 'bytes say that they are 2^53 − 1' },
    { hex: 'a10000'.slice(0, 4), why: 'a map has a key and no value' },
    { hex: 'd82a', why: 'a tag stands before nothing' },
    { hex: '9f00ff', why: 'an array has an indefinite length, which asks for 128 bytes of head' },
  ])('finds the block truncated when $why', ({ hex }) => {
    expect(() => itemEnd(parseHex(hex), 0)).toThrow(TRUNCATED)
  })

  test('finds the block truncated when the offset is at its end or beyond', () => {
    expect(() => itemEnd(parseHex('00'), 1)).toThrow(TRUNCATED)
    expect(() => itemEnd(parseHex('00'), 5)).toThrow(TRUNCATED)
  })

  test('goes to any depth without a stack', () => {
    const bytes = new Uint8Array(1_000_000).fill(0x81)
    bytes[bytes.length - 1] = 0xf6
    expect(itemEnd(bytes, 0)).toBe(bytes.length)
  })

  test.prop([
    fc.oneof(
      anyIpldValue.chain((value) => mutated(encodeCbor(ipldValue, value))),
      anyBytes,
    ),
  ])('of damaged bytes is inside the block, or the block is truncated', (bytes) => {
    try {
      const end = itemEnd(bytes, 0)
      expect(end > 0 && end <= bytes.length).toBe(true)
    } catch (error) {
      expect(error).toBeInstanceOf(CodecError)
      expect(error).toEqual(TRUNCATED)
    }
  })
})
