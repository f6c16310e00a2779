import { fc, test } from '@fast-check/vitest'
import { decodeCbor, encodeCbor } from '@plimsoll/ipld'
import { formatHex, parseHex } from '@plimsoll/primitives'
import { anyAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { addPower, equalPower, PowerPair, subtractPower, ZERO_POWER } from './power-pair.ts'

const anyPower = fc.record({ raw: anyAmount, qa: anyAmount })

describe('power', () => {
  test('is added and subtracted apart, raw and quality-adjusted', () => {
    expect(addPower({ raw: 3n, qa: 30n }, { raw: 1n, qa: 5n })).toEqual({ raw: 4n, qa: 35n })
    expect(subtractPower({ raw: 3n, qa: 30n }, { raw: 1n, qa: 35n })).toEqual({ raw: 2n, qa: -5n })
  })

  test.each([
    { a: { raw: 3n, qa: 30n }, b: { raw: 3n, qa: 30n }, isEqual: true },
    { a: { raw: 3n, qa: 30n }, b: { raw: 4n, qa: 30n }, isEqual: false },
    { a: { raw: 3n, qa: 30n }, b: { raw: 3n, qa: 31n }, isEqual: false },
  ])('of $a and of $b is equal: $isEqual', ({ a, b, isEqual }) => {
    expect(equalPower(a, b)).toBe(isEqual)
  })

  test.prop([anyPower, anyPower])('that was added can be taken away again', (a, b) => {
    expect(subtractPower(addPower(a, b), b)).toEqual(a)
    expect(addPower(a, ZERO_POWER)).toEqual(a)
    expect(subtractPower(a, a)).toEqual(ZERO_POWER)
  })

  // Source: filecoin-project/lotus `build/genesis/butterflynet.car.zst`: [h'0040000000', h'000280000000'].
  test('is a tuple of raw and quality-adjusted bytes', () => {
    const hex = '8245004000000046000280000000'
    const power = { raw: 1n << 30n, qa: 10n << 30n }
    expect(decodeCbor(PowerPair, parseHex(hex))).toEqual(power)
    expect(formatHex(encodeCbor(PowerPair, power))).toBe(hex)
  })

  test.prop([anyPower])('decodes to what was encoded', (power) => {
    expect(decodeCbor(PowerPair, encodeCbor(PowerPair, power))).toEqual(power)
  })
})
