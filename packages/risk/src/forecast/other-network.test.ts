import { InitState, MAINNET_POLICY, type Policy, policyOf, RULES_OF_TODAY } from '@plimsoll/actors'
import { type ActorId, CALIBRATION, createHashes, findActorId, INIT_ACTOR_ID } from '@plimsoll/primitives'
import { buildMixedMiner, editActor, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { openRun } from '../run/open-run.ts'
import { runScenario } from '../run/run-scenario.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { closedFormOf } from './closed-form/closed-form.ts'
import { forecast } from './forecast.ts'

const hashes = await createHashes()
const CALIBRATION_POLICY = policyOf(CALIBRATION)
const SCENARIO = parseScenarioFile({ format: 1, days: 4, operator: 'stops' })
let view: NetworkView
let miner: ActorId

const rename = editActor(INIT_ACTOR_ID, InitState, (state) => ({ ...state, networkName: 'calibrationnet' }))

beforeAll(() => {
  const network = openNetwork(hashes, { policy: CALIBRATION_POLICY })
  // Four miners reach the 32 GiB that count on calibration, and nobody the 10 TiB of mainnet.
  const ids = [3, 3, 3, 3].map((verified) => buildMixedMiner(network, { verified }).id)
  miner = findActorId(ids.at(0) ?? network.registryRoot) as ActorId
  const { store } = network.vm
  view = openNetworkView(store, [rename(store, network.vm.root())])
})

const INPUTS = { hashes, networkVersion: 28, circulatingSupply: undefined, rules: RULES_OF_TODAY }

/** The balances of the days on the machine under a policy. */
function balancesUnder(policy: Policy): readonly bigint[] {
  const run = openRun(view, { ...INPUTS, policy, background: 'frozen', miners: [miner] })
  const { moments } = runScenario(run, SCENARIO)
  return moments.slice(1).flatMap(({ miners }) => [...miners.values()].map(({ balance }) => balance))
}

describe('a forecast on another network than mainnet', () => {
  // Source: builtin-actors v18, `actors/power/src/state.rs`, `set_claim`, `current_total_power`: with the fourth miner
  // below the minimum everything that is committed counts, and its power leaves the total. By the minimum of mainnet
  // nobody would have been above, and the total would stay, and with it the estimate that fault fees are made of.
  test('counts by that network’s minimum', () => {
    const run = forecast(view, { ...INPUTS, miner, scenario: SCENARIO, outstanding: 0n, thresholds: {} })
    const balances = run.days.map(({ balance }) => balance)
    expect(balances).toEqual(balancesUnder(CALIBRATION_POLICY))
    expect(balances).not.toEqual(balancesUnder(MAINNET_POLICY))
    expect(closedFormOf(view, run)).toMatchObject({ differences: [] })
  })
})
