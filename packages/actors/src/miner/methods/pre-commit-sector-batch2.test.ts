import { type ActorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  MINER_WORKER,
  PROVABLE_EPOCHS,
  pieceCid,
  pieceCommitment,
  promisedSector,
  promiseSectors,
  ScriptedMiner,
  type ScriptedMinerPlan,
  SECTOR_DEPOSIT,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { loadPreCommits } from '../state/pre-commits.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const DAY = 2880

const plain = (plan: ScriptedMinerPlan = {}) =>
  new ScriptedMiner(hashes, { unlockedBalance: 10n * ONE, ...plan })

type Change = Parameters<typeof promisedSector>[2]
const sector = (number: number | bigint, change: Change = {}) => promisedSector(MINER_EPOCH, number, change)

/** What the market is asked about sectors with deals, and what it answers. */
function expectDeals(miner: ScriptedMiner, sectors: readonly ReturnType<typeof sector>[], answer: unknown) {
  const asked = sectors.map(({ sectorNumber, sealProof, expiration, dealIds }) => ({
    sectorNumber,
    sectorType: sealProof,
    sectorExpiry: Number(expiration),
    dealIds,
  }))
  miner.expectCall('storagemarket', 'VerifyDealsForActivation', { sectors: asked }, { value: answer })
}

// Source of the cases: builtin-actors v18, `actors/miner/tests/miner_actor_test_precommit_batch.rs` and
// `miner_actor_test_commitment.rs`.
describe('PreCommitSectorBatch2', () => {
  test('deposits for each sector what ten times its power earns in twenty days', () => {
    const miner = plain()
    promiseSectors(miner, [101, 102])
    // 75 FIL · 57,600 · 10 · 2^35 / 2^64
    expect(SECTOR_DEPOSIT).toBe(80_466_270_446_777_343n)
    expect(miner.state.preCommitDeposits).toBe(2n * SECTOR_DEPOSIT)
    expect(miner.events).toEqual(['sector-precommitted 101', 'sector-precommitted 102'])
    expect(loadPreCommits(miner.rt.store, miner.state).get(102)).toMatchObject({
      info: { sectorNumber: 102, sealProof: 8, expiration: MINER_EPOCH + 540 * DAY },
      preCommitDeposit: SECTOR_DEPOSIT,
      preCommitEpoch: MINER_EPOCH,
    })
  })

  test('emits by ascending number, whatever the order', () => {
    const miner = plain()
    promiseSectors(miner, [9, 3])
    expect(miner.events).toEqual(['sector-precommitted 3', 'sector-precommitted 9'])
  })

  test('has cron begin with the first promise, and only with it', () => {
    const miner = plain()
    expect(miner.state.deadlineCronActive).toBe(false)
    // The harness expects one enrolment, for the end of the open deadline.
    promiseSectors(miner, [1])
    promiseSectors(miner, [2])
    expect(miner.state.deadlineCronActive).toBe(true)
  })

  test('asks the market about all sectors where one has deals', () => {
    const miner = plain()
    const sectors = [sector(1, { dealIds: [7n, 8n], unsealedCid: pieceCommitment(1) }), sector(2)]
    miner.expectEstimates()
    expectDeals(miner, sectors, { unsealedCids: [pieceCommitment(1), null] })
    miner.expectCron(miner.deadlineEnd)
    miner.call('PreCommitSectorBatch2', { sectors })
    expect(miner.state.preCommitDeposits).toBe(2n * SECTOR_DEPOSIT)
  })

  test('needs all of the deposit', () => {
    const exitCode = (unlockedBalance: bigint) => {
      const miner = plain({ unlockedBalance })
      miner.changeState({ deadlineCronActive: true })
      miner.expectEstimates()
      return miner.exitCode('PreCommitSectorBatch2', { sectors: [sector(1)] })
    }
    expect(exitCode(SECTOR_DEPOSIT)).toBe(ExitCode.OK)
    expect(exitCode(SECTOR_DEPOSIT - 1n)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  test('pays debt, which does not count as deposit', () => {
    const enough = plain({ unlockedBalance: SECTOR_DEPOSIT + 7n, feeDebt: 7n })
    enough.changeState({ deadlineCronActive: true })
    enough.expectEstimates()
    enough.expectBurn(7n)
    enough.call('PreCommitSectorBatch2', { sectors: [sector(1)] })
    expect([enough.state.feeDebt, enough.rt.balance]).toEqual([0n, SECTOR_DEPOSIT])
    const short = plain({ unlockedBalance: SECTOR_DEPOSIT + 6n, feeDebt: 7n })
    short.expectEstimates()
    const exitCode = short.exitCode('PreCommitSectorBatch2', { sectors: [sector(1)] })
    expect(exitCode).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  test('has a deposit burned that is not followed by a proof in time', () => {
    const miner = plain()
    promiseSectors(miner, [1])
    // 30 days and 150 epochs for the proof and 8 hours more are 87,510 epochs; then the next multiple of 60, which
    // is 87,540; and then the first end of a deadline that is not before it.
    expect(PROVABLE_EPOCHS + 960).toBe(87_510)
    const cleanUp = MINER_EPOCH + 87_599
    miner.changeState({ provingPeriodStart: MINER_EPOCH + 30 * DAY, currentDeadline: 18 })
    miner.rt.currEpoch = cleanUp - 60
    miner.expectCron(cleanUp)
    miner.cron()
    expect(miner.state.preCommitDeposits).toBe(SECTOR_DEPOSIT)
    miner.rt.currEpoch = cleanUp
    miner.expectBurn(SECTOR_DEPOSIT)
    miner.cron()
    expect(miner.state).toMatchObject({ preCommitDeposits: 0n, deadlineCronActive: false })
    expect(miner.rt.balance).toBe(10n * ONE - SECTOR_DEPOSIT)
  })
})

describe('PreCommitSectorBatch2 refuses before it asks anybody', () => {
  const tooSoon = BigInt(MINER_EPOCH + PROVABLE_EPOCHS + 180 * DAY - 1)
  const tooFar = BigInt(MINER_EPOCH + 1278 * DAY + 1)

  test.each<{ what: string; change: Change }>([
    { what: 'a proof type of the first version', change: { sealProof: 3n } },
    { what: 'a proof type that is none', change: { sealProof: -1n } },
    { what: 'a number beyond the largest', change: { sectorNumber: 1n << 63n } },
    { what: 'a replica that is none', change: { sealedCid: pieceCommitment(1) } },
    { what: 'randomness of the present epoch', change: { sealRandEpoch: BigInt(MINER_EPOCH) } },
    {
      what: 'randomness older than a day and a finality',
      change: { sealRandEpoch: BigInt(MINER_EPOCH - 3781) },
    },
    { what: 'data that are none', change: { unsealedCid: pieceCid(1) } },
    { what: 'an expiration that is past', change: { expiration: BigInt(MINER_EPOCH) } },
    {
      what: 'a life of less than 180 days after the last epoch for its proof',
      change: { expiration: tooSoon },
    },
    { what: 'an expiration more than 1278 days away', change: { expiration: tooFar } },
  ])('$what', ({ change }) => {
    const sectors = [sector(1), sector(2, change)]
    expect(plain().exitCode('PreCommitSectorBatch2', { sectors }, STRANGER)).toBe(
      ExitCode.USR_ILLEGAL_ARGUMENT,
    )
  })

  test.each<{ what: string; change: Change }>([
    { what: 'the oldest randomness', change: { sealRandEpoch: BigInt(MINER_EPOCH - 3780) } },
    { what: 'the shortest life', change: { expiration: tooSoon + 1n } },
    { what: 'the longest life', change: { expiration: tooFar - 1n } },
  ])('but not $what', ({ change }) => {
    const miner = plain()
    promiseSectors(miner, [1], change)
    expect(miner.state.preCommitDeposits).toBe(SECTOR_DEPOSIT)
  })

  test('no sectors, and a number that comes twice', () => {
    const exitCode = (sectors: readonly ReturnType<typeof sector>[]) =>
      plain().exitCode('PreCommitSectorBatch2', { sectors }, STRANGER)
    expect(exitCode([])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode([sector(1), sector(2), sector(1)])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('PreCommitSectorBatch2 refuses after it has asked', () => {
  function exitCode(miner: ScriptedMiner, sectors = [sector(1)], caller = MINER_WORKER) {
    miner.expectEstimates()
    return miner.exitCode('PreCommitSectorBatch2', { sectors }, caller)
  }

  test('debt that cannot be paid, then the caller, then an exclusion, then the proof type', () => {
    const of = (plan: ScriptedMinerPlan) => {
      const miner = plain(plan)
      miner.changeInfo({ consensusFaultElapsed: MINER_EPOCH })
      return miner
    }
    expect(exitCode(of({ feeDebt: 11n * ONE }), undefined, STRANGER)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
    expect(exitCode(of({}), undefined, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    expect(exitCode(of({}), [sector(1, { sealProof: 9n })])).toBe(ExitCode.USR_FORBIDDEN)
    // 64 GiB, where the miner has sectors of 32 GiB.
    expect(exitCode(plain(), [sector(1, { sealProof: 9n })])).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('a number that was taken before', () => {
    const miner = plain()
    promiseSectors(miner, [1])
    expect(exitCode(miner)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode(plain({ sectors: [{ sectorNumber: 1 }] }))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test.each([
    { what: 'other data than the deals are', declared: pieceCommitment(2) },
    // No commitment stands for that of zeros.
    { what: 'no data where there are deals', declared: null },
  ])('$what', ({ declared }) => {
    const miner = plain()
    const sectors = [sector(1, { dealIds: [7n], unsealedCid: declared })]
    miner.expectEstimates()
    expectDeals(miner, sectors, { unsealedCids: [pieceCommitment(1)] })
    expect(miner.exitCode('PreCommitSectorBatch2', { sectors })).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('more deals than a sector may hold: 256 in 32 GiB', () => {
    for (const { count, expected } of [
      { count: 257, expected: ExitCode.USR_ILLEGAL_ARGUMENT },
      { count: 256, expected: ExitCode.OK },
    ]) {
      const miner = plain()
      miner.changeState({ deadlineCronActive: true })
      const dealIds = Array.from({ length: count }, (_, i) => BigInt(i))
      const sectors = [sector(1, { dealIds, unsealedCid: pieceCommitment(1) })]
      miner.expectEstimates()
      expectDeals(miner, sectors, { unsealedCids: [pieceCommitment(1)] })
      expect(miner.exitCode('PreCommitSectorBatch2', { sectors })).toBe(expected)
    }
  })

  test('what the market refuses, with its code, and an answer about other sectors', () => {
    const sectors = [sector(1, { dealIds: [7n] })]
    const refused = plain()
    refused.expectEstimates()
    const params = {
      sectors: [
        { sectorNumber: 1n, sectorType: 8n, sectorExpiry: Number(sector(1).expiration), dealIds: [7n] },
      ],
    }
    refused.expectCall('storagemarket', 'VerifyDealsForActivation', params, {
      exitCode: ExitCode.USR_NOT_FOUND,
    })
    expect(refused.exitCode('PreCommitSectorBatch2', { sectors })).toBe(ExitCode.USR_NOT_FOUND)
    const miscounted = plain()
    miscounted.expectEstimates()
    expectDeals(miscounted, sectors, { unsealedCids: [] })
    expect(miscounted.exitCode('PreCommitSectorBatch2', { sectors })).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test('a contract that is no controller', () => {
    const contract = idAddress(777 as ActorId)
    const miner = plain()
    miner.rt.actors.set(contract, { type: 'evm' })
    // The method has no exported number, so that it is refused at once.
    expect(miner.exitCode('PreCommitSectorBatch2', { sectors: [sector(1)] }, contract)).toBe(
      ExitCode.USR_FORBIDDEN,
    )
  })
})
