import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-rehearse-'))
/** What `plan --json` printed of f0152 of the state that ships with the program. */
let planned: string

async function plimsoll(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(args, terminal)
  return { status, out: terminal.out, error: terminal.error }
}

function fileOf(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

beforeAll(async () => {
  planned = (await plimsoll('plan', '--miner', 'f0152', '--json')).out
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

describe('rehearse', () => {
  test('carries a saved plan out on a fork of its state', async () => {
    const plan = fileOf('plan.json', planned)
    const { status, out } = await plimsoll('rehearse', '--plan', plan)
    expect(status).toBe(0)
    expect(out).toContain('plan for f0152, target all, rules v18, from epoch 6112430')
    expect(out).toContain('every fee, balance and payment came out as planned, to the attoFIL')
    const { out: json } = await plimsoll('rehearse', '--plan', plan, '--json')
    const answer = JSON.parse(json)
    expect(answer.plan).toEqual(JSON.parse(planned).plan)
    expect(answer.rehearsal.differences).toEqual([])
    expect(answer.rehearsal.cash).toBe(answer.plan.cash.at(-1).total)
  })

  test.each([
    {
      what: 'that was changed',
      text: () => planned.replace('"target": "all"', '"target": "safe"'),
      args: [],
      status: 2,
      code: 'PLAN_ALTERED',
    },
    {
      what: 'for another epoch',
      text: () => planned,
      args: ['--epoch', '6112431'],
      status: 2,
      code: 'PLAN_DOES_NOT_FIT',
    },
    { what: 'that is no plan', text: () => '{"format":1}', args: [], status: 65, code: 'INVALID_PLAN_FILE' },
    { what: 'that is no JSON', text: () => '{', args: [], status: 65, code: 'INVALID_PLAN_FILE' },
  ])('refuses a plan $what', async ({ text, args, status, code }) => {
    const plan = fileOf('other.json', text())
    const result = await plimsoll('rehearse', '--plan', plan, ...args)
    expect(result.status).toBe(status)
    expect(result.error).toContain(`plimsoll: ${code}: `)
    expect(result.out).toBe('')
  })

  test('says which file cannot be read', async () => {
    const { status, error } = await plimsoll('rehearse', '--plan', join(directory, 'none.json'))
    expect(status).toBe(2)
    expect(error).toContain('FILE_UNREADABLE')
  })
})
