import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { AuthenticateMessageParams, AuthenticateMessageReturn } from './types.ts'

// Source of the layouts: builtin-actors v18, `actors/account/src/types.rs`.
describe('AuthenticateMessageParams', () => {
  // [h'0102', h'ff']
  const hex = '8242010241ff'
  const value = { signature: Uint8Array.of(1, 2), message: Uint8Array.of(0xff) }

  test('is a tuple', () => {
    expect(formatHex(encodeCbor(AuthenticateMessageParams, value))).toBe(hex)
    expect(decodeCbor(AuthenticateMessageParams, parseHex(hex))).toEqual(value)
  })

  test.each([
    { defect: 'no message', wrong: '81420102', code: 'INVALID_VALUE' },
    { defect: 'a text', wrong: '824201026161', code: 'CBOR_UNEXPECTED_TYPE' },
    { defect: 'bytes after it', wrong: `${hex}00`, code: 'CBOR_TRAILING_BYTES' },
  ])('is refused with $defect', ({ wrong, code }) => {
    expect(() => decodeCbor(AuthenticateMessageParams, parseHex(wrong))).toThrow(
      expect.objectContaining({ code }),
    )
  })

  test('has a bare boolean for an answer', () => {
    expect(formatHex(encodeCbor(AuthenticateMessageReturn, true))).toBe('f5')
  })
})
