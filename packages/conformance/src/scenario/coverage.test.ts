import { describe, expect, test } from 'vitest'
import { compareCoverage, formatCounts } from './coverage.ts'
import { sumCoverage } from './sum-coverage.ts'

const counted = new Map([['account.PubkeyAddress(2)', new Map([[0, 3]])]])

describe('coverage', () => {
  test('is the same when every method ended as often with every code', () => {
    expect(compareCoverage('coverage', { 'account.PubkeyAddress(2)': { 0: 3 } }, counted)).toEqual([])
  })

  test.each([
    { recorded: { 'account.PubkeyAddress(2)': { 0: 4 } }, expected: '0×4', actual: '0×3' },
    { recorded: { 'account.PubkeyAddress(2)': { 0: 3, 16: 1 } }, expected: '0×3, 16×1', actual: '0×3' },
    { recorded: {}, expected: 'no call', actual: '0×3' },
  ])('differs from $recorded', ({ recorded, expected, actual }) => {
    expect(compareCoverage('coverage', recorded as never, counted)).toEqual([
      { what: 'coverage of account.PubkeyAddress(2)', expected, actual },
    ])
  })

  test('differs where a method is called otherwise, unless one side has no name for it', () => {
    expect(compareCoverage('coverage', { 'account.KeyAddress(2)': { 0: 3 } }, counted)).toEqual([
      { what: 'name in coverage', expected: 'account.KeyAddress(2)', actual: 'account.PubkeyAddress(2)' },
    ])
    expect(compareCoverage('coverage', { 'account.?(2)': { 0: 3 } }, counted)).toEqual([])
  })

  test('is written by ascending code', () => {
    expect(
      formatCounts([
        ['16', 2],
        ['0', 5],
        [1004, 1],
      ]),
    ).toBe('0×5, 16×2, 1004×1')
  })

  test('of several scenarios is the sum of theirs', () => {
    const parts = [{ 'b.Send': { 0: 1 } }, { 'a.Send': { 0: 2 }, 'b.Send': { 0: 3, 6: 1 } }]
    expect(sumCoverage(parts as never)).toEqual({ 'a.Send': { 0: 2 }, 'b.Send': { 0: 4, 6: 1 } })
  })
})
