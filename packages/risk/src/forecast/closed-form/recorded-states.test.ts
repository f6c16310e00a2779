import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parseRuleSet, policyOf, policyUnder, RULES_OF_TODAY, type Rules } from '@plimsoll/actors'
import { createCarReader, SlabBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes, formatActorId } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { findMiners } from '../../assess/find-miners.ts'
import { type NetworkView, openNetworkView } from '../../assess/network-view.ts'
import { frozenNetwork } from '../../plan/frozen-network.ts'
import { loadPredictedMiner, PlanError } from '../../plan/load-predicted-miner.ts'
import { parseScenarioFile } from '../../scenario/scenario-file.ts'
import type { MoneyPoint } from '../crossings.ts'
import { type Forecast, forecast } from '../forecast.ts'
import { predictPath } from './predict-path.ts'
import { scenarioPath } from './scenario-path.ts'

/** The last states of the reference's scenarios, each with the rules that it was recorded under; see fixtures/README.md. */
const FIXTURES = new URL('../../../../../fixtures/', import.meta.url)
const hashes = await createHashes()

/** The table that the scenario's header has. */
const CUSTOM: Rules = {
  ...RULES_OF_TODAY,
  durationMultiplier: {
    name: 'custom',
    curve: {
      form: 'table',
      knots: [
        [576_000, 1_153_433n],
        [873_333, 1_294_537n],
        [1_577_845, 2_097_151n],
        [2_103_794, 2_097_151n],
        [3_155_698, 1_572_863n],
        [4_733_536, 2_883_584n],
      ],
    },
    fromEpoch: 0,
    minCommitment: 532_800,
    maxCommitment: 4_734_536,
    maxMultiplier: 2_883_584n,
    lockTargetNum: 4n,
  },
}

function open(name: string): NetworkView {
  const store = new SlabBlockstore(hashes)
  const reader = createCarReader(hashes, (bytes, start, end, block) => store.putAt(bytes, start, end, block))
  reader.push(gunzipSync(readFileSync(new URL(`${name}.final.car.gz`, FIXTURES))))
  return openNetworkView(store, reader.finish())
}

type Operator = 'proves' | 'stops' | { readonly recoversAtDay: number }
const RECOVERS: Operator = { recoversAtDay: 1.3 }

/** A miner on the machine and in closed form; the error of a closed form that refuses. */
function both(view: NetworkView, rules: Rules, miner: ActorId, operator: Operator, days: number) {
  const scenario = parseScenarioFile({ format: 1, days, operator })
  const terms = { outstanding: 7n, thresholds: { warning: 10n ** 19n, termination: 10n ** 18n } }
  const run = forecast(view, {
    ...{ hashes, miner, rules, networkVersion: 28, circulatingSupply: undefined, scenario },
    ...terms,
  })
  const policy = policyUnder(rules, policyOf(view.network.network))
  const predicted = loadPredictedMiner(view, miner, policy)
  try {
    const path = predictPath(predicted, {
      ...scenarioPath(scenario, view.assessedEpoch),
      network: frozenNetwork(view, policy, predicted.claim),
      outstandingAt: () => terms.outstanding,
      thresholds: terms.thresholds,
    })
    return { run, path }
  } catch (error) {
    if (error instanceof PlanError) {
      return { run, error }
    }
    throw error
  }
}

type Path = Pick<Forecast, 'start' | 'crossings' | 'lowest'> & { readonly days: readonly MoneyPoint[] }

function figuresOf({ start, days, crossings, lowest }: Path) {
  return { start, crossings, lowest, days: days.map(pointOf) }
}

/** The terms of a day are the closed form's alone. */
function pointOf(point: MoneyPoint & { readonly terms?: unknown }): MoneyPoint {
  const { terms: _, ...money } = point
  return money
}

const claimDeletedAt = ({ crossings }: Forecast) =>
  crossings.find(({ kind }) => kind === 'claimDeleted')?.epoch

/** What the operator of a miner does, and for how many days it is followed. */
type Followed = readonly [Operator, number]

/** A state with the rules that it was recorded under, and the miners whose cron fails there when they stop. */
interface Recorded {
  readonly name: string
  readonly rules?: string | Rules
  readonly runs?: readonly Followed[]
  /** All of the state's unless given. */
  readonly miners?: readonly string[]
  readonly losing?: readonly string[]
}

/**
 * Who recovers has stopped before and proves afterwards: on the first day faults are found, on the second they are
 * charged, on the third what recovers is proven. The other two operators are followed where they come to something
 * else: one that proves where sectors are not proven yet, or their deadline is open at the start; one that stops where
 * its cron fails or it falls into debt.
 */
const ALL_ALONG: readonly Followed[] = [[RECOVERS, 3]]
/** Where all deadlines come later in the day than the recovery, what recovers is proven on the second. */
const LATE: readonly Followed[] = [[RECOVERS, 2]]
/** Without sectors no operator has anything to do. Some have no cron; of others something vests on the second day. */
const WITHOUT_SECTORS: readonly Followed[] = [['stops', 2]]

const RECORDED: readonly Recorded[] = [
  { name: 'reference-v18/collateral/tiny', runs: [['proves', 2], ...ALL_ALONG] },
  { name: 'reference-v18/collateral/legacy-tiny' },
  // Falls into debt on the third day.
  { name: 'reference-v18/lifecycle-cc/tiny', runs: [['proves', 2], ['stops', 3], ...LATE] },
  { name: 'reference-v18/deals/tiny', runs: [['proves', 2], ['stops', 2], ...LATE], losing: ['f0121'] },
  { name: 'reference-v18/long-horizon/tiny', runs: [['stops', 3], ...LATE] },
  { name: 'reference-v18/multisig-account-init/tiny', runs: WITHOUT_SECTORS },
  {
    ...{ name: 'reference-v18/errors/tiny', losing: ['f0117', 'f0118'] },
    runs: [['proves', 2], ['stops', 3], ...ALL_ALONG],
  },
  // Without f0130, which is as f0129 is.
  { name: 'reference-v18/power-reward/tiny', runs: WITHOUT_SECTORS, miners: ['f0129', 'f0131'] },
  { name: 'liquidation/tiny', runs: WITHOUT_SECTORS },
  { name: 'proposals/fip0006/tiny', rules: 'v18+fip0006' },
  {
    ...{ name: 'proposals/terminateSectors2/tiny', rules: 'v18+terminateSectors2' },
    runs: [['proves', 2], ...ALL_ALONG],
  },
  {
    ...{ name: 'proposals/terminateSectors2/queue', rules: 'v18+terminateSectors2' },
    // Of a dozen: one with faulty, unproven and healthy sectors; a single one whose deadline is open at the start; debt
    // that is never paid; the longest vesting table. The rest have the same in other numbers.
    miners: ['f0144', 'f0147', 'f0149', 'f0151'],
  },
  {
    ...{ name: 'proposals/combined/tiny', rules: 'v18+terminateSectors2+fip0006+sdm:fip0036@0' },
    runs: [['proves', 2], ...ALL_ALONG],
  },
  { name: 'proposals/sdm/fip0036-tiny', rules: 'v18+sdm:fip0036@0', runs: LATE },
  { name: 'proposals/sdm/fip0056-tiny', rules: 'v18+sdm:fip0056@0', runs: LATE },
  { name: 'proposals/sdm/pr1261-tiny', rules: 'v18+sdm:pr1261@0', runs: LATE },
  { name: 'proposals/sdm/custom-tiny', rules: CUSTOM, runs: LATE },
]

describe('a closed form over a recorded state is the run of the actors, or refuses what they fail at', () => {
  test.each(RECORDED)('$name', ({ name, rules: given = 'v18', runs = ALL_ALONG, miners, losing = [] }) => {
    const rules = typeof given === 'string' ? parseRuleSet(given, 0).rules : given
    const view = open(name)
    const all = findMiners(view).map(({ id }) => id)
    const followed = all.filter((id) => miners === undefined || miners.includes(formatActorId(id)))
    expect(followed).toHaveLength(miners?.length ?? all.length)
    const found = new Set<string>()
    for (const id of followed) {
      for (const [operator, days] of runs) {
        const { run, path, error } = both(view, rules, id, operator, days)
        if (error === undefined) {
          expect(figuresOf(path)).toEqual(figuresOf(run))
          continue
        }
        // The power actor refuses the change of the pledge, so that cron fails, in the very epoch.
        expect(error.code).toBe('STATE_NOT_PREDICTABLE')
        expect(claimDeletedAt(run)).toBe(error.data['epoch'])
        found.add(formatActorId(id))
      }
    }
    expect([...found]).toEqual(losing)
  })
})
