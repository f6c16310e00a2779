import { type AnyCodec, type Codec, decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { actorId, formatHex, idAddress, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { filterEstimate } from '../smooth/alpha-beta-filter.ts'
import {
  CreateMinerParams,
  CreateMinerReturn,
  CurrentTotalPowerReturn,
  EnrollCronEventParams,
  MinerCountReturn,
  MinerPowerReturn,
  MinerRawPowerReturn,
  UpdateClaimedPowerParams,
} from './types.ts'

describe('CurrentTotalPowerReturn', () => {
  // Source: builtin-actors v18, `actors/power/tests/types_test.rs`, `current_total_power_return`.
  test.each([
    {
      of: 'an empty network',
      // [h'', h'', h'', [h'', h''], 0, 0]
      hex: '864040408240400000',
      value: {
        rawBytePower: 0n,
        qualityAdjPower: 0n,
        pledgeCollateral: 0n,
        qualityAdjPowerSmoothed: filterEstimate(0n, 0n),
        rampStartEpoch: 0,
        rampDurationEpochs: 0n,
      },
    },
    {
      of: 'a network on the ramp',
      // [h'00100000', h'00200000', h'00400000', [h'0080…', h'000100…'], 25, 26]
      hex:
        '8644001000004400200000440040000082540080000000000000000000' +
        '000000000000000000550001000000000000000000000000000000000000001819181a',
      value: {
        rawBytePower: 1n << 20n,
        qualityAdjPower: 1n << 21n,
        pledgeCollateral: 1n << 22n,
        qualityAdjPowerSmoothed: filterEstimate(1n << 23n, 1n << 24n),
        rampStartEpoch: 25,
        rampDurationEpochs: 26n,
      },
    },
  ])('of $of stands in bytes as the reference writes it', ({ hex, value }) => {
    expect(decodeCbor(CurrentTotalPowerReturn, parseHex(hex))).toEqual(value)
    expect(formatHex(encodeCbor(CurrentTotalPowerReturn, value))).toBe(hex)
  })

  test('may have a ramp of any 64 bits', () => {
    const hex = `8640404082404000${'1bffffffffffffffff'}`
    expect(decodeCbor(CurrentTotalPowerReturn, parseHex(hex)).rampDurationEpochs).toBe((1n << 64n) - 1n)
  })
})

// Source of the layouts: builtin-actors v18, `actors/power/src/types.rs`.
const CASES: readonly { readonly codec: AnyCodec; readonly value: unknown; readonly hex: string }[] = [
  // [h'00e807', h'00e907', 13, h'0102', [h'03', h'']]: f01000, f01001
  {
    codec: CreateMinerParams,
    value: {
      owner: idAddress(actorId(1000)),
      worker: idAddress(actorId(1001)),
      windowPostProofType: 13n,
      peer: Uint8Array.of(1, 2),
      multiaddrs: [Uint8Array.of(3), new Uint8Array()],
    },
    hex: '854300e8074300e9070d4201028241' + '0340',
  },
  {
    codec: CreateMinerReturn,
    value: { idAddress: idAddress(actorId(1000)), robustAddress: idAddress(actorId(1001)) },
    hex: '824300e8074300e907',
  },
  {
    codec: UpdateClaimedPowerParams,
    value: { rawByteDelta: -5n, qualityAdjustedDelta: 6n },
    hex: '82420105420006',
  },
  { codec: EnrollCronEventParams, value: { eventEpoch: -1n, payload: Uint8Array.of(1) }, hex: '82204101' },
  {
    codec: MinerRawPowerReturn,
    value: { rawBytePower: 5n, meetsConsensusMinimum: true },
    hex: '82420005f5',
  },
  { codec: MinerPowerReturn, value: { rawBytePower: 5n, qualityAdjPower: 0n }, hex: '8242000540' },
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

describe('MinerCountReturn', () => {
  test('is a bare integer', () => {
    expect(formatHex(encodeCbor(MinerCountReturn, 500))).toBe('1901f4')
  })
})
