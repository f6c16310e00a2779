import { type AnyCodec, type Codec, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { actorId, formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import {
  AwardBlockRewardParams,
  ConstructorParams,
  ThisEpochRewardReturn,
  UpdateNetworkKPIParams,
} from './types.ts'

// Source of the layouts: builtin-actors v18, `actors/reward/src/types.rs`, `runtime/src/builtin/reward/mod.rs`.
const CASES: readonly { readonly codec: AnyCodec; readonly value: unknown; readonly hex: string }[] = [
  // [h'00e807', h'0001', h'', -1]: f01000
  {
    codec: AwardBlockRewardParams,
    value: { miner: idAddress(actorId(1000)), penalty: 1n, gasReward: 0n, winCount: -1n },
    hex: '844300e8074200014020',
  },
  {
    codec: ThisEpochRewardReturn,
    value: { thisEpochRewardSmoothed: { position: 5n, velocity: -6n }, thisEpochBaselinePower: 7n },
    hex: '828242000542010' + '6420007',
  },
  { codec: ConstructorParams, value: 256n, hex: '43000100' },
  { codec: ConstructorParams, value: null, hex: 'f6' },
  { codec: UpdateNetworkKPIParams, value: 0n, hex: '40' },
]

describe('what the reward actor is told and tells', () => {
  test.each(CASES)('$codec.name is $hex', ({ codec, value, hex }) => {
    const typed = codec as Codec<unknown>
    expect(formatHex(encodeCbor(typed, value))).toBe(hex)
    expect(decodeCbor(typed, parseHex(hex))).toEqual(value)
  })

  test.each([
    { codec: AwardBlockRewardParams, defect: 'no wins', hex: '834300e80742000140' },
    { codec: ThisEpochRewardReturn, defect: 'a field more', hex: '83824200054201064200074' + '0' },
    { codec: ThisEpochRewardReturn, defect: 'a sign of 2', hex: '82824200054201064202' + '07' },
  ])('$codec.name is refused with $defect', ({ codec, hex }) => {
    expect(() => decodeCbor(codec as Codec<unknown>, parseHex(hex))).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    )
  })
})
