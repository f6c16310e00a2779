import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, bitsOf, createMemoryBlockstore, hasBit } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import {
  membersOf,
  PARTITION_QUANT,
  PARTITION_TERMS,
  partitionFindings,
  quickSector,
  SECTOR_BYTES,
} from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { type Draft, valueOfDraft } from '../../runtime/draft.ts'
import { activePower, activeSectors, liveSectors, type Partition } from '../partition-state.ts'
import { addPower, negatePower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { addSectorsToPartition, newPartition, replaceSectors } from './add-sectors.ts'
import {
  activateUnproven,
  declareFaultsRecovered,
  recordFaults,
  recordMissedPost,
  recordSkippedFaults,
  recoverFaults,
} from './faults.ts'
import { popEarlyTerminations, popExpiredSectors, terminateSectors } from './terminations.ts'

const store = createMemoryBlockstore(await createHashes())

/** How long faults may last here. */
const FAULT_EPOCHS = 14

/** A partition and the sums of what its changes said that they change. */
interface World {
  readonly partition: Draft<Partition>
  readonly infos: Map<number, SectorOnChainInfo>
  /** The power that the claim has, that is live and that is faulty, and the daily fee of what is live. */
  claim: PowerPair
  live: PowerPair
  faulty: PowerPair
  dailyFee: bigint
  /** Sectors that were charged for their termination. */
  readonly charged: number[]
  now: number
}

interface Step {
  readonly change: keyof typeof CHANGES
  readonly mask: number
  readonly epochs: number
}

const CHANGES = {
  add: (world: World, { mask, epochs }: Step) => {
    const added = Array.from({ length: 1 + (mask % 4) }, (_, i) => newSector(world, epochs + i, i))
    const isProven = mask % 2 === 0
    const { power, dailyFee } = addSectorsToPartition(
      store,
      world.partition,
      isProven,
      added,
      PARTITION_TERMS,
      PARTITION_QUANT,
    )
    for (const sector of added) {
      world.infos.set(sector.sectorNumber, sector)
    }
    world.live = addPower(world.live, power)
    world.claim = addPower(world.claim, isProven ? power : ZERO_POWER)
    world.dailyFee += dailyFee
  },
  fault: (world: World, step: Step) => {
    const numbers = bitFieldOf(chosen(step, [...world.infos.keys()]))
    const limit = world.now + FAULT_EPOCHS
    const array = arrayOf(world)
    const { partition } = world
    countFaults(
      world,
      recordFaults(store, partition, array, numbers, limit, PARTITION_TERMS, PARTITION_QUANT),
    )
  },
  declareRecovered: (world: World, step: Step) => {
    const numbers = bitFieldOf(chosen(step, [...world.infos.keys()]))
    declareFaultsRecovered(world.partition, arrayOf(world), numbers, PARTITION_TERMS)
  },
  /** A window in which the partition is proven, but for some sectors; then what is due leaves. */
  prove: (world: World, step: Step) => {
    const skipped = bitFieldOf(chosen(step, [...world.infos.keys()]))
    const array = arrayOf(world)
    const { partition } = world
    const limit = world.now + FAULT_EPOCHS
    countFaults(
      world,
      recordSkippedFaults(store, partition, array, skipped, limit, PARTITION_TERMS, PARTITION_QUANT),
    )
    const recovered = recoverFaults(store, partition, array, PARTITION_TERMS, PARTITION_QUANT)
    world.faulty = addPower(world.faulty, negatePower(recovered))
    world.claim = [recovered, activateUnproven(partition)].reduce(addPower, world.claim)
    expire(world, step)
  },
  /** A window in which it is not. */
  miss: (world: World, step: Step) => {
    const limit = world.now + FAULT_EPOCHS
    countFaults(world, recordMissedPost(store, world.partition, limit, PARTITION_QUANT))
    expect(membersOf(activeSectors(valueOfDraft(world.partition)))).toEqual([])
    expire(world, step)
  },
  replace: (world: World, step: Step) => {
    const active = membersOf(activeSectors(valueOfDraft(world.partition)))
    const old = infosOf(world, chosen(step, active))
    const others = old.map((sector) => ({
      ...sector,
      expiration: world.now + 1 + step.epochs,
      dailyFee: sector.dailyFee + 1n,
    }))
    const { partition } = world
    const deltas = replaceSectors(store, partition, old, others, PARTITION_TERMS, PARTITION_QUANT)
    for (const sector of others) {
      world.infos.set(sector.sectorNumber, sector)
    }
    world.live = addPower(world.live, deltas.power)
    world.claim = addPower(world.claim, deltas.power)
    world.dailyFee += deltas.dailyFee
  },
  terminate: (world: World, step: Step) => {
    const numbers = bitFieldOf(chosen(step, membersOf(liveSectors(valueOfDraft(world.partition)))))
    const { removed, removedUnproven } = terminateSectors(
      store,
      MAINNET_POLICY,
      world.partition,
      arrayOf(world),
      world.now,
      numbers,
      PARTITION_TERMS,
      PARTITION_QUANT,
    )
    countLost(world, removed)
    world.live = addPower(world.live, negatePower(removedUnproven))
  },
  charge: (world: World, { mask }: Step) => {
    const { result } = popEarlyTerminations(store, world.partition, 1 + (mask % 5))
    world.charged.push(...[...result.sectors.values()].flatMap((set) => [...bitsOf(set)].map(Number)))
  },
}

function expire(world: World, { epochs }: Step): void {
  world.now += epochs
  countLost(world, popExpiredSectors(store, world.partition, world.now, PARTITION_QUANT))
}

interface Change {
  readonly powerDelta: PowerPair
  readonly newFaultyPower: PowerPair
}

function countFaults(world: World, { powerDelta, newFaultyPower }: Change): void {
  world.claim = addPower(world.claim, powerDelta)
  world.faulty = addPower(world.faulty, newFaultyPower)
}

interface Loss {
  readonly activePower: PowerPair
  readonly faultyPower: PowerPair
  readonly feeDeduction: bigint
}

function countLost(world: World, lost: Loss): void {
  world.claim = addPower(world.claim, negatePower(lost.activePower))
  world.faulty = addPower(world.faulty, negatePower(lost.faultyPower))
  world.live = [lost.activePower, lost.faultyPower].map(negatePower).reduce(addPower, world.live)
  world.dailyFee -= lost.feeDeduction
}

/** Weights of verified data differ, so that powers tell sectors apart. */
function newSector({ infos, now }: World, lifetime: number, index: number): SectorOnChainInfo {
  const number = infos.size + 1 + index
  const weight = BigInt(SECTOR_BYTES) * BigInt(number % 7)
  return quickSector(now + 1 + lifetime, number, weight, 1000n + BigInt(number), BigInt(number))
}

function chosen({ mask }: Step, numbers: readonly (number | bigint)[]): readonly number[] {
  return numbers.map(Number).filter((number) => ((mask >> (number % 10)) & 1) === 1)
}

function infosOf({ infos }: World, numbers: readonly number[]): readonly SectorOnChainInfo[] {
  return numbers.flatMap((number) => infos.get(number) ?? [])
}

function arrayOf({ infos }: World): Sectors {
  const array = Sectors.empty(store)
  storeSectors(array, infos.values())
  return array
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  change: fc.constantFrom(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[]), 'add', 'fault'),
  mask: fc.nat(1023),
  epochs: fc.nat(30),
})

// Source of the rules: builtin-actors v18, `actors/miner/src/partition_state.rs` and `testing.rs`.
describe('a partition', () => {
  test.prop([fc.array(anyStep, { minLength: 1, maxLength: 20 })])(
    'keeps its invariants, and is the sum of what its changes say that they change',
    (steps) => {
      const world: World = {
        partition: newPartition(store),
        infos: new Map(),
        claim: ZERO_POWER,
        live: ZERO_POWER,
        faulty: ZERO_POWER,
        dailyFee: 0n,
        charged: [],
        now: 0,
      }
      for (const step of steps) {
        CHANGES[step.change](world, step)
        const { partition } = world
        expect(partitionFindings(store, partition, [...world.infos.values()])).toEqual([])
        expect(activePower(valueOfDraft(partition))).toEqual(world.claim)
        expect(partition.livePower).toEqual(world.live)
        expect(partition.faultyPower).toEqual(world.faulty)
        const live = liveSectors(valueOfDraft(partition))
        const fees = infosOf(world, membersOf(live).map(Number)).map(({ dailyFee }) => dailyFee)
        expect(world.dailyFee).toBe(fees.reduce((sum, fee) => sum + fee, 0n))
        // Each is charged once, and only after it was terminated.
        expect(new Set(world.charged).size).toBe(world.charged.length)
        expect(world.charged.every((number) => hasBit(partition.terminated, number))).toBe(true)
      }
    },
  )
})
