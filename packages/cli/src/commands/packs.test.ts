import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import type { PacksReport } from '@plimsoll/risk'
import { capturedTerminal, carOfState } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const hashes = await createHashes()
const FIL = 10n ** 18n
const EXAMPLE = fileURLToPath(new URL('../../../../examples/packs.json', import.meta.url))

let directory: string
let state: string

/** A pledge of 10 FIL at full age, 1 FIL beside: balance 11, fee 0.85. */
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-packs-'))
  state = join(directory, 'state.car')
  const { car } = carOfState(hashes, {
    epoch: 1_000_000,
    miners: [
      {
        id: 1000 as ActorId,
        unlockedBalance: FIL,
        sectors: [{ sectorNumber: 1, initialPledge: 10n * FIL, activation: 1000 }],
      },
    ],
  })
  writeFileSync(state, car)
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function plimsoll(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['packs', state, '--miner', 'f01000', ...args], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

async function packs(...args: readonly string[]): Promise<string> {
  const { status, out, error } = await plimsoll(...args)
  expect(error).toBe('')
  expect(status).toBe(0)
  return out
}

function fileOf(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

describe('packs --json', () => {
  const report = async (...args: readonly string[]): Promise<PacksReport> =>
    JSON.parse(await packs(...args, '--json'))

  test('has the same miner by the rules of every protocol, with what binds', async () => {
    const given = await report('--outstanding', '2 FIL', '--buffer', '1 FIL', '--pack-params', EXAMPLE)
    expect(given).toMatchObject({
      miner: 'f01000',
      outstanding: String(2n * FIL),
      // 11 − 0.85, and without 2 outstanding and a buffer of 1.
      liquidationValue: '10150000000000000000',
      safePledgeStrict: '7150000000000000000',
    })
    const limits = given.packs.map(({ title, limits: all }) => [
      title,
      ...all.map(({ value, binding }) => [value.state === 'known' ? value.value : value.state, binding]),
    ])
    expect(limits).toEqual([
      ['Repl (pFIL)', ['7150000000000000000', 'safePledge']],
      [
        // 0.75 · 10.15 − 2; (10.15 − 2) / 0.25 − 8.15 − 2; 1 available of 10.15 − 2 / 0.75.
        'GLIF',
        ['5612500000000000000', 'maxDtl'],
        ['22450000000000000000', 'maxDtl'],
        ['1000000000000000000', 'availableBalance'],
      ],
      [
        // 11 / 2 − 2; 11 − 2 · 2; 1 available, of which 1 has to remain.
        'STFIL',
        ['3500000000000000000', 'maxLeverage'],
        ['7000000000000000000', 'maxLeverage'],
        ['0', 'safetyBufferOfLockedFunds'],
      ],
      // 11 · 0.5 − 2 is less than the smallest loan of 10.
      ['FILLiquid', ['0', 'minLoan'], ['0', 'minLoan']],
      // 0.75 · (10 − 0.85 + 1 + 0.5) − 2
      ['Filus', ['5987500000000000000', 'maxDebtRatio']],
      // 0.5 · 10.15 − 2
      ['house rules', ['3075000000000000000', 'maxDebtRatio']],
    ])
    expect(given.packs.flatMap(({ needs }) => needs)).toEqual([])
  })

  test('without parameters names for every protocol what it needs', async () => {
    const { packs: all, buffer } = await report('--outstanding', '1 FIL')
    expect(buffer).toBeNull()
    expect(Object.fromEntries(all.map(({ pack, needs }) => [pack, needs]))).toMatchObject({
      glif: ['glif.tier'],
      filus: ['filus.futureIncome'],
    })
  })
})

describe('packs as tables', () => {
  test('shows value, levels and limits, and a question mark for what needs a parameter', async () => {
    const page = await packs('--outstanding', '2 FIL')
    expect(page).toContain('strict Safe Pledge 8.1500 before buffer')
    // Without a buffer Safe Pledge cannot exceed 11 − 0.85 − 2.
    expect(page).toMatch(/^Repl \(pFIL\) +\? ≤ 8\.1500$/m)
    expect(page).toMatch(
      /^FILLiquid +ltv +18\.19 % +alert above 75\.00 % +liquidation above 85\.00 % +sound$/m,
    )
    expect(page).toMatch(/^FILLiquid +11\.0000 +10\.1500 +\+0\.8500 terminationFee$/m)
    expect(page).toContain('  GLIF: glif.tier\n')
  })

  test('has nothing open when everything is given', async () => {
    const page = await packs('--outstanding', '2 FIL', '--buffer-days', '1', '--pack-params', EXAMPLE)
    expect(page).not.toContain('?')
    expect(page).toContain('house rules')
  })
})

describe('packs --csv', () => {
  test('has a record for every protocol, empty where a figure is not known', async () => {
    const [head = '', ...rows] = (await packs('--csv', '--outstanding', '2 FIL')).trimEnd().split('\n')
    const column = (name: string) => rows.map((row) => row.split(',')[head.split(',').indexOf(name)])
    expect(column('pack')).toEqual(['repl', 'glif', 'stfil', 'filliquid', 'filus'])
    expect(column('value')).toEqual([
      '10150000000000000000',
      '10150000000000000000',
      '11000000000000000000',
      '11000000000000000000',
      '',
    ])
    expect(column('standing')).toEqual(['', '', '', 'sound', ''])
    // 11 · 0.5 − 2 is less than the smallest loan.
    expect(column('takenOut')).toEqual(['', '', '', '0', ''])
    expect(column('takenOutBinding')).toEqual(['', '', '', 'minLoan', ''])
    expect(column('needs')[1]).toBe('glif.tier')
  })
})

describe('pack parameters that cannot be read', () => {
  test.each([
    { name: 'no.json', text: 'nothing', code: 'INVALID_PACK_PARAMETERS', status: 65 },
    { name: 'old.json', text: '{"format":0}', code: 'INVALID_PACK_PARAMETERS', status: 65 },
  ])('in $name end in one line with $code and status $status', async ({ name, text, code, status }) => {
    const result = await plimsoll('--pack-params', fileOf(name, text))
    expect(result).toMatchObject({ status, out: '' })
    expect(result.error).toMatch(new RegExp(`^plimsoll: ${code}: [^\\n]+\\n$`))
  })

  test('because there is no such file end in a usage error', async () => {
    const { status, error } = await plimsoll('--pack-params', '/nowhere/packs.json')
    expect(status).toBe(2)
    expect(error).toMatch(/^plimsoll: FILE_UNREADABLE: [^\n]+\n$/)
  })
})
