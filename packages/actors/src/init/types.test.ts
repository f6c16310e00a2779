import { type AnyCodec, type Codec, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { actorId, formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { testCode } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { ConstructorParams, Exec4Params, ExecParams, ExecReturn } from './types.ts'

// 42(h'00' ++ CID): an identity CID of the 17 bytes of `fil/test/multisig`.
const code = 'd82a56000155001166696c2f746573742f6d756c7469736967'

// Source of the layouts: builtin-actors v18, `actors/init/src/types.rs`.
const CASES: readonly { readonly codec: AnyCodec; readonly value: unknown; readonly hex: string }[] = [
  { codec: ConstructorParams, value: { networkName: 'mock' }, hex: '81646d6f636b' },
  {
    codec: ExecParams,
    value: { codeCid: testCode('multisig'), constructorParams: Uint8Array.of(0x80) },
    hex: `82${code}4180`,
  },
  {
    codec: Exec4Params,
    value: {
      codeCid: testCode('multisig'),
      constructorParams: Uint8Array.of(0x80),
      subaddress: Uint8Array.of(1, 2),
    },
    hex: `83${code}4180420102`,
  },
  {
    codec: ExecReturn,
    value: { idAddress: idAddress(actorId(100)), robustAddress: idAddress(actorId(101)) },
    hex: '82420064420065',
  },
]

describe.each(CASES)('$codec.name', ({ codec, value, hex }) => {
  const typed = codec as Codec<unknown>

  test('is a tuple', () => {
    expect(formatHex(encodeCbor(typed, value))).toBe(hex)
    expect(decodeCbor(typed, parseHex(hex))).toEqual(value)
  })

  test('is refused cut short, with a byte after it, and as another array', () => {
    expect(() => decodeCbor(typed, parseHex(hex).subarray(0, -1))).toThrow()
    expect(() => decodeCbor(typed, parseHex(`${hex}00`))).toThrow()
    expect(() => decodeCbor(typed, parseHex('80'))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    )
  })
})
