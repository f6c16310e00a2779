import { bitFieldOf, bitFieldRange, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { emptyMinerState, exitCodeOf, membersOf, minerFindings, quickSector } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { recordProvenSectors } from '../deadline-state/proofs.ts'
import { Partitions } from '../deadline-state.ts'
import { loadDeadline } from '../deadlines.ts'
import { ZERO_POWER } from '../power-pair.ts'
import { quantSpecForDeadline } from '../quant-specs.ts'
import { powerOfSectors } from '../sector-power.ts'
import { loadSectorsArray } from '../sectors.ts'
import type { SectorOnChainInfo } from '../types.ts'
import {
  assignSectorsToDeadline,
  assignSectorsToDeadlines,
  loadDeadlinesDraft,
  putSectors,
} from './assign-sectors.ts'
import { getInfo, powerTermsOf } from './info.ts'
import { allocateSectorNumbers } from './sector-numbers.ts'

const store = createMemoryBlockstore(await createHashes())
const policy = MAINNET_POLICY
/** Small partitions, so that few sectors fill them. */
const PARTITION_SIZE = 4
const info = {
  ...getInfo(store, emptyMinerState(store)),
  windowPostPartitionSectors: PARTITION_SIZE,
}
const terms = powerTermsOf(policy, info)

function sectorsFrom0(count: number): readonly SectorOnChainInfo[] {
  return Array.from({ length: count }, (_, i) => quickSector(1_000_000, i, BigInt(i), 1000n, 10n))
}

/** A state that has stored sectors and their pledge, but not put them anywhere. Its first period begins at 0. */
function stateWith(sectors: readonly SectorOnChainInfo[]) {
  const state = emptyMinerState(store)
  putSectors(store, state, sectors)
  allocateSectorNumbers(store, state, bitFieldRange(0, sectors.length), 'denyCollisions')
  state.initialPledge = BigInt(sectors.length) * 1000n
  state.deadlineCronActive = true
  return state
}

function partitionsOf(state: ReturnType<typeof stateWith>, index: number) {
  const { partitions } = loadDeadline(store, loadDeadlinesDraft(store, state), index)
  return [...Partitions.load(store, partitions).entries()].map(([, { sectors }]) => membersOf(sectors))
}

// Source of the case: builtin-actors v18, `actors/miner/tests/sector_assignment.rs`, with smaller partitions.
describe('assignSectorsToDeadlines', () => {
  const OPEN_DEADLINES = 46
  const PARTITIONS = 3
  const sectors = sectorsFrom0(PARTITION_SIZE * OPEN_DEADLINES * PARTITIONS)

  test('fills a partition of each deadline in turn, but of the one that is open and the next', () => {
    const state = stateWith(sectors)
    // At epoch 0 the first deadline is open.
    assignSectorsToDeadlines(policy, store, state, 0, sectors.toReversed(), info)
    for (let index = 0; index < 48; index++) {
      const starts = [0, 1, 2].map((round) => (round * OPEN_DEADLINES + index - 2) * PARTITION_SIZE)
      const expected = starts.map((start) => [start, start + 1, start + 2, start + 3])
      expect(partitionsOf(state, index)).toEqual(index < 2 ? [] : expected)
    }
    expect(minerFindings(store, state, state.initialPledge)).toEqual([])
  })

  test('puts sectors there whose power counts once they are proven', () => {
    const state = stateWith(sectors)
    assignSectorsToDeadlines(policy, store, state, 0, sectors, info)
    const deadline = loadDeadline(store, loadDeadlinesDraft(store, state), 7)
    const posted = [0n, 1n, 2n].map((index) => ({ index, skipped: bitFieldOf([]) }))
    const array = loadSectorsArray(store, state)
    const quant = quantSpecForDeadline(policy, state, 7)
    const result = recordProvenSectors(store, deadline, array, posted, 0, terms, quant)
    const proven = membersOf(result.sectors).map((number) => sectors[Number(number)] as SectorOnChainInfo)
    expect(proven).toHaveLength(PARTITIONS * PARTITION_SIZE)
    expect(result).toMatchObject({
      powerDelta: powerOfSectors(terms, proven),
      recoveredPower: ZERO_POWER,
      ignoredSectors: bitFieldOf([]),
    })
  })

  test('fills what is there before it begins another partition', () => {
    const state = stateWith(sectorsFrom0(3))
    assignSectorsToDeadlines(policy, store, state, 0, sectorsFrom0(2), info)
    assignSectorsToDeadlines(policy, store, state, 0, sectorsFrom0(3).slice(2), info)
    expect(partitionsOf(state, 2)).toEqual([[0, 1, 2]])
    expect(minerFindings(store, state, state.initialPledge)).toEqual([])
  })

  // At epoch 130 deadline 2 is open, so that the first deadline is free again.
  test('goes by the epoch for which deadlines are free', () => {
    const state = stateWith(sectorsFrom0(2))
    assignSectorsToDeadlines(policy, store, state, 130, sectorsFrom0(2), info)
    expect(partitionsOf(state, 0)).toEqual([[0, 1]])
  })
})

describe('assignSectorsToDeadline', () => {
  test('puts sectors where they are asked for, by their numbers', () => {
    const state = stateWith(sectorsFrom0(6))
    assignSectorsToDeadline(policy, store, state, 0, sectorsFrom0(6).toReversed(), info, 9)
    expect(partitionsOf(state, 9)).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ])
    expect(minerFindings(store, state, state.initialPledge)).toEqual([])
  })

  test.each([
    { index: 0, when: 'is open', exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { index: 1, when: 'is the next', exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    { index: 2, when: 'is free', exitCode: ExitCode.OK },
    { index: 47, when: 'is free', exitCode: ExitCode.OK },
  ])('in deadline $index, which $when, ends with $exitCode', ({ index, exitCode }) => {
    const state = stateWith(sectorsFrom0(1))
    const assigning = () => assignSectorsToDeadline(policy, store, state, 0, sectorsFrom0(1), info, index)
    expect(exitCodeOf(assigning)).toBe(exitCode)
  })
})
