import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { UniversalReceiverParams } from './universal-receiver.ts'

describe('what a receiver of tokens is told', () => {
  // [4294967295, h'010203']: the largest type that there is.
  test('is a type of 32 bits and a payload', () => {
    const hex = '821affffffff43010203'
    const value = { type: 0xffff_ffff, payload: Uint8Array.of(1, 2, 3) }
    expect(decodeCbor(UniversalReceiverParams, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(UniversalReceiverParams, value))).toBe(hex)
  })

  test.each([
    { defect: 'a type of 33 bits', hex: '821b000000010000000040', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'a negative type', hex: '822040', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'no payload', hex: '8100', code: 'INVALID_VALUE' },
  ])('is refused with $defect', ({ hex, code }) => {
    expect(() => decodeCbor(UniversalReceiverParams, parseHex(hex))).toThrow(
      expect.objectContaining({ code }),
    )
  })
})
