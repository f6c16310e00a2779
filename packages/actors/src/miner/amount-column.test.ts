import { fc, test } from '@fast-check/vitest'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { amountAt, createAmountColumn, setAmount } from './amount-column.ts'

describe('an amount column', () => {
  // The word of all ones marks an amount of the side list, so that amount itself is in the list too.
  test.each([
    { name: 'zero', amount: 0n, isWide: false },
    { name: '2^32', amount: 1n << 32n, isWide: false },
    { name: '2^64 − 2', amount: (1n << 64n) - 2n, isWide: false },
    { name: '2^64 − 1', amount: (1n << 64n) - 1n, isWide: true },
    { name: '2^64', amount: 1n << 64n, isWide: true },
    { name: '2^64 + 1', amount: (1n << 64n) + 1n, isWide: true },
    { name: 'two billion FIL', amount: 2n * 10n ** 27n, isWide: true },
  ])('gives back $name, which is in the side list: $isWide', ({ amount, isWide }) => {
    const column = createAmountColumn(3)
    setAmount(column, 1, amount)
    expect(amountAt(column, 1)).toBe(amount)
    expect(column.wide.has(1)).toBe(isWide)
    expect([amountAt(column, 0), amountAt(column, 2)]).toEqual([0n, 0n])
  })

  test('shares the memory of its words with its halves, low half first', () => {
    const column = createAmountColumn(2)
    setAmount(column, 1, (7n << 32n) | 5n)
    expect([...column.halves]).toEqual([0, 0, 5, 7])
  })

  test.prop([fc.array(anyPositiveAmount, { minLength: 1, maxLength: 20 })])(
    'gives back every amount that is not negative, in its row',
    (amounts) => {
      const column = createAmountColumn(amounts.length)
      amounts.forEach((amount, row) => {
        setAmount(column, row, amount)
      })
      expect(amounts.map((_, row) => amountAt(column, row))).toEqual(amounts)
    },
  )
})
