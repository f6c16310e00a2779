import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-forecast-'))

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function forecast(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['forecast', ...args], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

// f0152 has 25.1513 FIL and nothing faulty; when it stops it loses some 0.024 FIL a day from the second day on.
const STOPS = ['--miner', 'f0152', '--operator', 'stops', '--days', '4']

describe('forecast', () => {
  test.each([
    { levels: ['--warning', '20 FIL'], status: 0, outlook: 'safe' },
    { levels: ['--warning', '25.1 FIL'], status: 3, outlook: 'warning' },
    { levels: ['--warning', '25.12 FIL', '--termination', '25.1 FIL'], status: 4, outlook: 'termination' },
  ])('exits with $status for $levels', async ({ levels, status, outlook }) => {
    const result = await forecast(...STOPS, ...levels)
    expect(result).toMatchObject({ status, error: '' })
    expect(result.out).toMatch(new RegExp(`^f0152 +${outlook} +25\\.1513`, 'm'))
  })

  test('says what cures it, and has run that', async () => {
    const { out } = await forecast(...STOPS, '--warning', '25.1 FIL', '--json')
    const [{ remedy, crossings, days, start }] = JSON.parse(out).miners
    expect(crossings).toMatchObject([{ kind: 'warning' }])
    expect(remedy).toMatchObject({
      level: 'warning',
      isConfirmed: true,
      recoveringCures: true,
      before: crossings[0].epoch,
    })
    // Begun a deadline before the crossing nothing that is charged until then is saved; begun in the first epoch all is.
    const { latest, count, faulty, sectors } = remedy.recovery
    expect(latest).toBeGreaterThan(start.epoch)
    expect(latest).toBeLessThan(remedy.before)
    expect(faulty).toBeLessThanOrEqual(count)
    expect(sectors).toMatch(/^\d+(-\d+)?(,\d+(-\d+)?)*$/)
    const page = await forecast(...STOPS, '--warning', '25.1 FIL')
    expect(page.out).toContain(`or recover ${count} sectors`)
    const lowest = BigInt(days.at(-1).eligibleAsset)
    expect(BigInt(remedy.topUp)).toBe(25_100_000_000_000_000_000n - lowest)
  })

  // f0152 has 23.15 FIL above 2 FIL outstanding, and pays far less than one of daily fees: it is above 20 FIL with 2 FIL
  // minted at the end of the first day, and below with as much at the end of the second.
  test('lets what is outstanding grow, by the command line or by the portfolio', async () => {
    const grows = ['--passive-mint', '2 FIL', '--interest', '36.5 %', '--warning', '20 FIL']
    const args = ['--miner', 'f0152', '--days', '3', '--outstanding', '2 FIL', ...grows]
    const { out, status } = await forecast(...args, '--json')
    expect(status).toBe(3)
    const { assumptions, miners } = JSON.parse(out)
    // 2 FIL at 36.5 % are 0.002 FIL a day.
    expect(miners[0]).toMatchObject({
      outstanding: '2000000000000000000',
      outstandingAtEnd: '8006000000000000000',
      passiveMintPerDay: '2000000000000000000',
      interestPercentPerYear: '36.5',
      closedForm: { isEqualToActors: true },
      crossings: expect.arrayContaining([{ kind: 'warning', epoch: assumptions.fromEpoch + 2 * 2880 - 1 }]),
    })
    const path = join(directory, 'growing.json')
    const terms = { outstanding: '2 FIL', passiveMintPerDay: '2 FIL', interestPerYear: '36.5 %' }
    const loan = { miner: 'f0152', ...terms, warningThreshold: '20 FIL' }
    writeFileSync(path, JSON.stringify({ format: 1, miners: [loan] }))
    const page = await forecast('--portfolio', path, '--days', '3')
    expect(page.out).toContain('f0152: outstanding grows from 2.0000 to 8.0060 FIL')
    expect(JSON.parse((await forecast('--portfolio', path, '--days', '3', '--json')).out).miners).toEqual(
      miners,
    )
  })

  test('gives a miner the rewards that its scenario expects', async () => {
    const path = join(directory, 'winning.json')
    const rewards = [
      { miner: 'f0152', perDay: '1.5 FIL' },
      { miner: 'f0149', perDay: '7 FIL' },
    ]
    writeFileSync(path, JSON.stringify({ format: 1, days: 2, rewards }))
    const args = ['--miner', 'f0152', '--scenario', path]
    const { out } = await forecast(...args)
    expect(out).toContain('blocks: those of the scenario, at the end of each day')
    expect(out).toContain('f0152 wins 1.5000 FIL a day, of which three quarters vest')
    const { miners } = JSON.parse((await forecast(...args, '--json')).out)
    expect(miners[0]).toMatchObject({ rewardPerDay: '1500000000000000000', refused: {} })
    const rewarded = '1500000000000000000'
    expect(miners[0].closedForm).toMatchObject({ isEqualToActors: true, terms: [{ rewarded }, { rewarded }] })
  })

  test('says by which terms other paths differ from the run, on the page and adding up in JSON', async () => {
    const page = await forecast(...STOPS)
    expect(page.out).toContain('Path less run over all days, by what moved the money, in FIL')
    expect(page.out).toMatch(/^path +eligible asset +fee debt +fault fee +burned +unlocked$/m)
    expect(page.out).toMatch(/^frozen network( +0){5}$/m)
    const report = JSON.parse((await forecast(...STOPS, '--json')).out)
    const { againstRun, band } = report.miners[0].closedForm
    expect(againstRun).toEqual([])
    const [, held] = band.paths
    type Day = { readonly figures: { readonly balance: string }; readonly terms: { readonly burned: string } }
    const burned = held.againstRun.reduce((sum: bigint, { terms }: Day) => sum + BigInt(terms.burned), 0n)
    expect(held.againstRun.at(-1).figures.balance).toBe(String(-burned))
    expect(BigInt(held.end.balance) - BigInt(report.miners[0].days.at(-1).balance)).toBe(-burned)
  })

  test('sorts the miners of a portfolio by what is most urgent', async () => {
    const path = join(directory, 'loans.json')
    const miners = [
      { miner: 'f0152', outstanding: '1 FIL', warningThreshold: '1 FIL' },
      { miner: 'f0149', outstanding: '5 FIL', terminationThreshold: '3 FIL', label: 'Northern Racks' },
      { miner: 'f0151', warningThreshold: '1000 FIL' },
    ]
    writeFileSync(path, JSON.stringify({ format: 1, miners }))
    const { out, status } = await forecast('--portfolio', path, '--days', '1')
    expect(status).toBe(4)
    expect(
      [...out.matchAll(/^(f0\d+)[^:\n]* (?:termination|warning|safe) /gm)].map(([, miner]) => miner),
    ).toEqual(['f0149', 'f0151', 'f0152'])
    expect(out).toContain('f0149 Northern Racks')
  })

  // On a network with little pledge the deposit that a creation locked cannot all be unlocked. No level is given here, and
  // none crossed: that its cron is dead is what the warning is about.
  test('says in words when a miner loses its cron, where the path is flat from then on', async () => {
    const state = 'fixtures/reference-v18/deals/tiny.final.car.gz'
    const stops = [state, '--miner', 'f0121', '--operator', 'stops', '--days', '2']
    const { out, status } = await forecast(...stops)
    expect(status).toBe(3)
    expect(out).toMatch(/^f0121 +warning .* 12197\b/m)
    expect(out).toMatch(/^f0121 LOSES ITS CRON: it fails at epoch 12197\b.*, and the claim is deleted$/m)
    expect(out).toMatch(/^its claim is deleted, and cron no longer calls it +12197\b/m)
    expect(out).toMatch(/^none: f0121 in epoch 12197: the network’s pledge would fall below zero/m)
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([])
    const { miners } = JSON.parse((await forecast(...stops, '--json')).out)
    expect(miners[0]).toMatchObject({ outlook: 'warning', remedy: null })
    expect(miners[0].crossings).toContainEqual({ kind: 'claimDeleted', epoch: 12197 })
  })

  test.each([
    { args: [], error: 'a forecast needs --miner or --portfolio', status: 2 },
    { args: ['--miner', 'f0100'], error: 'NOT_A_MINER', status: 2 },
    { args: ['--miner', 'f0152', '--rules', 'v17'], error: 'RULES_NOT_EXECUTABLE', status: 2 },
    { args: ['--miner', 'f0152', '--interest', '-1'], error: 'USAGE', status: 2 },
    { args: ['--miner', 'f0152', '--warning', '-1 FIL'], error: 'USAGE', status: 2 },
  ])('refuses $args', async ({ args, error, status }) => {
    const result = await forecast(...args)
    expect(result).toMatchObject({ status, out: '' })
    expect(result.error).toContain(error)
  })
})
