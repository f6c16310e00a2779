import { describe, expect, test } from 'vitest'
import { plotLines } from './plot.ts'

const LABELS = ['from', 'middle', 'to'] as const
const format = (value: bigint) => `${value} units`

describe('a plot', () => {
  test('has its extremes at its first and last row, and fits into 100 columns', () => {
    const lines = plotLines([{ mark: '*', name: 'rising', values: [10n, 20n, 30n] }], format, LABELS)
    expect(lines[0]).toBe('* rising')
    expect(lines[1]).toMatch(/^ +30 units \| +\*+$/)
    expect(lines[12]).toMatch(/^ +10 units \|\*+$/)
    expect(lines[13]).toMatch(/^ +\+-+$/)
    expect(lines[14]).toMatch(/^ +from +middle +to$/)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
  })

  test('shows the later line where two meet', () => {
    const [same, other] = [
      [1n, 2n],
      [1n, 1n],
    ]
    const [, ...rows] = plotLines(
      [
        { mark: '*', name: 'first', values: same ?? [] },
        { mark: 'o', name: 'second', values: other ?? [] },
      ],
      format,
      LABELS,
    )
    expect(rows[11]).toMatch(/\|o+$/)
    expect(rows[0]).toContain('*')
  })

  test.each([{ values: [5n] }, { values: [5n, 5n, 5n] }, { values: [-5n, -5n] }])(
    'of $values is a line at one height',
    ({ values }) => {
      const [, ...rows] = plotLines([{ mark: 'x', name: 'even', values }], format, LABELS)
      expect(rows.filter((row) => row.includes('x'))).toHaveLength(1)
      expect(rows[11]).toContain(`${values[0]} units |x`)
    },
  )
})
