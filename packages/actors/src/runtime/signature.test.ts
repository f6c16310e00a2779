import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { SignatureType, signature } from './signature.ts'

describe('a signature', () => {
  // A CBOR byte string of the type and the bytes: h'01abcd'.
  test.each([
    { type: SignatureType.SECP256K1, hex: '4301abcd' },
    { type: SignatureType.BLS, hex: '4302abcd' },
  ])('of type $type stands as $hex', ({ type, hex }) => {
    const value = { type, bytes: parseHex('abcd') }
    expect(formatHex(encodeCbor(signature, value))).toBe(hex)
    expect(decodeCbor(signature, parseHex(hex))).toEqual(value)
  })

  test('may have no bytes but its type', () => {
    expect(decodeCbor(signature, parseHex('4101'))).toEqual({ type: 1, bytes: new Uint8Array() })
  })

  test.each([
    { hex: '40', of: 'no bytes' },
    { hex: '4100', of: 'type 0' },
    { hex: '4103', of: 'type 3, which is none in parameters of built-in actors' },
  ])('is none of $of', ({ hex }) => {
    expect(() => decodeCbor(signature, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    )
  })

  test('is no text', () => {
    expect(() => decodeCbor(signature, parseHex('6101'))).toThrow(
      expect.objectContaining({ code: 'CBOR_UNEXPECTED_TYPE' }),
    )
  })
})
