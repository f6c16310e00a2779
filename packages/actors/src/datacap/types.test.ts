import { type AnyCodec, type Codec, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import {
  BurnFromParams,
  BurnFromReturn,
  BurnParams,
  BurnReturn,
  DecreaseAllowanceParams,
  DestroyParams,
  Frc46TokenReceived,
  GetAllowanceParams,
  GranularityReturn,
  IncreaseAllowanceParams,
  MintParams,
  MintReturn,
  NameReturn,
  RevokeAllowanceParams,
  TOKEN_PRECISION,
  TransferFromParams,
  TransferFromReturn,
  TransferParams,
  TransferReturn,
} from './types.ts'

const [a, b] = [idAddress(1n), idAddress(2n)]
const data = parseHex('abcd')

// 1 is h'0001' as an amount, f01 is h'0001' as an address, f02 is h'0002'.
const values: readonly { readonly codec: Codec<unknown>; readonly value: unknown; readonly hex: string }[] = [
  entry(MintParams, { to: a, amount: 1n, operators: [b] }, '83420001420001814200' + '02'),
  entry(DestroyParams, { owner: a, amount: 1n }, '82420001420001'),
  entry(MintReturn, { balance: 1n, supply: 2n, recipientData: data }, '8342000142000242abcd'),
  entry(TransferParams, { to: a, amount: 0n, operatorData: data }, '834200014042abcd'),
  entry(TransferReturn, { fromBalance: 1n, toBalance: 2n, recipientData: data }, '8342000142000242abcd'),
  entry(TransferFromParams, { from: a, to: b, amount: 1n, operatorData: data }, '8442000142000242000142abcd'),
  entry(
    TransferFromReturn,
    { fromBalance: 1n, toBalance: 2n, allowance: -1n, recipientData: data },
    '8442000142000242010142abcd',
  ),
  entry(IncreaseAllowanceParams, { operator: a, increase: 1n }, '82420001420001'),
  entry(DecreaseAllowanceParams, { operator: a, decrease: 1n }, '82420001420001'),
  entry(RevokeAllowanceParams, { operator: a }, '81420001'),
  entry(GetAllowanceParams, { owner: a, operator: b }, '82420001420002'),
  entry(BurnParams, { amount: 1n }, '81420001'),
  entry(BurnReturn, { balance: 1n }, '81420001'),
  entry(BurnFromParams, { owner: a, amount: 1n }, '82420001420001'),
  entry(BurnFromReturn, { balance: 1n, allowance: 2n }, '82420001420002'),
  entry(
    Frc46TokenReceived,
    {
      from: 1n,
      to: 2n,
      operator: 2n ** 64n - 1n,
      amount: 1n,
      operatorData: data,
      tokenData: new Uint8Array(),
    },
    '8601021bffffffffffffffff42000142abcd40',
  ),
  // What is transparent is no tuple.
  entry(NameReturn, 'DataCap', '6744617461436170'),
  entry(GranularityReturn, TOKEN_PRECISION, '1b0de0b6b3a7640000'),
]

describe.each(values)('$codec.name', ({ codec, value, hex }) => {
  test(`stands as ${hex}`, () => {
    expect(formatHex(encodeCbor(codec, value))).toBe(hex)
    expect(decodeCbor(codec, parseHex(hex))).toEqual(value)
  })

  test('refuses bytes after its end', () => {
    expect(() => decodeCbor(codec, parseHex(`${hex}00`))).toThrow(
      expect.objectContaining({ code: 'CBOR_TRAILING_BYTES' }),
    )
  })
})

function entry<T>(codec: Codec<T>, value: T, hex: string) {
  return { codec: codec as AnyCodec as Codec<unknown>, value, hex }
}
