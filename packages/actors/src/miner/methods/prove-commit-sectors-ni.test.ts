import { createHashes, ExitCode } from '@plimsoll/primitives'
import {
  MINER_EPOCH,
  pieceCommitment,
  ScriptedMiner,
  type ScriptedMinerPlan,
  STRANGER,
  sealedSector,
  TRUSTING,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { minerLayout } from '../layout.ts'
import { loadSectorsByNumber } from '../load-miner.ts'
import type { ProveCommitSectorsNIParams, SectorNIActivationInfo } from '../method-types.ts'

const hashes = await createHashes()
const ONE = 10n ** 18n
const DAY = 2880
/** 20 days of reward, 0.7 and 0.3 of the share of 30 % of the supply: 75 FIL · 57,600 / 2^29 and 180 M FIL / 2^29. */
const PLEDGE = 8_046_627_044_677_734n + 234_693_288_803_100_585n + 100_582_838_058_471_679n

function plain(plan: ScriptedMinerPlan = {}) {
  const miner = new ScriptedMiner(hashes, { unlockedBalance: 10n * ONE, ...plan })
  miner.rt.primitives = TRUSTING
  return miner
}

function sector(number: number, change: Partial<SectorNIActivationInfo> = {}): SectorNIActivationInfo {
  return {
    sealingNumber: BigInt(number),
    sealerId: 1000n,
    sealedCid: sealedSector(number),
    sectorNumber: BigInt(number),
    sealRandEpoch: BigInt(MINER_EPOCH - 1),
    expiration: BigInt(MINER_EPOCH + 540 * DAY),
    ...change,
  }
}

type Change = Partial<ProveCommitSectorsNIParams>

const paramsOf = (sectors: readonly SectorNIActivationInfo[], change: Change = {}) => ({
  sectors,
  aggregateProof: Uint8Array.of(1),
  sealProofType: 18n,
  aggregateProofType: 1n,
  provingDeadline: 5n,
  requireActivationSuccess: false,
  ...change,
})

const exitCode = (miner: ScriptedMiner, params: ReturnType<typeof paramsOf>, caller?: typeof STRANGER) =>
  miner.exitCode('ProveCommitSectorsNI', params, caller)

// Source of the cases: builtin-actors v18, `actors/miner/tests/prove_commit_niporep.rs`.
describe('ProveCommitSectorsNI', () => {
  test('commits sectors at once, to the deadline that was asked for', () => {
    const miner = plain()
    miner.expectEstimates()
    miner.expectPledge(2n * PLEDGE)
    miner.expectCron(miner.deadlineEnd)
    const returned = miner.call('ProveCommitSectorsNI', paramsOf([sector(8), sector(7)]))
    expect(returned).toEqual({ successCount: 2, failCodes: [] })
    // In the order of the call.
    expect(miner.events).toEqual(['sector-activated 8', 'sector-activated 7'])
    expect(miner.state).toMatchObject({ initialPledge: 2n * PLEDGE, deadlineCronActive: true })
    const { rt, state } = miner
    const sectors = loadSectorsByNumber({ store: rt.store, layout: minerLayout(18), state })
    expect(sectors.get(7)).toMatchObject({
      sealProof: 18,
      activation: MINER_EPOCH,
      powerBaseEpoch: MINER_EPOCH,
      expiration: MINER_EPOCH + 540 * DAY,
      initialPledge: PLEDGE,
      dailyFee: 3_335_993_870_096n,
    })
  })

  test('enrols cron only where it does not run yet', () => {
    const miner = plain({ sectors: [{ sectorNumber: 1 }] })
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    miner.call('ProveCommitSectorsNI', paramsOf([sector(7)]))
    expect(miner.state.initialPledge).toBe(PLEDGE + ONE)
  })

  test('needs the pledge, and only then looks at debt', () => {
    const code = (unlockedBalance: bigint, feeDebt: bigint) => {
      const miner = plain({ unlockedBalance, feeDebt })
      miner.changeState({ deadlineCronActive: true })
      miner.expectEstimates()
      if (unlockedBalance >= PLEDGE + feeDebt) {
        if (feeDebt > 0n) {
          miner.expectBurn(feeDebt)
        }
        miner.expectPledge(PLEDGE)
      }
      return exitCode(miner, paramsOf([sector(7)]))
    }
    expect(code(PLEDGE, 0n)).toBe(ExitCode.OK)
    expect(code(PLEDGE - 1n, 0n)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
    expect(code(PLEDGE + 7n, 7n)).toBe(ExitCode.OK)
    expect(code(PLEDGE + 6n, 7n)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  test.each<{ what: string; change: Partial<SectorNIActivationInfo> }>([
    { what: 'of another miner', change: { sealerId: 1001n } },
    { what: 'sealed under another number', change: { sealingNumber: 9n } },
    { what: 'of a replica that is none', change: { sealedCid: pieceCommitment(1) } },
    { what: 'sealed more than 180 days ago', change: { sealRandEpoch: BigInt(MINER_EPOCH - 180 * DAY - 1) } },
    { what: 'that lives less than 180 days', change: { expiration: BigInt(MINER_EPOCH + 180 * DAY - 1) } },
    {
      what: 'that expires in more than 1278 days',
      change: { expiration: BigInt(MINER_EPOCH + 1278 * DAY + 1) },
    },
    {
      what: 'with a number beyond the largest',
      change: { sectorNumber: 1n << 63n, sealingNumber: 1n << 63n },
    },
  ])('drops a sector $what, unless all are required', ({ change }) => {
    const sectors = [sector(7, change), sector(8)]
    const miner = plain({ sectors: [{ sectorNumber: 1 }] })
    const all = paramsOf(sectors, { requireActivationSuccess: true })
    expect(exitCode(miner, all)).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCode(miner, paramsOf([sector(7, change)]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    expect(miner.call('ProveCommitSectorsNI', paramsOf(sectors))).toEqual({
      successCount: 1,
      failCodes: [{ index: 0, code: ExitCode.USR_ILLEGAL_ARGUMENT }],
    })
    expect(miner.events).toEqual(['sector-activated 8'])
  })

  test('takes the numbers of sectors that fail as well', () => {
    const miner = plain({ sectors: [{ sectorNumber: 1 }] })
    miner.expectEstimates()
    miner.expectPledge(PLEDGE)
    miner.call('ProveCommitSectorsNI', paramsOf([sector(7, { sealerId: 1001n }), sector(8)]))
    miner.expectEstimates()
    expect(exitCode(miner, paramsOf([sector(7)]))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })
})

describe('ProveCommitSectorsNI refuses', () => {
  const illegal = ExitCode.USR_ILLEGAL_ARGUMENT
  const many = Array.from({ length: 66 }, (_, i) => sector(i))

  test.each<{ what: string; params: ReturnType<typeof paramsOf> }>([
    { what: 'no sectors', params: paramsOf([]) },
    { what: 'more than 65', params: paramsOf(many) },
    { what: 'too long a proof', params: paramsOf([sector(7)], { aggregateProof: new Uint8Array(81_961) }) },
  ])('$what before it looks at who calls', ({ params }) => {
    expect(exitCode(plain(), params, STRANGER)).toBe(illegal)
  })

  test.each<{ what: string; change: Change }>([
    { what: 'no deadline', change: { provingDeadline: 48n } },
    { what: 'an interactive proof', change: { sealProofType: 8n } },
    { what: 'the first type of aggregate', change: { aggregateProofType: 0n } },
  ])('$what', ({ change }) => {
    expect(exitCode(plain(), paramsOf([sector(7)], change))).toBe(illegal)
  })

  test.each([0n, 1n])('deadline %d, which is open or next', (provingDeadline) => {
    const params = paramsOf([sector(7)], { provingDeadline, sealProofType: 8n })
    expect(exitCode(plain(), params)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('who may not, and an exclusion', () => {
    const params = paramsOf([sector(7)], { provingDeadline: 48n })
    expect(exitCode(plain(), params, STRANGER)).toBe(ExitCode.USR_FORBIDDEN)
    const excluded = plain()
    excluded.changeInfo({ consensusFaultElapsed: MINER_EPOCH })
    const wrongProof = paramsOf([sector(7)], { sealProofType: 8n })
    expect(exitCode(excluded, wrongProof)).toBe(ExitCode.USR_FORBIDDEN)
  })

  test('a number that comes twice, or that is taken', () => {
    expect(exitCode(plain(), paramsOf([sector(7), sector(7)]))).toBe(illegal)
    const miner = plain({ sectors: [{ sectorNumber: 7 }] })
    miner.expectEstimates()
    expect(exitCode(miner, paramsOf([sector(7)]))).toBe(illegal)
  })

  test('a seal of the present epoch, which fails the whole call', () => {
    const sectors = [sector(7, { sealRandEpoch: BigInt(MINER_EPOCH) }), sector(8)]
    expect(exitCode(plain(), paramsOf(sectors))).toBe(illegal)
  })

  test('a proof that is none', () => {
    const miner = plain()
    miner.rt.primitives = { ...TRUSTING, verifyAggregateSeals: () => false }
    expect(exitCode(miner, paramsOf([sector(7)]))).toBe(illegal)
  })
})
