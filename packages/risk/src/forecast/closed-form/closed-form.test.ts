import { MAINNET_POLICY, parseRuleSet } from '@plimsoll/actors'
import { type ActorId, createHashes, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { beforeAll, describe, expect, test } from 'vitest'
import type { NetworkView } from '../../assess/network-view.ts'
import { parseScenarioFile } from '../../scenario/scenario-file.ts'
import { forecast } from '../forecast.ts'
import { forecastNetwork } from '../testing/forecast-network.ts'
import { type ClosedForm, closedFormOf } from './closed-form.ts'
import { estimatePath } from './estimate-paths.ts'

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
    ...{ hashes, miner, networkVersion: 28, circulatingSupply: undefined, outstanding: 0n, thresholds: {} },
    rules: parseRuleSet('v18', view.assessedEpoch).rules,
    scenario: parseScenarioFile({ format: 1, operator: 'stops', days: 4, ...scenario }),
  })
}

function closed(scenario: object): ClosedForm {
  const result = closedFormOf(view, run(scenario))
  if ('reason' in result) {
    throw new Error(result.reason)
  }
  return result
}

/** The reward estimate after so many epochs of a path. */
function rewardAfter(assumption: Parameters<typeof estimatePath>[0], epochs: number) {
  const claim = { raw: 0n, qa: 0n }
  const path = estimatePath(assumption, view, MAINNET_POLICY, claim)
  path.pass(view.assessedEpoch, view.assessedEpoch + epochs, claim)
  return path.estimates().reward
}

const factor = (num: bigint, denom: bigint) => ({ num, denom })

describe('a path of estimates', () => {
  test('stays, or goes on along its own velocity', () => {
    const { position, velocity } = view.estimates.reward
    expect(rewardAfter('held', 7)).toEqual({ position, velocity })
    expect(rewardAfter('extrapolated', 7)).toEqual({ position: position + 7n * velocity, velocity })
  })

  test('is multiplied once for every day that is over', () => {
    const { position } = view.estimates.reward
    const halving = { rewardPerDay: factor(1n, 2n), qaPowerPerDay: factor(1n, 1n) }
    expect(rewardAfter(halving, EPOCHS_IN_DAY - 1).position).toBe(position)
    expect(rewardAfter(halving, EPOCHS_IN_DAY).position).toBe(position / 2n)
    expect(rewardAfter(halving, 2 * EPOCHS_IN_DAY).position).toBe(position / 2n / 2n)
  })
})

describe('the closed form of a forecast', () => {
  test('is the run’s path, and the band has it inside', () => {
    const { differences, days, band } = closed({})
    expect(differences).toEqual([])
    expect(band.paths.map(({ name }) => name)).toEqual(['frozen network', 'today held', 'own velocity'])
    for (const [day, { lowest, highest }] of band.days.entries()) {
      const asset = days[day]?.eligibleAsset ?? -1n
      expect(lowest <= asset && asset <= highest).toBe(true)
    }
  })

  test('takes the paths that the scenario names: twice the reward, and nearly twice the fault fee', () => {
    const constant = { rewardPerDay: '1', qaPowerPerDay: '1' }
    const doubled = { rewardPerDay: '2', qaPowerPerDay: '1' }
    const { band } = closed({
      bands: [
        { name: 'same', estimates: constant },
        { name: 'held', estimates: 'held' },
        { name: 'doubled', estimates: doubled },
      ],
    })
    const [same, held, more] = band.paths.map(({ path }) => path)
    expect(same?.days).toEqual(held?.days)
    // On the third day the reward is four times that of today, and with it the fee, but for one floor a deadline.
    const [base, raised] = [held, more].map((path) => path?.days[2]?.terms.faultFee ?? 0n)
    expect(base).toBeGreaterThan(0n)
    const gap = (raised ?? 0n) - 4n * (base ?? 0n)
    expect(gap >= 0n && gap < 4n * 48n).toBe(true)
  })

  test('is refused with the reason where a step is not followed', () => {
    const scenario = { steps: [{ do: 'windUp', miner: `f0${miner}`, day: 1 }] }
    expect(closedFormOf(view, run(scenario))).toEqual({
      reason: 'a closed form does not follow the step "windUp"',
    })
  })

  test('says which figures of the first differing day are other ones', () => {
    const right = run({})
    const wrong = { ...right, days: right.days.map((day, i) => (i === 2 ? { ...day, feeDebt: 7n } : day)) }
    const result = closedFormOf(view, wrong)
    expect(result).toMatchObject({ differences: [{ day: 3, figure: 'feeDebt', actors: 7n }] })
  })
})

describe('the bands of a scenario file', () => {
  test.each([
    [{ name: 'x', estimates: { rewardPerDay: '0', qaPowerPerDay: '1' } }],
    [{ name: 'x', estimates: { rewardPerDay: '-1', qaPowerPerDay: '1' } }],
    [{ name: 'x', estimates: { rewardPerDay: '1' } }],
    [{ name: 'x', estimates: 'hoped for' }],
    [{ name: '', estimates: 'held' }],
  ])('refuse %j', (band) => {
    expect(() => parseScenarioFile({ format: 1, bands: [band] })).toThrow(
      expect.objectContaining({ code: 'INVALID_SCENARIO_FILE' }),
    )
  })
})
