import {
  addPower,
  Claims,
  EarlyTerminated,
  loadVesting,
  minerLayout,
  NEWEST_ACTORS_VERSION,
  type PowerPair,
  PowerState,
  powerForSectors,
  type SectorOnChainInfo,
  ZERO_POWER,
} from '@plimsoll/actors'
import { type BitField, bitsOf, subtractBitFields, unionBitFields } from '@plimsoll/ipld'
import { type Address, createHashes, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import { deadlinesOf, infoOf, minerState, partitionsOf, sectorsOf, type TestNetwork } from '@plimsoll/testkit'
import type { Receipt, Vm } from '@plimsoll/vm'
import { describe, expect, test } from 'vitest'
import { attemptStep } from './attempt-step.ts'
import { balanceFlows } from './balance-flows.ts'
import { chanceOf } from './chance.ts'
import { nextStep } from './generate.ts'
import { profileOf } from './profile.ts'
import type { Step } from './step.ts'
import { createWorld, observe } from './world.ts'

const hashes = await createHashes()
const LAYOUT = minerLayout(NEWEST_ACTORS_VERSION)
const STEPS = 400

interface Done {
  readonly step: Step
  readonly receipt: Receipt
  readonly network: TestNetwork
}

/** A network to which random things happen; what is done on a fork is left out. */
function* randomRun(seed: number): Generator<Done, void> {
  const world = createWorld(hashes, profileOf(seed), seed)
  const chance = chanceOf(seed)
  const { network } = world
  for (let done = 0; done < STEPS; done++) {
    const step = nextStep(world, chance)
    const outcome = attemptStep(network.vm, step)
    if ('violation' in outcome) {
      throw new Error(`${outcome.violation.rule}: ${outcome.violation.details}`)
    }
    if ('receipt' in outcome) {
      observe(world, step, outcome.receipt)
      if (step.kind !== 'impersonation') {
        yield { step, receipt: outcome.receipt, network }
      }
    }
  }
}

/** What the miner's own sectors, deposits and vesting funds add up to, and what its state and the power actor say. */
function sums(network: TestNetwork, miner: Address) {
  const { vm } = network
  const state = minerState(network, miner)
  const infos = sectorsOf(network, miner)
  const { sectorSize } = infoOf(network, miner)
  const of = (sectors: BitField) =>
    [...bitsOf(sectors)].map((number) => infos.get(Number(number)) as SectorOnChainInfo)
  const powerOf = (sectors: BitField) => powerForSectors(sectorSize, of(sectors))
  const summed: unknown[] = []
  const stored: unknown[] = []
  let active: PowerPair = ZERO_POWER
  let pledge = 0n
  for (const deadline of deadlinesOf(network, miner)) {
    let [live, faulty] = [ZERO_POWER, ZERO_POWER]
    let dailyFee = 0n
    let count = 0
    for (const partition of partitionsOf(network, deadline)) {
      const { sectors, terminated, faults, unproven, recoveries } = partition
      const living = subtractBitFields(sectors, terminated)
      summed.push(powerOf(living), powerOf(faults), powerOf(unproven), powerOf(recoveries))
      stored.push(
        partition.livePower,
        partition.faultyPower,
        partition.unprovenPower,
        partition.recoveringPower,
      )
      live = addPower(live, powerOf(living))
      faulty = addPower(faulty, powerOf(faults))
      active = addPower(active, powerOf(subtractBitFields(living, unionBitFields(faults, unproven))))
      dailyFee += sumOf(of(living), ({ dailyFee: fee }) => fee)
      count += of(living).length
      // The pledge of a sector is held until its termination has been charged.
      const queued = [...EarlyTerminated.load(vm.store, partition.earlyTerminated).entries()]
      pledge += sumOf(
        [living, ...queued.map(([, waiting]) => waiting)].flatMap(of),
        (sector) => sector.initialPledge,
      )
    }
    summed.push(live, faulty, dailyFee, count)
    // The layouts before v16 have neither.
    const kept = 'dailyFee' in deadline ? deadline : undefined
    stored.push(kept?.livePower, deadline.faultyPower, kept?.dailyFee, deadline.liveSectors)
  }
  const deposits = sumOf(
    [...LAYOUT.preCommits.load(vm.store, state.preCommittedSectors).entries()],
    ([, { preCommitDeposit }]) => preCommitDeposit,
  )
  const vesting = sumOf(loadVesting({ store: vm.store, layout: LAYOUT, state }), ({ amount }) => amount)
  summed.push(active, pledge, deposits, vesting)
  stored.push(claimOf(vm, miner), state.initialPledge, state.preCommitDeposits, state.lockedFunds)
  return { summed, stored }
}

function sumOf<T>(items: readonly T[], amount: (item: T) => bigint): bigint {
  return items.reduce((sum, item) => sum + amount(item), 0n)
}

function claimsOf(vm: Vm) {
  const state = vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
  return { state, claims: Claims.load(vm.store, state.claims) }
}

function claimOf(vm: Vm, miner: Address): PowerPair {
  const claim = claimsOf(vm).claims.get(miner)
  return { raw: claim?.rawBytePower ?? 0n, qa: claim?.qualityAdjPower ?? 0n }
}

// An even seed has mainnet's durations, an odd one such short ones that sectors and faults come to their end.
describe.each([8, 9])('whatever happens on a network, seed %i', (seed) => {
  test('I1: what a miner and the power actor count is what its sectors add up to', () => {
    let compared = 0
    for (const { receipt, network } of randomRun(seed)) {
      for (const miner of network.miners) {
        if (receipt.changes.some(({ actor }) => actor === miner)) {
          const { summed, stored } = sums(network, miner)
          expect(stored).toEqual(summed)
          compared++
        }
      }
      const { state, claims } = claimsOf(network.vm)
      const all = [...claims.entries()].map(([, claim]) => claim)
      expect([state.totalBytesCommitted, state.totalQaBytesCommitted, state.minerCount]).toEqual([
        sumOf(all, ({ rawBytePower }) => rawBytePower),
        sumOf(all, ({ qualityAdjPower }) => qualityAdjPower),
        all.length,
      ])
    }
    expect(compared).toBeGreaterThan(100)
  })

  test('I2: a miner has at least what it has locked, and owes no less than nothing', () => {
    for (const { network } of randomRun(seed)) {
      for (const miner of network.miners) {
        const { lockedFunds, preCommitDeposits, initialPledge, feeDebt } = minerState(network, miner)
        const balance = network.vm.findActor(miner)?.balance ?? -1n
        expect(balance >= lockedFunds + preCommitDeposits + initialPledge).toBe(true)
        expect([lockedFunds, preCommitDeposits, initialPledge, feeDebt].every((amount) => amount >= 0n)).toBe(
          true,
        )
      }
    }
  })

  test('S4: every actor has what it had, and what it was sent, and not what it sent or burnt', () => {
    let moved = 0
    for (const { receipt } of randomRun(seed)) {
      const flows = balanceFlows(receipt.trace)
      for (const { actor, before, after } of receipt.changes) {
        expect(after.balance - (before?.balance ?? 0n)).toBe(flows.get(actor) ?? 0n)
        moved += flows.get(actor) === undefined ? 0 : 1
        flows.delete(actor)
      }
      expect([...flows.values()].filter((flow) => flow !== 0n)).toEqual([])
    }
    expect(moved).toBeGreaterThan(100)
  })
})
