import { type Codec, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import {
  BatchActivateDealsParams,
  BatchActivateDealsResult,
  DealQueryParams,
  GetBalanceReturn,
  GetDealActivationReturn,
  GetDealTermReturn,
  MarketNotifyDealParams,
  OnMinerSectorsTerminateParams,
  PublishStorageDealsParams,
  PublishStorageDealsReturn,
  SettleDealPaymentsReturn,
  VerifyDealsForActivationParams,
  VerifyDealsForActivationReturn,
  WithdrawBalanceParams,
} from './types.ts'

function of<T>(type: string, codec: Codec<T>, value: T, hex: string) {
  return {
    type,
    value: value as unknown,
    hex,
    encode: () => encodeCbor(codec, value),
    decode: (bytes: Uint8Array): unknown => decodeCbor(codec, bytes),
  }
}

const sector = { sectorNumber: 7n, sectorType: 8n, sectorExpiry: 100n, dealIds: [1n, 2n] }
const batch = { successCount: 1, failCodes: [{ index: 1, code: 32 }] }

// Structs are arrays of their fields. Source: builtin-actors v18, actors/market/src/types.rs.
const cases = [
  of(
    'WithdrawBalanceParams',
    WithdrawBalanceParams,
    { providerOrClient: idAddress(5n), amount: 9n },
    '82420005420009',
  ),
  of('GetBalanceReturn', GetBalanceReturn, { balance: 0n, locked: 1n }, '8240420001'),
  of('PublishStorageDealsParams', PublishStorageDealsParams, { deals: [] }, '8180'),
  // Of the bitfield of 0 alone: version 0, a run of 1 that begins with a 1.
  of(
    'PublishStorageDealsReturn',
    PublishStorageDealsReturn,
    { ids: [3n], validDeals: { boundaries: [0, 1] } },
    '828103410c',
  ),
  of('MarketNotifyDealParams', MarketNotifyDealParams, { proposal: parseHex('80'), dealId: 3n }, '82418003'),
  of(
    'VerifyDealsForActivationParams',
    VerifyDealsForActivationParams,
    { sectors: [sector] },
    '81818407081864820102',
  ),
  of('VerifyDealsForActivationReturn', VerifyDealsForActivationReturn, { unsealedCids: [null] }, '8181f6'),
  of('BatchActivateDealsParams', BatchActivateDealsParams, { sectors: [], computeCid: true }, '8280f5'),
  of(
    'BatchActivateDealsResult',
    BatchActivateDealsResult,
    { activationResults: batch, activations: [{ activated: [], unsealedCid: null }] },
    '8282018182011820818280f6',
  ),
  of(
    'OnMinerSectorsTerminateParams',
    OnMinerSectorsTerminateParams,
    { epoch: -1n, sectors: { boundaries: [] } },
    '822040',
  ),
  of('DealQueryParams', DealQueryParams, 2n ** 64n - 1n, '1bffffffffffffffff'),
  of('GetDealTermReturn', GetDealTermReturn, { start: 50n, duration: 10n }, '8218320a'),
  of('GetDealActivationReturn', GetDealActivationReturn, { activated: 5n, terminated: -1n }, '820520'),
  of(
    'SettleDealPaymentsReturn',
    SettleDealPaymentsReturn,
    { results: batch, settlements: [{ payment: 7n, completed: true }] },
    '82820181820118208182420007f5',
  ),
]

describe.each(cases)('$type', ({ value, hex, encode, decode }) => {
  test('is written as in the reference and read back', () => {
    expect(formatHex(encode())).toBe(hex)
    expect(decode(parseHex(hex))).toEqual(value)
  })

  test('is refused cut short and with bytes after it', () => {
    expect(() => decode(parseHex(hex.slice(0, -2)))).toThrow()
    expect(() => decode(parseHex(`${hex}00`))).toThrow()
  })
})
