import { fc, test } from '@fast-check/vitest'
import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import { PARTITION_QUANT, PARTITION_TERMS, powerOfAll, quickSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { MAINNET_POLICY } from '../../policy.ts'
import { type ExpirationSet, PartitionExpirations } from '../expiration-queue.ts'
import { quantizeUp } from '../quantize.ts'
import { sectorList } from '../sector-list.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { type ExpirationQueue, loadExpirationQueue } from './entries.ts'
import { rescheduleAllAsFaults, rescheduleAsFaults, rescheduleRecovered } from './faults.ts'
import { addActiveSectors, popExpired, replaceInQueue, rescheduleExpirations } from './queue.ts'
import { removeSectors } from './remove-sectors.ts'

const store = createMemoryBlockstore(await createHashes())

/** How long faults may last here. */
const FAULT_EPOCHS = 14

/** A sector as the queue has to know it: when it leaves, and whether before it promised to. */
interface Member {
  sector: SectorOnChainInfo
  epoch: number
  isFaulty: boolean
  isEarly: boolean
}

/** A queue, and a list of its sectors that is kept beside it by the plain words of the rules. */
interface World {
  queue: ExpirationQueue
  readonly members: Map<number, Member>
  now: number
  lastNumber: number
}

/** One change, of those sectors that the mask picks out of those that it can be done to. */
interface Step {
  readonly change: keyof typeof CHANGES
  readonly mask: number
  readonly epochs: number
}

const CHANGES = {
  add: (world: World, { mask, epochs }: Step) => {
    const added = Array.from({ length: 1 + (mask % 4) }, (_, i) => newSector(world, epochs + i))
    addActiveSectors(world.queue, added, PARTITION_TERMS)
    for (const sector of added) {
      const member = { sector, epoch: promisedEpoch(sector), isFaulty: false, isEarly: false }
      world.members.set(sector.sectorNumber, member)
    }
  },
  fault: (world: World, step: Step) => {
    const chosen = choose(world, step, ({ isFaulty }) => !isFaulty)
    const limit = world.now + FAULT_EPOCHS
    const power = rescheduleAsFaults(world.queue, limit, sectorList(chosen.map(sectorOf)), PARTITION_TERMS)
    expect(power).toEqual(powerOfAll(chosen.map(sectorOf)))
    chosen.forEach((member) => {
      makeFaulty(member, limit)
    })
  },
  faultAll: (world: World) => {
    const limit = world.now + FAULT_EPOCHS
    rescheduleAllAsFaults(world.queue, limit)
    world.members.forEach((member) => {
      makeFaulty(member, limit)
    })
  },
  recover: (world: World, step: Step) => {
    const chosen = choose(world, step, ({ isFaulty }) => isFaulty)
    const power = rescheduleRecovered(world.queue, sectorList(chosen.map(sectorOf)), PARTITION_TERMS)
    expect(power).toEqual(powerOfAll(chosen.map(sectorOf)))
    for (const member of chosen) {
      member.epoch = member.isEarly ? promisedEpoch(member.sector) : member.epoch
      member.isFaulty = false
      member.isEarly = false
    }
  },
  reschedule: (world: World, step: Step) => {
    const chosen = choose(world, step, ({ isFaulty }) => !isFaulty)
    const epoch = world.now + 1 + step.epochs
    rescheduleExpirations(world.queue, epoch, sectorList(chosen.map(sectorOf)), PARTITION_TERMS)
    for (const member of chosen) {
      member.epoch = quantizeUp(PARTITION_QUANT, epoch)
    }
  },
  replace: (world: World, step: Step) => {
    const chosen = choose(world, step, ({ isFaulty }) => !isFaulty)
    const others = chosen.map(({ sector }) => ({
      ...sector,
      expiration: world.now + 1 + step.epochs,
      initialPledge: sector.initialPledge + 5n,
    }))
    replaceInQueue(world.queue, sectorList(chosen.map(sectorOf)), others, PARTITION_TERMS)
    chosen.forEach((member, i) => {
      member.sector = others[i] ?? member.sector
      member.epoch = promisedEpoch(member.sector)
    })
  },
  remove: (world: World, step: Step) => {
    const chosen = choose(world, step, () => true)
    const faults = bitFieldOf(choose(world, { ...step, mask: -1 }, ({ isFaulty }) => isFaulty).map(numberOf))
    const recovering = choose(world, { ...step, mask: step.mask >> 1 }, ({ isFaulty }) => isFaulty)
    const { removed, recoveringPower } = removeSectors(
      world.queue,
      MAINNET_POLICY,
      sectorList(chosen.map(sectorOf)),
      faults,
      bitFieldOf(recovering.map(numberOf)),
      PARTITION_TERMS,
    )
    expect(removed).toEqual(setOf(chosen))
    expect(recoveringPower).toEqual(
      powerOfAll(recovering.filter((member) => chosen.includes(member)).map(sectorOf)),
    )
    drop(world, chosen)
  },
  pop: (world: World, { epochs }: Step) => {
    world.now += epochs
    const due = [...world.members.values()].filter(({ epoch }) => epoch <= world.now)
    expect(popExpired(world.queue, world.now)).toEqual(setOf(due))
    drop(world, due)
  },
}

/** Weights of verified data differ, so that powers tell sectors apart. */
function newSector(world: World, lifetime: number): SectorOnChainInfo {
  const number = ++world.lastNumber
  const weight = BigInt(SECTOR_BYTES) * BigInt(number % 7)
  return quickSector(world.now + 1 + lifetime, number, weight, 1000n + BigInt(number), BigInt(number))
}

function choose({ members }: World, { mask }: Step, isFit: (member: Member) => boolean): readonly Member[] {
  return [...members.values()].filter(
    (member) => isFit(member) && ((mask >> (numberOf(member) % 10)) & 1) === 1,
  )
}

function makeFaulty(member: Member, limit: number): void {
  const lastEpoch = quantizeUp(PARTITION_QUANT, limit)
  member.isFaulty = true
  member.isEarly ||= member.epoch > lastEpoch
  member.epoch = Math.min(member.epoch, lastEpoch)
}

function drop(world: World, members: readonly Member[]): void {
  for (const member of members) {
    world.members.delete(numberOf(member))
  }
}

function promisedEpoch({ expiration }: SectorOnChainInfo): number {
  return quantizeUp(PARTITION_QUANT, expiration)
}

function sectorOf({ sector }: Member): SectorOnChainInfo {
  return sector
}

function numberOf({ sector }: Member): number {
  return sector.sectorNumber
}

/** The set that sectors make together, each sum taken from the sectors themselves. */
function setOf(members: readonly Member[]): ExpirationSet {
  const [onTime, early] = [
    members.filter(({ isEarly }) => !isEarly),
    members.filter(({ isEarly }) => isEarly),
  ]
  const [active, faulty] = [
    members.filter(({ isFaulty }) => !isFaulty),
    members.filter(({ isFaulty }) => isFaulty),
  ]
  return {
    onTimeSectors: bitFieldOf(onTime.map(numberOf)),
    earlySectors: bitFieldOf(early.map(numberOf)),
    onTimePledge: onTime.reduce((sum, { sector }) => sum + sector.initialPledge, 0n),
    activePower: powerOfAll(active.map(sectorOf)),
    faultyPower: powerOfAll(faulty.map(sectorOf)),
    feeDeduction: members.reduce((sum, { sector }) => sum + sector.dailyFee, 0n),
  }
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  change: fc.constantFrom(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[]), 'add', 'fault'),
  mask: fc.nat(1023),
  epochs: fc.nat(30),
})

// Source of the rules: builtin-actors v18, `actors/miner/src/expiration_queue.rs`.
describe('an expiration queue', () => {
  test.prop([fc.array(anyStep, { minLength: 1, maxLength: 25 })])(
    'has, after any changes, exactly its sectors by the epoch that they leave at, with the sums of each epoch',
    (steps) => {
      const root = PartitionExpirations.empty(store).flush()
      const queue = loadExpirationQueue(store, root, PARTITION_QUANT)
      const world: World = { queue, members: new Map(), now: 0, lastNumber: 0 }
      for (const step of steps) {
        CHANGES[step.change](world, step)
        const groups = Map.groupBy(world.members.values(), ({ epoch }) => epoch)
        const expected = [...groups].sort(([a], [b]) => a - b).map(([epoch, group]) => [epoch, setOf(group)])
        expect([...world.queue.amt.entries()]).toEqual(expected)
        // What was stored is what is read again.
        world.queue = loadExpirationQueue(store, world.queue.amt.flush(), PARTITION_QUANT)
      }
    },
  )
})
