import { parseRuleSet } from '@plimsoll/actors'
import { type ActorId, ATTO_FIL_PER_FIL, createHashes, REWARD_ACTOR_ADDR } from '@plimsoll/primitives'
import { beforeAll, describe, expect, test } from 'vitest'
import type { NetworkView } from '../assess/network-view.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { closedFormOf } from './closed-form/closed-form.ts'
import { forecast } from './forecast.ts'
import { forecastNetwork } from './testing/forecast-network.ts'

const hashes = await createHashes()
let view: NetworkView
let miner: ActorId

beforeAll(() => {
  const built = forecastNetwork(hashes)
  view = built.view
  miner = built.miner
})

function run(scenario: object) {
  return forecast(view, {
    ...{ hashes, miner, networkVersion: 28, circulatingSupply: undefined, outstanding: ATTO_FIL_PER_FIL },
    thresholds: { warning: 30n * ATTO_FIL_PER_FIL, termination: ATTO_FIL_PER_FIL },
    rules: parseRuleSet('v18', view.assessedEpoch).rules,
    scenario: parseScenarioFile({ format: 1, ...scenario }),
  })
}

function closed(of: ReturnType<typeof run>) {
  const result = closedFormOf(view, of)
  if ('reason' in result) {
    throw new Error(result.reason)
  }
  return result
}

const rewards = (perDay: string) => [{ miner: `f0${miner}`, perDay }]

describe('expected rewards', () => {
  // Nothing is lost of a day in which the miner proves: it has what it would have without, and the reward.
  test('come at the end of each day, three quarters of them locked', () => {
    const perDay = 4n * ATTO_FIL_PER_FIL
    const [without, rewarded] = [run({ days: 3 }), run({ days: 3, rewards: rewards('4 FIL') })]
    for (const [i, day] of rewarded.days.entries()) {
      expect(day.balance - (without.days[i]?.balance ?? 0n)).toBe(BigInt(i + 1) * perDay)
    }
    const locked = (rewarded.days[0]?.lockedFunds ?? 0n) - (without.days[0]?.lockedFunds ?? 0n)
    expect(locked).toBe(3n * ATTO_FIL_PER_FIL)
    expect(rewarded.refused.size).toBe(0)
  })

  test.each([
    ['of a miner that proves', { days: 5 }],
    ['of one that stops, beyond 42 days', { days: 46, operator: 'stops' }],
    ['of one that recovers', { days: 9, operator: { recoversAtDay: 3.3 } }],
  ])('are the same in closed form: %s', (_, scenario) => {
    const of = run({ ...scenario, rewards: rewards('0.37 FIL') })
    const { differences, days, band } = closed(of)
    expect(differences).toEqual([])
    expect(days.map(({ terms }) => terms.rewarded)).toEqual(of.days.map(() => 37n * 10n ** 16n))
    const [path] = band.paths
    expect(path?.path).toMatchObject({ crossings: of.crossings, lowest: of.lowest })
  })

  test('pay the debt of a miner in faults from what is locked, and are the same in closed form', () => {
    const at = (day: number, step: object) => ({ miner: `f0${miner}`, day, ...step })
    const steps = [at(0.5, { do: 'withdraw', amount: '200000 FIL' })]
    const of = run({ days: 8, operator: 'stops', steps, rewards: rewards('0.01 FIL') })
    expect(of.days.filter(({ feeDebt }) => feeDebt > 0n).length).toBeGreaterThan(3)
    const { differences, days, band } = closed(of)
    expect(differences).toEqual([])
    expect(days.some(({ terms }) => terms.burned > 0n && terms.unlocked > 0n)).toBe(true)
    expect(band.paths[0]?.path).toMatchObject({ crossings: of.crossings, lowest: of.lowest })
  })

  test('that the reward actor does not have are refused', () => {
    const { balance } = view.tree.actors.get(REWARD_ACTOR_ADDR) ?? { balance: 0n }
    const half = balance / 2n + 1n
    expect(() => run({ days: 2, rewards: rewards(`${half} attoFIL`) })).toThrow(
      expect.objectContaining({
        code: 'REWARD_NOT_COVERED',
        data: { epoch: view.assessedEpoch + 2 * 2880 - 1, reward: half, balance: balance - half },
      }),
    )
  })
})
