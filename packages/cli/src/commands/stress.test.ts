import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-stress-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function stress(scenario: unknown, ...args: readonly string[]) {
  const path = join(folder, 'stress.json')
  await writeFile(path, typeof scenario === 'string' ? scenario : JSON.stringify(scenario))
  return stressBy(path, ...args)
}

async function stressBy(path: string, ...args: readonly string[]) {
  const terminal = capturedTerminal()
  const given = ['--portfolio', 'examples/portfolio.json', '--scenario', path, ...args]
  const status = await run(['stress', ...given], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

const SHOCKS = { format: 1, days: 1, shocks: [{ name: 'half fails', faults: { share: '0.5', days: '1' } }] }

describe('stress', () => {
  test('says who breaks and what is lost by cluster, and exits with 4 when somebody does', async () => {
    const { status, out } = await stress(SHOCKS)
    expect(status).toBe(4)
    expect(out).toMatch(/^half fails +1 of 3 /m)
    expect(out).toMatch(/^f0149 Northern Racks +insolvent, round 0/m)
    expect(out).toMatch(/^cluster +loss\nowner f0127 +\d/m)
  })

  test('shows the examples that ship in lines of 100 characters at most', async () => {
    const { status, out } = await stressBy('examples/stress.json')
    expect(status).toBe(4)
    const lines = out.split('\n')
    expect(lines.length).toBeGreaterThan(80)
    expect(lines.filter((line) => line.length > 100)).toEqual([])
  })

  test('says what a consensus fault costs, and what of it the reporter gets', async () => {
    const { out } = await stress({
      ...{ format: 1, days: 0 },
      shocks: [{ name: 'x', miners: ['f0151'], consensusFault: { chance: '1' } }],
    })
    // The reward of an epoch is some 32.02 FIL in that state; a twentieth is 1.60.
    expect(out).toMatch(
      /^f0151: consensus fault, penalty 32\.0217; paid now: 1\.6010 to the reporter, 30\.4206 burned$/m,
    )
  })

  test('gives the same JSON for the same seed', async () => {
    const [one, two] = [
      await stress(SHOCKS, '--json', '--seed', '3'),
      await stress(SHOCKS, '--json', '--seed', '3'),
    ]
    expect(two).toEqual(one)
    expect(JSON.parse(one.out)).toMatchObject({
      seed: 3,
      outlook: 'termination',
      shocks: [{ name: 'half fails' }],
    })
  })

  test.each([
    ['{', 'is not JSON'],
    [{ ...SHOCKS, shocks: [{ name: 'x', faults: { share: '1.1', days: '1' } }] }, 'shocks.0.faults.share'],
    [{ ...SHOCKS, surprise: 1 }, 'surprise'],
  ])('refuses %j', async (scenario, place) => {
    const { status, error, out } = await stress(scenario)
    expect([status, out]).toEqual([65, ''])
    expect(error).toMatch(/^plimsoll: INVALID_STRESS_FILE: /)
    expect(error).toContain(place)
  })

  test('needs a portfolio and shocks', async () => {
    const terminal = capturedTerminal()
    expect(await run(['stress'], terminal)).toBe(2)
    expect(terminal.error).toMatch(/^plimsoll: USAGE: .*--portfolio/)
  })
})
