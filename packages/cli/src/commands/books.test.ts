import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const EXAMPLE = fileURLToPath(new URL('../../../../examples/ledger.json', import.meta.url))

async function plimsoll(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(args, terminal)
  return { status, out: terminal.out, error: terminal.error }
}

describe('books', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'books-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const fileOf = async (name: string, text: string) => {
    const path = join(folder, name)
    await writeFile(path, text)
    return path
  }

  test('prints what every agreement owes and why', async () => {
    const { status, out, error } = await plimsoll('books', EXAMPLE)
    expect(error).toBe('')
    expect(status).toBe(0)
    expect(out).toContain('13 entries up to epoch 7700; the invariants of the books hold after each of them')
    expect(out).toMatch(/f01000 +closed +1,000\.0000 +0\.1000 +1,000\.1000 +0\.0000\n/)
    expect(out).toMatch(/f01001 +open +500\.0000 +0\.0000 +0\.0000 +500\.0000\n/)
    // Paid 630 and 375.25, of which 1,000.1 were owed.
    expect(out).toMatch(/1,005\.2500 +1,000\.1000 +5\.1500\n/)
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([])
  })

  test('prints the same as JSON, to the attoFIL', async () => {
    const { status, out } = await plimsoll('books', EXAMPLE, '--json')
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      entries: 13,
      supply: '500000000000000000000',
      surplus: '0',
      agreements: [{ miner: 1000, outstanding: '0' }, { outstanding: '500000000000000000000' }],
      auctions: [{ surplus: '5150000000000000000' }],
    })
  })

  test('names the entry that the rules refuse', async () => {
    const text = await readFile(EXAMPLE, 'utf8')
    const path = await fileOf('beyond.json', text.replace('"1000 FIL"', '"1001 FIL"'))
    const { status, out, error } = await plimsoll('books', path)
    expect({ status, out }).toEqual({ status: 65, out: '' })
    expect(error).toMatch(/^plimsoll: LEDGER_BEYOND_SAFE_PLEDGE: entries\.2, mint: .*buffer\n$/)
  })

  test.each([
    { name: 'cut.json', text: '{"format": 1,' },
    { name: 'list.json', text: '[]' },
  ])('refuses $name in one line', async ({ name, text }) => {
    const { status, error } = await plimsoll('books', await fileOf(name, text))
    expect(status).toBe(65)
    expect(error).toMatch(/^plimsoll: INVALID_LEDGER_FILE: [^\n]*\n$/)
  })
})
