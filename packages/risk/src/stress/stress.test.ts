import { MAINNET_POLICY, parseRuleSet } from '@plimsoll/actors'
import { type ActorId, ATTO_FIL_PER_FIL, createHashes, findActorId } from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { assessMiner, type MinerTerms, NO_TERMS, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { forecast } from '../forecast/forecast.ts'
import { loadPredictedMiner } from '../plan/load-predicted-miner.ts'
import { parseScenarioFile } from '../scenario/scenario-file.ts'
import { createNormal } from './draws/normal.ts'
import { faultySectors } from './faulty-sectors.ts'
import { runStress, type ShockResult } from './stress.ts'
import { parseStressFile } from './stress-file.ts'
import { stressReport } from './stress-report.ts'
import { stressSubject } from './stressed-miner.ts'

const hashes = await createHashes()
const normal = createNormal()
let view: NetworkView
let miners: readonly ActorId[]

beforeAll(() => {
  const network = openNetwork(hashes)
  const idOf = (options: Parameters<typeof buildMixedMiner>[1]) =>
    findActorId(buildMixedMiner(network, options).id) as ActorId
  miners = [idOf({ committedCapacity: 3, verified: 2 }), idOf({ nonInteractive: 130, batches: 2 })]
  view = openNetworkView(network.vm.store, [network.vm.root()])
})

const OUTSTANDING = 5n * ATTO_FIL_PER_FIL
const TERMS: MinerTerms = { outstanding: OUTSTANDING, buffer: { days: 3 } }

function stressed(
  shock: object,
  options: { days?: number; seed?: number; terms?: readonly MinerTerms[]; of?: readonly ActorId[] } = {},
): ShockResult {
  const { days = 4, seed = 1, of = miners } = options
  const terms = options.terms ?? of.map(() => TERMS)
  const file = parseStressFile({
    ...{ format: 1, days, draws: 6, levels: ['0.5'] },
    shocks: [{ name: 'shock', ...shock }],
  })
  const subjects = of.map((miner, i) => stressSubject(view, miner, terms[i] as MinerTerms))
  const [result] = runStress(view, subjects, file, { seed, normal, policy: MAINNET_POLICY })
  return result as ShockResult
}

function levelled(warning: bigint, termination: bigint): MinerTerms {
  return { ...TERMS, warningThreshold: warning, terminationThreshold: termination }
}

describe('a stress', () => {
  test('of nothing, for no days, is the assessment', () => {
    const { outcome } = stressed({}, { days: 0 })
    for (const [i, { figures }] of outcome.miners.entries()) {
      const { id, record } = requireMiner(view, miners[i] as ActorId)
      const { sheet, byRules } = assessMiner(view, openMiner(view, id, record), ['fip0098'], TERMS)
      const [{ position, live }] = byRules
      expect(figures).toMatchObject(position)
      expect([figures.feeDebt, figures.terminationFee]).toEqual([sheet.feeDebt, live.fee])
    }
    expect(outcome.rounds).toEqual([])
  })

  test('by a share of faults for some days is a run of the actors that loses and regains those sectors', () => {
    const [miner] = miners as [ActorId]
    const faults = { share: '0.4', days: '2' }
    const { outcome } = stressed({ faults }, { of: [miner], days: 5 })
    const lost = faultySectors(
      loadPredictedMiner(view, miner, MAINNET_POLICY),
      miner,
      { faultyShare: { num: 4n, denom: 10n }, faultyUnit: 'sectors' },
      { seed: 1, index: 0 },
    )
    expect(lost.size).toBe(2)
    const at = { miner: `f0${miner}`, sectors: [...lost] }
    const { days } = forecast(view, {
      ...{ hashes, miner, networkVersion: 28, circulatingSupply: undefined, outstanding: OUTSTANDING },
      ...{ thresholds: {}, rules: parseRuleSet('v18', view.assessedEpoch).rules },
      scenario: parseScenarioFile({
        ...{ format: 1, days: 5 },
        steps: [
          { do: 'lose', day: 0, ...at },
          { do: 'regain', day: 2, ...at },
        ],
      }),
    })
    const end = days.at(-1)
    const [only] = outcome.miners
    expect(only?.figures.eligibleAsset).toBe(end?.eligibleAsset)
    expect(only?.figures.feeDebt).toBe(end?.feeDebt)
    // Something was charged for the faults: without them more is left.
    const { outcome: calm } = stressed({}, { of: [miner], days: 5 })
    expect(calm.miners[0]?.figures.eligibleAsset).toBeGreaterThan(end?.eligibleAsset ?? 0n)
  })

  test('is the same for the same seed, in whatever order the miners stand', () => {
    const shock = { faults: { share: { kind: 'uniform', from: '0', to: '1' }, days: '2' } }
    const [one, again, turned] = [
      stressed(shock, { seed: 7 }),
      stressed(shock, { seed: 7 }),
      stressed(shock, { seed: 7, of: miners.toReversed() }),
    ]
    expect(again).toEqual(one)
    expect(turned?.outcome.miners.toReversed()).toEqual(one?.outcome.miners)
    expect(turned?.distribution).toEqual(one?.distribution)
    expect(stressed(shock, { seed: 8 }).outcome.miners).not.toEqual(one?.outcome.miners)
  })

  test('of a larger share never raises the strict Safe Pledge', () => {
    const pledges = ['0', '0.2', '0.5', '0.9', '1'].map((share) =>
      stressed({ faults: { share, days: '4' } }).outcome.miners.map(
        ({ figures }) => figures.safePledgeStrict ?? 0n,
      ),
    )
    for (const [i, pledge] of pledges.slice(1).entries()) {
      expect(pledge.every((value, miner) => value <= (pledges[i]?.[miner] ?? 0n))).toBe(true)
    }
    expect(pledges.at(-1)?.[0]).toBeLessThan(pledges[0]?.[0] ?? 0n)
  })

  test('adds losses up by cluster, to the total', () => {
    const owing = { outstanding: 10n ** 24n, buffer: undefined }
    const named = [owing, owing].map((terms, i) => ({ ...terms, cluster: i === 0 ? 'north' : 'south' }))
    for (const terms of [named, [owing, owing]]) {
      const { outcome, clusters } = stressed({ price: '1.5' }, { terms, days: 1 })
      const losses = outcome.miners.map(({ figures }) => figures.loss)
      expect(losses.every((loss) => loss > 0n)).toBe(true)
      expect([...clusters.values()].reduce((sum, loss) => sum + loss)).toBe(losses.reduce((a, b) => a + b))
    }
  })

  test('without a breach has no rounds', () => {
    expect(
      stressed({ faults: { share: '1', days: '4' } }, { terms: miners.map(() => NO_TERMS) }).outcome,
    ).toMatchObject({ rounds: [] })
  })

  test('refuses a shock that meets a miner outside of the portfolio', () => {
    expect(() => stressed({ miners: ['f099999'] })).toThrow(
      expect.objectContaining({ code: 'INVALID_STRESS_FILE' }),
    )
  })

  test('has the outlook of the worst draw', () => {
    const outcomes = [
      { value: '0 FIL', weight: 1 },
      { value: '500000000 FIL', weight: 1 },
    ]
    const shock = { feeDebt: { kind: 'discrete', outcomes } }
    const results = [1, 2, 3, 4, 5, 6].map((seed) => stressed(shock, { days: 0, seed }))
    const calmFirst = results.find(
      ({ outcome, drawsWithBreaks }) => outcome.rounds.length === 0 && drawsWithBreaks > 0,
    )
    expect(calmFirst).toBeDefined()
    const { outlook } = stressReport(view, { days: 0, seed: 1 }, [calmFirst as ShockResult])
    expect(outlook).toBe('termination')
  })

  test('reports what a consensus fault costs, and to whom it is paid', () => {
    const [first, second] = miners as [ActorId, ActorId]
    const result = stressed({ miners: [`f0${first}`], consensusFault: { chance: '1' } }, { days: 0 })
    const report = stressReport(view, { days: 0, seed: 1 }, [result])
    // A filter's position is the reward of an epoch in Q.128; the reporter gets a twentieth of it.
    const reward = view.estimates.reward.position >> 128n
    const paid = { toReporter: String(reward / 20n), burned: String(reward - reward / 20n) }
    expect(report.shocks[0]?.miners.map(({ miner, consensusFault }) => [miner, consensusFault])).toEqual([
      [`f0${first}`, { penalty: String(reward), ...paid }],
      [`f0${second}`, null],
    ])
  })

  test('reports what a miner needs, and the worst state of all', () => {
    const result = stressed({}, { terms: [levelled(10n ** 24n, 0n), TERMS], days: 1 })
    const report = stressReport(view, { days: 1, seed: 1 }, [result])
    expect(report.outlook).toBe('warning')
    expect(report.shocks[0]?.miners.map(({ state, needs }) => [state, needs])).toEqual([
      ['warning', []],
      ['safe', ['warningThreshold', 'terminationThreshold']],
    ])
  })
})
