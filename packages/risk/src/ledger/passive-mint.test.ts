import { fc, test } from '@fast-check/vitest'
import { ATTO_FIL_PER_FIL } from '@plimsoll/primitives'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { passiveMint, passiveMintMultiplier, REPL_PASSIVE_MINT } from './passive-mint.ts'

const FIL = ATTO_FIL_PER_FIL

/** The multiplier of a day in thousandths; exact on the days that are asked for. */
function thousandths(day: number): bigint {
  const { num, denom } = passiveMintMultiplier(REPL_PASSIVE_MINT, day)
  expect((num * 1000n) % denom).toBe(0n)
  return (num * 1000n) / denom
}

describe('the multiplier of the passive mint', () => {
  // From 1.2 to 0.8 over 360 days: 0.1 every 90 days, and 1.2 again on day 360.
  test.each([
    { day: 0, multiplier: 1200n },
    { day: 90, multiplier: 1100n },
    { day: 180, multiplier: 1000n },
    { day: 270, multiplier: 900n },
    { day: 351, multiplier: 810n },
    { day: 360, multiplier: 1200n },
    { day: 450, multiplier: 1100n },
    { day: 720, multiplier: 1200n },
  ])('on day $day is $multiplier thousandths', ({ day, multiplier }) => {
    expect(thousandths(day)).toBe(multiplier)
  })
})

describe('the passive mint of a day', () => {
  // 1.2 · 36,000 · 0.05 / 360 = 6; 1 · 36,000 · 0.05 / 360 = 5.
  test.each([
    { day: 0, minted: 6n * FIL },
    { day: 180, minted: 5n * FIL },
  ])('on day $day of 36,000 FIL at 1.05 is $minted attoFIL', ({ day, minted }) => {
    expect(passiveMint(REPL_PASSIVE_MINT, 36_000n * FIL, day, { num: 105n, denom: 100n })).toBe(minted)
  })

  // 1.2 · 1000 · 0.5 / 360 = 1.67
  test('is rounded down', () => {
    expect(passiveMint(REPL_PASSIVE_MINT, 1000n, 0, { num: 3n, denom: 2n })).toBe(1n)
  })

  test.each([
    { num: 1n, denom: 1n },
    { num: 99n, denom: 100n },
  ])('at a ratio of $num / $denom is nothing', (ratio) => {
    expect(passiveMint(REPL_PASSIVE_MINT, 36_000n * FIL, 0, ratio)).toBe(0n)
  })

  test.prop([anyPositiveAmount, fc.nat(2000), fc.bigInt({ min: 0n, max: 10n ** 18n })])(
    'never falls with the price, and within a period never rises with the day',
    (outstanding, day, premium) => {
      const at = (num: bigint, when: number) =>
        passiveMint(REPL_PASSIVE_MINT, outstanding, when, { num, denom: 10n ** 18n })
      const price = 10n ** 18n + premium
      expect(at(price + 1n, day) >= at(price, day)).toBe(true)
      if ((day + 1) % 360 !== 0) {
        expect(at(price, day + 1) <= at(price, day)).toBe(true)
      }
    },
  )
})
