import { type Cid, cid, nullable, u64 } from '@plimsoll/ipld'
import { type ActorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  PROVABLE_EPOCHS,
  pieceCommitment,
  promisedSector,
  promiseSectors,
  ScriptedMiner,
  SECTOR_BYTES,
  SECTOR_DEPOSIT,
  STRANGER,
  TRUSTING,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { eventType, field, indexed } from '../../runtime/events.ts'
import { minerLayout } from '../layout.ts'
import { loadSectorsByNumber } from '../load-miner.ts'
import type { PieceActivationManifest, ProveCommitSectors3Params } from '../method-types.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const POWER = BigInt(SECTOR_BYTES)
/** The first epoch in which what was promised in the first can be proven. */
const PROVING_EPOCH = MINER_EPOCH + 151
/** 20 days of reward, 0.7 and 0.3 of the share of 30 % of the supply: 75 FIL · 57,600 / 2^29 and 180 M FIL / 2^29. */
const PLEDGE = 8_046_627_044_677_734n + 234_693_288_803_100_585n + 100_582_838_058_471_679n
const CLIENT = 300n
const DATA: Cid = pieceCommitment(9)

type Promise = NonNullable<Parameters<typeof promisedSector>[2]>

/** A miner that has promised sectors, at the first epoch in which it may prove them. */
function promising(numbers: readonly number[], change: Promise = {}, unlockedBalance = 10n * ONE) {
  const miner = new ScriptedMiner(hashes, { unlockedBalance })
  promiseSectors(miner, numbers, change)
  miner.rt.events.length = 0
  miner.rt.currEpoch = PROVING_EPOCH
  miner.rt.primitives = { ...TRUSTING, computeUnsealedSectorCid: () => DATA }
  return miner
}

function piece(change: Partial<PieceActivationManifest> = {}): PieceActivationManifest {
  return { cid: pieceCommitment(3), size: POWER, verifiedAllocationKey: null, notify: [], ...change }
}

function paramsFor(
  numbers: readonly number[],
  change: Partial<ProveCommitSectors3Params> = {},
): ProveCommitSectors3Params {
  return {
    sectorActivations: numbers.map((number) => ({ sectorNumber: BigInt(number), pieces: [] })),
    sectorProofs: numbers.map((number) => Uint8Array.of(number)),
    aggregateProof: new Uint8Array(),
    aggregateProofType: null,
    requireActivationSuccess: false,
    requireNotificationSuccess: false,
    ...change,
  }
}

const prove = (miner: ScriptedMiner, params: ProveCommitSectors3Params) =>
  miner.call('ProveCommitSectors3', params)

const sectorsOf = ({ rt, state }: ScriptedMiner) =>
  loadSectorsByNumber({ store: rt.store, layout: minerLayout(18), state })

/** Sector 1 with one piece of data. */
const withPiece = (manifest: PieceActivationManifest, change: Partial<ProveCommitSectors3Params> = {}) =>
  paramsFor([1], { sectorActivations: [{ sectorNumber: 1n, pieces: [manifest] }], ...change })

// Source of the cases: builtin-actors v18, `actors/miner/tests/prove_commit_sector_3_test.rs`.
describe('ProveCommitSectors3', () => {
  test('makes sectors of promises: the deposit is free, the pledge is locked', () => {
    const miner = promising([1, 2])
    miner.expectEstimates()
    miner.expectPledge(2n * PLEDGE)
    expect(prove(miner, paramsFor([1, 2]))).toEqual({ successCount: 2, failCodes: [] })
    expect(miner.state).toMatchObject({ preCommitDeposits: 0n, initialPledge: 2n * PLEDGE })
    expect(sectorsOf(miner).get(2)).toMatchObject({
      activation: PROVING_EPOCH,
      powerBaseEpoch: PROVING_EPOCH,
      expiration: MINER_EPOCH + 540 * 2880,
      dealWeight: 0n,
      verifiedDealWeight: 0n,
      initialPledge: PLEDGE,
      // 161,817 · 10^-30 · 600 M FIL · 2^35
      dailyFee: 3_335_993_870_096n,
    })
  })

  test('emits the sectors with their data', () => {
    const miner = promising([1])
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    prove(miner, paramsFor([1]))
    expect(miner.rt.events).toEqual([
      [
        eventType('sector-activated'),
        indexed('sector', u64, 1n),
        indexed('unsealed-cid', nullable(cid), null),
      ],
    ])
  })

  test('gives data without a claim no more power, and counts it', () => {
    const miner = promising([1], { unsealedCid: DATA })
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    prove(miner, withPiece(piece({ size: 1024n })))
    const duration = BigInt(540 * 2880 - 151)
    expect(sectorsOf(miner).get(1)).toMatchObject({ dealWeight: 1024n * duration, initialPledge: PLEDGE })
    expect(miner.rt.events).toEqual([
      [
        eventType('sector-activated'),
        indexed('sector', u64, 1n),
        indexed('unsealed-cid', nullable(cid), DATA),
        indexed('piece-cid', cid, pieceCommitment(3)),
        field('piece-size', u64, 1024n),
      ],
    ])
  })

  test('claims verified data, for which a full sector pledges ten times as much', () => {
    const miner = promising([1], { unsealedCid: DATA })
    expectClaim(miner, POWER)
    miner.expectEstimates()
    // 20 days of reward of ten times the power, and its share of the supply.
    const pledge = 80_466_270_446_777_343n + 2_346_932_888_031_005_859n + 1_005_828_380_584_716_796n
    miner.expectPledge(pledge)
    prove(miner, withPiece(piece({ verifiedAllocationKey: { client: CLIENT, id: 7n } })))
    expect(sectorsOf(miner).get(1)).toMatchObject({
      verifiedDealWeight: POWER * BigInt(540 * 2880 - 151),
      initialPledge: pledge,
      dailyFee: 33_359_938_700_967n,
    })
  })

  test('drops promises that are too old, but needs one that is not', () => {
    const miner = promising([1])
    miner.rt.currEpoch = MINER_EPOCH + 3000
    promiseSectors(miner, [2], { expiration: BigInt(MINER_EPOCH + 600 * 2880) })
    miner.rt.currEpoch = MINER_EPOCH + PROVABLE_EPOCHS + 1
    const exitCode = miner.exitCode('ProveCommitSectors3', paramsFor([1]))
    expect(exitCode).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    expect(prove(miner, paramsFor([1, 2]))).toEqual({
      successCount: 1,
      failCodes: [{ index: 0, code: ExitCode.USR_ILLEGAL_ARGUMENT }],
    })
    expect(miner.state.preCommitDeposits).toBe(SECTOR_DEPOSIT)
  })

  test('lets a promise be proven in the last of its epochs', () => {
    const miner = promising([1])
    miner.rt.currEpoch = MINER_EPOCH + PROVABLE_EPOCHS
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    expect(prove(miner, paramsFor([1]))).toMatchObject({ successCount: 1 })
  })

  test('drops sectors whose proof is none, and keeps their promises', () => {
    const miner = promising([1, 2])
    miner.rt.primitives = { ...TRUSTING, batchVerifySeals: () => [false, true] }
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    expect(prove(miner, paramsFor([1, 2]))).toMatchObject({ failCodes: [{ index: 0, code: 16 }] })
    expect(miner.state.preCommitDeposits).toBe(SECTOR_DEPOSIT)
    expect(miner.events).toEqual(['sector-activated 2'])
  })

  test('drops sectors whose claims fail', () => {
    const miner = promising([1, 2], { unsealedCid: DATA })
    const pieces = [piece({ verifiedAllocationKey: { client: CLIENT, id: 7n } })]
    const sectorActivations = [1n, 2n].map((sectorNumber) => ({ sectorNumber, pieces }))
    const expiry = MINER_EPOCH + 540 * 2880
    const claims = [{ client: CLIENT, allocationId: 7n, data: pieceCommitment(3), size: POWER }]
    const sectors = [1n, 2n].map((sector) => ({ sector, expiry, claims }))
    const value = {
      sectorResults: { successCount: 1, failCodes: [{ index: 0, code: ExitCode.USR_NOT_FOUND }] },
      sectorClaims: [POWER],
    }
    miner.expectCall('verifiedregistry', 'ClaimAllocations', { sectors, allOrNothing: false }, { value })
    miner.expectEstimates()
    miner.expectPledge(3_433_227_539_062_499_998n)
    expect(prove(miner, paramsFor([1, 2], { sectorActivations }))).toMatchObject({
      failCodes: [{ index: 0, code: ExitCode.USR_NOT_FOUND }],
    })
    expect(miner.events).toEqual(['sector-activated 2'])
  })

  test('needs the pledge, which the deposit that becomes free may pay', () => {
    const exitCode = (balance: bigint) => {
      const miner = promising([1], {}, balance)
      miner.expectEstimates()
      if (balance >= PLEDGE) {
        miner.expectPledge(PLEDGE)
      }
      return miner.exitCode('ProveCommitSectors3', paramsFor([1]))
    }
    expect(exitCode(PLEDGE)).toBe(ExitCode.OK)
    expect(exitCode(PLEDGE - 1n)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  test('is allowed in debt and during an exclusion', () => {
    const miner = promising([1])
    miner.changeState({ feeDebt: 100n * ONE })
    miner.changeInfo({ consensusFaultElapsed: PROVING_EPOCH + 900 })
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    expect(prove(miner, paramsFor([1]))).toMatchObject({ successCount: 1 })
  })

  test('refuses a sector that would live less than 180 days, when all else is done', () => {
    const expiration = BigInt(MINER_EPOCH + PROVABLE_EPOCHS + 180 * 2880)
    for (const [late, expected] of [
      [0, ExitCode.OK],
      [1, ExitCode.USR_ILLEGAL_ARGUMENT],
    ] as const) {
      const miner = promising([1], { expiration })
      miner.rt.policy = { ...miner.rt.policy, minSectorExpiration: 180 * 2880 + late }
      miner.rt.currEpoch = MINER_EPOCH + PROVABLE_EPOCHS
      miner.expectEstimates()
      if (late === 0) {
        miner.expectPledge(PLEDGE)
      }
      expect(miner.exitCode('ProveCommitSectors3', paramsFor([1]))).toBe(expected)
    }
  })

  function expectClaim(miner: ScriptedMiner, space: bigint) {
    const claims = [{ client: CLIENT, allocationId: 7n, data: pieceCommitment(3), size: POWER }]
    const sectors = [{ sector: 1n, expiry: MINER_EPOCH + 540 * 2880, claims }]
    const value = { sectorResults: { successCount: 1, failCodes: [] }, sectorClaims: [space] }
    miner.expectCall('verifiedregistry', 'ClaimAllocations', { sectors, allOrNothing: false }, { value })
  }
})

describe('an aggregate proof', () => {
  const numbers = [1, 2, 3, 4]
  const aggregate = (of: readonly number[], change: Partial<ProveCommitSectors3Params> = {}) =>
    paramsFor(of, {
      sectorProofs: [],
      aggregateProof: Uint8Array.of(1),
      aggregateProofType: 1n,
      ...change,
    })

  test('proves four sectors or more', () => {
    const miner = promising(numbers)
    miner.expectEstimates()
    miner.expectPledge(4n * PLEDGE)
    expect(prove(miner, aggregate(numbers))).toMatchObject({ successCount: 4 })
  })

  test.each<{ what: string; of?: readonly number[]; change?: Partial<ProveCommitSectors3Params> }>([
    { what: 'of three sectors', of: [1, 2, 3] },
    { what: 'of too many bytes', change: { aggregateProof: new Uint8Array(81_961) } },
    { what: 'without a type', change: { aggregateProofType: null } },
    { what: 'of the first type', change: { aggregateProofType: 0n } },
  ])('$what is refused', ({ of = numbers, change = {} }) => {
    const exitCode = promising(numbers).exitCode('ProveCommitSectors3', aggregate(of, change))
    expect(exitCode).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('that is none fails all sectors', () => {
    const miner = promising(numbers)
    miner.rt.primitives = { ...TRUSTING, verifyAggregateSeals: () => false }
    const exitCode = miner.exitCode('ProveCommitSectors3', aggregate(numbers))
    expect(exitCode).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('is about sectors that are too late as well', () => {
    const miner = promising([1])
    miner.rt.currEpoch = MINER_EPOCH + 3000
    promiseSectors(miner, [2, 3, 4], { expiration: BigInt(MINER_EPOCH + 600 * 2880) })
    miner.rt.currEpoch = MINER_EPOCH + PROVABLE_EPOCHS + 1
    let proven = 0
    miner.rt.primitives = {
      ...TRUSTING,
      verifyAggregateSeals: ({ infos }) => {
        proven = infos.length
        return true
      },
    }
    miner.expectEstimates()
    miner.expectPledge(3n * PLEDGE)
    expect(prove(miner, aggregate(numbers))).toMatchObject({ successCount: 3 })
    expect(proven).toBe(4)
  })
})

describe('ProveCommitSectors3 refuses', () => {
  const exitCode = (miner: ScriptedMiner, params: ProveCommitSectors3Params, caller?: typeof STRANGER) =>
    miner.exitCode('ProveCommitSectors3', params, caller)

  test('who may not, before it looks for the sectors', () => {
    expect(exitCode(promising([1]), paramsFor([9]), STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(promising([1]), paramsFor([9]))).toBe(ExitCode.USR_NOT_FOUND)
    expect(exitCode(promising([1]), paramsFor([]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a number beyond the largest', () => {
    const sectorActivations = [{ sectorNumber: 1n << 63n, pieces: [] }]
    const params = paramsFor([1], { sectorActivations })
    expect(exitCode(promising([1]), params)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test.each<{ what: string; change: Partial<ProveCommitSectors3Params> }>([
    { what: 'no proof', change: { sectorProofs: [] } },
    { what: 'both kinds of proof', change: { aggregateProof: Uint8Array.of(1) } },
    { what: 'an aggregate’s type without one', change: { aggregateProofType: 1n } },
    { what: 'more proofs than sectors', change: { sectorProofs: [new Uint8Array(1), new Uint8Array(1)] } },
    // 192 bytes for each of ten partitions.
    { what: 'a proof that is too long', change: { sectorProofs: [new Uint8Array(1921)] } },
  ])('$what', ({ change }) => {
    expect(exitCode(promising([1]), paramsFor([1], change))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a proof in the epoch of the challenge', () => {
    const miner = promising([1])
    miner.rt.currEpoch = PROVING_EPOCH - 1
    expect(exitCode(miner, paramsFor([1]))).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('when every proof is none', () => {
    const miner = promising([1])
    miner.rt.primitives = { ...TRUSTING, batchVerifySeals: () => [false] }
    expect(exitCode(miner, paramsFor([1]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('the failure of one where all are required', () => {
    const miner = promising([1, 2])
    miner.rt.primitives = { ...TRUSTING, batchVerifySeals: () => [false, true] }
    const params = paramsFor([1, 2], { requireActivationSuccess: true })
    expect(exitCode(miner, params)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('pieces that are not the data that was promised, or are none', () => {
    expect(exitCode(promising([1]), withPiece(piece()))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    const miner = promising([1], { unsealedCid: DATA })
    miner.rt.primitives = { ...TRUSTING, computeUnsealedSectorCid: () => undefined }
    expect(exitCode(miner, withPiece(piece()))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode(promising([1], { unsealedCid: DATA }), paramsFor([1]))).toBe(
      ExitCode.USR_ILLEGAL_ARGUMENT,
    )
  })

  test('what the verified registry refuses, with its code', () => {
    const miner = promising([1], { unsealedCid: DATA })
    const claims = [{ client: CLIENT, allocationId: 7n, data: pieceCommitment(3), size: POWER }]
    const sectors = [{ sector: 1n, expiry: MINER_EPOCH + 540 * 2880, claims }]
    const params = withPiece(piece({ verifiedAllocationKey: { client: CLIENT, id: 7n } }), {
      requireActivationSuccess: true,
    })
    const answer = { exitCode: ExitCode.USR_ILLEGAL_ARGUMENT }
    miner.expectCall('verifiedregistry', 'ClaimAllocations', { sectors, allOrNothing: true }, answer)
    expect(exitCode(miner, params)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a sector that was promised with deals', () => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: ONE })
    const sectors = [promisedSector(MINER_EPOCH, 1, { dealIds: [7n], unsealedCid: DATA })]
    miner.expectEstimates()
    const asked = {
      sectors: [{ sectorNumber: 1n, sectorType: 8n, sectorExpiry: MINER_EPOCH + 540 * 2880, dealIds: [7n] }],
    }
    const value = { unsealedCids: [DATA] }
    miner.expectCall('storagemarket', 'VerifyDealsForActivation', asked, { value })
    miner.expectCron(miner.deadlineEnd)
    miner.call('PreCommitSectorBatch2', { sectors })
    miner.rt.currEpoch = PROVING_EPOCH
    miner.rt.primitives = TRUSTING
    expect(exitCode(miner, paramsFor([1]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a notification that fails where it must not, after everything is done', () => {
    const contract = idAddress(777 as ActorId)
    const notify = [{ address: contract, payload: Uint8Array.of(5) }]
    for (const [requireNotificationSuccess, expected] of [
      [true, ExitCode.ERR_NOTIFICATION_RECEIVER_ABORTED],
      [false, ExitCode.OK],
    ] as const) {
      const miner = promising([1], { unsealedCid: DATA })
      miner.expectEstimates()
      miner.expectPledge(PLEDGE)
      miner.expectNotification(contract, { exitCode: ExitCode.USR_UNHANDLED_MESSAGE, returnData: null }, [
        {
          sector: 1n,
          minimumCommitmentEpoch: MINER_EPOCH + 540 * 2880,
          added: [{ data: pieceCommitment(3), size: POWER, payload: Uint8Array.of(5) }],
        },
      ])
      const params = withPiece(piece({ notify }), { requireNotificationSuccess })
      expect(exitCode(miner, params)).toBe(expected)
      expect(miner.state.initialPledge).toBe(expected === ExitCode.OK ? PLEDGE : 0n)
    }
  })
})
