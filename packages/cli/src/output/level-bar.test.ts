import { describe, expect, test } from 'vitest'
import { levelBar, percentOfWarning } from './level-bar.ts'

describe('levelBar', () => {
  // The level of warning is at cell 12 of 18, so that a cell is a twelfth of it: 6 of 12 is where T stands.
  test.each([
    { amount: 12n, bar: '[======T=====W.....]' },
    { amount: 13n, bar: '[======T=====W.....]' },
    { amount: 15n, bar: '[======T=====W==...]' },
    { amount: 9n, bar: '[======T==...W.....]' },
    { amount: 5n, bar: '[=====.T.....W.....]' },
    { amount: 0n, bar: '[......T.....W.....]' },
    { amount: -7n, bar: '[......T.....W.....]' },
    { amount: 99n, bar: '[======T=====W=====]' },
  ])('of $amount is $bar', ({ amount, bar }) => {
    expect(levelBar({ amount, warning: 12n, termination: 6n })).toBe(bar)
  })

  test('is empty without a level to measure by', () => {
    expect(levelBar({ amount: 5n, warning: 0n, termination: 0n })).toBe('[T...........W.....]')
  })
})

describe('percentOfWarning', () => {
  test.each([
    { amount: 12n, text: '100 %' },
    { amount: 11n, text: '91 %' },
    { amount: -1n, text: '-9 %' },
  ])('of $amount in 12 is $text', ({ amount, text }) => {
    expect(percentOfWarning({ amount, warning: 12n })).toBe(text)
  })
})
