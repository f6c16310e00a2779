import { describe, expect, test } from 'vitest'
import type { Mutant } from './run-group.ts'
import { renderScore, scoreOf } from './score.ts'

const mutant = (status: string, file = 'a.ts'): Mutant => ({
  ...{ file, status },
  line: 7,
  mutator: 'BlockStatement',
  replacement: '{\n}',
})

describe('the score of mutants', () => {
  test('counts what was killed or never ended, against that and what survived or was not reached', () => {
    const mutants = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Killed', 'Killed', 'Killed'].map(
      (status) => mutant(status),
    )
    // Five of seven are 71.4 %.
    expect(scoreOf(mutants)).toMatchObject({ killed: 5, percent: 71 })
    expect(scoreOf(mutants).survivors.map(({ status }) => status)).toEqual(['Survived', 'NoCoverage'])
  })

  test('is rounded down, so that one survivor of very many shows', () => {
    const mutants = [...Array.from({ length: 999 }, () => mutant('Killed')), mutant('Survived')]
    expect(scoreOf(mutants).percent).toBe(99)
  })

  test('is of nothing but those that were run', () => {
    expect(scoreOf(['Ignored', 'RuntimeError'].map((status) => mutant(status)))).toEqual({
      killed: 0,
      survivors: [],
      percent: 100,
    })
  })

  test('is printed for the group and for each file, with every survivor by its line', () => {
    const mutants = [mutant('Killed'), mutant('Survived'), mutant('NoCoverage', 'b.ts')]
    expect(renderScore('group', mutants).split('\n')).toEqual([
      'group: 33 %, 1 of 3',
      '  a.ts: 50 %, 1 of 2',
      '  b.ts: 0 %, 0 of 1',
      '  a.ts:7 survived: BlockStatement → { }',
      '  b.ts:7 not reached: BlockStatement → { }',
      '',
    ])
  })
})
