import { BalanceTable, DealStates, MAINNET_POLICY, MarketState } from '@plimsoll/actors'
import {
  type ActorId,
  createHashes,
  findActorId,
  idAddress,
  STORAGE_MARKET_ACTOR_ID,
} from '@plimsoll/primitives'
import { buildMixedMiner, editActor, openNetwork, type TestNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { loadPredictedMiner } from './load-predicted-miner.ts'
import { blockersOfState, cashBlockers, isSettledByMessage } from './plan-blockers.ts'
import type { PredictedMiner } from './predict-state.ts'
import { enqueue } from './predict-terminations.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

function withQueue(count: number): PredictedMiner {
  const deadline = plainDeadline([])
  const [partition] = deadline.partitions
  if (partition !== undefined) {
    enqueue(
      deadline,
      partition,
      1,
      Array.from({ length: count }, (_, i) => plainSector(i)),
    )
  }
  return plainMiner({ deadlines: [deadline], pending: new Set([0]) })
}

describe('a queue', () => {
  // 47,058,842 + 540,457 a sector, and 21 % more, is within 10^10 up to 15,204 sectors.
  test.each([
    { count: 0, fits: true },
    { count: 15_204, fits: true },
    { count: 15_205, fits: false },
    // A round has no more than 25,000.
    { count: 60_000, fits: false },
  ])('of $count sectors is charged by a message: $fits', ({ count, fits }) => {
    expect(isSettledByMessage(withQueue(count))).toBe(fits)
  })
})

describe('what keeps cash in a miner', () => {
  const kinds = (miner: PredictedMiner, available: bigint) =>
    cashBlockers(miner, 100, available).map(({ kind, lockedValue }) => ({ kind, lockedValue }))
  const other = (quota: bigint, usedQuota: bigint, expiration: number) =>
    plainMiner({ beneficiary: idAddress(200n), beneficiaryTerm: { quota, usedQuota, expiration } })

  test('is certain, and keeps no sector from being terminated', () => {
    expect(cashBlockers(other(90n, 60n, 101), 100, 50n)).toEqual([
      {
        ...{ kind: 'beneficiary-quota', certainty: 'certain', sectors: [], lockedValue: 20n },
        message: expect.any(String),
      },
    ])
  })

  test('is nothing where the owner has everything', () => {
    expect(kinds(plainMiner(), 50n)).toEqual([])
  })

  test('is a term that has ended, a quota that is used up, or one that is too small', () => {
    expect(kinds(other(90n, 0n, 100), 50n)).toEqual([{ kind: 'beneficiary-expired', lockedValue: 50n }])
    expect(kinds(other(90n, 90n, 101), 50n)).toEqual([{ kind: 'beneficiary-exhausted', lockedValue: 50n }])
    expect(kinds(other(90n, 60n, 101), 50n)).toEqual([{ kind: 'beneficiary-quota', lockedValue: 20n }])
    expect(kinds(other(90n, 40n, 101), 50n)).toEqual([])
  })

  test('is the queue, and debt that nothing covers', () => {
    expect(kinds(withQueue(1), 50n)).toEqual([{ kind: 'queue-not-empty', lockedValue: 50n }])
    expect(kinds(plainMiner({ feeDebt: 9n }), -1n)).toEqual([{ kind: 'fee-debt', lockedValue: 0n }])
    expect(kinds(plainMiner({ feeDebt: 9n }), 0n)).toEqual([])
  })
})

const hashes = await createHashes()
let network: TestNetwork
let id: ActorId

beforeAll(() => {
  network = openNetwork(hashes)
  id = findActorId(buildMixedMiner(network, { committedCapacity: 1, withDeal: 2 }).id) as ActorId
})

describe('what stands in the way in a state', () => {
  const viewOf = (root = network.vm.root()) => openNetworkView(network.vm.store, [root])

  function editedMarket(change: (state: MarketState) => Partial<MarketState>): NetworkView {
    const edit = editActor(STORAGE_MARKET_ACTOR_ID, MarketState, (state) => ({ ...state, ...change(state) }))
    return viewOf(edit(network.vm.store, network.vm.root()))
  }

  /** A miner whose money the network has counted, whatever it is. */
  function blockersOf(miner: PredictedMiner, totalPledgeCollateral = 1n << 100n) {
    const view = viewOf()
    const power = { ...view.network.power, totalPledgeCollateral }
    return blockersOfState({ ...view, network: { ...view.network, power } }, id, miner)
  }

  test('is nothing in a sound one', () => {
    expect(blockersOf(plainMiner())).toEqual([])
  })

  test('is a deal without a state, with the sectors of all such deals and their pledge', () => {
    const view = editedMarket((state) => {
      const states = DealStates.load(network.vm.store, state.states)
      for (const [deal] of [...states.entries()]) {
        states.delete(deal)
      }
      return { states: states.flush() }
    })
    const miner = { ...loadPredictedMiner(view, id, MAINNET_POLICY), initialPledge: 0n, lockedFunds: 0n }
    const withDeals = miner.deadlines
      .flatMap(({ partitions }) => partitions.flatMap(({ live }) => [...live.values()]))
      .filter(({ hasData }) => hasData)
      .toSorted((a, b) => a.number - b.number)
    expect(withDeals).toHaveLength(2)
    expect(blockersOfState(view, id, miner)).toEqual([
      {
        ...{
          kind: 'deal-without-state',
          certainty: 'certain',
          sectors: withDeals.map(({ number }) => number),
        },
        message: expect.stringMatching(/has no state; and 1 more$/),
        lockedValue: withDeals.reduce((sum, { initialPledge }) => sum + initialPledge, 0n),
      },
    ])
  })

  // Client and provider lack the funds for the same two sectors, each of which is locked once; none is left out for it.
  test('may be funds that deals need, and locks a sector once however many lack them', () => {
    const view = editedMarket(() => ({ lockedTable: BalanceTable.empty(network.vm.store).flush() }))
    const miner = { ...loadPredictedMiner(view, id, MAINNET_POLICY), initialPledge: 0n, lockedFunds: 0n }
    const pledge = miner.deadlines
      .flatMap(({ partitions }) => partitions.flatMap(({ live }) => [...live.values()]))
      .reduce((sum, { hasData, initialPledge }) => sum + (hasData ? initialPledge : 0n), 0n)
    expect(blockersOfState(view, id, miner)).toEqual([
      {
        ...{ kind: 'deal-funds-missing', certainty: 'possible', sectors: [], lockedValue: pledge },
        message: expect.stringMatching(/are there; and 1 more$/),
      },
    ])
  })

  test('keeps blockers of different kinds apart', () => {
    const view = editedMarket((state) => {
      const states = DealStates.load(network.vm.store, state.states)
      states.delete([...states.entries()][0]?.[0] ?? 0n)
      return { states: states.flush(), lockedTable: BalanceTable.empty(network.vm.store).flush() }
    })
    const miner = { ...loadPredictedMiner(view, id, MAINNET_POLICY), initialPledge: 0n, lockedFunds: 0n }
    expect(blockersOfState(view, id, miner).map(({ kind, sectors }) => [kind, sectors.length])).toEqual([
      ['deal-without-state', 1],
      ['deal-funds-missing', 0],
    ])
  })

  /** Sectors of 10 bytes and 1000 of pledge each: two that are active, one faulty, one never proven. */
  const fourSectors = (fields: Partial<PredictedMiner>) =>
    plainMiner({
      deadlines: [
        plainDeadline([plainSector(7, { qaPower: 10n }), plainSector(3, { qaPower: 10n })]),
        plainDeadline([
          plainSector(5, { qaPower: 10n, isFaulty: true }),
          plainSector(4, { qaPower: 10n, isUnproven: true }),
        ]),
      ],
      ...fields,
    })
  const frozen = (sectors: readonly number[]) => ({
    ...{ kind: 'frozen-miner', certainty: 'certain', message: expect.any(String), sectors },
    lockedValue: 1000n * BigInt(sectors.length),
  })

  test('is a claim of less power than the active sectors have', () => {
    expect(blockersOf(fourSectors({ claim: { raw: 0n, qa: 20n } }))).toEqual([])
    expect(blockersOf(fourSectors({ claim: { raw: 0n, qa: 19n } }))).toEqual([frozen([3, 7])])
  })

  test('is a claim that is gone, which freezes everything that is live or waits', () => {
    expect(blockersOf(fourSectors({ hasClaim: false }))).toEqual([frozen([3, 4, 5, 7])])
    expect(blockersOf(plainMiner({ hasClaim: false }))).toEqual([])
    expect(blockersOf({ ...withQueue(1), hasClaim: false })).toEqual([frozen([])])
  })

  test('may be a network that counts less pledge than the miner has to release', () => {
    const miner = plainMiner({ initialPledge: 60n, lockedFunds: 41n })
    expect(blockersOf(miner, 101n)).toEqual([])
    expect(blockersOf(miner, 100n)).toEqual([
      {
        ...{ kind: 'network-pledge-short', certainty: 'possible', message: expect.any(String) },
        ...{ sectors: [], lockedValue: 1n },
      },
    ])
  })

  test('is a queue of which no block holds a round, with all that is in the miner but deposits', () => {
    const crowded = (balance: bigint) => ({ ...withQueue(15_205), balance, preCommitDeposits: 30n })
    const beyondGas = (lockedValue: bigint) => ({
      ...{ kind: 'queue-beyond-gas', certainty: 'certain', message: expect.any(String) },
      ...{ sectors: [], lockedValue },
    })
    expect(blockersOf(crowded(100n))).toEqual([beyondGas(70n)])
    expect(blockersOf(crowded(20n))).toEqual([beyondGas(0n)])
  })
})
