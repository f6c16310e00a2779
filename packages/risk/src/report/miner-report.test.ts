import { filterEstimate } from '@plimsoll/actors'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, createHashes, parseDecimal } from '@plimsoll/primitives'
import { buildState, type MinerPlan, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { assessMiner, type MinerTerms, openMiner, sectorFees } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import { openNetworkView } from '../assess/network-view.ts'
import type { FeeRules } from '../fees/fee-rules.ts'
import { reportHead } from './assess-report.ts'
import { minerFigures } from './miner-figures.ts'
import { minerReport } from './miner-report.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000
const REWARDS = { expectedDayReward: 0n, expectedStoragePledge: mFil('60'), replacedDayReward: 0n }
const RAW = BigInt(SECTOR_BYTES)

/** 8.5 % of 1 FIL is 85 mFIL; a quarter and a half of 140 days make 21.25 and 42.5 mFIL of it. */
const PLAN: MinerPlan = {
  id: 1001 as ActorId,
  unlockedBalance: mFil('300'),
  feeDebt: mFil('400'),
  vesting: [
    { epoch: EPOCH - 1, amount: mFil('100') },
    { epoch: EPOCH, amount: mFil('900') },
  ],
  sectors: [
    { sectorNumber: 1, deadline: 12, ...REWARDS },
    { sectorNumber: 2, deadline: 2, condition: 'recovering', ...REWARDS },
    { sectorNumber: 3, deadline: 2, condition: 'unproven', activation: EPOCH - 1, ...REWARDS },
    { sectorNumber: 4, deadline: 5, condition: { queuedSince: 700_800 }, activation: 499_200, ...REWARDS },
    { sectorNumber: 6, deadline: 5, condition: { queuedSince: 600_000 }, activation: 499_200, ...REWARDS },
    // One entry with the first of them, though their rows are not next to each other.
    { sectorNumber: 7, deadline: 5, condition: { queuedSince: 700_800 }, activation: 499_200, ...REWARDS },
    { sectorNumber: 8, deadline: 5, partition: 1, condition: { queuedSince: 700_800 }, activation: 499_200 },
  ],
}

function mFil(text: string): bigint {
  return parseDecimal(text, 15)
}

function atto(text: string): string {
  return String(mFil(text))
}

function report(rules: readonly [FeeRules, ...FeeRules[]], terms?: MinerTerms, epoch?: number) {
  const store = createMemoryBlockstore(hashes)
  const root = buildState(store, {
    epoch: EPOCH,
    miners: [PLAN],
    // A plain sector earns 10^12 attoFIL an epoch, so its fault fee is 10.108 mFIL.
    reward: filterEstimate(10_108n * 10n ** 12n, 0n),
    qaPower: filterEstimate(10_108n * RAW, 0n),
  })
  const view = openNetworkView(store, [root], { epoch })
  const opened = openMiner(view, PLAN.id, requireMiner(view, PLAN.id).record)
  const assessment = assessMiner(view, opened, rules, terms)
  const head = reportHead(view, 'both')
  return {
    head,
    assessment,
    report: minerReport(head, opened, assessment, sectorFees(view, opened, rules[0])),
  }
}

describe('the figures of a miner', () => {
  test('have the names of the glossary and the amounts of the assessment, as text', () => {
    const terms: MinerTerms = { outstanding: mFil('2000'), buffer: { days: 1 }, label: 'one' }
    expect(minerFigures(report(['fip0098'], terms).assessment)).toEqual({
      miner: 'f01001',
      label: 'one',
      liveSectors: 3,
      faultySectors: 1,
      recoveringSectors: 1,
      unprovenSectors: 1,
      queuedSectors: 4,
      rawPower: String(3n * RAW),
      qaPower: String(3n * RAW),
      // Seven pledges of 1 FIL, 1 FIL locked, 0.3 FIL beyond.
      actorBalance: atto('8300'),
      preCommitDeposit: '0',
      initialPledge: atto('7000'),
      lockedFunds: atto('1000'),
      feeDebt: atto('400'),
      unlockedBalance: atto('300'),
      availableBalance: atto('-100'),
      outstanding: atto('2000'),
      eligibleAsset: atto('6300'),
      dailySlashing: atto('30.324'),
      buffer: atto('30.324'),
      bufferRule: 'v1, 1 day',
      feeRules: 'fip0098',
      terminationFee: atto('190'),
      queuedTerminationFee: atto('148.75'),
      sectorsWithoutRewards: 0,
      // 8300 − 400 − 190 − 148.75; of the 900 not vested, 738.75 pay debts.
      liquidationValue: atto('7561.25'),
      recoverableNow: atto('7400'),
      recoverableLater: atto('161.25'),
      // 6300 − 190 − 30.324, and then − 400 − 148.75
      safePledge: atto('6079.676'),
      safePledgeStrict: atto('5530.926'),
    })
  })

  test('have neither a label nor a buffer when none was given', () => {
    const figures = minerFigures(report(['fip0098']).assessment)
    expect(figures.buffer).toBeNull()
    expect('label' in figures).toBe(false)
    expect('otherFeeRules' in figures).toBe(false)
    expect(figures.outstanding).toBe('0')
  })

  test('have those of the other rules beside the first, and null for what they do not know', () => {
    const { otherFeeRules, feeRules } = minerFigures(report(['fip0098', 'pre-fip0098']).assessment)
    expect(feeRules).toBe('fip0098')
    expect(otherFeeRules).toEqual({
      feeRules: 'pre-fip0098',
      terminationFee: atto('180'),
      queuedTerminationFee: null,
      sectorsWithoutRewards: 1,
      liquidationValue: null,
      recoverableNow: null,
      recoverableLater: null,
      safePledge: atto('8120'),
      safePledgeStrict: null,
    })
  })
})

describe('the report of a miner', () => {
  test('begins with its head and has the figures', () => {
    const { head, assessment, report: full } = report(['fip0098'])
    expect(full).toMatchObject({ ...head, miner: minerFigures(assessment) })
  })

  // A step is still locked in its own epoch.
  test.each([
    { epoch: EPOCH - 1, isVested: [false, false] },
    { epoch: EPOCH, isVested: [true, false] },
    { epoch: EPOCH + 1, isVested: [true, true] },
  ])('says for epoch $epoch that the steps have vested: $isVested', ({ epoch, isVested }) => {
    expect(report(['fip0098'], undefined, epoch).report.vestingTable).toEqual([
      { epoch: EPOCH - 1, amount: atto('100'), isVested: isVested[0] },
      { epoch: EPOCH, amount: atto('900'), isVested: isVested[1] },
    ])
  })

  test('breaks the fees of each of the rules down, by branch and by deadline', () => {
    expect(report(['fip0098', 'pre-fip0098']).report.fees).toEqual([
      {
        feeRules: 'fip0098',
        byBranch: {
          cap: { sectors: 2, fee: atto('170') },
          floorPledge: { sectors: 1, fee: atto('20') },
        },
        byDeadline: {
          2: { sectors: 2, fee: atto('105') },
          12: { sectors: 1, fee: atto('85') },
        },
        queuedByBranch: { age: { sectors: 4, fee: atto('148.75') } },
      },
      {
        feeRules: 'pre-fip0098',
        byBranch: { recordedReward: { sectors: 3, fee: atto('180') } },
        byDeadline: {
          2: { sectors: 2, fee: atto('120') },
          12: { sectors: 1, fee: atto('60') },
        },
        queuedByBranch: { recordedReward: { sectors: 3, fee: atto('180') } },
      },
    ])
  })

  test('has one entry of the queue for each deadline, partition and epoch', () => {
    expect(report(['fip0098']).report.earlyTerminationQueue).toEqual([
      { deadline: 5, partition: 0, epoch: 600_000, sectors: 1, fee: atto('21.25') },
      { deadline: 5, partition: 0, epoch: 700_800, sectors: 2, fee: atto('85') },
      { deadline: 5, partition: 1, epoch: 700_800, sectors: 1, fee: atto('42.5') },
    ])
  })

  test('does not know the fee of an entry with a sector whose fee is not known', () => {
    const queue = report(['pre-fip0098']).report.earlyTerminationQueue
    expect(queue.map(({ fee }) => fee)).toEqual([atto('60'), atto('120'), null])
  })
})
