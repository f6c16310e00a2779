import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-what-if-'))

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function whatif(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['whatif', ...args], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

// f0150 of the state that ships with the program has 19.0767 FIL and two faulty sectors.
const MINER = ['--miner', 'f0150', '--days', '1']

describe('whatif', () => {
  test('shows messages, entries, figures and levels with and without them', async () => {
    const { status, out, error } = await whatif(
      ...MINER,
      ...['--topup', '2 FIL', '--recover', 'faulty', '--outstanding', '3 FIL'],
      ...['--repay', '1 FIL', '--mint', '30 FIL', '--warning', '18.5 FIL'],
    )
    expect({ status, error }).toEqual({ status: 0, error: '' })
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
    expect(out).toMatch(/^6112430 +Send +OK +\+2\.0000 +0\.0000/m)
    expect(out).toMatch(/^6112430 +DeclareFaultsRecovered +OK /m)
    expect(out).toContain('repay of 1 FIL: that much less is outstanding')
    expect(out).toMatch(
      /^mint of 30 FIL is refused: beyond Safe Pledge, published, of 18\.8\d{3} FIL; bound by actorBalance$/m,
    )
    expect(out).toMatch(/^faulty +2 +2 +0 +-2$/m)
    expect(out).toMatch(/^outstanding +3\.0000 +3\.0000 +2\.0000 +-1\.0000$/m)
    expect(out).toMatch(/^below the warning level +already so +not$/m)
  })

  test('takes what is outstanding from a portfolio, and flags in its place', async () => {
    const path = join(directory, 'loans.json')
    const miners = [
      { miner: 'f0150', outstanding: '4 FIL', terminationThreshold: '2 FIL', buffer: { days: 7 } },
    ]
    writeFileSync(path, JSON.stringify({ format: 1, miners }))
    const ask = async (...args: readonly string[]) =>
      JSON.parse((await whatif(...MINER, '--topup', '1 FIL', '--portfolio', path, '--json', ...args)).out)
    const report = await ask()
    expect(report).toMatchObject({
      now: { outstanding: '4000000000000000000' },
      thresholds: { warning: null, termination: '2000000000000000000' },
      messages: [
        { action: 'topUp', method: 'Send', exitCode: 0, changed: { balance: '1000000000000000000' } },
      ],
    })
    expect(report.now.buffer).toBe(String(7n * BigInt(report.now.dailySlashing)))
    expect((await ask('--outstanding', '0 FIL')).now.outstanding).toBe('0')
  })

  test('shows why a message is refused, and no change by it', async () => {
    const { out, status } = await whatif(
      ...MINER,
      '--extend',
      'all:99000000',
      '--circulating-supply',
      '600000000 FIL',
    )
    expect(status).toBe(0)
    expect(out).toMatch(/^6112430 +ExtendSectorExpiration2 +USR_ILLEGAL_ARGUMENT\S* +- +- +- +-$/m)
    expect(out).toMatch(/^ExtendSectorExpiration2 is refused: \w/m)
  })

  test.each([
    { args: [], error: 'nothing is asked' },
    { args: ['--topup', '0 FIL'], error: 'USAGE' },
    { args: ['--recover', '5-1'], error: 'USAGE' },
    { args: ['--terminate', '99999'], error: 'SECTOR_NOT_LIVE' },
    { args: ['--extend', 'all'], error: 'an extension is a set of sectors and an epoch' },
    { args: ['--extend', 'all:7000000'], error: 'CIRCULATING_SUPPLY_NEEDED' },
    { args: ['--topup', '1 FIL', '--rules', 'v17'], error: 'RULES_NOT_EXECUTABLE' },
    { args: ['--topup', '1 FIL', '--days', '0'], error: 'OPTIONS_CONTRADICT' },
  ])('refuses $args', async ({ args, error }) => {
    const result = await whatif('--miner', 'f0150', ...args)
    expect(result).toMatchObject({ status: 2, out: '' })
    expect(result.error).toContain(error)
  })
})
