import { existsSync } from 'node:fs'
import { createHashes } from '@plimsoll/primitives'
import { afterAll, describe, expect, test } from 'vitest'
import { FIXTURES_DIR, VECTORS_DIR } from './locations.ts'
import { type CaseResult, decideFile, listVectorFiles } from './run.ts'
import { renderSummary, summarize } from './summary.ts'

const hashes = await createHashes()
const decided: CaseResult[] = []

describe('fixtures', () => decideAll(FIXTURES_DIR))

describe('vectors', () => {
  if (existsSync(VECTORS_DIR)) {
    decideAll(VECTORS_DIR)
  } else {
    test('the vectors of others', ({ skip }) => skip('skipped: no vectors; VECTORS_DIR names no folder'))
  }
})

// What was skipped and why belongs beside the counts of the test runner, not behind a flag of it.
afterAll(async () => {
  process.stdout.write(`\n${renderSummary(await summarize(decided))}\n`)
})

function decideAll(root: string): void {
  test.for(listVectorFiles(root))('$relativePath', (file, { skip }) => {
    const results = [...decideFile(file, { hashes })]
    decided.push(...results)
    expect(results.length).toBeGreaterThan(0)
    expect(results.flatMap(failureOf)).toEqual([])
    const [first] = results
    if (first?.outcome.status === 'skipped' && results.every(({ outcome }) => outcome.status === 'skipped')) {
      skip(`skipped: ${first.outcome.reason}`)
    }
  })
}

function failureOf({ name, outcome }: CaseResult): readonly string[] {
  return outcome.status === 'failed' ? [`${name}: ${outcome.difference}`] : []
}
