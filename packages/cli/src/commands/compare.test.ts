import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-compare-'))

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function plimsoll(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(args, terminal)
  return { status, out: terminal.out, error: terminal.error }
}

function scenarioFile(content: unknown): string {
  const path = join(directory, 'scenario.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('compare', () => {
  // f0149 owes more than it has, and 14 of its sectors are faulty: by v18 they stay so.
  test('shows how a miner in debt gets out of the loop under FIP-0006', async () => {
    const { status, out } = await plimsoll(
      'compare',
      '--rules',
      'v18,v18+fip0006',
      '--miner',
      'f0149',
      '--days',
      '2',
    )
    expect(status).toBe(0)
    expect(out).toContain('operators: proves')
    expect(out).toMatch(/^f0149 +v18 +61 +14 /m)
    expect(out).toMatch(/^f0149 +v18\+fip0006 +61 +0 /m)
    expect(out).toMatch(/^v18 +DeclareFaultsRecovered exit 19 \(operators\)/m)
    expect(out).toContain('day by day')
  })

  test('has every day and every attoFIL in JSON', async () => {
    const { out } = await plimsoll(
      'compare',
      '--rules',
      'v18,v18+terminateSectors2',
      '--miner',
      'f0152',
      '--days',
      '2',
      '--json',
    )
    const report = JSON.parse(out)
    expect(report.assumptions).toMatchObject({
      days: 2,
      operator: 'proves',
      background: 'frozen',
      circulatingSupply: null,
    })
    expect(report.runs.map(({ rules }: { rules: string }) => rules)).toEqual(['v18', 'v18+terminateSectors2'])
    const [{ days }] = report.runs[0].miners
    expect(days).toHaveLength(3)
    expect(days[0].balance).toBe('25151351209824843607')
    expect(BigInt(days[0].balance) - BigInt(days[2].balance)).toBe(BigInt(days[2].burnt))
    expect(report.termination).toMatchObject([
      { miners: [{ method: 'TerminateSectors', sectors: 50, gasIs: 'estimated' }] },
      { miners: [{ method: 'TerminateSectors2', sectors: 50, gasIs: 'extrapolated, unmeasured' }] },
    ])
  })

  test('re-rates sectors as if a multiplier had always held, and flags one that falls', async () => {
    const rules = 'v18,v18+sdm:180d=2/720d=1.5'
    const supply = ['--circulating-supply', '700000000 FIL']
    const { out } = await plimsoll('compare', '--rules', rules, '--miner', 'f0152', '--days', '1', ...supply)
    expect(out).toContain('v18+sdm:180d=2/720d=1.5: the multiplier falls with the duration')
    expect(out).toContain('Re-rated by v18+sdm:180d=2/720d=1.5')
    expect(out).not.toContain('n/a')
  })

  test('runs a scenario, and prints Markdown', async () => {
    const steps = [{ do: 'windUp', miner: 'f0152', day: 0 }]
    const path = scenarioFile({ format: 1, days: 2, operator: 'stops', steps })
    const { out } = await plimsoll('compare', '--rules', 'v18', '--scenario', path, '--md')
    expect(out).toContain('| f0152 | v18 | 0 | 0 | 0 |')
    expect(out).toContain('## Assumptions')
  })

  test.each([
    { args: ['--rules', 'v18,v19'], error: 'INVALID_RULES: there is no rule set of v19', status: 2 },
    { args: ['--rules', 'v17'], error: 'RULES_NOT_EXECUTABLE', status: 2 },
    { args: ['--json', '--md'], error: 'OPTIONS_CONTRADICT', status: 2 },
    { args: ['--scenario', '/nowhere.json'], error: 'FILE_UNREADABLE', status: 2 },
    { args: ['--miner', 'f0100', '--rules', 'v18'], error: 'NOT_A_MINER', status: 2 },
    { args: ['--epoch', '5'], error: 'EPOCH_BEFORE_STATE', status: 2 },
    { args: ['--days', 'x'], error: 'USAGE', status: 2 },
  ])('refuses $args', async ({ args, error, status }) => {
    const result = await plimsoll('compare', ...args)
    expect(result.error).toContain(error)
    expect(result).toMatchObject({ status, out: '' })
  })

  test('names the place in a scenario that is wrong', async () => {
    const path = scenarioFile({ format: 1, steps: [{ do: 'windUp', miner: 'f0152' }] })
    const result = await plimsoll('compare', '--scenario', path)
    expect(result).toMatchObject({ status: 65, out: '' })
    expect(result.error).toContain('INVALID_SCENARIO_FILE: steps.0: needs either day or epoch')
    expect((await plimsoll('compare', '--scenario', scenarioFile('{'))).error).toContain('is not JSON')
  })
})

describe('rules', () => {
  test('lists every switch with its status and its source', async () => {
    const { out, status } = await plimsoll('rules')
    expect(status).toBe(0)
    for (const text of ['terminateSectors2', 'fip0006', 'sdm:fip0036', 'on no network', 'FIP-0056']) {
      expect(out).toContain(text)
    }
    expect(JSON.parse((await plimsoll('rules', '--json')).out).versions).toEqual([16, 17, 18])
  })
})

describe('scenario', () => {
  test('prints the schema', async () => {
    const { out } = await plimsoll('scenario')
    expect(JSON.parse(out)).toMatchObject({ type: 'object', properties: { format: { const: 1 } } })
  })
})
