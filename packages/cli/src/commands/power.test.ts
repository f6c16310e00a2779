import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import type { PowerReport } from '@plimsoll/risk'
import { capturedTerminal, carOfState, type SectorPlan } from '@plimsoll/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../program.ts'

const hashes = await createHashes()

let directory: string
let state: string

/**
 * Four miners of 32 GiB sectors: two with 3, of which one owes more than it has; one with 1 of verified data,
 * which is ten times the power; one whose only sector is faulty. The reward is 75 FIL an epoch.
 */
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-power-'))
  state = join(directory, 'state.car')
  const lifetime = 540 * 2880
  const three: readonly SectorPlan[] = [1, 2, 3].map((sectorNumber) => ({ sectorNumber }))
  const { car } = carOfState(hashes, {
    epoch: 1_000_000,
    miners: [
      { id: 1000 as ActorId, sectors: three },
      { id: 1001 as ActorId, sectors: three, feeDebt: 1n },
      {
        id: 1002 as ActorId,
        sectors: [{ sectorNumber: 1, verifiedDealWeight: BigInt(lifetime) << 35n }],
      },
      { id: 1003 as ActorId, sectors: [{ sectorNumber: 1, condition: 'faulty', deadline: 40 }] },
    ],
  })
  writeFileSync(state, car)
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function power(...args: readonly string[]) {
  const terminal = capturedTerminal()
  const status = await run(['power', state, ...args], terminal)
  expect(terminal.error).toBe('')
  expect(status).toBe(0)
  return terminal.out
}

async function reportOf(...args: readonly string[]): Promise<PowerReport> {
  return JSON.parse(await power(...args, '--json'))
}

const GIB = 1n << 30n

describe("power by today's rule", () => {
  test('shares the wins by quality-adjusted power, and gives none to a miner in debt', async () => {
    const report = await reportOf()
    // 96 + 96 + 320 GiB; while fewer than four miners have 10 TiB, all power counts.
    expect(report).toMatchObject({ rule: 'today', power: 'qa', minimum: '0' })
    expect(report.totals).toMatchObject({
      miners: 4,
      eligibleMiners: 2,
      claimedRaw: String(224n * GIB),
      claimedQa: String(512n * GIB),
      nominal: String(512n * GIB),
    })
    // 320 / 512 is 0.625, of 14,400 wins and 2,880 × 75 FIL a day.
    expect(report.miners[0]).toEqual({
      miner: 'f01002',
      hasMiner: true,
      claimedRaw: String(32n * GIB),
      claimedQa: String(320n * GIB),
      nominal: String(320n * GIB),
      isEligible: true,
      reasons: [],
      share: '0.625',
      expectedWinsPerDay: '9000',
      rewardPerDay: '135000000000000000000000',
    })
    expect(report.miners.slice(1)).toMatchObject([
      { miner: 'f01000', share: '0.1875', expectedWinsPerDay: '2700' },
      { miner: 'f01001', share: '0.1875', expectedWinsPerDay: '0', reasons: ['feeDebt'] },
      { miner: 'f01003', share: '0', reasons: ['noPower'] },
    ])
    expect(report.totals.expectedWinsPerDay).toBe('11700')
  })

  test('by raw power is another table', async () => {
    const { miners } = await reportOf('--power', 'raw')
    expect(miners.map(({ miner }) => miner)).toEqual(['f01000', 'f01001', 'f01002', 'f01003'])
    // 32 / 224, rounded down.
    expect(miners[2]?.share).toBe('0.142857142857142857')
  })

  test('is a table that says why a miner is not eligible', async () => {
    const table = await power()
    expect(table).toMatch(/^f01002 +320 GiB +320 GiB +62\.5000 % +9000\.00 +135,000\.0000 +yes$/m)
    expect(table).toMatch(/^f01001 .* 18\.7500 % +0\.00 +0\.0000 +no: fee debt$/m)
    expect(table).toMatch(/^total +512 GiB +512 GiB +11700\.00 +175,500\.0000 +2 of 4$/m)
    expect(table).toContain('Any power is enough.')
  })

  test('leaves rows out and keeps the totals', async () => {
    const [all, one] = [await reportOf(), await reportOf('--limit', '1')]
    expect(one.miners).toEqual(all.miners.slice(0, 1))
    expect(one.totals).toEqual(all.totals)
    expect(await power('--limit', '1')).toContain('3 of them are not shown and in the totals')
  })
})

describe('power by the rule of 2019', () => {
  test('counts raw power and collateral, beside what today gives', async () => {
    const report = await reportOf('--rule', 'spec2019')
    expect(report).toMatchObject({
      power: 'raw',
      parameters: {
        minMinerSizeStor: String(100n << 40n),
        minMinerSizeTarg: 3,
        zeroesUnderCollateralised: true,
      },
    })
    const [large, verified, , faulty] = report.miners
    // 96 of 128 GiB; today 96 of 512 by quality-adjusted and 96 of 224 by raw power.
    expect(large).toMatchObject({
      miner: 'f01000',
      share: '0.75',
      todayShare: '0.1875',
      todayShareInMeasure: '0.428571428571428571',
    })
    // 3/7 − 3/16 is 27/112, and 3/4 − 3/7 is 9/28.
    expect(large).toMatchObject({ measureEffect: '0.241071428571428571', ruleEffect: '0.321428571428571428' })
    expect(verified).toMatchObject({ miner: 'f01002', share: '0.25', isEligible: true })
    expect(report.miners.find(({ miner }) => miner === 'f01001')).toMatchObject({
      nominal: '0',
      reasons: ['underCollateralised'],
    })
    expect(faulty).toMatchObject({ miner: 'f01003', reasons: ['detectedFault'] })
  })

  test('takes other sizes, ranks and measures', async () => {
    // 96 GiB is reached by two, one of which only while its debt is ignored.
    const args = ['--rule', 'spec2019', '--stor', '96 GiB']
    const eligible = async (...more: readonly string[]) =>
      (await reportOf(...args, ...more)).miners.flatMap((miner) => (miner.isEligible ? [miner.miner] : []))
    expect(await eligible()).toEqual(['f01000'])
    expect(await eligible('--ignore-collateral')).toEqual(['f01000', 'f01001'])
    expect(await eligible('--power', 'qa')).toEqual(['f01002', 'f01000'])
    expect(await eligible('--stor', '1 TiB', '--targ', '1')).toEqual(['f01000'])
  })

  test('is a table with both effects in columns of their own', async () => {
    const table = await power('--rule', 'spec2019')
    expect(table).toMatch(/effect of +effect of/)
    expect(table).toMatch(/^f01000 .* 75\.0000 % +42\.8571 % +\+32\.1428 % +\+24\.1071 % /m)
    expect(table).toMatch(/no: under-collateralised$/m)
  })
})

describe('power --csv', () => {
  test('has the figures of the JSON under the same names', async () => {
    const [head = '', row = ''] = (await power('--rule', 'spec2019', '--csv')).split('\n')
    const [first] = (await reportOf('--rule', 'spec2019')).miners
    const values = Object.values(first ?? {}).map(String)
    expect(head.split(',')).toEqual(Object.keys(first ?? {}))
    expect(row.split(',')).toEqual(values)
  })
})

describe('power of claims without miners', () => {
  test('counts them and says that nothing else is known', async () => {
    const terminal = capturedTerminal()
    expect(await run(['power'], terminal)).toBe(0)
    expect(terminal.out).toMatch(/^f090001 .* yes \(claim only\)$/m)
    expect(terminal.out).toContain('Claim only: the state holds no such miner')
    expect(terminal.out).toMatch(/no: below the minimum, fee debt$/m)
  })
})
