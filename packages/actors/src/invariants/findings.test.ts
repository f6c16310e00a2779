import { describe, expect, test } from 'vitest'
import { createFindings } from './findings.ts'

describe('findings', () => {
  test('are added unless a condition holds, in their order', () => {
    const findings = createFindings()
    findings.require(true, 'a/holds', () => 'not this')
    findings.require(false, 'a/broken', () => 'this')
    findings.add('a/added', 'that')
    expect(findings.list).toEqual([
      { kind: 'a/broken', place: '', message: 'this' },
      { kind: 'a/added', place: '', message: 'that' },
    ])
  })

  test('are described only where they are needed', () => {
    const findings = createFindings()
    findings.require(true, 'a/holds', () => {
      throw new Error('a message that nobody reads')
    })
    expect(findings.list).toEqual([])
  })

  test('have the place below which they were found, in one collection', () => {
    const findings = createFindings()
    const miner = findings.under('f01000')
    miner.under('deadlines', 3).under('partitions', 0).add('a/deep', '')
    miner.add('a/shallow', '')
    expect(findings.list.map(({ place }) => place)).toEqual(['f01000.deadlines[3].partitions[0]', 'f01000'])
  })
})
