import type { NetworkEstimates } from '@plimsoll/actors'
import { idAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { endDeadline, hasToContinue, openDeadlineOf } from './predict-deadline.ts'
import { liveSectorsOf } from './predict-state.ts'
import { predictTick } from './predict-tick.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

const SECTOR_POWER = 32n << 30n
/** One attoFIL an epoch for 32 GiB, so that a fault costs 10,108 of them, and a day's reward is 2,880. */
const ONE_AN_EPOCH: NetworkEstimates = {
  reward: { position: 1000n << 128n, velocity: 0n },
  qaPower: { position: (1000n * SECTOR_POWER) << 128n, velocity: 0n },
}
/** The last epoch of deadline 0. */
const LAST = 59
const FAULT_MAX_AGE = 42 * 2880

describe('the end of a deadline', () => {
  test('charges for faults that were there before, and not for those that it finds', () => {
    const deadline = plainDeadline([
      plainSector(0, { isFaulty: true, expiresAt: 100 * 2880 + LAST }),
      plainSector(1),
    ])
    const claim = { raw: 1n << 35n, qa: SECTOR_POWER }
    const miner = plainMiner({ balance: 100_000n, initialPledge: 2000n, deadlines: [deadline], claim })
    expect(endDeadline(miner, LAST, ONE_AN_EPOCH)).toMatchObject({
      ...{ deadline: 0, detectedFaults: 1, faultFee: 10_108n, burned: 10_108n },
    })
    expect(miner.claim).toEqual({ raw: 0n, qa: 0n })
    // Now both are faulty; they leave in 42 days, or when they would have anyway.
    const [, found] = liveSectorsOf(miner)
    expect(found).toMatchObject({ isFaulty: true, isOnTime: false, expiresAt: LAST + FAULT_MAX_AGE })
    expect(endDeadline(miner, LAST + 2880, ONE_AN_EPOCH)).toMatchObject({
      detectedFaults: 0,
      faultFee: 20_216n,
    })
  })

  test('leaves a partition alone that was proven, and only until its next window', () => {
    const deadline = plainDeadline([plainSector(0)])
    const [partition] = deadline.partitions
    const proven = {
      ...deadline,
      partitions: partition === undefined ? [] : [{ ...partition, isPosted: true }],
    }
    const miner = plainMiner({ balance: 2000n, initialPledge: 1000n, deadlines: [proven] })
    expect(endDeadline(miner, LAST, ONE_AN_EPOCH).detectedFaults).toBe(0)
    expect(endDeadline(miner, LAST + 2880, ONE_AN_EPOCH).detectedFaults).toBe(1)
  })

  test('charges the daily fee of every live sector, up to half of what a day earns', () => {
    const of = (dailyFee: bigint) => {
      const deadlines = [plainDeadline([plainSector(0, { dailyFee })])]
      const miner = plainMiner({ balance: 5000n, initialPledge: 1000n, deadlines })
      return endDeadline(miner, LAST, ONE_AN_EPOCH).dailyFee
    }
    expect(of(1439n)).toBe(1439n)
    expect(of(1441n)).toBe(1440n)
  })

  test('gives the pledge back of what leaves in time, and queues what leaves early', () => {
    const deadlines = [
      plainDeadline([
        plainSector(0, { expiresAt: LAST }),
        plainSector(1, { expiresAt: LAST, isOnTime: false, isFaulty: true }),
        plainSector(2, { expiresAt: LAST + 2880 }),
      ]),
    ]
    const miner = plainMiner({ balance: 50_000n, initialPledge: 3000n, deadlines })
    endDeadline(miner, LAST, ONE_AN_EPOCH)
    expect(miner.initialPledge).toBe(2000n)
    expect([...miner.pending]).toEqual([0])
    expect(liveSectorsOf(miner).map(({ number }) => number)).toEqual([2])
    const [queue] = miner.deadlines[0]?.partitions[0]?.queued ?? []
    expect(queue).toMatchObject({ epoch: LAST, sectors: [{ number: 1 }] })
  })

  test('burns the deposits whose time is over, and unlocks what has vested', () => {
    const miner = plainMiner({
      ...{ balance: 100n, preCommitDeposits: 30n, lockedFunds: 50n },
      cleanUps: [
        { epoch: LAST, deposit: 10n },
        { epoch: LAST + 1, deposit: 20n },
      ],
      vesting: [
        { epoch: 5, amount: 20n },
        { epoch: 100, amount: 30n },
      ],
    })
    // The debt of 10 is paid from vesting funds: 20 that have vested are unlocked for it, and 10 that have not.
    expect(endDeadline(miner, LAST, ONE_AN_EPOCH)).toMatchObject({
      burnedDeposits: 10n,
      burned: 10n,
      vested: 0n,
    })
    expect(miner).toMatchObject({ balance: 90n, preCommitDeposits: 20n, lockedFunds: 20n })
    expect(miner.cleanUps).toEqual([{ epoch: LAST + 1, deposit: 20n }])
    expect(miner.deadlineCronActive).toBe(true)
  })

  test('makes the new worker the worker when it takes effect', () => {
    const pendingWorker = { newWorker: idAddress(999n), effectiveAt: LAST }
    const miner = plainMiner({ pendingWorker })
    endDeadline(miner, LAST, ONE_AN_EPOCH)
    expect(miner).toMatchObject({ worker: idAddress(999n), pendingWorker: null })
    const early = plainMiner({ pendingWorker: { ...pendingWorker, effectiveAt: LAST + 1 } })
    endDeadline(early, LAST, ONE_AN_EPOCH)
    expect(early.worker).toBe(idAddress(102n))
  })
})

// `reschedule_as_faults` in expiration_queue.rs: 42 days after the last epoch of the deadline that found it.
describe('a sector whose proof is missed', () => {
  const missed = (fields: Parameters<typeof plainSector>[1]) => {
    const deadline = plainDeadline([plainSector(0, fields)])
    const claim = { raw: 1n << 35n, qa: SECTOR_POWER }
    const miner = plainMiner({ balance: 100_000n, initialPledge: 1000n, deadlines: [deadline], claim })
    const { detectedFaults } = endDeadline(miner, LAST, ONE_AN_EPOCH)
    const [sector] = liveSectorsOf(miner)
    return { detectedFaults, claim: miner.claim, sector, faultyQaPower: deadline.faultyQaPower }
  }
  const until = LAST + FAULT_MAX_AGE
  const counted = { raw: 1n << 35n, qa: SECTOR_POWER }

  test.each([
    { expiresAt: until + 1, after: { expiresAt: until, isOnTime: false } },
    { expiresAt: until, after: { expiresAt: until, isOnTime: true } },
    { expiresAt: until - 1, after: { expiresAt: until - 1, isOnTime: true } },
  ])('leaves at $after.expiresAt where it was to leave at $expiresAt', ({ expiresAt, after }) => {
    expect(missed({ expiresAt }).sector).toMatchObject({ ...after, isFaulty: true })
  })

  test('counts no more, and is faulty from then on', () => {
    expect(missed({})).toMatchObject({
      ...{ detectedFaults: 1, claim: { raw: 0n, qa: 0n }, faultyQaPower: SECTOR_POWER },
    })
  })

  test('that was never proven has not counted', () => {
    expect(missed({ isUnproven: true })).toMatchObject({
      ...{ detectedFaults: 1, claim: counted, faultyQaPower: SECTOR_POWER },
      sector: { isFaulty: true, isUnproven: false },
    })
  })

  // The recovery is taken back; the fault is not a new one.
  test('that was to recover is faulty as before', () => {
    expect(missed({ isFaulty: true, isRecovering: true })).toMatchObject({
      ...{ detectedFaults: 0, claim: counted, faultyQaPower: SECTOR_POWER },
      sector: { isFaulty: true, isRecovering: false, expiresAt: until, isOnTime: false },
    })
  })

  // `record_missed_post`: a partition of nothing but faults is not rescheduled.
  test('leaves a partition of nothing but faults as it is', () => {
    expect(missed({ isFaulty: true })).toMatchObject({
      ...{ detectedFaults: 0, sector: { isFaulty: true, expiresAt: 10_000_000, isOnTime: true } },
    })
  })

  test('makes older faults of the same partition leave no later', () => {
    const deadline = plainDeadline([plainSector(0, { isFaulty: true }), plainSector(1)])
    const miner = plainMiner({ balance: 100_000n, initialPledge: 2000n, deadlines: [deadline] })
    expect(endDeadline(miner, LAST, ONE_AN_EPOCH).detectedFaults).toBe(1)
    expect(liveSectorsOf(miner).map(({ expiresAt }) => expiresAt)).toEqual([until, until])
  })
})

describe('a sector that leaves', () => {
  test('takes its power and its daily fee out of the deadline', () => {
    const deadline = plainDeadline([
      plainSector(0, { expiresAt: LAST, dailyFee: 3n, isFaulty: true }),
      plainSector(1, { expiresAt: LAST - 2880, dailyFee: 4n, isFaulty: true, isOnTime: false }),
      plainSector(2, { expiresAt: LAST + 1, dailyFee: 5n, isFaulty: true }),
    ])
    const miner = plainMiner({ balance: 100_000n, initialPledge: 3000n, deadlines: [deadline] })
    // The faults that were there before are charged: three times 10,108. Of the daily fees 5 are left.
    expect(endDeadline(miner, LAST, ONE_AN_EPOCH)).toMatchObject({
      ...{ faultFee: 30_324n, dailyFee: 5n, burned: 30_329n },
    })
    expect(deadline).toMatchObject({ liveQaPower: SECTOR_POWER, faultyQaPower: SECTOR_POWER, dailyFee: 5n })
    expect(miner).toMatchObject({ initialPledge: 2000n, pending: new Set([0]) })
  })

  test('pays a daily fee no more when it was the last', () => {
    const deadline = plainDeadline([plainSector(0, { expiresAt: LAST, dailyFee: 3n })])
    const miner = plainMiner({ balance: 100_000n, initialPledge: 1000n, deadlines: [deadline] })
    expect(endDeadline(miner, LAST, ONE_AN_EPOCH)).toMatchObject({ dailyFee: 0n })
    expect([...miner.pending]).toEqual([])
  })
})

describe('the deadline that an epoch lies in', () => {
  // Periods of 2880 epochs, from 100 on and before it; 48 windows of 60.
  test.each([
    { epoch: 100, index: 0, periodStart: 100 },
    { epoch: 159, index: 0, periodStart: 100 },
    { epoch: 160, index: 1, periodStart: 100 },
    { epoch: 2979, index: 47, periodStart: 100 },
    { epoch: 2980, index: 0, periodStart: 2980 },
    { epoch: 99, index: 47, periodStart: -2780 },
  ])('is $index of the period from $periodStart at $epoch', ({ epoch, index, periodStart }) => {
    expect(openDeadlineOf(plainMiner({ periodOffset: 100 }), epoch)).toMatchObject({ index, periodStart })
  })
})

// `continue_deadline_cron` in state.rs.
describe('what cron has to come back for', () => {
  test.each([
    { fields: { preCommitDeposits: 1n }, isNeeded: true },
    { fields: { initialPledge: 1n }, isNeeded: true },
    { fields: { lockedFunds: 1n }, isNeeded: true },
    { fields: { balance: 1n, feeDebt: 1n }, isNeeded: false },
  ])('of $fields: $isNeeded', ({ fields, isNeeded }) => {
    expect(hasToContinue(plainMiner(fields))).toBe(isNeeded)
  })
})

describe('cron', () => {
  test('comes back at the end of the next deadline for as long as there is something to look after', () => {
    const miner = plainMiner({
      ...{ balance: 10n, lockedFunds: 10n, vesting: [{ epoch: LAST + 1, amount: 10n }] },
      events: [{ epoch: LAST, kind: 'deadline' }],
    })
    expect(predictTick(miner, LAST - 1, () => ONE_AN_EPOCH)).toBeUndefined()
    predictTick(miner, LAST, () => ONE_AN_EPOCH)
    expect(miner.events).toEqual([{ epoch: LAST + 60, kind: 'deadline' }])
    // Debt alone, or nothing at all, keeps no cron going: `continue_deadline_cron`.
    predictTick(miner, LAST + 60, () => ONE_AN_EPOCH)
    expect(miner).toMatchObject({ events: [], deadlineCronActive: false, lockedFunds: 0n })
  })
})
