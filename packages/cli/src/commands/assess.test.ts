import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import type { AssessReport, MinerReport } from '@plimsoll/risk'
import { capturedTerminal, carOfState } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const FIXTURES = fileURLToPath(new URL('../../../../fixtures', import.meta.url))
const TINY = join(FIXTURES, 'liquidation', 'tiny.genesis.car.gz')

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-assess-'))
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function assess(args: readonly string[], like: Parameters<typeof capturedTerminal>[0] = {}) {
  const terminal = capturedTerminal(like)
  const status = await run(['assess', ...args], terminal)
  expect(terminal.error).toBe('')
  expect(status).toBe(0)
  return terminal.out
}

async function reportOf(...args: readonly string[]): Promise<AssessReport> {
  return JSON.parse(await assess([...args, '--json']))
}

describe('assess --json', () => {
  // What the reference itself says of this miner before it is wound up.
  const { start } = JSON.parse(readFileSync(join(FIXTURES, 'liquidation', 'tiny.summary.json'), 'utf8'))

  test("gives the reference's figures of a miner to the attoFIL", async () => {
    const report = await reportOf(TINY)
    expect(report).toMatchObject({
      format: 1,
      stateEpoch: start.epoch - 1,
      assessedEpoch: start.epoch,
      feeRules: 'fip0098',
      actorsVersion: 18,
    })
    const liquidationValue =
      BigInt(start.balance) -
      BigInt(start.pre_commit_deposits) -
      BigInt(start.fee_debt) -
      BigInt(start.termination_fee_of_all_live_sectors_at_start)
    expect(report.miners.find(({ miner }) => miner === start.miner)).toMatchObject({
      liveSectors: start.live_sectors,
      faultySectors: start.faulty_sectors,
      actorBalance: start.balance,
      preCommitDeposit: start.pre_commit_deposits,
      initialPledge: start.initial_pledge,
      lockedFunds: start.locked_funds,
      feeDebt: start.fee_debt,
      terminationFee: start.termination_fee_of_all_live_sectors_at_start,
      queuedTerminationFee: '0',
      liquidationValue: String(liquidationValue),
      safePledge: String(liquidationValue),
      safePledgeStrict: String(liquidationValue),
      buffer: null,
    })
  })

  test('adds all miners up in the totals, those that are not shown as well', async () => {
    const all = await reportOf()
    const sum = all.miners.reduce((total, { feeDebt }) => total + BigInt(feeDebt), 0n)
    expect(all.totals.feeDebt).toBe(String(sum))
    const two = await reportOf('--limit', '2')
    expect(two.miners).toEqual(all.miners.slice(0, 2))
    expect(two.totals).toEqual(all.totals)
  })

  test('is worst first, and sorted by a column when asked', async () => {
    const strict = (report: AssessReport) => report.miners.map((miner) => BigInt(miner.safePledgeStrict ?? 0))
    const worstFirst = strict(await reportOf())
    expect(worstFirst).toEqual(worstFirst.toSorted(compare))
    const fees = (await reportOf('--sort=-terminationFee')).miners.map((miner) =>
      BigInt(miner.terminationFee ?? 0),
    )
    expect(fees).toEqual(fees.toSorted(compare).reverse())
    const ids = (await reportOf('--sort', 'miner')).miners.map(({ miner }) => miner)
    expect(ids).toEqual(ids.toSorted())
  })

  test('at a later epoch has higher fees and never lower ones', async () => {
    const now = await reportOf(TINY)
    const later = await reportOf(TINY, '--epoch', String(now.assessedEpoch + 100 * 2880))
    expect(later.assessedEpoch).toBe(now.assessedEpoch + 100 * 2880)
    expect(BigInt(later.totals.terminationFee ?? 0)).toBeGreaterThan(BigInt(now.totals.terminationFee ?? 0))
  })

  test('with rules that need recorded rewards says null and counts the sectors without them', async () => {
    const report = await reportOf('--fee-rules', 'pre-fip0098')
    const withSectors = report.miners.filter(({ liveSectors }) => liveSectors > 0)
    expect(withSectors.length).toBeGreaterThan(0)
    for (const miner of withSectors) {
      expect(miner).toMatchObject({ terminationFee: null, safePledge: null, safePledgeStrict: null })
      expect(miner.sectorsWithoutRewards).toBe(miner.liveSectors + miner.queuedSectors)
    }
    expect(report.totals.terminationFee).toBeNull()
  })

  test('by both rules has the figures of the other rules beside them', async () => {
    const [miner] = (await reportOf('--fee-rules', 'both')).miners
    expect(miner).toMatchObject({ feeRules: 'fip0098', otherFeeRules: { feeRules: 'pre-fip0098' } })
  })
})

describe('assess as a table', () => {
  test('heads Safe Pledge before buffer where none is given', async () => {
    expect(await assess([])).toContain('before buffer')
    expect(await assess(['--buffer', '1 FIL'])).not.toContain('before buffer')
  })

  test('says n/a with the number of sectors where a fee is not known', async () => {
    expect(await assess(['--fee-rules', 'pre-fip0098'])).toMatch(/n\/a \(61 sectors\)/)
  })

  test('marks what is negative by its sign, and by colour only where there are colours', async () => {
    const plain = await assess([])
    const coloured = await assess([], { hasColours: true })
    expect(plain).toContain('-228.6548')
    expect(plain).toBe(stripVTControlCharacters(plain))
    expect(coloured).not.toBe(plain)
    expect(stripVTControlCharacters(coloured)).toBe(plain)
  })

  test.each([
    { columns: 200, figure: '-228.6548' },
    { columns: 122, figure: '-228.66' },
    { columns: 81, figure: '-228.6548' },
    { columns: 79, figure: '-228.66' },
    { columns: 40, figure: '-229' },
  ])('in a terminal of $columns columns shows the figure as $figure', async ({ columns, figure }) => {
    expect(await assess([], { columns })).toMatch(new RegExp(`${figure}(?!\\d|\\.)`))
  })

  test('in a narrow terminal goes without columns that follow from others, and says which', async () => {
    const table = await assess([], { columns: 80 })
    const rows = table.split('\n').filter((line) => /^(miner|f0|total| )/.test(line))
    expect(rows).toHaveLength(16)
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80)
    expect(table).toContain('width: initialPledge, lockedFunds, preCommitDeposit, safePledge.')
    expect(await assess([], { columns: 200 })).not.toContain('width')
  })

  test('says which miners it leaves out', async () => {
    expect(await assess(['--limit', '5'])).toContain('7 of them are not shown')
  })
})

describe('assess --csv', () => {
  test('has the amounts of the JSON under the same names', async () => {
    const [head = '', ...rows] = (await assess(['--csv'])).trimEnd().split('\n')
    const { miners } = await reportOf()
    const names = head.split(',')
    const columns = names.map((name) => rows.map((row) => row.split(',')[names.indexOf(name)]))
    expect(columns[names.indexOf('miner')]).toEqual(miners.map(({ miner }) => miner))
    expect(columns[names.indexOf('safePledgeStrict')]).toEqual(
      miners.map(({ safePledgeStrict }) => safePledgeStrict),
    )
  })

  test('leaves a cell empty where an amount is not known', async () => {
    const [head = '', row = ''] = (await assess(['--csv', '--fee-rules', 'pre-fip0098'])).split('\n')
    expect(row.split(',')[head.split(',').indexOf('terminationFee')]).toBe('')
  })
})

describe('assess --portfolio', () => {
  test('shows the miners of the file with what is outstanding, their buffers and labels', async () => {
    const path = join(directory, 'loans.json')
    writeFileSync(
      path,
      JSON.stringify({
        format: 1,
        miners: [
          { miner: 'f0149', outstanding: '2 FIL', label: 'north' },
          { miner: 't0147', outstanding: '1.5', buffer: { amount: '0.5 FIL' } },
        ],
      }),
    )
    const { miners, totals } = await reportOf('--portfolio', path)
    expect(
      miners.map(({ miner, label, outstanding, buffer }) => [miner, label, outstanding, buffer]),
    ).toEqual([
      ['f0149', 'north', '2000000000000000000', null],
      ['f0147', undefined, '1500000000000000000', '500000000000000000'],
    ])
    expect(totals.outstanding).toBe('3500000000000000000')
    const table = await assess(['--portfolio', path])
    expect(table).toContain('north')
    expect(table).toContain('outstanding')
    // The first miner has no buffer, which is not an unknown one; the total is that of the second.
    expect(table).toMatch(/^f0149 .* none /m)
    expect(table).toMatch(/^total .* 0\.5000 /m)
    expect(table).toContain('Where the buffer is none, Safe Pledge is before buffer.')
  })

  test('lets an option on the command line win over the file', async () => {
    const path = join(directory, 'buffers.json')
    writeFileSync(path, '{"format":1,"miners":[{"miner":"f0149","buffer":{"amount":"3 FIL"}}]}')
    const { miners } = await reportOf('--portfolio', path, '--buffer', '4 FIL')
    expect(miners[0]?.buffer).toBe('4000000000000000000')
  })
})

describe('assess --miner', () => {
  test('shows every part of one miner', async () => {
    const page = await assess(['--miner', 'f0149'])
    for (const heading of [
      'Sectors',
      'Balance sheet',
      'If terminated now',
      'Termination fee by deciding branch',
      'Termination fee by deadline',
      'Early-termination queue',
      'Vesting table',
    ]) {
      expect(page).toContain(`\n${heading}`)
    }
  })

  test('counts the buffer in days of slashing and what is outstanding', async () => {
    const report: MinerReport = JSON.parse(
      await assess(['--miner', 'f0149', '--buffer-days', '3', '--outstanding', '1 FIL', '--json']),
    )
    const { miner } = report
    expect(miner.buffer).toBe(String(3n * BigInt(miner.dailySlashing)))
    const eligible = BigInt(miner.actorBalance) - BigInt(miner.preCommitDeposit) - 10n ** 18n
    expect(miner.eligibleAsset).toBe(String(eligible))
    expect(miner.safePledge).toBe(
      String(eligible - BigInt(miner.terminationFee ?? 0) - BigInt(miner.buffer ?? 0)),
    )
  })

  // A pledge of 1 FIL; 200 days after its activation the fee is 8.5 % of it. The queued sector was terminated
  // after 70 days, and 8.5 % × 70 / 140 is 4.25 %. Whole days, so that nothing is rounded.
  test('charges each queued sector for its own epoch', async () => {
    const hashes = await createHashes()
    const epoch = 1_000_000
    const { car } = carOfState(hashes, {
      epoch,
      miners: [
        {
          id: 1000 as ActorId,
          sectors: [
            { sectorNumber: 1, activation: epoch - 200 * 2880 },
            {
              sectorNumber: 2,
              activation: epoch - 200 * 2880,
              condition: { queuedSince: epoch - 130 * 2880 },
            },
          ],
        },
      ],
    })
    const path = join(directory, 'queue.car')
    writeFileSync(path, car)
    const { miner, earlyTerminationQueue }: MinerReport = JSON.parse(
      await assess([path, '--miner', '1000', '--json']),
    )
    expect(miner).toMatchObject({
      liveSectors: 1,
      queuedSectors: 1,
      terminationFee: '85000000000000000',
      queuedTerminationFee: '42500000000000000',
      // 2 FIL of pledge less both fees.
      safePledgeStrict: '1872500000000000000',
      safePledge: '1915000000000000000',
    })
    expect(earlyTerminationQueue).toMatchObject([{ epoch: epoch - 130 * 2880, sectors: 1 }])
  })
})

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
