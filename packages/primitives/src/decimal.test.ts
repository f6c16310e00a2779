import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { formatDecimal, parseDecimal } from './decimal.ts'

const NOT_A_DECIMAL = expect.objectContaining({ code: 'INVALID_DECIMAL' })

const digits = fc.stringMatching(/^[0-9]{1,18}$/)

describe('parseDecimal', () => {
  test.each([
    { text: '0', decimals: 0, value: 0n },
    { text: '-0', decimals: 18, value: 0n },
    { text: '007', decimals: 0, value: 7n },
    { text: '1', decimals: 18, value: 10n ** 18n },
    { text: '-1.5', decimals: 1, value: -15n },
    { text: '-0.05', decimals: 2, value: -5n },
    { text: '1.50', decimals: 3, value: 1500n },
    { text: '0.000000000000000001', decimals: 18, value: 1n },
  ])('reads "$text" with $decimals decimals as $value', ({ text, decimals, value }) => {
    expect(parseDecimal(text, decimals)).toBe(value)
  })

  test.prop([digits, digits, fc.nat(10)])(
    'is the sum of the whole and of the fraction',
    (whole, part, extra) => {
      const decimals = part.length + extra
      const value = BigInt(whole) * 10n ** BigInt(decimals) + BigInt(part) * 10n ** BigInt(extra)
      expect(parseDecimal(`${whole}.${part}`, decimals)).toBe(value)
      expect(parseDecimal(`-${whole}.${part}`, decimals)).toBe(-value)
    },
  )

  test.each([
    { text: '1.2', decimals: 1 },
    { text: `0.${'0'.repeat(17)}1`, decimals: 18 },
    { text: '9'.repeat(64), decimals: 0 },
    { text: `0.${'9'.repeat(64)}`, decimals: 64 },
  ])('accepts "$text", which uses the whole of a limit', ({ text, decimals }) => {
    expect(formatDecimal(parseDecimal(text, decimals), decimals)).toBe(text)
  })

  test.each([
    { text: '1.23', decimals: 1, why: 'has a decimal too many' },
    { text: '1.0', decimals: 0, why: 'has a decimal where there are none' },
    { text: '9'.repeat(65), decimals: 0, why: 'has over 64 digits' },
    { text: `0.${'9'.repeat(65)}`, decimals: 70, why: 'has over 64 decimals' },
    { text: '', decimals: 18, why: 'is empty' },
    { text: '-', decimals: 18, why: 'is a sign alone' },
    { text: '+1', decimals: 18, why: 'has a plus sign' },
    { text: '--1', decimals: 18, why: 'has two signs' },
    { text: '- 1', decimals: 18, why: 'has a space after the sign' },
    { text: '.5', decimals: 18, why: 'has no digit before the point' },
    { text: '1.', decimals: 18, why: 'has no digit after the point' },
    { text: '.', decimals: 18, why: 'is a point alone' },
    { text: '1.2.3', decimals: 18, why: 'has two points' },
    { text: '1.-2', decimals: 18, why: 'has a sign after the point' },
    { text: '1,000', decimals: 18, why: 'has a separator' },
    { text: '1_000', decimals: 18, why: 'has an underscore' },
    { text: '1e3', decimals: 18, why: 'has an exponent' },
    { text: '1E-3', decimals: 18, why: 'has a negative exponent' },
    { text: '0x10', decimals: 18, why: 'is hexadecimal' },
    { text: '10n', decimals: 18, why: 'is a literal of the language' },
    { text: 'Infinity', decimals: 18, why: 'is infinite' },
    { text: 'NaN', decimals: 18, why: 'is no number' },
    { text: ' 1', decimals: 18, why: 'has a space before' },
    { text: '1 ', decimals: 18, why: 'has a space after' },
    { text: '1\n', decimals: 18, why: 'has a line break after' },
    { text: '\uFF11', decimals: 18, why: 'has a digit of another script' },
  ])('refuses "$text", which $why', ({ text, decimals }) => {
    expect(() => parseDecimal(text, decimals)).toThrow(NOT_A_DECIMAL)
  })

  test('says which text it was and how many decimals it may have', () => {
    expect(() => parseDecimal('1.23', 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_DECIMAL', data: { text: '1.23', decimals: 1 } }),
    )
  })

  test.prop([fc.string(), fc.nat(20)])('takes any other text for no number', (text, decimals) => {
    fc.pre(!/^-?[0-9]+(\.[0-9]+)?$/.test(text))
    expect(() => parseDecimal(text, decimals)).toThrow(NOT_A_DECIMAL)
  })
})

describe('formatDecimal', () => {
  test.each([
    { value: 0n, decimals: 18, text: '0' },
    { value: 1n, decimals: 18, text: '0.000000000000000001' },
    { value: -1n, decimals: 2, text: '-0.01' },
    { value: 1500n, decimals: 3, text: '1.5' },
    { value: 1000n, decimals: 3, text: '1' },
    { value: 1000n, decimals: 0, text: '1000' },
    { value: -1050n, decimals: 1, text: '-105' },
  ])('writes $value with $decimals decimals as "$text"', ({ value, decimals, text }) => {
    expect(formatDecimal(value, decimals)).toBe(text)
  })

  test.prop([fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), fc.nat(30)])(
    'writes a text that reads back as the same value, without needless zeros',
    (value, decimals) => {
      const text = formatDecimal(value, decimals)
      expect(parseDecimal(text, decimals)).toBe(value)
      expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/)
    },
  )
})
