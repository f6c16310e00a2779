import { MAINNET } from '@plimsoll/primitives'
import type { CurveFigures, CurveReport } from '@plimsoll/risk'
import { capturedTerminal } from '@plimsoll/testkit'
import { expect, test } from 'vitest'
import { curveCsv, curvePage } from './curve-page.ts'
import { renderBlocks } from './document.ts'

const FIL = 10n ** 18n
/** 2026-05-28 08:00:00Z: the genesis at 1,598,306,400 s and 6,054,960 × 30 s are 1,779,955,200 s. */
const START = 6_054_960

function point(day: number): CurveFigures {
  const costs = BigInt(day) * 3_000n * FIL
  return {
    epoch: START + day * 2880,
    daysAhead: day,
    sectorsLeft: 31_000 - day,
    feeOfTodaysSet: String(90_000n * FIL),
    feeOfSectorsLeft: String(89_000n * FIL),
    earlyFees: String(costs),
    faultFees: String(costs),
    dailyFees: String(costs),
    expectedRewards: String(4n * costs),
    total: String(89_000n * FIL - costs),
  }
}

const points = Array.from({ length: 50 }, (_, day) => point(day))
const REPORT: CurveReport = {
  ...{ format: 1, stateRoot: 'bafy', network: 'mainnet', stateEpoch: START - 1, actorsVersion: 18 },
  miner: 'f01234',
  assumptions: {
    fromEpoch: START,
    estimates: 'extrapolated',
    operator: 'proves what is not faulty; faulty sectors stay so, and recover where that is declared',
  },
  range: { from: START, to: START + 49 * 2880, step: 2880 },
  liveSectors: 31_000,
  mayNotWinBlocks: [],
  points,
  cheapest: points.at(-1) ?? null,
}

test('a large miner of mainnet fits into 100 columns, with the dates of its epochs', () => {
  const page = renderBlocks(capturedTerminal(), curvePage(REPORT, MAINNET))
  expect(Math.max(...page.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
  expect(page).toMatch(/^6054960 +2026-05-28 +0 +31000 +89,000 /m)
  expect(page).toMatch(
    /^cheapest of 50 points: epoch \d+ \(2026-07-16 08:00:00Z\), 49 days ahead, gain 58,000/m,
  )
  expect(page).toContain('moved on by their velocity')
})

test('CSV has the time of every epoch, and every attoFIL', () => {
  const [record] = curveCsv([point(1)], MAINNET).split('\n')
  expect(record).toMatch(/^6057840,2026-05-29 08:00:00Z,1,30999,90000000000000000000000,/)
})
