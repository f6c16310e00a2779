import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXPLAINED_FIGURES } from '@plimsoll/risk'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-verify-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function plimsoll(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(args, terminal)
  return { status, out: terminal.out, error: terminal.error }
}

async function saved(change: (tree: string) => string, ...args: readonly string[]): Promise<string> {
  const { out, status } = await plimsoll('explain', '--miner', 'f0149', ...args, '--json')
  expect(status).toBe(0)
  const path = join(folder, 'tree.json')
  await writeFile(path, change(out))
  return path
}
const unchanged = (tree: string) => tree

describe('verify', () => {
  test.each(EXPLAINED_FIGURES)('finds an explanation of %s as it was made', async (figure) => {
    const { status, out } = await plimsoll('verify', await saved(unchanged, '--figure', figure))
    expect(out).toMatch(/^verified: \d+ terms/m)
    expect(status).toBe(0)
  })

  test.each([
    [['--sector', '20']],
    [['--outstanding', '2 FIL', '--buffer-days', '7']],
    [['--buffer', '1.5 FIL', '--epoch', '6200000']],
    [['--fee-rules', 'fip0098']],
  ])('asks the same question again: %s', async (args) => {
    const { status } = await plimsoll('verify', await saved(unchanged, ...args))
    expect(status).toBe(0)
  })

  test('says which term was altered, and both values', async () => {
    // The balance of the miner, one attoFIL more.
    const file = await saved((tree) => tree.replaceAll('"7801812431771132106"', '"7801812431771132107"'))
    const { status, out } = await plimsoll('verify', file)
    expect(status).toBe(1)
    expect(out).toContain(
      'safePledgeStrict → safePledge → eligibleAsset → actorBalance, value: saved "7801812431771132107", from the state "7801812431771132106"',
    )
    expect(out).toMatch(/^NOT verified: 2 differences/m)
  })

  test('finds a term that was taken out, one that was put in, and an actor of another code', async () => {
    const file = await saved((tree) => {
      const explanation = JSON.parse(tree)
      explanation.actorCode = 'bafkqaetgnfwc6mjvon'
      explanation.term.terms.pop()
      explanation.term.terms[0].comment = 'trust me'
      return JSON.stringify(explanation)
    })
    const { status, out } = await plimsoll('verify', file, '--json')
    expect(status).toBe(1)
    const fields = JSON.parse(out).differences.map(
      ({ path, field }: { path: string; field: string }) => `${path}.${field}`,
    )
    expect(fields).toContain('.actorCode')
    expect(fields).toContain('safePledgeStrict.terms')
    expect(fields).toContain('safePledgeStrict → safePledge.comment')
    expect(fields).toContain('safePledgeStrict → queuedTerminationFee.value')
  })

  test('refuses the explanation of another state', async () => {
    const root = 'bafy2bzacebxlf5ptyicfvcqbxqby4ykyacsf6oogdoc7x22erqskavftcb3q4'
    const { status, error, out } = await plimsoll(
      'verify',
      await saved((tree) => tree.replace(root, root.replace('4ykyac', '4ykyad'))),
    )
    expect(status).toBe(2)
    expect(out).toBe('')
    expect(error).toMatch(/^plimsoll: EXPLANATION_OF_ANOTHER_STATE: /)
  })

  test.each([
    ['{', 'is not JSON'],
    ['{"format": 2}', 'format'],
    ['[]', 'the file'],
  ])('refuses a file that is no explanation: %s', async (text, reason) => {
    const { status, error } = await plimsoll('verify', await saved(() => text))
    expect(status).toBe(65)
    expect(error).toMatch(/^plimsoll: INVALID_EXPLANATION: /)
    expect(error).toContain(reason)
  })

  test('refuses a sector that is no number, and an amount that is no text of digits', async () => {
    for (const [from, to] of [
      ['"sector": 20', '"sector": -1'],
      ['"outstanding": "0"', '"outstanding": "0x10"'],
    ] as const) {
      const { status } = await plimsoll(
        'verify',
        await saved((tree) => tree.replace(from, to), '--sector', '20'),
      )
      expect(status).toBe(65)
    }
  })
})

describe('S9: how old a state may be', () => {
  // The state that ships with the program has executed epoch 6112429.
  test.each([
    [['--head', '6112429', '--max-age', '0'], 0, ''],
    [['--head', '6115309', '--max-age', '2880'], 0, ''],
    [['--head', '6115310', '--max-age', '2880'], 65, 'STATE_TOO_OLD'],
    [['--max-age', '2880'], 2, 'HEAD_MISSING'],
    [['--head', '6112428'], 2, 'HEAD_BEFORE_STATE'],
  ] as const)('%s: status %i %s', async (args, expected, code) => {
    for (const command of [['assess'], ['explain', '--miner', 'f0149'], ['power']]) {
      const { status, out, error } = await plimsoll(...command, ...args)
      expect(status).toBe(expected)
      expect(error).toMatch(code === '' ? /^$/ : new RegExp(`^plimsoll: ${code}: `))
      expect(out === '').toBe(code !== '')
    }
  })
})
