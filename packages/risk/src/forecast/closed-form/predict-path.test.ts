import { fc, test } from '@fast-check/vitest'
import { MAINNET_POLICY, parseRuleSet, policyUnder } from '@plimsoll/actors'
import { type ActorId, ATTO_FIL_PER_FIL, createHashes } from '@plimsoll/primitives'
import { beforeAll, describe, expect } from 'vitest'
import type { NetworkView } from '../../assess/network-view.ts'
import { frozenNetwork } from '../../plan/frozen-network.ts'
import { loadPredictedMiner } from '../../plan/load-predicted-miner.ts'
import { parseScenarioFile } from '../../scenario/scenario-file.ts'
import type { MoneyPoint } from '../crossings.ts'
import { type Forecast, forecast } from '../forecast.ts'
import { forecastNetwork } from '../testing/forecast-network.ts'
import { type DayTerms, type PathDay, type PredictedPath, predictPath } from './predict-path.ts'
import { scenarioPath } from './scenario-path.ts'

const hashes = await createHashes()
let view: NetworkView
let miner: ActorId

beforeAll(() => {
  const built = forecastNetwork(hashes)
  view = built.view
  miner = built.miner
})

const THRESHOLDS = { warning: 3n * ATTO_FIL_PER_FIL, termination: 2n * ATTO_FIL_PER_FIL }

function both(steps: object, rules = 'v18'): { readonly run: Forecast; readonly path: PredictedPath } {
  const run = forecast(view, {
    hashes,
    miner,
    rules: parseRuleSet(rules, view.assessedEpoch).rules,
    networkVersion: 28,
    circulatingSupply: undefined,
    scenario: parseScenarioFile({ format: 1, ...steps }),
    outstanding: ATTO_FIL_PER_FIL,
    thresholds: THRESHOLDS,
  })
  return { run, path: pathOf(steps, rules) }
}

function pathOf(steps: object, rules = 'v18'): PredictedPath {
  const policy = policyUnder(parseRuleSet(rules, view.assessedEpoch).rules, MAINNET_POLICY)
  const predicted = loadPredictedMiner(view, miner, policy)
  return predictPath(predicted, {
    ...scenarioPath(parseScenarioFile({ format: 1, ...steps }), view.assessedEpoch),
    network: frozenNetwork(view, policy, predicted.claim),
    outstandingAt: () => ATTO_FIL_PER_FIL,
    thresholds: THRESHOLDS,
  })
}

function moneyOnly({ terms: _, ...point }: PathDay): MoneyPoint {
  return point
}

function expectEqual({ run, path }: ReturnType<typeof both>): void {
  expect(path.start).toEqual(run.start)
  expect(path.days.map(moneyOnly)).toEqual(run.days)
  expect(path.crossings).toEqual(run.crossings)
  expect(path.lowest).toEqual(run.lowest)
}

describe('I6: a path in closed form is that of the actors', () => {
  test.each([
    ['an operator that proves', { days: 5 }],
    ['one that stops, beyond 42 days', { days: 46, operator: 'stops' }],
    ['one that stops and recovers', { days: 8, operator: { recoversAtDay: 3.3 } }],
    ['one that recovers after sectors were terminated', { days: 50, operator: { recoversAtDay: 43 } }],
  ])('%s', (_, steps) => {
    expectEqual(both(steps))
  })

  test('when some sectors are lost and regained, and FIL comes and goes', () => {
    const at = (day: number, step: object) => ({ miner: `f0${miner}`, day, ...step })
    expectEqual(
      both({
        days: 9,
        steps: [
          at(0.7, { do: 'lose', sectors: 'all' }),
          at(2, { do: 'topUp', amount: '3 FIL' }),
          at(3.1, { do: 'regain', sectors: [0, 1, 2] }),
          at(4, { do: 'repayDebt' }),
          at(5.5, { do: 'regain', sectors: 'all' }),
          at(7, { do: 'withdraw', amount: '1 FIL' }),
        ],
      }),
    )
  })

  test('under the rule that faults recover in debt', () => {
    expectEqual(both({ days: 12, operator: { recoversAtDay: 6 } }, 'v18+fip0006'))
  })

  const day = fc.integer({ min: 0, max: 40 }).map((tenths) => tenths / 10)
  const sectors = fc.oneof(fc.constant('all' as const), fc.uniqueArray(fc.nat(6), { minLength: 1 }))
  const step = fc.oneof(
    fc.record({ do: fc.constantFrom('lose', 'regain'), day, sectors }),
    fc.record({
      do: fc.constantFrom('topUp', 'withdraw'),
      day,
      amount: fc.constantFrom('0.5 FIL', '20 FIL'),
    }),
    fc.record({ do: fc.constant('repayDebt'), day }),
  )
  const operator = fc.oneof(
    fc.constantFrom('proves' as const, 'stops' as const),
    day.map((recoversAtDay) => ({ recoversAtDay })),
  )
  test.prop([fc.array(step, { maxLength: 6 }), operator], { numRuns: 12 })(
    'whatever happens within five days',
    (steps, operator) => {
      expectEqual(both({ days: 5, operator, steps: steps.map((one) => ({ ...one, miner: `f0${miner}` })) }))
    },
  )
})

describe('the terms of a day', () => {
  const charges = ({ dailyFee, faultFee, terminationFee, burnedDeposits }: DayTerms) =>
    dailyFee + faultFee + terminationFee + burnedDeposits

  test('S4: explain every change of balance and debt', () => {
    const steps = [
      { do: 'topUp', amount: '3 FIL', miner: `f0${miner}`, day: 2 },
      { do: 'withdraw', amount: '1 FIL', miner: `f0${miner}`, day: 4 },
    ]
    const path = pathOf({ days: 46, operator: 'stops', steps })
    let before: MoneyPoint = path.start
    for (const after of path.days) {
      const { terms } = after
      expect(after.balance - before.balance).toBe(
        terms.rewarded + terms.toppedUp - terms.burned - terms.withdrawn,
      )
      expect(after.feeDebt - before.feeDebt).toBe(charges(terms) - terms.burned)
      expect(before.initialPledge - after.initialPledge).toBe(terms.pledgeReleased)
      before = after
    }
    expect(path.days.some(({ terms }) => terms.terminationFee > 0n)).toBe(true)
  })
})
