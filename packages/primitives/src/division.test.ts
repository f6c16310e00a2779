import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { divCeil, divExact, divFloor, divTrunc, maxBigInt, minBigInt, modFloor } from './division.ts'

const dividend = fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.bigInt())
const divisor = fc
  .oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt())
  .filter((candidate) => candidate !== 0n)

describe('integer division', () => {
  // 7 / 2 is 3.5, so the roundings differ; 8 / 2 is 4 and leaves nothing to round.
  test.each([
    { n: 7n, d: 2n, floor: 3n, ceil: 4n, trunc: 3n, mod: 1n },
    { n: -7n, d: 2n, floor: -4n, ceil: -3n, trunc: -3n, mod: 1n },
    { n: 7n, d: -2n, floor: -4n, ceil: -3n, trunc: -3n, mod: -1n },
    { n: -7n, d: -2n, floor: 3n, ceil: 4n, trunc: 3n, mod: -1n },
    { n: -8n, d: 2n, floor: -4n, ceil: -4n, trunc: -4n, mod: 0n },
    { n: 8n, d: -2n, floor: -4n, ceil: -4n, trunc: -4n, mod: 0n },
    { n: 0n, d: -2n, floor: 0n, ceil: 0n, trunc: 0n, mod: 0n },
    { n: -1n, d: 1000n, floor: -1n, ceil: 0n, trunc: 0n, mod: 999n },
  ])('$n by $d is floored to $floor, ceiled to $ceil, truncated to $trunc', (row) => {
    expect(divFloor(row.n, row.d)).toBe(row.floor)
    expect(divCeil(row.n, row.d)).toBe(row.ceil)
    expect(divTrunc(row.n, row.d)).toBe(row.trunc)
    expect(modFloor(row.n, row.d)).toBe(row.mod)
  })

  test.each([
    { name: 'divFloor', divide: divFloor },
    { name: 'divCeil', divide: divCeil },
    { name: 'divTrunc', divide: divTrunc },
    { name: 'divExact', divide: divExact },
    { name: 'modFloor', divide: modFloor },
  ])('$name refuses a divisor of zero', ({ divide }) => {
    expect(() => divide(1n, 0n)).toThrow(RangeError)
    expect(() => divide(0n, 0n)).toThrow(RangeError)
  })
})

describe('divFloor', () => {
  test.prop([dividend, divisor])('leaves a remainder between zero and the divisor', (n, d) => {
    const remainder = n - divFloor(n, d) * d
    expect(d > 0n ? 0n <= remainder && remainder < d : d < remainder && remainder <= 0n).toBe(true)
  })

  test.prop([dividend, divisor])('is the same when both signs change', (n, d) => {
    expect(divFloor(-n, -d)).toBe(divFloor(n, d))
  })
})

describe('divCeil', () => {
  test.prop([dividend, divisor])('is the floor, or one more where something is left over', (n, d) => {
    const floor = divFloor(n, d)
    expect(divCeil(n, d)).toBe(floor * d === n ? floor : floor + 1n)
  })

  test.prop([dividend, divisor])('leaves a remainder of the sign opposite to the divisor', (n, d) => {
    const remainder = n - divCeil(n, d) * d
    expect(d > 0n ? -d < remainder && remainder <= 0n : 0n <= remainder && remainder < -d).toBe(true)
  })
})

describe('divTrunc', () => {
  test.prop([dividend, divisor])('divides the magnitudes and then puts the sign', (n, d) => {
    const [magnitude, by] = [n < 0n ? -n : n, d < 0n ? -d : d]
    const quotient = divFloor(magnitude, by)
    expect(divTrunc(n, d)).toBe(n < 0n !== d < 0n ? -quotient : quotient)
  })
})

describe('modFloor', () => {
  test.prop([dividend, divisor])('together with divFloor gives the dividend back', (n, d) => {
    expect(divFloor(n, d) * d + modFloor(n, d)).toBe(n)
  })

  test.prop([dividend, divisor, fc.bigInt()])('does not change by multiples of the divisor', (n, d, k) => {
    expect(modFloor(n + k * d, d)).toBe(modFloor(n, d))
  })
})

describe('divExact', () => {
  test.prop([fc.bigInt(), divisor])('undoes a multiplication', (quotient, d) => {
    expect(divExact(quotient * d, d)).toBe(quotient)
  })

  test.each([
    { n: 7n, d: 2n },
    { n: -7n, d: 2n },
    { n: 1n, d: -2n },
  ])('refuses $n by $d, which leaves a remainder, and says both', ({ n, d }) => {
    expect(() => divExact(n, d)).toThrow(
      expect.objectContaining({ code: 'DIVISION_NOT_EXACT', data: { dividend: n, divisor: d } }),
    )
  })
})

describe('minBigInt and maxBigInt', () => {
  test.each([
    { a: -1n, b: 1n, min: -1n, max: 1n },
    { a: 2n, b: 1n, min: 1n, max: 2n },
    { a: 3n, b: 3n, min: 3n, max: 3n },
  ])('of $a and $b are $min and $max', ({ a, b, min, max }) => {
    expect(minBigInt(a, b)).toBe(min)
    expect(maxBigInt(a, b)).toBe(max)
  })
})
