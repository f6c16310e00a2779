import { parseRuleSet } from '@plimsoll/actors'
import type { Cid } from '@plimsoll/ipld'
import {
  type ActorId,
  ATTO_FIL_PER_FIL,
  createHashes,
  EPOCHS_IN_DAY,
  findActorId,
} from '@plimsoll/primitives'
import {
  advanceBy,
  buildMixedMiner,
  createMiner,
  declareFaults,
  give,
  type MixedMiner,
  openNetwork,
  type TestNetwork,
  terminate,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { backtest } from './backtest.ts'
import type { MinerBacktest } from './compare-miner.ts'

const hashes = await createHashes()
const NOTHING = { balance: 0n, deposits: 0n, feeDebt: 0n, estimates: 0n, liveSectors: 0n, queuedSectors: 0n }
const SAME_SECTORS = { added: [], removed: [], changed: [], faulty: [], notFaulty: [] }

let network: TestNetwork
let mixed: MixedMiner
let first: NetworkView

beforeEach(() => {
  network = openNetwork(hashes)
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  mixed = buildMixedMiner(network, { committedCapacity: 4, verified: 2 })
  first = openNetworkView(network.vm.store, [root()])
})

function root(): Cid {
  return network.vm.root()
}

/** Three quarters of a day, each of whose epochs has a tick, as in the forecast. */
function pass(): void {
  advanceBy(network, (3 * EPOCHS_IN_DAY) / 4, { ticksEveryEpoch: true })
}

function compare(second = openNetworkView(network.vm.store, [root()]), miner?: ActorId) {
  return backtest(first, second, {
    ...{ hashes, miner, networkVersion: 28, circulatingSupply: undefined },
    rules: parseRuleSet('v18', first.assessedEpoch).rules,
  })
}

function surprised(miners: readonly MinerBacktest[]): MinerBacktest {
  const [others, of] = [
    miners.filter(({ miner }) => miner !== findActorId(mixed.id)),
    miners.find(({ miner }) => miner === findActorId(mixed.id)),
  ]
  expect(others.map(({ terms, sectors }) => ({ terms, sectors }))).toEqual(
    others.map(({ terms }) => ({ terms: { ...NOTHING, estimates: terms.estimates }, sectors: SAME_SECTORS })),
  )
  return of as MinerBacktest
}

/** The terms add up, whatever happened. */
function expectSum({ figures: { liquidationValue }, terms }: MinerBacktest): void {
  const sum = Object.values(terms).reduce((total, term) => total + term, 0n)
  expect(sum).toBe(liquidationValue.actual - liquidationValue.forecast)
}

describe('a backtest', () => {
  test('finds no difference where nothing was a surprise', () => {
    pass()
    const { miners, estimates, gone, come, from, to } = compare()
    expect({ gone, come, span: to - from }).toEqual({ gone: [], come: [], span: (3 * EPOCHS_IN_DAY) / 4 })
    expect(miners).toHaveLength(2)
    for (const { figures, terms, sectors } of miners) {
      expect({ terms, sectors }).toEqual({ terms: NOTHING, sectors: SAME_SECTORS })
      for (const { forecast, actual } of Object.values(figures)) {
        expect(actual).toBe(forecast)
      }
    }
    expect(estimates.reward.actual).toBe(estimates.reward.forecast)
    expect(estimates.qaPower.actual).toBe(estimates.qaPower.forecast)
  })

  test('finds a top-up in the balance, and nowhere else', () => {
    const amount = 7n * ATTO_FIL_PER_FIL
    give(network, mixed.id, amount)
    pass()
    const of = surprised(compare().miners)
    expect(of.terms).toEqual({ ...NOTHING, balance: amount })
    expect(of.figures.availableBalance.actual - of.figures.availableBalance.forecast).toBe(amount)
    expect(of.sectors).toEqual(SAME_SECTORS)
  })

  test('finds faults by their numbers, and what they did to estimates and balance', () => {
    const [sector = 0] = mixed.sectors.committedCapacity
    declareFaults(network, mixed, [sector])
    pass()
    const of = surprised(compare().miners)
    expect(of.sectors).toEqual({ ...SAME_SECTORS, faulty: [sector] })
    expect(of.terms).toMatchObject({ deposits: 0n, feeDebt: 0n, liveSectors: 0n, queuedSectors: 0n })
    expectSum(of)
  })

  test('finds terminated sectors, whose fee was paid', () => {
    const [sector = 0] = mixed.sectors.committedCapacity
    terminate(network, mixed, [sector])
    pass()
    const of = surprised(compare().miners)
    expect(of.sectors).toEqual({ ...SAME_SECTORS, removed: [sector] })
    expect(of.terms.balance).toBeLessThan(0n)
    expect(of.terms.liveSectors).toBeGreaterThan(0n)
    expectSum(of)
  })

  test('names miners that came', () => {
    const newcomer = createMiner(network)
    advanceBy(network, 10)
    expect(compare().come).toEqual([findActorId(newcomer.id)])
  })

  test('is of one miner where one is asked for', () => {
    pass()
    const miner = findActorId(mixed.id) as ActorId
    expect(compare(undefined, miner).miners.map((each) => each.miner)).toEqual([miner])
  })

  test('of a state with itself is no difference', () => {
    expect(compare(first).miners.map(({ terms }) => terms)).toEqual([NOTHING, NOTHING])
  })

  test('refuses a second state that is earlier, and one of another network', () => {
    pass()
    const later = openNetworkView(network.vm.store, [root()])
    const earlier = first
    first = later
    expect(() => compare(earlier)).toThrow(expect.objectContaining({ code: 'STATES_OUT_OF_ORDER' }))
    const other = { ...later, network: { ...later.network, networkName: 'elsewhere' } }
    expect(() => compare(other)).toThrow(expect.objectContaining({ code: 'NETWORKS_DIFFER' }))
  })
})
