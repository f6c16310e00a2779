import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, bitsOf, createMemoryBlockstore, isEmptyBitField } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import {
  deadlineFindings,
  membersOf,
  PARTITION_QUANT,
  PARTITION_TERMS,
  quickSector,
  SECTOR_BYTES,
} from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { type Draft, draftOf } from '../../runtime/draft.ts'
import { type Deadline, Partitions } from '../deadline-state.ts'
import { activePower, liveSectors } from '../partition-state.ts'
import { addPower, negatePower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { addSectorsToDeadline } from './add-sectors.ts'
import { compactPartitions } from './compact.ts'
import { processDeadlineEnd } from './deadline-end.ts'
import { declareDeadlineFaultsRecovered, recordDeadlineFaults } from './faults.ts'
import { newDeadline } from './partitions.ts'
import { recordProvenSectors } from './proofs.ts'
import {
  popDeadlineEarlyTerminations,
  popDeadlineExpiredSectors,
  terminateDeadlineSectors,
} from './terminations.ts'

const store = createMemoryBlockstore(await createHashes())

const PARTITION_SIZE = 4
/** How long faults may last here. */
const FAULT_EPOCHS = 14

/** A deadline, and the sum of what its changes said of the claim. */
interface World {
  readonly deadline: Draft<Deadline>
  readonly infos: Map<number, SectorOnChainInfo>
  claim: PowerPair
  readonly terminated: number[]
  readonly charged: number[]
  now: number
  lastNumber: number
}

interface Step {
  readonly change: keyof typeof CHANGES
  readonly mask: number
  readonly epochs: number
}

const CHANGES = {
  add: (world: World, { mask, epochs }: Step) => {
    const added = Array.from({ length: 1 + (mask % 6) }, (_, i) => newSector(world, epochs + i))
    const arrival = { partitionSize: PARTITION_SIZE, isProven: mask % 2 === 0, hasNewFees: true }
    const { deadline } = world
    const { power } = addSectorsToDeadline(store, deadline, added, arrival, PARTITION_TERMS, PARTITION_QUANT)
    for (const sector of added) {
      world.infos.set(sector.sectorNumber, sector)
    }
    world.claim = arrival.isProven ? addPower(world.claim, power) : world.claim
  },
  fault: (world: World, step: Step) => {
    const declared = declaredFrom(world, step, 'sectors')
    const [array, limit] = [arrayOf(world), world.now + FAULT_EPOCHS]
    const { deadline } = world
    const delta = recordDeadlineFaults(
      store,
      deadline,
      array,
      declared,
      limit,
      PARTITION_TERMS,
      PARTITION_QUANT,
    )
    world.claim = addPower(world.claim, delta)
  },
  declareRecovered: (world: World, step: Step) => {
    const declared = declaredFrom(world, step, 'sectors')
    declareDeadlineFaultsRecovered(store, world.deadline, arrayOf(world), declared, PARTITION_TERMS)
  },
  terminate: (world: World, step: Step) => {
    const declared = declaredFrom(world, step, 'live')
    const lost = terminateDeadlineSectors(
      store,
      MAINNET_POLICY,
      world.deadline,
      arrayOf(world),
      world.now,
      declared,
      PARTITION_TERMS,
      PARTITION_QUANT,
    )
    world.claim = addPower(world.claim, negatePower(lost))
    world.terminated.push(...[...declared.values()].flatMap((numbers) => [...bitsOf(numbers)].map(Number)))
  },
  charge: (world: World, { mask }: Step) => {
    const [maxPartitions, maxSectors] = [1 + (mask % 3), 1 + (mask % 5)]
    const { result } = popDeadlineEarlyTerminations(store, world.deadline, maxPartitions, maxSectors)
    expect(result.sectorsProcessed).toBeLessThanOrEqual(maxSectors)
    expect(result.partitionsProcessed).toBeLessThanOrEqual(maxPartitions)
    world.charged.push(...[...result.sectors.values()].flatMap((set) => [...bitsOf(set)].map(Number)))
  },
  /** A window in which some partitions are proven, but for some sectors; then what is due leaves. */
  window: (world: World, step: Step) => {
    const { deadline } = world
    const [array, limit] = [arrayOf(world), world.now + FAULT_EPOCHS]
    const posted = [...declaredFrom(world, step, 'sectors')].flatMap(([index, skipped]) =>
      (step.epochs >> Number(index % 4n)) % 2 === 0 ? [{ index, skipped }] : [],
    )
    const proven = recordProvenSectors(
      store,
      deadline,
      array,
      posted,
      limit,
      PARTITION_TERMS,
      PARTITION_QUANT,
    )
    const ended = processDeadlineEnd(store, deadline, array.flush(), limit, PARTITION_QUANT)
    world.now += step.epochs
    const expired = popDeadlineExpiredSectors(store, deadline, world.now, PARTITION_QUANT)
    world.claim = [proven.powerDelta, ended, negatePower(expired.activePower)].reduce(addPower, world.claim)
    world.terminated.push(...[...bitsOf(expired.earlySectors)].map(Number))
  },
  /** Takes apart what may be taken apart. */
  compact: (world: World, { mask }: Step) => {
    const removable = partitionsOf(world).flatMap(([index, { faults, unproven }]) =>
      isEmptyBitField(faults) && isEmptyBitField(unproven) && (mask >> (index % 10)) % 2 === 1 ? [index] : [],
    )
    if (!isEmptyBitField(world.deadline.earlyTerminations)) {
      return
    }
    const dead = compactPartitions(
      store,
      world.deadline,
      arrayOf(world),
      bitFieldOf(removable),
      PARTITION_SIZE,
      PARTITION_TERMS,
      PARTITION_QUANT,
    )
    for (const number of bitsOf(dead)) {
      world.infos.delete(Number(number))
    }
  },
}

/** Weights of verified data differ, so that powers tell sectors apart. */
function newSector(world: World, lifetime: number): SectorOnChainInfo {
  const number = ++world.lastNumber
  const weight = BigInt(SECTOR_BYTES) * BigInt(number % 7)
  return quickSector(world.now + 1 + lifetime, number, weight, 1000n + BigInt(number), BigInt(number))
}

function partitionsOf({ deadline }: World) {
  return [...Partitions.load(store, deadline.partitions).entries()]
}

/** For each partition those of its sectors that the mask picks out. */
function declaredFrom(world: World, { mask }: Step, from: 'sectors' | 'live') {
  return new Map(
    partitionsOf(world).map(([index, partition]) => {
      const numbers = membersOf(from === 'live' ? liveSectors(partition) : partition.sectors).map(Number)
      return [BigInt(index), bitFieldOf(numbers.filter((number) => (mask >> (number % 10)) % 2 === 1))]
    }),
  )
}

function arrayOf({ infos }: World): Sectors {
  const array = Sectors.empty(store)
  storeSectors(array, infos.values())
  return array
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  change: fc.constantFrom(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[]), 'add', 'window'),
  mask: fc.nat(1023),
  epochs: fc.nat(30),
})

// Source of the rules: builtin-actors v18, `actors/miner/src/deadline_state.rs` and `testing.rs`.
describe('a deadline', () => {
  test.prop([fc.array(anyStep, { minLength: 1, maxLength: 15 })])(
    'keeps its invariants, counts what its changes say in the claim, and charges each early termination once',
    (steps) => {
      const world: World = {
        deadline: draftOf(newDeadline(store)),
        infos: new Map(),
        claim: ZERO_POWER,
        terminated: [],
        charged: [],
        now: 0,
        lastNumber: 0,
      }
      for (const step of steps) {
        CHANGES[step.change](world, step)
        expect(deadlineFindings(store, world.deadline, [...world.infos.values()])).toEqual([])
        const active = partitionsOf(world).map(([, partition]) => activePower(partition))
        expect(world.claim).toEqual(active.reduce(addPower, ZERO_POWER))
      }
      const { result, hasMore } = popDeadlineEarlyTerminations(store, world.deadline, 1000, 1000)
      const rest = [...result.sectors.values()].flatMap((set) => [...bitsOf(set)].map(Number))
      expect(hasMore).toBe(false)
      expect([...world.charged, ...rest].sort((a, b) => a - b)).toEqual(
        world.terminated.toSorted((a, b) => a - b),
      )
    },
  )
})
