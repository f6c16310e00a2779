import { type AnyCodec, type Codec, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { ExitCode, formatHex, parseHex } from '@plimsoll/primitives'
import { ANNE, BOB, DARLENE } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import {
  AddSignerParams,
  ApproveReturn,
  ChangeNumApprovalsThresholdParams,
  ConstructorParams,
  LockBalanceParams,
  ProposeParams,
  ProposeReturn,
  RemoveSignerParams,
  SwapSignerParams,
  TxnIdParams,
} from './types.ts'

// f0101, f0102 and f0104 are h'0065', h'0066' and h'0068'. Source of the layouts: builtin-actors v18,
// `actors/multisig/src/types.rs`.
const CASES: readonly { readonly codec: AnyCodec; readonly value: unknown; readonly hex: string }[] = [
  {
    codec: ConstructorParams,
    value: { signers: [ANNE, BOB], numApprovalsThreshold: 2n, unlockDuration: 5n, startEpoch: -3n },
    hex: '8482420065420066020522',
  },
  {
    codec: ProposeParams,
    value: { to: DARLENE, value: 10n, method: 5, params: Uint8Array.of(0x80) },
    hex: '8442006842000a054180',
  },
  {
    codec: ProposeReturn,
    value: { txnId: 7n, applied: true, code: ExitCode.USR_FORBIDDEN, ret: Uint8Array.of(0xf6) },
    hex: '8407f51241f6',
  },
  { codec: TxnIdParams, value: { id: -1n, proposalHash: Uint8Array.of(1, 2) }, hex: '8220420102' },
  { codec: ApproveReturn, value: { applied: false, code: 0, ret: new Uint8Array() }, hex: '83f40040' },
  { codec: AddSignerParams, value: { signer: ANNE, increase: true }, hex: '82420065f5' },
  { codec: RemoveSignerParams, value: { signer: ANNE, decrease: false }, hex: '82420065f4' },
  { codec: SwapSignerParams, value: { from: ANNE, to: BOB }, hex: '82420065420066' },
  {
    codec: ChangeNumApprovalsThresholdParams,
    value: { newThreshold: (1n << 64n) - 1n },
    hex: '811bffffffffffffffff',
  },
  {
    codec: LockBalanceParams,
    value: { startEpoch: 1n, unlockDuration: 2n, amount: 3n },
    hex: '830102420003',
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
