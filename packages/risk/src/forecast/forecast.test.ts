import {
  type ActorRecord,
  Claims,
  CronEventQueue,
  loadStateTree,
  PowerState,
  parseRuleSet,
} from '@plimsoll/actors'
import { type Link, load, save, writeBackBlockstore } from '@plimsoll/ipld'
import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  createHashes,
  EPOCHS_IN_DAY,
  idAddress,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { ActorTable } from '@plimsoll/vm'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import type { Thresholds } from './crossings.ts'
import { type Forecast, forecast } from './forecast.ts'
import { forecastNetwork } from './testing/forecast-network.ts'

const hashes = await createHashes()
let view: NetworkView
let miner: ActorId

beforeAll(() => {
  const built = forecastNetwork(hashes)
  view = built.view
  miner = built.miner
})

/** The same state, in which the power actor knows the miner no more and does not call it. */
function withoutClaim(): NetworkView {
  const store = writeBackBlockstore(view.tree.store)
  const { actors, wrapper } = loadStateTree(store, [view.tree.root])
  const record = actors.get(STORAGE_POWER_ACTOR_ADDR) as ActorRecord
  const state = load(store, PowerState, record.head as Link<PowerState>)
  const claims = Claims.load(store, state.claims)
  claims.delete(idAddress(miner))
  const cronEventQueue = CronEventQueue.empty(store).flush()
  const head = save(store, PowerState, { ...state, claims: claims.flush(), cronEventQueue })
  actors.set(STORAGE_POWER_ACTOR_ADDR, { ...record, head })
  return openNetworkView(store, [new ActorTable(store, actors, wrapper).root()])
}

function run(
  scenario: object,
  thresholds: Thresholds = {},
  outstanding = 0n,
  state: NetworkView = view,
): Forecast {
  return forecast(state, {
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

describe('a forecast', () => {
  test('of a miner that proves crosses nothing', () => {
    const { crossings, outlook, days, start } = run({ days: 3 })
    expect({ crossings, outlook }).toEqual({ crossings: [], outlook: 'safe' })
    expect(days.map(({ epoch }) => epoch)).toEqual([1, 2, 3].map((day) => start.epoch + day * EPOCHS_IN_DAY))
  })

  test('has the epoch after which a miner that stops is below a level, and that before it was not', () => {
    const { days, start } = run({ days: 4, operator: 'stops' })
    // A level between the third and the fourth day, both of which are charged.
    const level = (days[2]?.eligibleAsset ?? 0n) - 1n
    const { crossings, outlook } = run({ days: 4, operator: 'stops' }, { warning: level })
    const [warning] = crossings.filter(({ kind }) => kind === 'warning')
    expect(outlook).toBe('warning')
    expect(warning?.epoch).toBeGreaterThan(start.epoch + 3 * EPOCHS_IN_DAY)
    expect(warning?.epoch).toBeLessThanOrEqual(start.epoch + 4 * EPOCHS_IN_DAY)
  })

  test('counts what is outstanding against the asset', () => {
    const [without, owing] = [run({ days: 1 }), run({ days: 1 }, {}, 5n * ATTO_FIL_PER_FIL)]
    expect(without.start.eligibleAsset - owing.start.eligibleAsset).toBe(5n * ATTO_FIL_PER_FIL)
  })

  test('of a miner without a claim is a warning from the beginning on, though nothing happens to it', () => {
    const { outlook, crossings, start, days } = run({ days: 2, operator: 'stops' }, {}, 0n, withoutClaim())
    expect({ outlook, crossings }).toEqual({
      outlook: 'warning',
      crossings: [{ kind: 'claimDeleted', epoch: start.epoch }],
    })
    expect(days.map(({ balance }) => balance)).toEqual([start.balance, start.balance])
  })

  // Source: builtin-actors v18, `runtime/src/runtime/policy.rs`, `FAULT_MAX_AGE`: 42 days.
  test('notes when sectors have been faulty for 42 days', () => {
    const { crossings, start } = run({ days: 45, operator: 'stops' })
    const cliff = crossings.find(({ kind }) => kind === 'sectorsTerminated')
    const days = ((cliff?.epoch ?? 0) - start.epoch) / EPOCHS_IN_DAY
    expect(days).toBeGreaterThan(41)
    expect(days).toBeLessThan(44)
  })
})
