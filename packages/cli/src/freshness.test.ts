import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from './program.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-freshness-'))
const PORTFOLIO = join(directory, 'portfolio.json')
const SHOCKS = join(directory, 'shocks.json')
const PLAN = join(directory, 'plan.json')

beforeAll(async () => {
  writeFileSync(PLAN, (await plimsoll('plan', '--miner', 'f0149', '--json')).out)
  writeFileSync(PORTFOLIO, JSON.stringify({ format: 1, miners: [{ miner: 'f0149', outstanding: '1 FIL' }] }))
  writeFileSync(SHOCKS, JSON.stringify({ format: 1, days: 1, shocks: [{ name: 'nothing' }] }))
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

/** Every command that answers from one state as it is now, on the state that ships with the program. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  assess: [],
  explain: ['--miner', 'f0149'],
  check: [],
  power: [],
  packs: ['--miner', 'f0149'],
  forecast: ['--miner', 'f0149', '--days', '1'],
  stress: ['--portfolio', PORTFOLIO, '--scenario', SHOCKS],
  whatif: ['--miner', 'f0149', '--topup', '1 FIL', '--days', '1'],
  curve: ['--miner', 'f0149'],
  plan: ['--miner', 'f0149'],
  rehearse: ['--plan', PLAN],
  compare: ['--rules', 'v18', '--days', '1'],
}

/** The root of that state, as the header of its CAR has it, and the last epoch that it has executed. */
const STATE_ROOT = 'bafy2bzacebxlf5ptyicfvcqbxqby4ykyacsf6oogdoc7x22erqskavftcb3q4'
const STATE_EPOCH = 6_112_429

async function plimsoll(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(args, terminal)
  return { status, out: terminal.out, error: terminal.error }
}

test('S9: every command that can be told where the chain is, is looked at here', async () => {
  const { out } = await plimsoll('--help')
  const names = [...out.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].map(([, name]) => name ?? '')
  expect(names).toContain('assess')
  const aware: string[] = []
  for (const name of names.filter((one) => one !== 'help')) {
    if ((await plimsoll(name, '--help')).out.includes('--max-age')) {
      aware.push(name)
    }
  }
  expect(aware.toSorted()).toEqual(Object.keys(COMMANDS).toSorted())
})

describe.each(Object.entries(COMMANDS))('%s', (command, args) => {
  test('S9: refuses a state that is older than was asked for, and prints nothing of it', async () => {
    const head = String(STATE_EPOCH + 2881)
    const { status, out, error } = await plimsoll(command, ...args, '--max-age', '2880', '--head', head)
    expect(error).toMatch(/^plimsoll: STATE_TOO_OLD: [^\n]+\n$/)
    expect(out).toBe('')
    expect(status).toBe(65)
  })

  test('S9: says of which state its answer is, and up to which epoch that is executed', async () => {
    const head = String(STATE_EPOCH + 2880)
    const fresh = ['--max-age', '2880', '--head', head]
    const page = await plimsoll(command, ...args, ...fresh)
    expect(page.out).toContain(`state ${STATE_ROOT}\n`)
    expect(page.out).toContain(`executed up to epoch ${STATE_EPOCH}\n`)
    const json = JSON.parse((await plimsoll(command, ...args, ...fresh, '--json')).out)
    expect(json).toMatchObject({ stateRoot: STATE_ROOT, stateEpoch: STATE_EPOCH })
  })
})
