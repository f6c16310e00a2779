import { filterEstimate } from '@plimsoll/actors'
import { CodecError, createMemoryBlockstore } from '@plimsoll/ipld'
import { type ActorId, ATTO_FIL_PER_FIL, createHashes, divFloor, parseDecimal } from '@plimsoll/primitives'
import { buildState, type MinerPlan, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import type { FeeRules } from '../fees/fee-rules.ts'
import { assessMiner, type MinerTerms, NO_TERMS, openMiner, sectorFees } from './assess-miner.ts'
import { requireMiner } from './find-miners.ts'
import { openNetworkView } from './network-view.ts'

const hashes = await createHashes()
const EPOCH = 1_000_000
const MINER = 1001 as ActorId
const FIL = ATTO_FIL_PER_FIL
const RAW = BigInt(SECTOR_BYTES)

/**
 * 10,108 plain sectors share 10,108 × 10^12 attoFIL an epoch, so one earns 10^12: its fault fee, of 10,108
 * epochs, is 10.108 mFIL, half of its day is 1.44 mFIL, and its 3.5 days are 10.08 mFIL.
 */
const REWARD = filterEstimate(10_108n * 10n ** 12n, 0n)
const QA_POWER = filterEstimate(10_108n * RAW, 0n)

/** One sector for every branch and every condition. */
const PLAN: MinerPlan = {
  id: MINER,
  sectors: [
    // Older than 140 days: 8.5 % of 1 FIL is 85 mFIL.
    { sectorNumber: 1, activation: 1000, dailyFee: mFil('1') },
    // Half as old: 42.5 mFIL.
    { sectorNumber: 2, activation: EPOCH - 201_600, condition: 'faulty', dailyFee: mFil('2') },
    // New: 2 % of 1 FIL is 20 mFIL.
    {
      sectorNumber: 3,
      activation: EPOCH - 1000,
      condition: 'unproven',
      deadline: 7,
      dailyFee: mFil('0.5'),
    },
    // 8.5 % of 0.1 FIL is 8.5 mFIL, less than 105 % of the fault fee: 10.6134 mFIL.
    {
      sectorNumber: 4,
      initialPledge: FIL / 10n,
      condition: 'recovering',
      deadline: 7,
      dailyFee: mFil('0.25'),
    },
    // A quarter of 140 days old when it was terminated: 21.25 mFIL.
    { sectorNumber: 5, activation: 499_200, condition: { queuedSince: 600_000 }, deadline: 9 },
  ],
  vesting: [
    { epoch: EPOCH - 1, amount: mFil('100') },
    { epoch: EPOCH, amount: mFil('200') },
    { epoch: EPOCH + 2880, amount: mFil('700') },
  ],
  unlockedBalance: mFil('300'),
  feeDebt: mFil('50'),
}

function mFil(text: string): bigint {
  return parseDecimal(text, 15)
}

function open(plan: MinerPlan, epoch?: number) {
  const store = createMemoryBlockstore(hashes)
  const root = buildState(store, { epoch: EPOCH, miners: [plan], reward: REWARD, qaPower: QA_POWER })
  const view = openNetworkView(store, [root], { epoch })
  const { id, record } = requireMiner(view, plan.id)
  return { view, opened: openMiner(view, id, record) }
}

function assess(terms?: MinerTerms, epoch?: number) {
  const { view, opened } = open(PLAN, epoch)
  return assessMiner(view, opened, ['fip0098'], terms)
}

function errorOf(read: () => unknown): CodecError {
  try {
    read()
  } catch (error) {
    if (error instanceof CodecError) {
      return error
    }
    throw error
  }
  throw new Error('nothing was refused')
}

describe('the assessment of a miner', () => {
  test('counts its sectors and their power', () => {
    const { miner, assessedEpoch, counts, livePower, faultyPower } = assess()
    expect({ miner, assessedEpoch, livePower, faultyPower }).toEqual({
      miner: 1001,
      assessedEpoch: EPOCH,
      livePower: { raw: 4n * RAW, qa: 4n * RAW },
      faultyPower: { raw: 2n * RAW, qa: 2n * RAW },
    })
    expect(counts).toEqual({
      liveSectors: 4,
      faultySectors: 2,
      recoveringSectors: 1,
      unprovenSectors: 1,
      queuedSectors: 1,
    })
  })

  test('has the fee of every sector by the branch that decided it', () => {
    const [{ rules, live, queued }] = assess().byRules
    expect(rules).toBe('fip0098')
    expect(Object.fromEntries(live.byBranch)).toEqual({
      cap: { sectors: 1, fee: mFil('85') },
      age: { sectors: 1, fee: mFil('42.5') },
      floorPledge: { sectors: 1, fee: mFil('20') },
      floorFault: { sectors: 1, fee: mFil('10.6134') },
    })
    expect(Object.fromEntries(live.byDeadline)).toEqual({
      0: { sectors: 2, fee: mFil('127.5') },
      7: { sectors: 2, fee: mFil('30.6134') },
    })
    expect(live.fee).toBe(mFil('158.1134'))
    expect(Object.fromEntries(queued.byBranch)).toEqual({ age: { sectors: 1, fee: mFil('21.25') } })
    expect(queued.fee).toBe(mFil('21.25'))
  })

  // Two plain sectors in each of two deadlines: fault fees of 20.216 mFIL, and at most 2.88 mFIL of daily fees.
  test('has the slashing of a day, deadline by deadline', () => {
    expect(assess().slashing).toEqual({
      faultFees: mFil('40.432'),
      dailyFees: mFil('2.88') + mFil('0.75'),
      total: mFil('44.062'),
    })
  })

  test('has the balance sheet of the assessed epoch', () => {
    expect(assess().sheet).toMatchObject({
      // 4.1 FIL of pledge, 1 FIL locked, 0.3 FIL beyond.
      actorBalance: mFil('5400'),
      initialPledge: mFil('4100'),
      lockedFunds: mFil('1000'),
      feeDebt: mFil('50'),
      unlockedBalance: mFil('300'),
      availableBalance: mFil('250'),
      vestedFunds: mFil('100'),
    })
  })

  test('has a position that follows from all of these, with a buffer of days', () => {
    const { buffer, byRules } = assess({ outstanding: mFil('2000'), buffer: { days: 3 } })
    expect(buffer).toBe(mFil('132.186'))
    expect(byRules[0].position).toEqual({
      // 5400 − 50 − 158.1134 − 21.25
      liquidationValue: mFil('5170.6366'),
      // Of 1000 locked, 100 have vested and 229.3634 pay debts.
      recoverableLater: mFil('670.6366'),
      recoverableNow: mFil('4500'),
      eligibleAsset: mFil('3400'),
      // 3400 − 158.1134 − 132.186
      safePledge: mFil('3109.7006'),
      // 3109.7006 − 50 − 21.25
      safePledgeStrict: mFil('3038.4506'),
    })
  })

  test.each([
    { name: 'an amount', choice: { amount: 7n }, buffer: 7n },
    { name: 'no days', choice: { days: 0 }, buffer: 0n },
    { name: 'nothing', choice: undefined, buffer: null },
  ])('has the buffer $buffer when $name was given', ({ choice, buffer }) => {
    const assessment = assess({ outstanding: 0n, buffer: choice })
    expect(assessment.buffer).toBe(buffer)
    const { safePledge } = assessment.byRules[0].position
    expect(safePledge).toBe(mFil('5400') - mFil('158.1134') - (buffer ?? 0n))
  })

  test('owes nothing and has no buffer when no terms are given', () => {
    expect(assess().terms).toBe(NO_TERMS)
    expect(assess()).toEqual(assess({ outstanding: 0n, buffer: undefined }))
  })

  test('lets live sectors grow older at a later epoch, and queued ones not', () => {
    const { assessedEpoch, sheet, byRules } = assess(undefined, EPOCH + 100_800)
    const [{ live, queued }] = byRules
    expect(assessedEpoch).toBe(EPOCH + 100_800)
    expect(sheet.vestedFunds).toBe(mFil('1000'))
    // Sector 2 has three quarters of 140 days behind it, and sector 3 has 101,800 of 403,200 epochs.
    const feeOfSector3 = divFloor(101_800n * mFil('85'), 403_200n)
    expect(live.fee).toBe(mFil('85') + mFil('63.75') + feeOfSector3 + mFil('10.6134'))
    expect(queued.fee).toBe(mFil('21.25'))
  })
})

describe('the rules of an assessment', () => {
  const rewards = { expectedDayReward: mFil('2'), expectedStoragePledge: mFil('40'), replacedDayReward: 0n }
  const recorded: MinerPlan = {
    id: MINER,
    sectors: [
      // 40 mFIL and half of 2 mFIL for each of 20 days since the base of power.
      {
        sectorNumber: 1,
        activation: 1000,
        powerBaseEpoch: EPOCH - 57_600,
        expiration: 2_000_000,
        ...rewards,
      },
      // Half of 2 mFIL for 35 days would be 35 mFIL and the 40 of the pledge: queued at its own epoch.
      { sectorNumber: 2, activation: 499_200, condition: { queuedSince: 600_000 }, ...rewards },
    ],
  }

  test('are answered in the order that was asked for', () => {
    const { view, opened } = open(recorded)
    const [older, newer] = assessMiner(view, opened, ['pre-fip0098', 'fip0098']).byRules
    expect([older.rules, newer?.rules]).toEqual(['pre-fip0098', 'fip0098'])
    expect([older.live.fee, older.queued.fee]).toEqual([mFil('60'), mFil('75')])
    expect([newer?.live.fee, newer?.queued.fee]).toEqual([mFil('85'), mFil('21.25')])
  })

  test('of before FIP-0098 know nothing of a sector without rewards, and those of FIP-0098 do', () => {
    const { view, opened } = open({
      id: MINER,
      sectors: [...(recorded.sectors ?? []), { sectorNumber: 3 }],
    })
    const [older, newer] = assessMiner(view, opened, ['pre-fip0098', 'fip0098']).byRules
    expect(older.live).toMatchObject({ sectors: 2, fee: null, unknown: 1 })
    expect(older.position.safePledgeStrict).toBeNull()
    expect(newer?.live).toMatchObject({ sectors: 2, fee: 2n * mFil('85'), unknown: 0 })
  })

  test.each<{ rules: FeeRules; fee: bigint; branch: string }>([
    { rules: 'fip0098', fee: mFil('85'), branch: 'cap' },
    { rules: 'pre-fip0098', fee: mFil('60'), branch: 'recordedReward' },
  ])('give by $rules the fee of one sector too', ({ rules, fee, branch }) => {
    const { view, opened } = open(recorded)
    expect(sectorFees(view, opened, rules)(0, EPOCH)).toMatchObject({ fee, branch })
  })
})

describe('a state that lacks a block', () => {
  const elsewhere = createMemoryBlockstore(hashes)

  test('is refused with a path that begins at the miner', () => {
    const { view, opened } = open(PLAN)
    const lost = { ...view, tree: { ...view.tree, store: elsewhere } }
    const error = errorOf(() => openMiner(lost, MINER, opened.record))
    expect(error).toMatchObject({ code: 'MISSING_BLOCK', path: ['f01001'] })
  })

  test('is refused when the vesting table or the rewards are asked for', () => {
    const { view, opened } = open(PLAN)
    const lost = { ...opened, miner: { ...opened.miner, store: elsewhere } }
    expect(errorOf(() => assessMiner(view, lost, ['fip0098'])).path).toEqual(['f01001', 'vestingFunds'])
    expect(errorOf(() => sectorFees(view, lost, 'pre-fip0098')).path).toEqual(['f01001', 'sectors'])
  })
})
