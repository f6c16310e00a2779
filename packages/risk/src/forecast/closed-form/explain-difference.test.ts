import { parseRuleSet } from '@plimsoll/actors'
import { type ActorId, createHashes } from '@plimsoll/primitives'
import { beforeAll, describe, expect, test } from 'vitest'
import type { NetworkView } from '../../assess/network-view.ts'
import { parseScenarioFile } from '../../scenario/scenario-file.ts'
import { type Forecast, forecast } from '../forecast.ts'
import { forecastNetwork } from '../testing/forecast-network.ts'
import { type ClosedForm, closedFormOf } from './closed-form.ts'
import type { DifferingDay, Figure } from './explain-difference.ts'

const hashes = await createHashes()
let view: NetworkView
let miner: ActorId

beforeAll(() => {
  const built = forecastNetwork(hashes)
  view = built.view
  miner = built.miner
})

function run(scenario: object): Forecast {
  return forecast(view, {
    ...{ hashes, miner, networkVersion: 28, circulatingSupply: undefined, outstanding: 0n, thresholds: {} },
    rules: parseRuleSet('v18', view.assessedEpoch).rules,
    scenario: parseScenarioFile({ format: 1, operator: 'stops', ...scenario }),
  })
}

function closed(of: Forecast): ClosedForm {
  const result = closedFormOf(view, of)
  if ('reason' in result) {
    throw new Error(result.reason)
  }
  return result
}

/** What each figure's difference is made of: terms that raise it, and terms that lower it. */
const PARTS = {
  balance: [
    ['rewarded', 'toppedUp', 'received'],
    ['burned', 'withdrawn'],
  ],
  feeDebt: [['dailyFee', 'faultFee', 'terminationFee', 'fees', 'burnedDeposits'], ['burned']],
  preCommitDeposits: [[], ['burnedDeposits']],
  initialPledge: [[], ['pledgeReleased']],
  lockedFunds: [[], ['unlocked', 'unlockedLessLocked']],
} as const satisfies Partial<Record<Figure, readonly (readonly (keyof DifferingDay['terms'])[])[]>>

function expectAddsUp(differing: readonly DifferingDay[]): void {
  for (const [figure, [raising, lowering]] of Object.entries(PARTS) as [
    Figure,
    (typeof PARTS)['balance'],
  ][]) {
    let sum = 0n
    for (const { figures, terms } of differing) {
      sum += raising.reduce((total, term) => total + (terms[term] ?? 0n), 0n)
      sum -= lowering.reduce((total, term) => total + (terms[term] ?? 0n), 0n)
      expect(figures[figure] ?? 0n).toBe(sum)
    }
  }
  for (const { figures } of differing) {
    const { balance = 0n, preCommitDeposits = 0n, eligibleAsset = 0n } = figures
    expect(eligibleAsset).toBe(balance - preCommitDeposits)
  }
}

describe('the difference between a path and the run', () => {
  test('is none of the closed form, down to what the actors burned each day', () => {
    const at = (day: number, step: object) => ({ miner: `f0${miner}`, day, ...step })
    const steps = [at(0.5, { do: 'withdraw', amount: '200000 FIL' }), at(3, { do: 'topUp', amount: '2 FIL' })]
    const rewards = [{ miner: `f0${miner}`, perDay: '0.01 FIL' }]
    const of = run({ days: 8, steps, rewards })
    const { againstRun, days } = closed(of)
    expect(againstRun).toEqual([])
    expect(days.map(({ terms }) => terms.burned)).toEqual(of.burned)
    expect(of.burned.some((burned) => burned > 0n)).toBe(true)
  })

  test('adds up of other paths, term by term, through terminations and debt', () => {
    const bands = [
      { name: 'rising', estimates: { rewardPerDay: '1.05', qaPowerPerDay: '1' } },
      { name: 'frozen', estimates: 'frozen' },
    ]
    // It has money for some days of fees and then owes them.
    const steps = [{ do: 'withdraw', miner: `f0${miner}`, day: 1, amount: '99700 FIL' }]
    const { band } = closed(run({ days: 44, bands, steps }))
    const [rising = [], frozen] = band.paths.map(({ againstRun }) => againstRun)
    expect(frozen).toEqual([])
    expect(rising.length).toBeGreaterThan(10)
    expectAddsUp(rising)
    const names = new Set(rising.flatMap(({ terms }) => Object.keys(terms)))
    expect([...names]).toEqual(expect.arrayContaining(['faultFee', 'terminationFee', 'burned']))
    expect(rising.at(-1)?.figures).toHaveProperty('feeDebt')
  })

  test('is said of a run that no closed form is, in the terms that the run knows', () => {
    const right = run({ days: 4 })
    const [gained, burned] = [5n, 2n]
    // As if, on the third day, the actors had charged 7 attoFIL more and burned 2 of them.
    const wrong: Forecast = {
      ...right,
      days: right.days.map((point, i) =>
        i < 2
          ? point
          : {
              ...point,
              balance: point.balance - burned,
              feeDebt: point.feeDebt + gained,
              available: point.available - burned - gained,
              eligibleAsset: point.eligibleAsset - burned,
            },
      ),
      burned: right.burned.map((amount, i) => (i === 2 ? amount + burned : amount)),
    }
    const { againstRun, band } = closed(wrong)
    const figures = { balance: 2n, feeDebt: -5n, available: 7n, eligibleAsset: 2n }
    expect(againstRun).toEqual([
      { day: 3, figures, terms: { fees: -7n, burned: -2n } },
      { day: 4, figures, terms: {} },
    ])
    for (const path of band.paths) {
      expectAddsUp(path.againstRun)
    }
  })
})
