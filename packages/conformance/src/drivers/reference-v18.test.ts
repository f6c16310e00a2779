import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CaseResult, runConformance } from '../run.ts'
import { renderCoverage, renderSummary, summarize } from '../summary.ts'
import { editedScenario, type Line } from '../testing/edited-scenario.ts'

const SCENARIO = 'multisig-account-init/tiny'
let root: string
let directory: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-driver-'))
  directory = join(root, 'reference-v18', 'edited')
  mkdirSync(directory, { recursive: true })
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

async function decide(
  scenario: string,
  edit: (lines: Line[]) => readonly Line[],
): Promise<readonly CaseResult[]> {
  const path = editedScenario(directory, scenario, edit)
  const results: CaseResult[] = []
  for await (const result of runConformance([path])) {
    results.push(result)
  }
  return results
}

function withStep(index: number, change: Line): (lines: Line[]) => readonly Line[] {
  return (lines) => lines.map((line, i) => (i === index + 1 ? { ...line, ...change } : line))
}

describe('a scenario of the reference', () => {
  test('is one case beside those of its states, named after its family and itself', async () => {
    const results = await decide(SCENARIO, (lines) => lines)
    expect(results.map(({ family, name }) => `${family}: ${name}`)).toEqual([
      'reference-v18: genesis root',
      'reference-v18: final root',
      'reference-v18: invariants at the end',
      `reference-v18: ${SCENARIO}`,
    ])
  })

  test('fails with the first difference, after how many steps', async () => {
    const results = await decide(SCENARIO, withStep(3, { exit: 18 }))
    const outcome = results.at(-1)?.outcome
    expect(outcome?.status).toBe('failed')
    expect(outcome?.status === 'failed' && outcome.difference).toMatch(
      /^after 3 steps: step 3, epoch 6100000: f0105 → f01 init\.Exec\(2\).*\n.*\n {2}exit code\n {4}expected 18\n {4}actual {3}16/,
    )
  })

  // The code of multisigs is said to be that of contracts, which nothing here executes.
  test('fails, and does not pass, where an actor is not implemented', async () => {
    const results = await decide('collateral/legacy-tiny', ([header, ...rest]) => {
      const codes = header?.['code_cids'] as Record<string, string>
      const swapped = { ...codes, multisig: codes['evm'], evm: codes['multisig'] }
      return [{ ...header, code_cids: swapped }, ...rest]
    })
    const outcome = results.at(-1)?.outcome
    expect(outcome).toMatchObject({
      status: 'failed',
      difference: expect.stringMatching(
        /^after 0 steps: not implemented: f0101: the actor evm is not implemented/,
      ),
    })
  })
})

describe('the summary', () => {
  test('has what every replay took, and what it covered', async () => {
    const summary = await summarize(await decide(SCENARIO, withStep(3, { exit: 18 })))
    expect(summary.replays).toMatchObject({
      scenarios: [{ name: SCENARIO, steps: 3, executions: 4 }],
      coverage: { 'init.Exec(2)': { 0: 3, 16: 1 } },
      nestedCoverage: { 'multisig.Constructor(1)': { 0: 3 }, 'none.?(1)': { 16: 1 } },
    })
    expect(summary.replays?.blake2bNsPerByte).toBeGreaterThan(0)
    const text = renderSummary(summary)
    expect(text).toMatch(/^replayed +steps +executions +CPU s +executions\/s$/m)
    expect(text).toMatch(/^multisig-account-init\/tiny +3 +4 +\d+\.\d\d +\d+$/m)
    expect(text).toMatch(/^coverage: 2 pairs of method and exit code at top level, 2 below/m)
    expect(renderCoverage(summary)).toMatch(/^init\.Exec\(2\) +0×3, 16×1$/m)
  })

  test('has none of it where nothing was replayed', async () => {
    const summary = await summarize([])
    expect(summary.replays).toBeUndefined()
    expect(renderSummary(summary)).not.toContain('replayed')
  })
})
