import { test } from '@fast-check/vitest'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { decodeCbor, encodeCbor } from './codec.ts'
import { rawItem } from './raw-item.ts'
import { uint } from './scalars.ts'
import { tuple } from './tuple.ts'

const Wrapped = tuple('Wrapped', { before: uint, item: rawItem, after: uint })

describe('rawItem', () => {
  test.each([
    // 7, "a", [1, [2, 3]], {"a": 1}, 42(h'000155000366696c'), null
    { hex: '07', what: 'an integer' },
    { hex: '6161', what: 'a text' },
    { hex: '8201820203', what: 'an array' },
    { hex: 'a1616101', what: 'a map' },
    { hex: 'd82a48000155000366696c', what: 'a link' },
    { hex: 'f6', what: 'null' },
  ])('keeps $what between two fields as the bytes that it is', ({ hex }) => {
    const block = parseHex(`8301${hex}02`)
    const value = decodeCbor(Wrapped, block)
    expect(formatHex(value.item)).toBe(hex)
    expect(value).toMatchObject({ before: 1, after: 2 })
    expect(encodeCbor(Wrapped, value)).toEqual(block)
  })

  test('is a copy, which the block does not share', () => {
    const block = parseHex('4401020304')
    const item = decodeCbor(rawItem, block)
    block.fill(0xee)
    expect(formatHex(item)).toBe('4401020304')
  })

  test.each([
    { hex: '8301f702', code: 'CBOR_UNEXPECTED_TYPE', why: 'undefined' },
    { hex: '8301180002', code: 'CBOR_NOT_CANONICAL', why: 'an integer in too many bytes' },
    { hex: '83014401', code: 'CBOR_TRUNCATED', why: 'bytes that are not all there' },
  ])('refuses $why, and the path names the field', ({ hex, code }) => {
    expect(() => decodeCbor(Wrapped, parseHex(hex))).toThrow(
      expect.objectContaining({ code, path: ['Wrapped', 'item'] }),
    )
  })
})
