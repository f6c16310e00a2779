import {
  BalanceTable,
  Deadline,
  Deadlines,
  type DealProposal,
  DealProposals,
  DealStates,
  loadStateTree,
  MAINNET_POLICY,
  MarketState,
  MinerState,
  Partitions,
  ProviderSectors,
  RULES_OF_TODAY,
} from '@plimsoll/actors'
import { type Link, load, save } from '@plimsoll/ipld'
import {
  type ActorId,
  type Address,
  createHashes,
  findActorId,
  idAddress,
  STORAGE_MARKET_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { openRun } from '../run/open-run.ts'
import { terminateWhatCanBe } from '../run/wind-up.ts'
import { terminationBlockers } from './termination-blockers.ts'

const hashes = await createHashes()
const network = openNetwork(hashes)
const mixed = buildMixedMiner(network, { committedCapacity: 2, withDeal: 2 })
// A new miner's deposit is no pledge, and is taken from the total of pledges when it is paid out: there has to be some.
buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
const miner = findActorId(mixed.id) as ActorId
const { store } = network.vm
const root = network.vm.root()

/** The state with the head of one actor changed. */
function edited<S>(actor: Address, change: (head: Link<S>) => Link<S>): NetworkView {
  const { actors } = loadStateTree(store, [root])
  const record = actors.get(actor)
  if (record === undefined) {
    throw new Error('the actor is there')
  }
  actors.set(actor, { ...record, head: change(record.head as Link<S>) })
  return openNetworkView(store, [actors.flush().cid])
}

function editedMarket(change: (state: MarketState) => Partial<MarketState>): NetworkView {
  return edited<MarketState>(STORAGE_MARKET_ACTOR_ADDR, (head) => {
    const state = load(store, MarketState, head)
    return save(store, MarketState, { ...state, ...change(state) })
  })
}

/** Terminates what can be terminated, and says how the message ends. */
function exitOfTermination(view: NetworkView): number | undefined {
  const run = openRun(view, {
    hashes,
    rules: RULES_OF_TODAY,
    background: 'frozen',
    miners: [miner],
    networkVersion: 28,
    circulatingSupply: undefined,
  })
  // The sectors may be in a deadline that is open or next; two deadlines later they are not.
  for (let deadline = 0; deadline < 3; deadline++) {
    const [sent] = terminateWhatCanBe(run, mixed.id)
    if (sent !== undefined) {
      return sent.receipt.exitCode
    }
    run.vm.tickThrough(run.vm.epoch + MAINNET_POLICY.wpostChallengeWindow)
  }
  return undefined
}

describe('what blocks a termination', () => {
  test('is nothing in a sound state, whose sectors can be terminated', () => {
    const view = openNetworkView(store, [root])
    expect(terminationBlockers(view, miner)).toEqual([])
    expect(exitOfTermination(view)).toBe(0)
  })

  test('is a deal that was activated and has no state', () => {
    const view = editedMarket((state) => {
      const states = DealStates.load(store, state.states)
      states.delete(0)
      return { states: states.flush() }
    })
    const blockers = terminationBlockers(view, miner)
    expect(blockers).toMatchObject([
      { kind: 'deal-without-state', certainty: 'certain', place: 'market.deals.0' },
    ])
    expect(exitOfTermination(view)).toBe(blockers[0]?.exitCode)
  })

  test('is a deal with somebody else', () => {
    const view = editedMarket((state) => {
      const proposals = DealProposals.load(store, state.proposals)
      const deal = proposals.get(0) as DealProposal
      proposals.set(0, { ...deal, provider: idAddress(9999 as ActorId) })
      return { proposals: proposals.flush() }
    })
    const blockers = terminationBlockers(view, miner)
    expect(blockers).toMatchObject([{ kind: 'deal-with-another-provider', certainty: 'certain' }])
    expect(exitOfTermination(view)).toBe(blockers[0]?.exitCode)
  })

  test('is a deal in two sectors', () => {
    const view = editedMarket((state) => {
      const places = ProviderSectors.load(store, state.providerSectors)
      const [[first, deals], [second]] = [...places.entriesOf(BigInt(miner))] as [
        readonly [bigint, readonly bigint[]],
        readonly [bigint, readonly bigint[]],
      ]
      expect(first).not.toBe(second)
      places.set(BigInt(miner), second, deals)
      return { providerSectors: places.flush() }
    })
    const blockers = terminationBlockers(view, miner)
    expect(blockers).toMatchObject([{ kind: 'deal-in-two-places', certainty: 'certain' }])
    expect(exitOfTermination(view)).toBe(blockers[0]?.exitCode)
  })

  test('is a table in which what deals have locked is missing', () => {
    const view = editedMarket((state) => ({ ...state, lockedTable: BalanceTable.empty(store).flush() }))
    const blockers = terminationBlockers(view, miner)
    expect(new Set(blockers.map(({ kind }) => kind))).toEqual(new Set(['deal-funds-missing']))
    expect(exitOfTermination(view)).toBe(blockers[0]?.exitCode)
  })

  test('may be a partition whose recorded power is not that of its sectors', () => {
    const view = edited<MinerState>(mixed.id, (head) => {
      const state = load(store, MinerState, head)
      const deadlines = load(store, Deadlines, state.deadlines)
      const due = deadlines.due.map((link) => {
        const deadline = load(store, Deadline, link as Link<Deadline>)
        const partitions = Partitions.load(store, deadline.partitions)
        for (const [index, partition] of [...partitions.entries()]) {
          const { raw, qa } = partition.livePower
          partitions.set(index, { ...partition, livePower: { raw, qa: qa + 1n } })
        }
        return save(store, Deadline, { ...deadline, partitions: partitions.flush() })
      })
      return save(store, MinerState, { ...state, deadlines: save(store, Deadlines, { due }) })
    })
    const blockers = terminationBlockers(view, miner)
    expect(blockers.length).toBeGreaterThan(0)
    expect(new Set(blockers.map(({ kind, certainty }) => `${kind} ${certainty}`))).toEqual(
      new Set(['power-drifted possible']),
    )
    expect(blockers[0]?.place).toContain('deadlines')
  })
})
