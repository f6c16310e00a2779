import { fc, test } from '@fast-check/vitest'
import { Claims, PowerState, powerForSectors } from '@plimsoll/actors'
import { type Address, createHashes, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import { describe, expect } from 'vitest'
import { advanceBy } from './advance.ts'
import { deadlinesOf, liveSectorsOf } from './miner-view.ts'
import { buildMixedMiner } from './mixed-miner.ts'
import { openNetwork } from './network.ts'
import { networkFindings } from './network-findings.ts'
import type { TestNetwork } from './test-network.ts'

const hashes = await createHashes()
const SECTOR = 32n << 30n

const PLAN = {
  committedCapacity: 3,
  nonInteractive: 2,
  withDeal: 2,
  withPiece: 1,
  verified: 2,
  snapped: 2,
  extended: 2,
  extendedVerified: 1,
  faulty: 2,
  terminated: 2,
  batches: 2,
  daysBetween: 3,
}

function claimOf(network: TestNetwork, miner: Address) {
  const { claims } = network.vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
  return Claims.load(network.vm.store, claims).get(miner)
}

describe('a mixed miner', () => {
  test('has the sectors of its plan, of which the verified have ten times their power', () => {
    const network = openNetwork(hashes)
    const miner = buildMixedMiner(network, PLAN)
    expect(networkFindings(network)).toEqual([])

    // 19 sectors were committed, and two of them terminated.
    const sectors = liveSectorsOf(network, miner.id)
    expect([...sectors.keys()]).toEqual(Array.from({ length: 17 }, (_, number) => number))
    const live = [...sectors.values()]
    // Two verified, two that were snapped and one that was extended count tenfold, twelve once.
    expect(powerForSectors(Number(SECTOR), live)).toEqual({
      raw: 17n * SECTOR,
      qa: (12n + 5n * 10n) * SECTOR,
    })
    // The two faulty ones have no power at present.
    expect(claimOf(network, miner.id)).toMatchObject({
      rawBytePower: 15n * SECTOR,
      qualityAdjPower: 60n * SECTOR,
    })
    const faulty = deadlinesOf(network, miner.id).reduce((sum, { faultyPower }) => sum + faultyPower.raw, 0n)
    expect(faulty).toBe(2n * SECTOR)
    expect(live.filter(({ sectorKeyCid }) => sectorKeyCid !== null)).toHaveLength(2)
    expect(live.filter(({ powerBaseEpoch, activation }) => powerBaseEpoch > activation)).toHaveLength(5)
    expect(new Set(live.map(({ activation }) => activation)).size).toBeGreaterThanOrEqual(2)
  })

  const few = fc.nat(2)
  const anySectors = fc.record({
    committedCapacity: few,
    nonInteractive: few,
    withDeal: few,
    withPiece: few,
    verified: few,
    snapped: few,
    extended: few,
    extendedVerified: few,
    faulty: few,
    terminated: few,
  })
  const anyPlan = fc
    .tuple(anySectors, fc.integer({ min: 1, max: 2 }))
    .filter(([sectors]) => Object.values(sectors).some((count) => count > 0))
    .map(([sectors, batches]) => ({ ...sectors, batches }))

  test.prop([anyPlan], { numRuns: 12 })(
    'has exactly the power of its active sectors, whatever the plan is',
    (plan) => {
      const network = openNetwork(hashes)
      const miner = buildMixedMiner(network, plan)
      expect(networkFindings(network)).toEqual([])
      const { committedCapacity, nonInteractive, withDeal, withPiece, extended, verified, snapped } = plan
      const once = committedCapacity + nonInteractive + withDeal + withPiece + extended
      const tenfold = verified + snapped + plan.extendedVerified
      expect(claimOf(network, miner.id)).toMatchObject({
        rawBytePower: BigInt(once + tenfold) * SECTOR,
        qualityAdjPower: BigInt(once + 10 * tenfold) * SECTOR,
      })
      expect(liveSectorsOf(network, miner.id).size).toBe(once + tenfold + plan.faulty)
    },
  )

  // What a new miner deposits vests, and its cron begins with its first sector: the reference's own check reports it.
  // Source: builtin-actors v18, `actors/miner/src/testing.rs`, `check_miner_balances`.
  test('of no sectors is a new miner with its deposit', () => {
    const network = openNetwork(hashes)
    const miner = buildMixedMiner(network, { batches: 1 })
    expect(networkFindings(network).map(({ kind }) => kind)).toEqual(['miner/cron-inactive-with-funds'])
    expect(liveSectorsOf(network, miner.id).size).toBe(0)
  })

  test('keeps its power for as long as it proves, and loses it when it does not', () => {
    const network = openNetwork(hashes)
    const miner = buildMixedMiner(network, { committedCapacity: 4, withDeal: 1 })
    advanceBy(network, 2 * 2880)
    expect(claimOf(network, miner.id)?.rawBytePower).toBe(5n * SECTOR)
    advanceBy(network, 2880, { proves: false })
    expect(claimOf(network, miner.id)?.rawBytePower).toBe(0n)
    expect(networkFindings(network)).toEqual([])
  })
})
