import { bitFieldOf, bitFieldRange, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import { emptyMinerState, minerFindings, quickSector } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { terminateDeadlineSectors } from '../deadline-state/terminations.ts'
import { loadDeadline, updateDeadline } from '../deadlines.ts'
import { quantSpecForDeadline } from '../quant-specs.ts'
import { loadSectorsArray } from '../sectors.ts'
import { addTerminations, NO_TERMINATIONS } from '../termination.ts'
import { assignSectorsToDeadline, loadDeadlinesDraft, putSectors, saveDeadlines } from './assign-sectors.ts'
import {
  countQueuedTerminations,
  hasPendingEarlyTerminations,
  popEarlyTerminations,
} from './early-terminations.ts'
import { getInfo, powerTermsOf } from './info.ts'
import { allocateSectorNumbers } from './sector-numbers.ts'

const store = createMemoryBlockstore(await createHashes())
const policy = MAINNET_POLICY

/** Sectors 0 to 5 in deadline 5, 6 to 11 in deadline 9, in partitions of 4; those that it says are terminated. */
function stateWith(terminated: Readonly<Record<number, ReadonlyMap<bigint, readonly number[]>>>) {
  const state = emptyMinerState(store)
  const info = { ...getInfo(store, state), windowPostPartitionSectors: 4 }
  const sectors = Array.from({ length: 12 }, (_, i) => quickSector(1_000_000, i, 0n, 1000n, 10n))
  putSectors(store, state, sectors)
  allocateSectorNumbers(store, state, bitFieldRange(0, 12), 'denyCollisions')
  Object.assign(state, { initialPledge: 12_000n, deadlineCronActive: true })
  assignSectorsToDeadline(policy, store, state, 0, sectors.slice(0, 6), info, 5)
  assignSectorsToDeadline(policy, store, state, 0, sectors.slice(6), info, 9)
  const deadlines = loadDeadlinesDraft(store, state)
  for (const [index, declared] of Object.entries(terminated)) {
    const deadline = loadDeadline(store, deadlines, Number(index))
    const sets = new Map([...declared].map(([partition, numbers]) => [partition, bitFieldOf(numbers)]))
    terminateDeadlineSectors(
      store,
      policy,
      deadline,
      loadSectorsArray(store, state),
      7,
      sets,
      powerTermsOf(policy, info),
      quantSpecForDeadline(policy, state, Number(index)),
    )
    updateDeadline(store, deadlines, Number(index), deadline)
  }
  saveDeadlines(store, state, deadlines)
  state.earlyTerminations = bitFieldOf(Object.keys(terminated).map(Number))
  return state
}

/** 0 and 2 of partition 0 and 4 of partition 1 of deadline 5; 6 of deadline 9. */
const stateWithFour = () =>
  stateWith({
    5: new Map([
      [0n, [0, 2]],
      [1n, [4]],
    ]),
    9: new Map([[0n, [6]]]),
  })

const FOUR = new Map([[7, bitFieldOf([0, 2, 4, 6])]])

// Source: builtin-actors v18, `actors/miner/src/state.rs`, `pop_early_terminations`.
describe('popEarlyTerminations', () => {
  test('takes all that a limit allows, over deadlines and partitions', () => {
    const state = stateWithFour()
    expect(hasPendingEarlyTerminations(state)).toBe(true)
    expect(countQueuedTerminations(store, state)).toBe(4)
    expect(popEarlyTerminations(store, state, 100, 100)).toEqual({
      result: { sectors: FOUR, partitionsProcessed: 3, sectorsProcessed: 4 },
      hasMore: false,
    })
    expect(hasPendingEarlyTerminations(state)).toBe(false)
    expect(countQueuedTerminations(store, state)).toBe(0)
    // Their pledge goes with the fee, which is not charged here.
    state.initialPledge -= 4000n
    expect(minerFindings(store, state, state.initialPledge)).toEqual([])
  })

  test.each([
    { maxPartitions: 100, maxSectors: 1, rounds: [1, 1, 1, 1] },
    { maxPartitions: 100, maxSectors: 2, rounds: [2, 2] },
    { maxPartitions: 100, maxSectors: 3, rounds: [3, 1] },
    { maxPartitions: 1, maxSectors: 100, rounds: [2, 1, 1] },
    { maxPartitions: 2, maxSectors: 100, rounds: [3, 1] },
    { maxPartitions: 3, maxSectors: 100, rounds: [4] },
  ])('of $maxPartitions partitions and $maxSectors sectors at a time takes $rounds', (row) => {
    const state = stateWithFour()
    let all = NO_TERMINATIONS
    const rounds: number[] = []
    let hasMore = true
    while (hasMore) {
      const popped = popEarlyTerminations(store, state, row.maxPartitions, row.maxSectors)
      rounds.push(popped.result.sectorsProcessed)
      all = addTerminations(all, popped.result)
      state.initialPledge -= BigInt(popped.result.sectorsProcessed) * 1000n
      expect(minerFindings(store, state, state.initialPledge)).toEqual([])
      hasMore = popped.hasMore
    }
    expect(rounds).toEqual(row.rounds)
    expect(all.sectors).toEqual(FOUR)
  })

  test('of nothing looks at nothing', () => {
    const state = stateWith({})
    expect(popEarlyTerminations(store, state, 100, 100)).toEqual({ result: NO_TERMINATIONS, hasMore: false })
  })
})
