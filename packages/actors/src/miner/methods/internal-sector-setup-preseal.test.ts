import { createHashes, divFloor, ExitCode, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  NETWORK_ESTIMATES,
  pieceCommitment,
  promisedSector,
  promiseSectors,
  ScriptedMiner,
  SECTOR_BYTES,
  SECTOR_DEPOSIT,
  STRANGER,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { minerLayout } from '../layout.ts'
import { loadSectorsByNumber } from '../load-miner.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const POWER = BigInt(SECTOR_BYTES)
const EXPIRATION = MINER_EPOCH + 540 * 2880
const DURATION = BigInt(540 * 2880)
/** Without a ramp there is no baseline's part: 20 days of reward, and the share of 30 % of the supply in two parts. */
const PLEDGE = 8_046_627_044_677_734n + 234_693_288_803_100_585n + 100_582_838_058_471_679n
const VERIFIED_PLEDGE = 80_466_270_446_777_343n + 2_346_932_888_031_005_859n + 1_005_828_380_584_716_796n

const paramsOf = (...sectors: readonly bigint[]) => ({
  sectors,
  rewardSmoothed: NETWORK_ESTIMATES.reward,
  rewardBaselinePower: 1n << 60n,
  qualityAdjPowerSmoothed: NETWORK_ESTIMATES.qaPower,
})

const setUp = (miner: ScriptedMiner, ...sectors: readonly bigint[]) =>
  miner.call('InternalSectorSetupForPreseal', paramsOf(...sectors), SYSTEM_ACTOR_ADDR)

const sectorOf = ({ rt, state }: ScriptedMiner, number: number) =>
  loadSectorsByNumber({ store: rt.store, layout: minerLayout(18), state }).get(number)

const dealsOf = (sectorNumber: bigint, dealIds: readonly bigint[]) => ({
  sectorNumber,
  sectorType: 8n,
  sectorExpiry: EXPIRATION,
  dealIds,
})

/** Promises sector 1 with deals 7 and 8, and sector 2 without. */
function promiseWithDeals() {
  const miner = new ScriptedMiner(hashes, { unlockedBalance: 10n * ONE })
  const data = pieceCommitment(1)
  miner.expectEstimates()
  const sectors = [dealsOf(1n, [7n, 8n]), dealsOf(2n, [])]
  const value = { unsealedCids: [data, null] }
  miner.expectCall('storagemarket', 'VerifyDealsForActivation', { sectors }, { value })
  miner.expectCron(miner.deadlineEnd)
  miner.call('PreCommitSectorBatch2', {
    sectors: [
      promisedSector(MINER_EPOCH, 1, { dealIds: [7n, 8n], unsealedCid: data }),
      promisedSector(MINER_EPOCH, 2),
    ],
  })
  miner.rt.events.length = 0
  return { miner, sectors }
}

const deal = (allocationId: bigint, size: bigint) => ({
  client: 300n,
  allocationId,
  data: pieceCommitment(3),
  size,
})

// Source of the rules: builtin-actors v18, `actors/miner/src/lib.rs`, `internal_sector_setup_preseal`,
// `activate_sectors_deals`.
describe('InternalSectorSetupForPreseal', () => {
  test('makes sectors of promises without a proof, and without asking for estimates', () => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: ONE })
    promiseSectors(miner, [1, 2])
    miner.rt.events.length = 0
    miner.expectPledge(PLEDGE)
    setUp(miner, 2n)
    expect(sectorOf(miner, 2)).toMatchObject({ initialPledge: PLEDGE, activation: MINER_EPOCH })
    expect(miner.state).toMatchObject({ preCommitDeposits: SECTOR_DEPOSIT, initialPledge: PLEDGE })
    expect(miner.events).toEqual(['sector-activated 2'])
  })

  test('passes over sectors that were not promised', () => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: ONE })
    promiseSectors(miner, [1])
    miner.expectPledge(PLEDGE)
    setUp(miner, 9n, 1n)
    expect(sectorOf(miner, 1)?.initialPledge).toBe(PLEDGE)
  })

  test('activates deals and claims the allocations that they have', () => {
    const { miner, sectors } = promiseWithDeals()
    const half = divFloor(POWER, 2n)
    const activations = [
      { activated: [deal(0n, half), deal(5n, half)], unsealedCid: null },
      { activated: [], unsealedCid: null },
    ]
    const value = { activationResults: { successCount: 2, failCodes: [] }, activations }
    miner.expectCall('storagemarket', 'BatchActivateDeals', { sectors, computeCid: false }, { value })
    const claims = [
      { sector: 1n, expiry: EXPIRATION, claims: [deal(5n, half)] },
      { sector: 2n, expiry: EXPIRATION, claims: [] },
    ]
    const claimed = { sectorResults: { successCount: 2, failCodes: [] }, sectorClaims: [half, 0n] }
    miner.expectCall(
      'verifiedregistry',
      'ClaimAllocations',
      { sectors: claims, allOrNothing: true },
      { value: claimed },
    )
    // Half of sector 1 counts tenfold.
    const pledge = pledgeFor(divFloor(POWER * 11n, 2n)) + PLEDGE
    miner.expectPledge(pledge)
    setUp(miner, 1n, 2n)
    expect(sectorOf(miner, 1)).toMatchObject({
      dealWeight: half * DURATION,
      verifiedDealWeight: half * DURATION,
    })
    expect(pledgeFor(10n * POWER)).toBe(VERIFIED_PLEDGE)
    expect(miner.events).toEqual(['sector-activated 1', 'sector-activated 2'])
  })

  test('drops sectors whose deals cannot be activated, but needs one that can', () => {
    const { miner, sectors } = promiseWithDeals()
    const failCodes = [{ index: 0, code: ExitCode.USR_ILLEGAL_ARGUMENT }]
    const value = {
      activationResults: { successCount: 1, failCodes },
      activations: [{ activated: [], unsealedCid: null }],
    }
    miner.expectCall('storagemarket', 'BatchActivateDeals', { sectors, computeCid: false }, { value })
    miner.expectPledge(PLEDGE)
    setUp(miner, 1n, 2n)
    expect(miner.events).toEqual(['sector-activated 2'])
    const none = { activationResults: { successCount: 0, failCodes }, activations: [] }
    const asked = { sectors: sectors.slice(0, 1), computeCid: false }
    miner.expectCall('storagemarket', 'BatchActivateDeals', asked, { value: none })
    const code = miner.exitCode('InternalSectorSetupForPreseal', paramsOf(1n), SYSTEM_ACTOR_ADDR)
    expect(code).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('is for the system', () => {
    const miner = new ScriptedMiner(hashes)
    const code = miner.exitCode('InternalSectorSetupForPreseal', paramsOf(1n), STRANGER)
    expect(code).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('needs a sector, and its pledge', () => {
    const miner = new ScriptedMiner(hashes, { unlockedBalance: PLEDGE - 1n })
    promiseSectors(miner, [1])
    const code = (...sectors: readonly bigint[]) =>
      miner.exitCode('InternalSectorSetupForPreseal', paramsOf(...sectors), SYSTEM_ACTOR_ADDR)
    expect(code()).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(code(1n)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  /** 20 days of reward, and 0.7 and 0.3 of the share of 30 % of the supply, each rounded down. */
  function pledgeFor(power: bigint): bigint {
    const reward = (75n * ONE * 57_600n * power) >> 64n
    const share = 600_000_000n * ONE * 3n * power
    return reward + divFloor(share * 700n, 10_000n << 64n) + divFloor(share * 300n, 10_000n << 64n)
  }
})
