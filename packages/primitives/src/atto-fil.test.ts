import { fc, test } from '@fast-check/vitest'
import { anyAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { ATTO_FIL_PER_FIL, FIL_DECIMALS, formatFil, formatFilRoundedDown, parseFil } from './atto-fil.ts'
import { parseDecimal } from './decimal.ts'

const NOT_AN_AMOUNT = expect.objectContaining({ code: 'INVALID_DECIMAL' })

test('one FIL is 10^18 attoFIL', () => {
  expect(ATTO_FIL_PER_FIL).toBe(1_000_000_000_000_000_000n)
  expect(FIL_DECIMALS).toBe(18)
})

describe('parseFil', () => {
  test.each([
    { text: '1.5', amount: 15n * 10n ** 17n },
    { text: '1.5 FIL', amount: 15n * 10n ** 17n },
    { text: '-2 FIL', amount: -2n * 10n ** 18n },
    { text: '0.000000000000000001', amount: 1n },
    { text: '20 nanoFIL', amount: 20n * 10n ** 9n },
    { text: '0.000000001 nanoFIL', amount: 1n },
    { text: '7 attoFIL', amount: 7n },
    { text: '  3  FIL ', amount: 3n * 10n ** 18n },
    { text: '3\tFIL\n', amount: 3n * 10n ** 18n },
  ])('reads "$text" as $amount attoFIL', ({ text, amount }) => {
    expect(parseFil(text)).toBe(amount)
  })

  test.each([
    { text: '', why: 'is empty' },
    { text: '   ', why: 'is blank' },
    { text: 'FIL', why: 'has no number' },
    { text: 'FIL 1', why: 'has the unit before' },
    { text: '1FIL', why: 'has no space before the unit' },
    { text: '1 fil', why: 'has the unit in lower case' },
    { text: '1 FIL FIL', why: 'has two units' },
    { text: '1 2', why: 'has two numbers' },
    { text: '1 - 2', why: 'is a sum' },
    { text: '1 picoFIL', why: 'has a unit that is not in use' },
    { text: '0.0000000000000000001', why: 'is a tenth of an attoFIL' },
    { text: '0.0000000001 nanoFIL', why: 'is a tenth of an attoFIL' },
    { text: '0.5 attoFIL', why: 'is half an attoFIL' },
    { text: '1e18 attoFIL', why: 'has an exponent' },
    { text: '+1 FIL', why: 'has a plus sign' },
    { text: '1,000 FIL', why: 'has a separator' },
  ])('refuses "$text", which $why', ({ text }) => {
    expect(() => parseFil(text)).toThrow(NOT_AN_AMOUNT)
  })
})

describe('formatFil', () => {
  test.each([
    { amount: 0n, text: '0 FIL' },
    { amount: 1n, text: '0.000000000000000001 FIL' },
    { amount: -15n * 10n ** 17n, text: '-1.5 FIL' },
    { amount: 1000n * 10n ** 18n, text: '1000 FIL' },
  ])('writes $amount attoFIL as "$text"', ({ amount, text }) => {
    expect(formatFil(amount)).toBe(text)
  })

  test.prop([anyAmount])('writes a text that reads back as the same amount', (amount) => {
    expect(parseFil(formatFil(amount))).toBe(amount)
  })
})

describe('formatFilRoundedDown', () => {
  const FIL = ATTO_FIL_PER_FIL

  test.each([
    { amount: 0n, decimals: 0, text: '0' },
    { amount: 0n, decimals: 4, text: '0.0000' },
    { amount: FIL - 1n, decimals: 0, text: '0' },
    { amount: FIL, decimals: 0, text: '1' },
    { amount: FIL - 1n, decimals: 2, text: '0.99' },
    { amount: -1n, decimals: 0, text: '-1' },
    { amount: -1n, decimals: 2, text: '-0.01' },
    { amount: -FIL, decimals: 2, text: '-1.00' },
    { amount: -FIL - 1n, decimals: 2, text: '-1.01' },
    { amount: 999n * FIL, decimals: 0, text: '999' },
    { amount: 1000n * FIL, decimals: 0, text: '1,000' },
    { amount: 1000n * FIL, decimals: 5, text: '1,000.00000' },
    { amount: -123_456n * FIL, decimals: 1, text: '-123,456.0' },
    { amount: 1_234_567n * FIL, decimals: 3, text: '1,234,567.000' },
    { amount: 1n, decimals: 18, text: '0.000000000000000001' },
  ])('writes $amount attoFIL with $decimals decimals as "$text"', ({ amount, decimals, text }) => {
    expect(formatFilRoundedDown(amount, decimals)).toBe(text)
  })

  test.prop([anyAmount, fc.nat(FIL_DECIMALS)])(
    'never shows more than there is, and less by under one unit of the last decimal',
    (amount, decimals) => {
      const shown = parseDecimal(formatFilRoundedDown(amount, decimals).replaceAll(',', ''), FIL_DECIMALS)
      expect(shown <= amount).toBe(true)
      expect(amount - shown < 10n ** BigInt(FIL_DECIMALS - decimals)).toBe(true)
    },
  )

  test.prop([anyAmount, fc.nat(FIL_DECIMALS)])(
    'has groups of three digits and all its decimals',
    (amount, decimals) => {
      const [whole, fraction = ''] = formatFilRoundedDown(amount, decimals).split('.')
      expect(whole).toMatch(/^-?(0|[1-9]\d{0,2}(,\d{3})*)$/)
      expect(fraction).toHaveLength(decimals)
    },
  )
})
