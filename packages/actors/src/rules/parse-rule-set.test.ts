import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { MULTIPLIER_ONE } from './duration-multiplier.ts'
import { RulesError } from './errors.ts'
import { parseRuleSet, requireExecutable } from './parse-rule-set.ts'
import { RULES_OF_TODAY } from './rules.ts'

const EPOCH = 6_000_000
const rulesOf = (text: string) => parseRuleSet(text, EPOCH).rules

describe('a rule set', () => {
  test('of a version alone is the rules of today', () => {
    expect(parseRuleSet('v18', EPOCH)).toEqual({ text: 'v18', actorsVersion: 18, rules: RULES_OF_TODAY })
  })

  test.each([
    { text: 'v18+terminateSectors2', change: { terminateSectors2: 'strict' } },
    { text: 'v18+terminateSectors2:lenient', change: { terminateSectors2: 'lenient' } },
    { text: 'v18+fip0006', change: { recoveryInDebt: true } },
    { text: 'v18+fip0006+terminateSectors2', change: { recoveryInDebt: true, terminateSectors2: 'strict' } },
  ])('$text switches on what it names and nothing else', ({ text, change }) => {
    expect(rulesOf(text)).toEqual({ ...RULES_OF_TODAY, ...change })
  })

  test('with a multiplier holds from the given epoch on, or from its own', () => {
    expect(rulesOf('v18+sdm:fip0036').durationMultiplier).toMatchObject({ name: 'fip0036', fromEpoch: EPOCH })
    expect(rulesOf('v18+sdm:pr1261@7').durationMultiplier).toMatchObject({ name: 'pr1261', fromEpoch: 7 })
  })

  // A year is 1,051,897 epochs, and a day 2,880.
  test('may have knots of its own', () => {
    expect(rulesOf('v18+sdm:1.5y=1/1000d=2.25/4000000=1.5').durationMultiplier).toEqual({
      name: 'custom',
      curve: {
        form: 'table',
        knots: [
          [1_577_845, MULTIPLIER_ONE],
          [2_880_000, (9n * MULTIPLIER_ONE) / 4n],
          [4_000_000, (3n * MULTIPLIER_ONE) / 2n],
        ],
      },
      fromEpoch: EPOCH,
      minCommitment: 518_400,
      maxCommitment: 4_000_000,
      maxMultiplier: (9n * MULTIPLIER_ONE) / 4n,
      lockTargetNum: 3n,
    })
  })

  test.each([
    { text: '', position: 1 },
    { text: 'v19', position: 1 },
    { text: '18', position: 1 },
    { text: 'v18+', position: 5 },
    { text: 'v18+fip0007', position: 5 },
    { text: 'v18+fip0006:x', position: 5 },
    { text: 'v18+fip0006+fip0006', position: 13 },
    { text: 'v18+terminateSectors2:strictly', position: 5 },
    { text: 'v18+sdm:fip0036+sdm:fip0056', position: 17 },
    { text: 'v18+sdm', position: 5 },
    { text: 'v18+sdm:constructor', position: 5 },
    { text: 'v18+sdm:fip0036@', position: 5 },
    { text: 'v18+sdm:fip0036@-1', position: 5 },
    { text: 'v18+sdm:1y=1/x', position: 14 },
    { text: 'v18+sdm:2y=1/1y=2', position: 14 },
    { text: 'v18+sdm:1y=1/2y=100000', position: 14 },
    { text: 'v18+sdm:0=1', position: 9 },
  ])('$text is refused at $position', ({ text, position }) => {
    expect(() => parseRuleSet(text, EPOCH)).toThrow(
      expect.objectContaining({ code: 'INVALID_RULES', data: expect.objectContaining({ position }) }),
    )
  })

  test.prop([fc.string({ unit: fc.constantFrom(...'v18+sdmfip036:=/@.yd-') })])(
    'is read or refused, never anything else',
    (text) => {
      try {
        expect(parseRuleSet(text, EPOCH).text).toBe(text)
      } catch (error) {
        expect(error).toBeInstanceOf(RulesError)
      }
    },
  )

  test.each(['v16', 'v17'])('%s has formulas only', (text) => {
    expect(() => requireExecutable(parseRuleSet(text, EPOCH))).toThrow(
      expect.objectContaining({ code: 'RULES_NOT_EXECUTABLE' }),
    )
    expect(() => requireExecutable(parseRuleSet('v18', EPOCH))).not.toThrow()
  })
})
