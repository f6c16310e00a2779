import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capturedTerminal } from '@plimsoll/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const directory = mkdtempSync(join(tmpdir(), 'plimsoll-plan-'))
const parameters = join(directory, 'packs.json')
writeFileSync(
  parameters,
  JSON.stringify({
    format: 1,
    repl: { warningThreshold: '2 FIL', terminationThreshold: '1 FIL' },
    glif: { tier: 'none' },
    custom: [
      {
        name: 'house rules',
        deductions: [],
        compared: 'valueAfterDebt',
        warning: '2 FIL',
        termination: '1 FIL',
      },
    ],
  }),
)

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function plimsoll(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['plan', ...args], terminal)
  return { status, out: terminal.out, error: terminal.error }
}

const SAFE = ['--miner', 'f0152', '--target', 'safe', '--pack-params', parameters]

describe('plan', () => {
  // The balance of f0152 is 25.1513 FIL, without deposits.
  test.each([
    [[], 'FORCED: no termination level was given'],
    [['--outstanding', '20 FIL', '--termination', '5 FIL'], 'FORCED: the miner is not below its level'],
    [['--outstanding', '20 FIL', '--termination', '6 FIL'], 'below its level: eligible asset 5.1513'],
  ])('says whether somebody’s rules ask for it: %j', async (args, line) => {
    const { out, status } = await plimsoll('--miner', 'f0152', ...args)
    expect(status).toBe(0)
    expect(out).toMatch(new RegExp(`^${line}`, 'm'))
  })

  // f0152 of the state that ships with the program has 50 sectors, no debt, and funds that vest.
  test('shows the messages, what they come to, and that a fork agrees', async () => {
    const { status, out, error } = await plimsoll('--miner', 'f0152', '--rehearse')
    expect(error).toBe('')
    expect(status).toBe(0)
    expect(out).toContain('plan for f0152, target all, rules v18, from epoch 6112430')
    expect(out).toMatch(/^1 +6112430 +TerminateSectors +3 4 5 19 … +50 +0\.1280 /m)
    expect(out).toMatch(/^2 +6112431 +WithdrawBalance /m)
    expect(out).toMatch(/^left at 6625109 +0\.0000$/m)
    expect(out).toContain('every fee, balance and payment came out as planned, to the attoFIL')
    expect(out).toContain('nothing is proven while the plan runs')
  })

  test('names what cannot be paid', async () => {
    const { status, out } = await plimsoll('--miner', 'f0149')
    expect(status).toBe(0)
    expect(out).toMatch(/^fee-debt +certain /m)
    expect(out).toMatch(/^shortfall +228\.6548$/m)
  })

  test('has messages ready to be signed in JSON, under a hash', async () => {
    const { out } = await plimsoll('--miner', 'f0152', '--rules', 'v18+terminateSectors2', '--json')
    const { plan, rehearsal } = JSON.parse(out)
    expect(rehearsal).toBeNull()
    expect(plan.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(plan.steps[0].message).toMatchObject({
      ...{ from: expect.stringMatching(/^f0\d+$/), to: 'f0152' },
      ...{ method: 37, methodName: 'TerminateSectors2', value: '0' },
    })
    // [terminations, 50]: 0x18 0x32 at the end is the maximum of terminations.
    expect(plan.steps[0].message.params).toMatch(/^82.*1832$/)
    const { start, end, totals, cash } = plan
    expect(BigInt(start.balance)).toBe(
      BigInt(totals.burned) + BigInt(cash.at(-1).total) + BigInt(end.balance),
    )
  })
})

describe('plan --target safe', () => {
  // Debt over liquidation value must not exceed 0.75. By drawing 13.25 FIL it comes below that for 19.5 FIL; of 23 FIL
  // too much is left, and pledge has to be freed.
  test('draws where that is enough', async () => {
    const { out } = await plimsoll(...SAFE, '--pack', 'glif', '--outstanding', '19.5 FIL')
    expect(out).toContain('Safe: reached by drawing')
    expect(out).not.toContain('TerminateSectors')
  })

  test('terminates as few sectors as it needs, and rehearses that', async () => {
    const { out } = await plimsoll(
      ...SAFE,
      '--pack',
      'glif',
      '--outstanding',
      '23 FIL',
      '--rehearse',
      '--json',
    )
    const { plan, rehearsal } = JSON.parse(out)
    expect(plan.safe.outcome).toBe('reached')
    expect(plan.safe.sectors.length).toBeGreaterThan(0)
    expect(plan.safe.sectors.length).toBeLessThan(50)
    expect(BigInt(plan.safe.lowerBound)).toBeLessThanOrEqual(BigInt(plan.safe.fee))
    expect(plan.totals.settledSectors).toBe(plan.safe.sectors.length)
    expect(plan.end.liveSectors).toBe(50 - plan.safe.sectors.length)
    expect(rehearsal.differences).toEqual([])
  })

  test('never makes it worse: at par the eligible asset cannot be raised by terminating', async () => {
    const { out } = await plimsoll(...SAFE, '--outstanding', '24 FIL')
    expect(out).toContain('Safe: unreachable')
    expect(out).toMatch(/^Messages\n\nnone$/m)
    // Balance 25.1513 less 24 is 1.1513, which is 0.8487 below the level of 2 FIL.
    expect(out).toContain('top-up that would be enough instead: 0.8487 FIL')
  })

  // Balance 25.1513 less 24 is 1.1513, which is below 2 FIL: the same level under another name.
  test('asks by rules of one’s own, named in the file', async () => {
    const { out, status } = await plimsoll(...SAFE, '--pack', 'house rules', '--outstanding', '24 FIL')
    expect(status).toBe(0)
    expect(out).toContain('Safe: unreachable')
    expect(out).toContain('top-up that would be enough instead: 0.8487 FIL')
  })

  test('reaches it where the debt is cheap', async () => {
    const { out } = await plimsoll(...SAFE, '--outstanding', '25 FIL', '--price', '0.9')
    expect(out).toContain('Safe: reached')
  })
})

describe('a question that plan cannot answer', () => {
  test.each([
    { args: ['--miner', 'f0152', '--target', 'safe'], code: 'OPTIONS_CONTRADICT' },
    { args: ['--miner', 'f0152', '--outstanding', '1 FIL'], code: 'OPTIONS_CONTRADICT' },
    { args: ['--miner', 'f0152', '--termination', '1 FIL'], code: 'OPTIONS_CONTRADICT' },
    { args: ['--miner', 'f0152', '--target', 'some'], code: 'USAGE' },
    { args: [...SAFE, '--outstanding', '1 FIL', '--pack', 'our rules'], code: 'INVALID_OPTION' },
    { args: ['--miner', 'f0152', '--price', '0'], code: 'USAGE' },
    { args: ['--miner', 'f0152', '--rules', 'v17'], code: 'RULES_NOT_EXECUTABLE' },
    { args: ['--miner', 'f0152', '--rules', 'v99'], code: 'INVALID_RULES' },
    { args: ['--miner', 'f03'], code: 'NOT_A_MINER' },
    { args: ['--miner', 'f09999999'], code: 'ACTOR_NOT_FOUND' },
    {
      args: ['--miner', 'f0152', '--target', 'safe', '--outstanding', '1 FIL'],
      code: 'COMPARED_QUANTITY_UNKNOWN',
    },
  ])('$args ends with 2 and $code', async ({ args, code }) => {
    const { status, out, error } = await plimsoll(...args)
    expect(status).toBe(2)
    expect(out).toBe('')
    expect(error).toMatch(new RegExp(`^plimsoll: ${code}: .+\n$`))
  })

  test('prints help with examples', async () => {
    const { status, out } = await plimsoll('--help')
    expect(status).toBe(0)
    for (const mention of ['--rehearse', '--target', '--price', 'Examples:']) {
      expect(out).toContain(mention)
    }
  })
})
