import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FIXTURES_DIR } from './locations.ts'
import { type CaseResult, runConformance } from './run.ts'
import { renderSummary, summarize } from './summary.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-conformance-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

describe('runConformance', () => {
  test('fails on a file that it does not know', async () => {
    writeFileSync(join(directory, 'surprise.json'), '{}')
    expect(await casesIn(directory)).toEqual([
      {
        family: 'unknown',
        file: 'surprise.json',
        name: 'surprise.json',
        outcome: { status: 'failed', difference: 'no driver knows this file' },
      },
    ])
  })

  test('passes over what is no vector', async () => {
    writeFileSync(join(directory, 'README.md'), 'words')
    expect(await casesIn(directory)).toEqual([])
  })

  test('skips what cannot be decided yet, with the reason', async () => {
    writeFileSync(join(directory, 'gas_burn.json'), '{}')
    const [result] = await casesIn(directory)
    expect(result?.outcome).toEqual({ status: 'skipped', reason: 'gas is not charged yet' })
  })

  test('takes only the files whose path contains the filter', async () => {
    writeFileSync(join(directory, 'one.json'), '{}')
    writeFileSync(join(directory, 'two.json'), '{}')
    expect((await casesIn(directory, 'two')).map(({ file }) => file)).toEqual(['two.json'])
  })

  test('fails where a recorded scenario names another root than its state has', async () => {
    copyScenario({ root: OTHER_ROOT })
    const failed = (await casesIn(directory)).filter(({ outcome }) => outcome.status === 'failed')
    expect(failed.map(({ name }) => name)).toEqual(['final root', 'lifecycle-cc/tiny'])
  })

  test('fails where the reference found what is not found here', async () => {
    copyScenario({ invariants: ['miner f01000 has no power claim'], invariants_total: 1 })
    const failed = (await casesIn(directory)).filter(({ outcome }) => outcome.status === 'failed')
    expect(failed.map(({ name }) => name)).toEqual(['invariants at the end'])
  })

  test('fails where a block of a state has changed', async () => {
    copyScenario({})
    const path = join(directory, 'tiny.final.car.gz')
    const car = gunzipSync(readFileSync(path))
    car[car.length - 1] = (car.at(-1) ?? 0) ^ 1
    writeFileSync(path, gzipSync(car))
    expect((await casesIn(directory)).some(({ outcome }) => outcome.status === 'failed')).toBe(true)
  })
})

describe('renderSummary', () => {
  test('prints the first difference in full, every reason for skipping, and the counts in the last line', async () => {
    const outcomes: readonly CaseResult[] = [
      { family: 'a', file: 'x', name: '1', outcome: { status: 'passed' } },
      {
        family: 'a',
        file: 'x',
        name: '2',
        outcome: { status: 'failed', difference: 'expected 1\n  actual 2' },
      },
      { family: 'b', file: 'y', name: '3', outcome: { status: 'skipped', reason: 'no such actor yet' } },
    ]
    const text = renderSummary(await summarize(outcomes))
    expect(text).toContain('a                        1 passed, 1 failed, 0 skipped')
    expect(text).toContain('first failure: x 2\n  expected 1\n  actual 2')
    expect(text).toContain('skipped: no such actor yet (1)')
    expect(text.trimEnd().split('\n').at(-1)).toBe('1 passed, 1 failed, 1 skipped')
  })
})

const OTHER_ROOT = 'bafy2bzacea3wsdh6y3a36tb3skempjoxqpuyompjbmfeyf34fi3uy6uue42v4'

async function casesIn(path: string, filter?: string): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  for await (const result of runConformance([path], filter)) {
    results.push(result)
  }
  return results
}

/** Copies a recorded scenario, with some fields of its last line replaced. */
function copyScenario(replaced: object): void {
  const source = join(FIXTURES_DIR, 'reference-v18', 'lifecycle-cc')
  for (const name of ['tiny.genesis.car.gz', 'tiny.final.car.gz']) {
    copyFileSync(join(source, name), join(directory, name))
  }
  const lines = gunzipSync(readFileSync(join(source, 'tiny.jsonl.gz')))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  const end: object = JSON.parse(lines.at(-1) ?? '')
  const edited = [...lines.slice(0, -1), JSON.stringify({ ...end, ...replaced })].join('\n')
  writeFileSync(join(directory, 'tiny.jsonl.gz'), gzipSync(edited))
}
