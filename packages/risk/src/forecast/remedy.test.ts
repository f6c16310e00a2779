import { parseRuleSet } from '@plimsoll/actors'
import { bitsOf, EMPTY_BIT_FIELD } from '@plimsoll/ipld'
import { type ActorId, ATTO_FIL_PER_FIL, createHashes, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { beforeAll, describe, expect, test } from 'vitest'
import type { NetworkView } from '../assess/network-view.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { closedFormOf } from './closed-form/closed-form.ts'
import { strictAsset, type Thresholds } from './crossings.ts'
import { type Forecast, forecast } from './forecast.ts'
import { remedyOf } from './remedy.ts'
import { forecastNetwork } from './testing/forecast-network.ts'

const hashes = await createHashes()
let view: NetworkView
let miner: ActorId

beforeAll(() => {
  const built = forecastNetwork(hashes)
  view = built.view
  miner = built.miner
})

function run(scenario: object, thresholds: Thresholds = {}, outstanding = 0n): Forecast {
  return forecast(view, {
    hashes,
    miner,
    rules: parseRuleSet('v18', view.assessedEpoch).rules,
    networkVersion: 28,
    circulatingSupply: 600_000_000n * ATTO_FIL_PER_FIL,
    scenario: parseScenarioFile({ format: 1, ...scenario }),
    outstanding,
    thresholds,
  })
}

function remedy(of: Forecast) {
  return remedyOf(view, of, closedFormOf(view, of))
}

describe('a remedy', () => {
  test('is none where none is needed', () => {
    const safe = run({ days: 2 }, { warning: 1n })
    expect(remedy(safe)).toBeUndefined()
  })

  test('is an amount that keeps the miner above the level to the end, and one less does not', () => {
    const { start } = run({ days: 3, operator: 'stops' })
    const thresholds = { warning: start.eligibleAsset }
    const falling = run({ days: 3, operator: 'stops' }, thresholds)
    const found = remedy(falling)
    expect(found).toMatchObject({ level: 'warning', isConfirmed: true, recovery: undefined })
    expect(found?.topUp).toBe(start.eligibleAsset - strictAsset(falling.lowest))
    const oneLess = (found?.topUp ?? 0n) - 1n
    const steps = [{ do: 'topUp', miner: `f0${miner}`, day: 0, amount: `${oneLess} attoFIL`, from: 'f02' }]
    expect(run({ days: 3, operator: 'stops', steps }, thresholds).outlook).toBe('warning')
  })

  const DAYS = 5

  /** A termination level halfway between what proving leaves and what stopping does. */
  function levelBetween(stopping: object): bigint {
    const [proven, fallen] = [run({ days: DAYS }), run({ days: DAYS, ...stopping })]
    return (strictAsset(proven.lowest) + strictAsset(fallen.lowest)) >> 1n
  }

  test('may be to prove again, until an epoch after which it is too late', () => {
    const thresholds = { termination: levelBetween({ operator: 'stops' }) }
    const falling = run({ days: DAYS, operator: 'stops' }, thresholds)
    const found = remedy(falling)
    const recovery = found?.recovery
    expect(found?.level).toBe('termination')
    const latest = recovery?.latest ?? 0
    const { epoch } = falling.start
    expect(latest).toBeGreaterThan(epoch + 1)
    expect(latest).toBeLessThanOrEqual(found?.before ?? 0)
    const begunAt = (from: number) =>
      run({ days: DAYS, operator: { recoversAtDay: (from - epoch - 1) / EPOCHS_IN_DAY } }, thresholds).outlook
    expect(begunAt(latest)).toBe('safe')
    expect(begunAt(latest + 60)).toBe('termination')
    // Every earlier beginning that is tried cures as well.
    for (const from of [epoch + 1, epoch + 1000, latest - 1440, latest - 60]) {
      expect(begunAt(from)).toBe('safe')
    }
    // An operator that stops proves none of the miner's sectors, of which there are five, from 0 on.
    expect([...bitsOf(recovery?.sectors ?? EMPTY_BIT_FIELD)]).toEqual([0, 1, 2, 3, 4])
  })

  test('names the sectors that a scenario loses, and no others', () => {
    const steps = [{ do: 'lose', miner: `f0${miner}`, day: 0.2, sectors: [1, 3] }]
    const thresholds = { termination: levelBetween({ steps }) }
    const found = remedy(run({ days: DAYS, steps }, thresholds))
    expect([...bitsOf(found?.recovery?.sectors ?? EMPTY_BIT_FIELD)]).toEqual([1, 3])
    const { latest = 0 } = found?.recovery ?? {}
    const regained = (epoch: number) => [
      ...steps,
      { do: 'regain', miner: `f0${miner}`, epoch, sectors: 'all' },
    ]
    expect(run({ days: DAYS, steps: regained(latest) }, thresholds).outlook).toBe('safe')
    expect(run({ days: DAYS, steps: regained(latest + 60) }, thresholds).outlook).toBe('termination')
  })

  test('is looked for on the actors where no closed form follows the scenario', () => {
    const steps = [{ do: 'commit', miner: `f0${miner}`, day: 0.1, count: 1, days: 200 }]
    const start = run({ days: 1 }).start.eligibleAsset
    const scenario = { days: 2, operator: 'stops', steps }
    const [stopped, proven] = [run(scenario), run({ ...scenario, operator: 'proves' })]
    const between = (strictAsset(stopped.lowest) + strictAsset(proven.lowest)) >> 1n
    expect(between).toBeLessThan(start)
    const falling = run(scenario, { termination: between })
    expect(closedFormOf(view, falling)).toHaveProperty('reason')
    const { latest = 0 } = remedy(falling)?.recovery ?? {}
    const recovers = (from: number) => ({
      ...scenario,
      operator: { recoversAtDay: (from - falling.start.epoch - 1) / EPOCHS_IN_DAY },
    })
    expect(run(recovers(latest), { termination: between }).outlook).toBe('safe')
    expect(run(recovers(latest + 60), { termination: between }).outlook).toBe('termination')
  })
})
