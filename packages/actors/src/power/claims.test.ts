import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { exitCodeOf, TestPower } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { MAINNET_POLICY } from '../policy.ts'
import { draftOf } from '../runtime/draft.ts'
import {
  addToClaim,
  CONSENSUS_MINER_MIN_MINERS,
  consensusMinerMinPower,
  currentTotalPower,
  deleteClaim,
  loadClaims,
  minerNominalPowerMeetsConsensusMinimum,
  setClaim,
} from './claims.ts'
import { checkPowerInvariants } from './invariants.ts'
import { Claims, type PowerState } from './state.ts'

const hashes = await createHashes()
const store = createMemoryBlockstore(hashes)
/** 10 TiB, from which a miner counts. */
const UNIT = MAINNET_POLICY.minimumConsensusPower
const SMALL = 1_000_000n
const [M1, M2, M3, M4, M5]: readonly [number, number, number, number, number] = [111, 112, 113, 114, 115]

/** A network of five miners; `update` adds to the claim of one of them. */
function network() {
  const power = new TestPower(hashes)
  const miners = new Map([M1, M2, M3, M4, M5].map((id) => [id, power.addMiner(id)]))
  return {
    power,
    update: (id: number, raw: bigint, qa: bigint) =>
      power.updateClaimedPower(miners.get(id) ?? idAddress(actorId(id)), raw, qa),
    totals: () => {
      const findings = createFindings()
      checkPowerInvariants(MAINNET_POLICY, 18, power.rt.store, power.state, findings)
      expect(findings.list).toEqual([])
      return { ...currentTotalPower(power.state), above: power.state.minerAboveMinPowerCount }
    },
  }
}

// Source of the cases: builtin-actors v18, `actors/power/tests/power_actor_tests.rs`.
describe("the network's power", () => {
  test('is that of all miners as long as fewer than four are above the minimum', () => {
    expect(CONSENSUS_MINER_MIN_MINERS).toBe(4)
    const { update, totals } = network()
    // Ten times as much adjusted as raw: it is the raw power that counts.
    update(M1, SMALL, 10n * SMALL)
    update(M2, SMALL, 10n * SMALL)
    for (const miner of [M3, M4, M5]) {
      update(miner, UNIT, 10n * UNIT)
    }
    const below = { raw: 2n * SMALL + 3n * UNIT, qa: 10n * (2n * SMALL + 3n * UNIT), above: 3 }
    expect(totals()).toEqual(below)
    const delta = UNIT - SMALL
    update(M2, delta, 10n * delta)
    expect(totals()).toEqual({ raw: 4n * UNIT, qa: 40n * UNIT, above: 4 })
    update(M4, -delta, -10n * delta)
    expect(totals()).toEqual(below)
  })

  test('loses all of a miner that falls below the minimum', () => {
    const { update, totals } = network()
    for (const miner of [M1, M2, M3, M4, M5]) {
      update(miner, UNIT, 2n * UNIT)
    }
    expect(totals()).toEqual({ raw: 5n * UNIT, qa: 10n * UNIT, above: 5 })
    update(M4, -1n, -1n)
    expect(totals()).toEqual({ raw: 4n * UNIT, qa: 8n * UNIT, above: 4 })
  })

  test('gets all of a miner that comes up to the minimum, and nothing before', () => {
    const { update, totals } = network()
    for (const miner of [M1, M2, M3, M4]) {
      update(miner, UNIT, UNIT)
    }
    update(M5, UNIT - 1n, UNIT - 1n)
    expect(totals()).toEqual({ raw: 4n * UNIT, qa: 4n * UNIT, above: 4 })
    update(M5, 1n, 1n)
    expect(totals()).toEqual({ raw: 5n * UNIT, qa: 5n * UNIT, above: 5 })
    update(M5, 3n, 7n)
    expect(totals()).toEqual({ raw: 5n * UNIT + 3n, qa: 5n * UNIT + 7n, above: 5 })
  })

  test('does not count a miner whose adjusted power alone is above the minimum', () => {
    const { update, totals } = network()
    update(M1, UNIT / 2n, UNIT)
    expect(totals().above).toBe(0)
    update(M1, UNIT / 2n, UNIT)
    expect(totals().above).toBe(1)
  })

  const anyUpdates = fc.array(
    fc.record({
      miner: fc.constantFrom(M1, M2, M3, M4, M5),
      raw: fc.bigInt({ min: -UNIT, max: 2n * UNIT }),
      extra: fc.bigInt({ min: 0n, max: 9n * UNIT }),
    }),
    { maxLength: 12 },
  )

  test.prop([anyUpdates])('is the sum of its claims after any updates', (updates) => {
    const { power, update, totals } = network()
    for (const { miner, raw, extra } of updates) {
      const before = power.state
      const code = exitCodeOf(() => update(miner, raw, raw + extra))
      if (code !== ExitCode.OK) {
        expect(code).toBe(ExitCode.USR_ILLEGAL_STATE)
        expect(power.state).toEqual(before)
      }
      totals()
    }
  })
})

describe('a claim', () => {
  const miner = idAddress(actorId(1000))

  function claimed(raw: bigint, qa: bigint, totals: Partial<PowerState> = {}) {
    const claims = Claims.empty(store)
    claims.set(miner, { windowPostProofType: 13, rawBytePower: raw, qualityAdjPower: qa })
    const state = draftOf<PowerState>({ ...new TestPower(hashes).state, ...totals })
    return { state, claims }
  }

  test.each([
    { of: 'raw', raw: -6n, qa: 0n },
    { of: 'adjusted', raw: 0n, qa: -8n },
  ])('of negative $of power is refused', ({ raw, qa }) => {
    const { state, claims } = claimed(5n, 7n)
    const body = () => addToClaim(MAINNET_POLICY, state, claims, miner, raw, qa)
    expect(exitCodeOf(body)).toBe(ExitCode.USR_ILLEGAL_STATE)
    const claim = { windowPostProofType: 13, rawBytePower: 5n + raw, qualityAdjPower: 7n + qa }
    expect(exitCodeOf(() => setClaim(claims, miner, claim))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('that there is not cannot be added to, and can be deleted', () => {
    const { state, claims } = claimed(5n, 7n)
    const other = idAddress(actorId(1001))
    const body = () => addToClaim(MAINNET_POLICY, state, claims, other, 1n, 1n)
    expect(exitCodeOf(body)).toBe(ExitCode.USR_NOT_FOUND)
    expect(exitCodeOf(() => deleteClaim(MAINNET_POLICY, state, claims, other))).toBe(ExitCode.OK)
  })

  test('of a proof that there is not cannot be added to', () => {
    const { state, claims } = claimed(5n, 7n)
    claims.set(miner, { windowPostProofType: 5, rawBytePower: 5n, qualityAdjPower: 7n })
    const body = () => addToClaim(MAINNET_POLICY, state, claims, miner, 1n, 1n)
    expect(exitCodeOf(body)).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('that leaves the minimum when none was above it is refused', () => {
    const { state, claims } = claimed(UNIT, UNIT)
    const body = () => addToClaim(MAINNET_POLICY, state, claims, miner, -1n, 0n)
    expect(exitCodeOf(body)).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('that is deleted leaves nothing of itself in the totals', () => {
    const totals = {
      totalBytesCommitted: UNIT + 1n,
      totalQaBytesCommitted: UNIT + 2n,
      minerAboveMinPowerCount: 1,
    }
    const above = { totalRawBytePower: UNIT, totalQualityAdjPower: UNIT }
    const { state, claims } = claimed(UNIT, UNIT, { ...totals, ...above })
    deleteClaim(MAINNET_POLICY, state, claims, miner)
    expect(state).toMatchObject({
      totalBytesCommitted: 1n,
      totalQaBytesCommitted: 2n,
      totalRawBytePower: 0n,
      totalQualityAdjPower: 0n,
      minerAboveMinPowerCount: 0,
    })
    expect(claims.has(miner)).toBe(false)
  })

  test.each([
    { of: 'of the minimum', raw: UNIT, above: 9, meets: true },
    { of: 'below it on a network of four above it', raw: UNIT - 1n, above: 4, meets: false },
    { of: 'below it on a network of three above it', raw: 1n, above: 3, meets: true },
    { of: 'of nothing', raw: 0n, above: 0, meets: false },
  ])('$of lets win blocks: $meets', ({ raw, above, meets }) => {
    const { state, claims } = claimed(raw, raw)
    const stored = { ...state, claims: claims.flush(), minerAboveMinPowerCount: above }
    expect(minerNominalPowerMeetsConsensusMinimum(MAINNET_POLICY, store, stored, miner)).toEqual({
      rawBytePower: raw,
      meetsConsensusMinimum: meets,
    })
    expect(loadClaims(store, stored).has(miner)).toBe(true)
  })

  test('has to be there for that', () => {
    const state = { ...claimed(0n, 0n).state, claims: Claims.empty(store).flush() }
    const body = () => minerNominalPowerMeetsConsensusMinimum(MAINNET_POLICY, store, state, miner)
    expect(exitCodeOf(body)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('the power from which a miner counts', () => {
  // Source: builtin-actors v18, `actors/power/src/state.rs`, `consensus_miner_min_power`; ref-fvm
  // `shared/src/sector/registered_proof.rs`, whose winning and window proofs these are.
  test.each([0, 1, 2, 3, 4, 10, 11, 12, 13, 14])('is the same for the proof %i', (proofType) => {
    expect(consensusMinerMinPower(MAINNET_POLICY, proofType)).toBe(UNIT)
  })

  test.each([-1, 15, 99])('is not defined for the proof %i', (proofType) => {
    expect(exitCodeOf(() => consensusMinerMinPower(MAINNET_POLICY, proofType))).toBe(
      ExitCode.USR_ILLEGAL_STATE,
    )
  })
})
