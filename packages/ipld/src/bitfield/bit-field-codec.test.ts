import { test } from '@fast-check/vitest'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyMembers } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { decodeCbor, encodeCbor } from '../cbor/codec.ts'
import { bitFieldOf } from './bit-field.ts'
import { bitField } from './bit-field-codec.ts'

describe('bitField', () => {
  test.each([
    { members: [], hex: '40', meaning: "h''" },
    // Source: ref-fvm ipld/bitfield/tests/bitfield_tests.rs, bit_vec_unset_vector.
    { members: [1, 2, 4, 5], hex: '42a854', meaning: "h'a854'" },
  ])('of $members is $meaning in CBOR', ({ members, hex }) => {
    expect(formatHex(encodeCbor(bitField, bitFieldOf(members)))).toBe(hex)
    expect(decodeCbor(bitField, parseHex(hex))).toEqual(bitFieldOf(members))
  })

  test.prop([anyMembers])('survives a round trip', (members) => {
    const field = bitFieldOf(members)
    expect(decodeCbor(bitField, encodeCbor(bitField, field))).toEqual(field)
  })

  test.each([
    { defect: 'text in place of bytes', hex: '6161', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'a list of members', hex: '8101', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'null', hex: 'f6', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'bytes that are cut short', hex: '42a8', code: 'CBOR_TRUNCATED' },
    { defect: 'a length that is not minimal', hex: '5802a854', code: 'CBOR_NOT_CANONICAL' },
    { defect: 'bytes after the value', hex: '42a85400', code: 'CBOR_TRAILING_BYTES' },
    { defect: 'RLE+ with a trailing zero byte', hex: '43a85400', code: 'RLE_NOT_MINIMAL' },
  ])('refuses $defect', ({ hex, code }) => {
    expect(() => decodeCbor(bitField, parseHex(hex))).toThrow(
      expect.objectContaining({ code, path: ['bitField'] }),
    )
  })
})
