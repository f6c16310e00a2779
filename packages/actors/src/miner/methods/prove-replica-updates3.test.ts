import { cid, nullable, u64 } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  pieceCid,
  pieceCommitment,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_BYTES,
  STRANGER,
  TRUSTING,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { eventType, field, indexed } from '../../runtime/events.ts'
import { minerLayout } from '../layout.ts'
import { loadSectorsByNumber } from '../load-miner.ts'
import type {
  PieceActivationManifest,
  ProveReplicaUpdates3Params,
  SectorUpdateManifest,
} from '../method-types.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const POWER = BigInt(SECTOR_BYTES)
const OLD_SEALED = pieceCid(0)
const NEW_SEALED = pieceCid(5)
const DATA = pieceCommitment(9)
const CLIENT = 300n
/** Sectors of the harness expire then. */
const EXPIRATION = 1_556_200
const LEFT = BigInt(EXPIRATION - MINER_EPOCH)
/** What a full sector of verified data pledges: 20 days of reward, and its share of 30 % of the supply. */
const VERIFIED_PLEDGE = 80_466_270_446_777_343n + 2_346_932_888_031_005_859n + 1_005_828_380_584_716_796n

/** Sectors are in deadline 5, which is neither open nor next. */
function miner(
  sectors: NonNullable<ScriptedMinerPlan['sectors']> = [{ sectorNumber: 1 }],
  funds = 10n * ONE,
) {
  const placed = sectors.map((sector) => ({ deadline: 5, ...sector }))
  const of = new ScriptedMiner(hashes, { unlockedBalance: funds, sectors: placed })
  of.rt.primitives = { ...TRUSTING, computeUnsealedSectorCid: () => DATA }
  return of
}

const piece = (change: Partial<PieceActivationManifest> = {}): PieceActivationManifest => ({
  cid: pieceCommitment(3),
  size: POWER,
  verifiedAllocationKey: null,
  notify: [],
  ...change,
})
const verified = piece({ verifiedAllocationKey: { client: CLIENT, id: 7n } })

const update = (sector: number, change: Partial<SectorUpdateManifest> = {}): SectorUpdateManifest => ({
  sector: BigInt(sector),
  deadline: 5n,
  partition: 0n,
  newSealedCid: NEW_SEALED,
  pieces: [piece()],
  ...change,
})

type Change = Partial<ProveReplicaUpdates3Params>

const paramsOf = (sectorUpdates: readonly SectorUpdateManifest[], change: Change = {}) => ({
  sectorUpdates,
  sectorProofs: sectorUpdates.map(() => Uint8Array.of(1)),
  aggregateProof: new Uint8Array(),
  updateProofsType: 3n,
  aggregateProofType: null,
  requireActivationSuccess: false,
  requireNotificationSuccess: false,
  ...change,
})

const prove = (of: ScriptedMiner, params: ProveReplicaUpdates3Params) =>
  of.call('ProveReplicaUpdates3', params)

const exitCode = (of: ScriptedMiner, params: ProveReplicaUpdates3Params, caller?: typeof STRANGER) =>
  of.exitCode('ProveReplicaUpdates3', params, caller)

const sectorOf = ({ rt, state }: ScriptedMiner, number = 1) =>
  loadSectorsByNumber({ store: rt.store, layout: minerLayout(18), state }).get(number)

function expectClaims(
  of: ScriptedMiner,
  spaces: readonly bigint[],
  failed: readonly number[] = [],
  all = false,
) {
  const count = spaces.length + failed.length
  const claims = [{ client: CLIENT, allocationId: 7n, data: pieceCommitment(3), size: POWER }]
  const sectors = Array.from({ length: count }, (_, i) => ({
    sector: BigInt(i + 1),
    expiry: EXPIRATION,
    claims,
  }))
  const failCodes = failed.map((index) => ({ index, code: ExitCode.USR_NOT_FOUND }))
  const value = { sectorResults: { successCount: spaces.length, failCodes }, sectorClaims: spaces }
  of.expectCall('verifiedregistry', 'ClaimAllocations', { sectors, allOrNothing: all }, { value })
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/prove_replica_test.rs`.
describe('ProveReplicaUpdates3', () => {
  test('puts data into a sector, whose power stays where nobody has verified them', () => {
    const of = miner([{ sectorNumber: 1, dailyFee: 77n }])
    of.expectEstimates()
    expect(prove(of, paramsOf([update(1)]))).toEqual({ successCount: 1, failCodes: [] })
    expect(sectorOf(of)).toMatchObject({
      sealedCid: NEW_SEALED,
      sectorKeyCid: OLD_SEALED,
      powerBaseEpoch: MINER_EPOCH,
      activation: 1000,
      expiration: EXPIRATION,
      dealWeight: POWER * LEFT,
      verifiedDealWeight: 0n,
      // A pledge never falls: that of an empty sector would be 0.34 FIL now.
      initialPledge: ONE,
      dailyFee: 77n,
    })
    expect(of.rt.events).toEqual([
      [
        eventType('sector-updated'),
        indexed('sector', u64, 1n),
        indexed('unsealed-cid', nullable(cid), DATA),
        indexed('piece-cid', cid, pieceCommitment(3)),
        field('piece-size', u64, POWER),
      ],
    ])
  })

  test('claims verified data: power and daily fee are ten times as much, and the pledge is more', () => {
    const of = miner([{ sectorNumber: 1, dailyFee: 77n }])
    expectClaims(of, [POWER])
    of.expectEstimates()
    of.expectPledge(VERIFIED_PLEDGE - ONE)
    of.expectPower({ raw: 0n, qa: 9n * POWER })
    prove(of, paramsOf([update(1, { pieces: [verified] })]))
    expect(sectorOf(of)).toMatchObject({
      verifiedDealWeight: POWER * LEFT,
      initialPledge: VERIFIED_PLEDGE,
      dailyFee: 770n,
    })
    expect(of.state.initialPledge).toBe(VERIFIED_PLEDGE)
  })

  test('gives a sector without a daily fee one', () => {
    const of = miner()
    of.expectEstimates()
    prove(of, paramsOf([update(1)]))
    // 161,817 · 10^-30 · 600 M FIL · 2^35
    expect(sectorOf(of)?.dailyFee).toBe(3_335_993_870_096n)
  })

  test('keeps the first replica of a sector that was updated before', () => {
    const of = miner([{ sectorNumber: 1, sectorKeyCid: pieceCid(8) }])
    of.expectEstimates()
    prove(of, paramsOf([update(1)]))
    expect(sectorOf(of)?.sectorKeyCid).toBe(pieceCid(8))
  })

  test('updates sectors of several deadlines and partitions', () => {
    const of = miner([
      { sectorNumber: 1 },
      { sectorNumber: 2, partition: 1 },
      { sectorNumber: 3, deadline: 7 },
    ])
    of.expectEstimates()
    prove(of, paramsOf([update(3, { deadline: 7n }), update(1), update(2, { partition: 1n })]))
    expect(of.events).toEqual(['sector-updated 3', 'sector-updated 1', 'sector-updated 2'])
  })

  test('may leave a sector without data, which is updated all the same', () => {
    const of = miner()
    of.expectEstimates()
    prove(of, paramsOf([update(1, { pieces: [] })]))
    expect(sectorOf(of)).toMatchObject({ sealedCid: NEW_SEALED, dealWeight: 0n })
  })

  test('needs what is pledged more', () => {
    const code = (funds: bigint) => {
      const of = miner(undefined, funds)
      expectClaims(of, [POWER])
      of.expectEstimates()
      if (funds >= VERIFIED_PLEDGE - ONE) {
        of.expectPledge(VERIFIED_PLEDGE - ONE)
        of.expectPower({ raw: 0n, qa: 9n * POWER })
      }
      return exitCode(of, paramsOf([update(1, { pieces: [verified] })]))
    }
    expect(code(VERIFIED_PLEDGE - ONE)).toBe(ExitCode.OK)
    expect(code(VERIFIED_PLEDGE - ONE - 1n)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  test('is allowed in debt and during an exclusion', () => {
    const of = miner()
    of.changeState({ feeDebt: 100n * ONE })
    of.changeInfo({ consensusFaultElapsed: MINER_EPOCH + 900 })
    of.expectEstimates()
    expect(prove(of, paramsOf([update(1)]))).toMatchObject({ successCount: 1 })
  })

  test('drops updates whose proof is none, or whose claims fail', () => {
    const of = miner([{ sectorNumber: 1 }, { sectorNumber: 2 }, { sectorNumber: 3 }])
    of.rt.primitives = {
      ...of.rt.primitives,
      verifyReplicaUpdate: ({ newSealedCid }) => newSealedCid === NEW_SEALED,
    }
    expectClaims(of, [POWER], [0])
    of.expectEstimates()
    of.expectPledge(VERIFIED_PLEDGE - ONE)
    of.expectPower({ raw: 0n, qa: 9n * POWER })
    const updates = [
      update(1, { pieces: [verified] }),
      update(2, { pieces: [verified] }),
      update(3, { newSealedCid: pieceCid(6) }),
    ]
    expect(prove(of, paramsOf(updates))).toEqual({
      successCount: 1,
      failCodes: [
        { index: 0, code: ExitCode.USR_NOT_FOUND },
        { index: 2, code: ExitCode.USR_ILLEGAL_ARGUMENT },
      ],
    })
    expect(of.events).toEqual(['sector-updated 2'])
  })
})

describe('an update that may not be', () => {
  const illegal = ExitCode.USR_ILLEGAL_ARGUMENT
  const sectors: NonNullable<ScriptedMinerPlan['sectors']> = [
    { sectorNumber: 1 },
    { sectorNumber: 2, deadline: 0 },
    { sectorNumber: 3, deadline: 1 },
    { sectorNumber: 4, condition: 'faulty' },
    { sectorNumber: 5, condition: 'unproven' },
    { sectorNumber: 6, condition: { queuedSince: MINER_EPOCH - 10 } },
    { sectorNumber: 7, dealWeight: 1n },
    { sectorNumber: 8, verifiedDealWeight: 1n },
  ]

  test.each<{ what: string; of: SectorUpdateManifest; alone?: number }>([
    { what: 'of a deadline that there is not', of: update(1, { deadline: 48n }) },
    { what: 'to a replica that is none', of: update(1, { newSealedCid: pieceCommitment(1) }) },
    { what: 'in the open deadline', of: update(2, { deadline: 0n }) },
    { what: 'in the next deadline', of: update(3, { deadline: 1n }) },
    { what: 'of a faulty sector', of: update(4) },
    { what: 'of a sector that is not proven yet', of: update(5) },
    { what: 'of a terminated sector', of: update(6) },
    { what: 'of a sector with data', of: update(7) },
    { what: 'of a sector with verified data', of: update(8) },
    // Where all are required, the code is that of what is not found.
    { what: 'of a sector that is elsewhere', of: update(1, { deadline: 7n }), alone: ExitCode.USR_NOT_FOUND },
    {
      what: 'in a partition that there is not',
      of: update(1, { partition: 9n }),
      alone: ExitCode.USR_NOT_FOUND,
    },
  ])('$what is dropped, and fails all where all are required', ({ of: wrong, alone = illegal }) => {
    const good = { sectorNumber: 9 }
    const dropping = miner([...sectors, good])
    dropping.expectEstimates()
    expect(prove(dropping, paramsOf([wrong, update(9)]))).toEqual({
      successCount: 1,
      failCodes: [{ index: 0, code: illegal }],
    })
    const params = paramsOf([wrong, update(9)], { requireActivationSuccess: true })
    expect(exitCode(miner([...sectors, good]), params)).toBe(alone)
    expect(exitCode(miner([...sectors, good]), paramsOf([wrong]))).toBe(illegal)
  })

  test('of the same sector twice is dropped the second time', () => {
    const of = miner()
    of.expectEstimates()
    expect(prove(of, paramsOf([update(1), update(1)]))).toMatchObject({
      failCodes: [{ index: 1, code: illegal }],
    })
  })
})

describe('ProveReplicaUpdates3 refuses', () => {
  const illegal = ExitCode.USR_ILLEGAL_ARGUMENT

  test.each<{ what: string; change: Change }>([
    { what: 'no proof', change: { sectorProofs: [] } },
    { what: 'both kinds of proof', change: { aggregateProof: Uint8Array.of(1) } },
    { what: 'an aggregate’s type without one', change: { aggregateProofType: 1n } },
    { what: 'an aggregate without its type', change: { sectorProofs: [], aggregateProof: Uint8Array.of(1) } },
    {
      what: 'an aggregate, which is not possible yet',
      change: { sectorProofs: [], aggregateProof: Uint8Array.of(1), aggregateProofType: 1n },
    },
    { what: 'more proofs than updates', change: { sectorProofs: [Uint8Array.of(1), Uint8Array.of(1)] } },
    { what: 'a proof of more than 4096 bytes', change: { sectorProofs: [new Uint8Array(4097)] } },
    { what: 'the proof of another sector size', change: { updateProofsType: 4n } },
  ])('$what', ({ change }) => {
    expect(exitCode(miner(), paramsOf([update(1)], change))).toBe(illegal)
  })

  test('who may not, before it looks at the proofs, and a sector that there is not after', () => {
    const noProofs = { sectorProofs: [] }
    expect(exitCode(miner(), paramsOf([update(1)], noProofs), STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(miner(), paramsOf([update(99)], noProofs))).toBe(illegal)
    expect(exitCode(miner(), paramsOf([update(99)]))).toBe(ExitCode.USR_NOT_FOUND)
  })

  test('pieces that make up no data', () => {
    const of = miner()
    of.rt.primitives = { ...TRUSTING, computeUnsealedSectorCid: () => undefined }
    expect(exitCode(of, paramsOf([update(1)]))).toBe(illegal)
  })

  test('a proof that is none where all are required', () => {
    const of = miner()
    of.rt.primitives = { ...of.rt.primitives, verifyReplicaUpdate: () => false }
    expect(exitCode(of, paramsOf([update(1)], { requireActivationSuccess: true }))).toBe(illegal)
  })

  test('when no claim goes well', () => {
    const of = miner()
    expectClaims(of, [], [0])
    expect(exitCode(of, paramsOf([update(1, { pieces: [verified] })]))).toBe(illegal)
  })

  test('a registry that lets some claims fail where all were required', () => {
    const of = miner([{ sectorNumber: 1 }, { sectorNumber: 2 }])
    expectClaims(of, [POWER], [0], true)
    const updates = [1, 2].map((number) => update(number, { pieces: [verified] }))
    const params = paramsOf(updates, { requireActivationSuccess: true })
    expect(exitCode(of, params)).toBe(ExitCode.USR_ASSERTION_FAILED)
  })
})
