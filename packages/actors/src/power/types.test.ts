import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { filterEstimate } from '../smooth/alpha-beta-filter.ts'
import { CurrentTotalPowerReturn } from './types.ts'

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
