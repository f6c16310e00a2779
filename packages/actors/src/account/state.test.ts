import { test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { addressFromBytes, formatHex, parseHex } from '@plimsoll/primitives'
import { anyAddress } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { AccountState } from './state.ts'

describe('the state of an account', () => {
  // Source: ChainSafe/forest `src/state_migration/tests/data`, calibration network at epoch 16,800: a BLS key.
  const key =
    '0382b46878adaefcc109032e736e3898177ca97b405bf84ce1c0fad8288f0562a6a35b45c28c6e041e0b3c20fadd600323'

  test('is a tuple of its key address', () => {
    const value = { address: addressFromBytes(parseHex(key)) }
    expect(decodeCbor(AccountState, parseHex(`815831${key}`))).toEqual(value)
    expect(formatHex(encodeCbor(AccountState, value))).toBe(`815831${key}`)
  })

  test.each([
    { defect: 'no address', hex: '80' },
    { defect: 'two addresses', hex: '82420064420064' },
    { defect: 'an address of protocol 5', hex: '81420564' },
  ])('is refused with $defect', ({ hex }) => {
    expect(() => decodeCbor(AccountState, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    )
  })

  test.prop([anyAddress])('decodes to what was encoded', (address) => {
    expect(decodeCbor(AccountState, encodeCbor(AccountState, { address }))).toEqual({ address })
  })
})
