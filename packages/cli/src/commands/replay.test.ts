import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const FIXTURES = fileURLToPath(new URL('../../../../fixtures', import.meta.url))
const SCENARIO = join(FIXTURES, 'reference-v18', 'multisig-account-init', 'tiny.jsonl.gz')
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-replay-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

async function replay(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['replay', ...args], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

/** Copies the scenario with its state, and with one text in it replaced. */
function copyWith(from: string, to: string): string {
  const target = join(directory, 'copy.jsonl.gz')
  copyFileSync(SCENARIO.replace('.jsonl.gz', '.genesis.car.gz'), join(directory, 'copy.genesis.car.gz'))
  const text = gunzipSync(readFileSync(SCENARIO)).toString('utf8')
  expect(text).toContain(from)
  writeFileSync(target, gzipSync(text.replace(from, to)))
  return target
}

describe('replay', () => {
  test('says that all steps came out as they were recorded, and exits with 0', async () => {
    const { status, out, error } = await replay(SCENARIO)
    expect(error).toBe('')
    expect(out).toMatch(/^multisig-account-init\/tiny\n/)
    expect(out).toMatch(/\nall 56 steps passed \(56 executions in \d+\.\d\d s of CPU\)\n$/)
    expect(status).toBe(0)
  })

  test('stops after a step and says how far that is', async () => {
    const { status, out } = await replay(SCENARIO, '--until', '9')
    expect(status).toBe(0)
    expect(out).toMatch(/\n10 of 56 steps passed \(10 executions /)
  })

  test('shows the first difference in full, and exits with 1', async () => {
    const { status, out } = await replay(copyWith('"exit":16', '"exit":18'))
    expect(status).toBe(1)
    expect(out).toContain('step 3, epoch 6100000: f0105 → f01 init.Exec(2)')
    expect(out).toContain('exit code\n  expected 18\n  actual   16 (')
    expect(out).toMatch(/\n3 of 56 steps passed, step 3 differs \(/)
  })

  test('prints a step with its calls as a tree, its receipt, and the fields that changed', async () => {
    const { status, out } = await replay(SCENARIO, '--show', '0')
    expect(status).toBe(0)
    expect(out).toContain('f0109 → f01 init.Exec(2)  2000 FIL  = 0 OK')
    expect(out).toContain('└─ f01 → f0119 multisig.Constructor(1)  2000 FIL  = 0 OK')
    expect(out).toMatch(/receipt\n {2}exit code 0 OK\n {2}returns \{idAddress: f0119, robustAddress: f2/)
    expect(out).toMatch(/f01 init\n.*\n {4}state\.nextId: 119 → 120\n/)
  })

  test('says in a step that failed why it did', async () => {
    const { out } = await replay(SCENARIO, '--show', '3')
    expect(out).toMatch(/receipt\n {2}exit code 16 USR_ILLEGAL_ARGUMENT\n {2}because /)
  })

  test('prints JSON with amounts as texts', async () => {
    const { out } = await replay(SCENARIO, '--show', '0', '--until', '5', '--json')
    expect(JSON.parse(out)).toMatchObject({
      format: 1,
      scenario: 'multisig-account-init/tiny',
      stepCount: 56,
      passedSteps: 6,
      isWhole: false,
      failure: null,
      step: { step: 0, call: { value: '2000000000000000000000', method: 'init.Exec(2)' } },
    })
  })

  test('prints a difference as JSON', async () => {
    const { status, out } = await replay(copyWith('"exit":16', '"exit":18'), '--json')
    expect(status).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      passedSteps: 3,
      failure: { step: 3, differences: [{ what: 'exit code', expected: '18' }] },
    })
  })

  test('checks the invariants after every step when it is asked to', async () => {
    const { status, out } = await replay(SCENARIO, '--invariants')
    expect(status).toBe(0)
    expect(out).toContain('invariants that are broken for the first time after a step')
  })
})

describe('what cannot be replayed', () => {
  test.each([
    { what: 'no file', args: ['/nowhere/a.jsonl.gz'], code: 'FILE_UNREADABLE', exit: 2 },
    { what: 'a directory', args: ['/'], code: 'FILE_UNREADABLE', exit: 2 },
    { what: 'no argument', args: [], code: 'USAGE', exit: 2 },
    { what: 'a step that there is not', args: [SCENARIO, '--show', '56'], code: 'STEP_NOT_FOUND', exit: 2 },
    { what: 'no number of a step', args: [SCENARIO, '--show', 'last'], code: 'USAGE', exit: 2 },
    {
      what: 'a step after the last one',
      args: [SCENARIO, '--show', '5', '--until', '4'],
      code: 'OPTIONS_CONTRADICT',
      exit: 2,
    },
    { what: 'a CAR', args: [SCENARIO.replace('.jsonl', '.final.car')], code: 'INVALID_SCENARIO', exit: 65 },
  ])('is refused on one line: $what', async ({ args, code, exit }) => {
    const { status, out, error } = await replay(...args)
    expect(out).toBe('')
    expect(error).toMatch(new RegExp(`^plimsoll: ${code}: [^\\n]+\\n$`))
    expect(status).toBe(exit)
  })

  test('is a scenario without the state that it begins with', async () => {
    const path = join(directory, 'alone.jsonl.gz')
    copyFileSync(SCENARIO, path)
    expect(await replay(path)).toMatchObject({
      status: 2,
      error: expect.stringMatching(/^plimsoll: FILE_UNREADABLE: cannot read .*alone\.genesis\.car\.gz: /),
    })
  })

  test('is a file that does not decompress', async () => {
    const path = join(directory, 'cut.jsonl.gz')
    writeFileSync(path, readFileSync(SCENARIO).subarray(0, 1000))
    expect(await replay(path)).toMatchObject({
      status: 65,
      error: expect.stringMatching(/^plimsoll: DECOMPRESSION_FAILED: /),
    })
  })

  test('is a scenario with a line that is no step', async () => {
    expect(await replay(copyWith('"t":"msg"', '"t":"mail"'))).toMatchObject({
      status: 65,
      out: '',
      error: expect.stringMatching(/^plimsoll: INVALID_SCENARIO: .*line 2: /),
    })
  })

  test('is a state that is damaged', async () => {
    const path = copyWith('"t":"msg"', '"t":"msg"')
    const state = path.replace('.jsonl.gz', '.genesis.car.gz')
    const car = gunzipSync(readFileSync(state))
    car[car.length - 1] = (car.at(-1) ?? 0) ^ 1
    writeFileSync(state, gzipSync(car))
    expect(await replay(path)).toMatchObject({
      status: 65,
      error: expect.stringMatching(/^plimsoll: CAR_HASH_MISMATCH: /),
    })
  })
})
