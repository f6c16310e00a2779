import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { derive, type Figure, known, type NamedFigure, needs, none, unknown } from './figure.ts'
import { debtRatio } from './rational.ts'
import { type Compared, limitOf, nothingWhile, standingOf } from './rule-pack.ts'

function named(name: string, value: Figure<bigint>): NamedFigure<bigint> {
  return { name, value, formula: '', source: '' }
}

function limit(...figures: readonly Figure<bigint>[]) {
  const { value, binding, atMost } = limitOf(
    'takenOut',
    'a limit',
    figures.map((figure, i) => named(`${i}`, figure)),
  )
  return { value, binding, atMost }
}

describe('a derived figure', () => {
  const sum = (...figures: readonly Figure<bigint>[]) =>
    derive(figures, (...values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n))

  test('is known when all that it follows from is', () => {
    expect(sum(known(2n), known(3n))).toEqual(known(5n))
  })

  test('names every missing parameter once', () => {
    expect(sum(needs('a', 'b'), known(1n), needs('b', 'c'))).toEqual(needs('a', 'b', 'c'))
  })

  test('says first what no parameter can help', () => {
    expect(sum(needs('a'), unknown('no rewards'))).toEqual(unknown('no rewards'))
    expect(sum(unknown('no rewards'), none('no such thing'))).toEqual(none('no such thing'))
  })
})

describe('a limit', () => {
  test('is the least of its constraints, and the first of those that are equal binds', () => {
    expect(limit(known(7n), known(5n), known(5n))).toEqual({ value: known(5n), binding: '1', atMost: 5n })
  })

  test('is nothing where a constraint is negative', () => {
    expect(limit(known(7n), known(-5n))).toEqual({ value: known(0n), binding: '1', atMost: 0n })
  })

  test('is not touched by a constraint that restricts nothing', () => {
    expect(limit(nothingWhile(known(false)), known(5n))).toEqual({
      value: known(5n),
      binding: '1',
      atMost: 5n,
    })
    expect(limit(nothingWhile(known(true)), known(5n))).toEqual({
      value: known(0n),
      binding: '0',
      atMost: 0n,
    })
  })

  test('with a missing parameter names it, and says what it cannot exceed', () => {
    expect(limit(known(5n), needs('p'))).toEqual({ value: needs('p'), binding: null, atMost: 5n })
    expect(limit(needs('p'))).toEqual({ value: needs('p'), binding: null, atMost: null })
  })

  test('that nothing restricts is none', () => {
    expect(limit(none('no such thing'))).toEqual({
      value: none('no such thing'),
      binding: null,
      atMost: null,
    })
  })

  test('of nothing needs no parameter any more', () => {
    expect(limit(known(-1n), needs('p'))).toEqual({ value: known(0n), binding: '0', atMost: 0n })
  })

  test('is unknown where the state does not tell, whatever parameters are missing', () => {
    expect(limit(needs('p'), unknown('fees'))).toEqual({
      value: unknown('fees'),
      binding: null,
      atMost: null,
    })
  })

  test.prop([fc.array(fc.bigInt({ min: -50n, max: 50n }), { minLength: 1, maxLength: 5 })])(
    'is at most every constraint that is not negative',
    (amounts) => {
      const { value, binding } = limit(...amounts.map(known))
      const least = amounts.reduce((a, b) => (a < b ? a : b))
      expect(value).toEqual(known(least < 0n ? 0n : least))
      expect(amounts[Number(binding)]).toBe(least)
    },
  )
})

const half = { num: 1n, denom: 2n }
const most = { num: 3n, denom: 4n }

function ratioLevels(
  debt: bigint,
  of: bigint,
  warning: Figure<typeof half>,
  termination: Figure<typeof half>,
) {
  return {
    unit: 'ratio',
    actsWhen: 'above',
    ...named('dtl', known(0n)),
    value: known(debtRatio(debt, of)),
    warning: { name: 'warning', threshold: warning, source: '' },
    termination: { name: 'termination', threshold: termination, source: '' },
  } satisfies Compared
}

function amountLevels(value: bigint, warning: Figure<bigint>, termination: Figure<bigint>) {
  return {
    unit: 'attoFIL',
    actsWhen: 'below',
    ...named('eligibleAsset', known(value)),
    warning: { name: 'warning', threshold: warning, source: '' },
    termination: { name: 'termination', threshold: termination, source: '' },
  } satisfies Compared
}

describe('where an amount stands', () => {
  // An amount acts when it falls below a level: at the level nothing happens yet.
  test.each([
    { value: 100n, standing: 'sound' },
    { value: 99n, standing: 'warned' },
    { value: 50n, standing: 'warned' },
    { value: 49n, standing: 'terminable' },
  ])('at $value of 100 and 50 is $standing', ({ value, standing }) => {
    expect(standingOf(amountLevels(value, known(100n), known(50n)))).toEqual(known(standing))
  })

  test('needs the levels that could still be below it', () => {
    expect(standingOf(amountLevels(70n, known(100n), needs('termination')))).toEqual(needs('termination'))
    expect(standingOf(amountLevels(70n, needs('warning'), needs('termination')))).toEqual(
      needs('termination', 'warning'),
    )
    expect(standingOf(amountLevels(49n, needs('warning'), known(50n)))).toEqual(known('terminable'))
  })
})

describe('where a ratio of debt stands', () => {
  test.each([
    { debt: 50n, standing: 'sound' },
    { debt: 51n, standing: 'warned' },
    { debt: 75n, standing: 'warned' },
    { debt: 76n, standing: 'terminable' },
  ])('with a debt of $debt over 100, at 1/2 and 3/4, is $standing', ({ debt, standing }) => {
    expect(standingOf(ratioLevels(debt, 100n, known(half), known(most)))).toEqual(known(standing))
  })

  test('over nothing, or over less than nothing, is beyond every level', () => {
    expect(standingOf(ratioLevels(1n, 0n, known(half), known(most)))).toEqual(known('terminable'))
    expect(standingOf(ratioLevels(1n, -9n, known(half), known(most)))).toEqual(known('terminable'))
  })

  test('without debt is sound, whatever the levels are', () => {
    expect(standingOf(ratioLevels(0n, 0n, needs('w'), needs('t')))).toEqual(known('sound'))
  })

  test('is never at a level that the protocol does not have', () => {
    expect(standingOf(ratioLevels(60n, 100n, none('no warning'), known(most)))).toEqual(known('sound'))
  })
})
