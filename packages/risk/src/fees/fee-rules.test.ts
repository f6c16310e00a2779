import { describe, expect, test } from 'vitest'
import { feeRulesOf } from './fee-rules.ts'

describe('feeRulesOf', () => {
  // FIP-0098 came with network version 25, which runs actors v16.
  test.each([
    { version: 8, rules: 'pre-fip0098' },
    { version: 15, rules: 'pre-fip0098' },
    { version: 16, rules: 'fip0098' },
    { version: 18, rules: 'fip0098' },
  ] as const)('gives $rules to a state of actors v$version', ({ version, rules }) => {
    expect(feeRulesOf(version)).toBe(rules)
  })
})
