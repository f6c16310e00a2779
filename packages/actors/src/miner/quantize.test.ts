import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { NO_QUANTIZATION, type QuantSpec, quantizeDown, quantizeUp } from './quantize.ts'

interface Row {
  readonly epoch: number
  readonly unit: number
  readonly offset: number
  readonly expected: number
}

// Source: specs-actors v8.0.1, `actors/builtin/quantize_test.go`.
describe('quantizeUp', () => {
  test.each<Row>([
    { epoch: 42, unit: 10, offset: 0, expected: 50 },
    { epoch: 16000, unit: 100, offset: 0, expected: 16000 },
    { epoch: -5, unit: 10, offset: 0, expected: 0 },
    { epoch: -50, unit: 10, offset: 0, expected: -50 },
    { epoch: -53, unit: 10, offset: 0, expected: -50 },
    { epoch: 4, unit: 5, offset: 1, expected: 6 },
    { epoch: 0, unit: 5, offset: 1, expected: 1 },
    { epoch: -6, unit: 5, offset: 1, expected: -4 },
    { epoch: 2, unit: 10, offset: 4, expected: 4 },
    { epoch: 9, unit: 5, offset: 28, expected: 13 },
    { epoch: 10000, unit: 100, offset: 2_000_000, expected: 10000 },
    // A proving period that starts before the genesis, of which mainnet's first miners had one.
    { epoch: 0, unit: 60, offset: -1520, expected: 40 },
    { epoch: -1520, unit: 60, offset: -1520, expected: -1520 },
    { epoch: -1519, unit: 60, offset: -1520, expected: -1460 },
  ])('$epoch on a grid of $unit from $offset is $expected', ({ epoch, unit, offset, expected }) => {
    expect(quantizeUp({ unit, offset }, epoch)).toBe(expected)
  })
})

describe('quantizeDown', () => {
  test.each<Row>([
    { epoch: 6666, unit: 10, offset: 0, expected: 6660 },
    { epoch: 50, unit: 10, offset: 0, expected: 50 },
    { epoch: 59, unit: 10, offset: 0, expected: 50 },
    { epoch: 20, unit: 10, offset: 1, expected: 11 },
    { epoch: 11, unit: 10, offset: 1, expected: 11 },
    { epoch: -1, unit: 10, offset: 0, expected: -10 },
  ])('$epoch on a grid of $unit from $offset is $expected', ({ epoch, unit, offset, expected }) => {
    expect(quantizeDown({ unit, offset }, epoch)).toBe(expected)
  })
})

const anyQuant: fc.Arbitrary<QuantSpec> = fc.record({
  unit: fc.integer({ min: 1, max: 5000 }),
  offset: fc.integer({ min: -1_000_000, max: 1_000_000 }),
})
const anyAge = fc.integer({ min: -2_000_000, max: 2_000_000 })

describe('every grid', () => {
  test.prop([anyQuant, anyAge])('has an epoch less than one unit later', (quant, epoch) => {
    const next = quantizeUp(quant, epoch)
    expect(Math.abs((next - quant.offset) % quant.unit)).toBe(0)
    expect(next).toBeGreaterThanOrEqual(epoch)
    expect(next).toBeLessThan(epoch + quant.unit)
  })

  test.prop([anyQuant, anyAge])('has an epoch less than one unit earlier', (quant, epoch) => {
    const last = quantizeDown(quant, epoch)
    expect(Math.abs((last - quant.offset) % quant.unit)).toBe(0)
    expect(last).toBeLessThanOrEqual(epoch)
    expect(last).toBeGreaterThan(epoch - quant.unit)
  })

  test.prop([anyAge])('of single epochs changes nothing', (epoch) => {
    expect(quantizeUp(NO_QUANTIZATION, epoch)).toBe(epoch)
    expect(quantizeDown(NO_QUANTIZATION, epoch)).toBe(epoch)
  })
})
