import type { NetworkEstimates } from '@plimsoll/actors'
import { describe, expect, test } from 'vitest'
import type { PredictedMiner } from './predict-state.ts'
import { enqueue } from './predict-terminations.ts'
import { hasCharged, type PredictedTick, predictTick } from './predict-tick.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

/** Sectors without power, so that no fault fee decides. */
const CHEAP: NetworkEstimates = {
  reward: { position: 1n << 128n, velocity: 0n },
  qaPower: { position: 1n << 200n, velocity: 0n },
}
/** The last epoch of deadline 0, after 200 days: a sector costs 85 of 1000. */
const LAST = 200 * 2880 + 59

const sectorsOf = (numbers: readonly number[], fields = {}) =>
  numbers.map((number) => plainSector(number, { qaPower: 0n, ...fields }))

/** Sectors that wait in deadline 3 since LAST − 60, of which a round takes one. */
function waiting(numbers: readonly number[], fields: Partial<PredictedMiner> = {}): PredictedMiner {
  const deadline = plainDeadline([])
  const [partition] = deadline.partitions
  if (partition !== undefined) {
    enqueue(deadline, partition, LAST - 60, sectorsOf(numbers))
  }
  const plain = plainMiner()
  return plainMiner({
    policy: { ...plain.policy, settledSectorsMax: 1 },
    ...{ balance: 5000n, initialPledge: 3000n, pending: new Set([3]) },
    deadlines: [...plain.deadlines.slice(0, 3), deadline],
    ...fields,
  })
}

describe('a tick', () => {
  test('calls the miner for what is due, late or not, and leaves the rest', () => {
    const miner = plainMiner({
      ...{ balance: 1n, initialPledge: 1n },
      events: [
        { epoch: LAST - 1, kind: 'deadline' },
        { epoch: LAST + 1, kind: 'early terminations' },
      ],
    })
    expect(predictTick(miner, LAST - 2, () => CHEAP)).toBeUndefined()
    expect(miner.events).toHaveLength(2)
    const tick = predictTick(miner, LAST, () => CHEAP)
    expect(tick).toMatchObject({ epoch: LAST, rounds: [], burned: 0n, estimates: CHEAP })
    expect(tick?.end).toMatchObject({ deadline: 0 })
    // The next deadline ends 60 epochs later, and is enrolled behind what was enrolled before.
    expect(miner.events).toEqual([
      { epoch: LAST + 1, kind: 'early terminations' },
      { epoch: LAST + 60, kind: 'deadline' },
    ])
  })

  test('reads the estimates only when something is due', () => {
    const refuse = () => {
      throw new Error('nothing is read')
    }
    expect(predictTick(plainMiner(), LAST, refuse)).toBeUndefined()
  })

  test('charges a round of the queue, and comes back in the next epoch while there is more', () => {
    const miner = waiting([7, 8], { events: [{ epoch: LAST, kind: 'early terminations' }], feeDebt: 5n })
    expect(predictTick(miner, LAST, () => CHEAP)).toMatchObject({
      ...{ end: undefined, debtBefore: 5n, debtAfter: 0n, burned: 90n },
      rounds: [{ fee: 85n, pledgeReleased: 1000n, hasMore: true }],
    })
    expect(miner.events).toEqual([{ epoch: LAST + 1, kind: 'early terminations' }])
    expect(predictTick(miner, LAST + 1, () => CHEAP)).toMatchObject({
      rounds: [{ fee: 85n, hasMore: false }],
    })
    expect(miner.events).toEqual([])
  })

  // `on_deferred_cron_event`, `schedule_early_termination_work`: where some waited before, cron is about to come for them.
  test('charges what a deadline queues, unless something waited already', () => {
    const leaving = plainDeadline(sectorsOf([1, 2], { expiresAt: LAST, isOnTime: false, isFaulty: true }))
    const events = [{ epoch: LAST, kind: 'deadline' }] as const
    const first = waiting([], { events, pending: new Set(), deadlines: [leaving] })
    expect(predictTick(first, LAST, () => CHEAP)?.rounds).toMatchObject([{ fee: 85n, hasMore: true }])
    expect(first.events.map(({ kind }) => kind)).toEqual(['deadline', 'early terminations'])
    const other = plainDeadline(sectorsOf([1, 2], { expiresAt: LAST, isOnTime: false, isFaulty: true }))
    const second = waiting([7], { events })
    const both = { ...second, deadlines: [other, ...second.deadlines.slice(1)] }
    expect(predictTick(both, LAST, () => CHEAP)?.rounds).toEqual([])
    expect([...both.pending].toSorted((a, b) => a - b)).toEqual([0, 3])
  })

  test('does not come back for a round that takes all', () => {
    const leaving = plainDeadline(sectorsOf([1], { expiresAt: LAST, isOnTime: false, isFaulty: true }))
    const miner = waiting([], {
      ...{ events: [{ epoch: LAST, kind: 'deadline' }], pending: new Set(), deadlines: [leaving] },
    })
    expect(predictTick(miner, LAST, () => CHEAP)?.rounds).toMatchObject([{ fee: 85n, hasMore: false }])
    expect(miner.events.map(({ kind }) => kind)).toEqual(['deadline'])
  })

  test('does not come back for a miner that has nothing left to look after', () => {
    const miner = plainMiner({ balance: 10n, events: [{ epoch: LAST, kind: 'deadline' }] })
    predictTick(miner, LAST, () => CHEAP)
    expect(miner).toMatchObject({ events: [], deadlineCronActive: false })
  })

  // 40 of deposits burned, of which the queue's round could not pay: 85 + 40 of 100 that are free.
  test('burns what the deadline and the rounds burn together', () => {
    const leaving = plainDeadline(sectorsOf([1], { expiresAt: LAST, isOnTime: false, isFaulty: true }))
    const miner = waiting([], {
      ...{ events: [{ epoch: LAST, kind: 'deadline' }], pending: new Set(), deadlines: [leaving] },
      ...{ balance: 1100n, initialPledge: 1000n, preCommitDeposits: 40n },
      cleanUps: [{ epoch: LAST, deposit: 40n }],
    })
    const tick = predictTick(miner, LAST, () => CHEAP)
    expect(tick).toMatchObject({
      burned: 125n,
      debtAfter: 0n,
      end: { burned: 40n },
      rounds: [{ burned: 85n }],
    })
  })
})

describe('a tick that charged something', () => {
  const end = { deadline: 0, detectedFaults: 3, burned: 0n, vested: 9n }
  const fees = { burnedDeposits: 0n, faultFee: 0n, dailyFee: 0n }
  const round = { fees: [], fee: 0n, pledgeReleased: 0n, burned: 0n, hasMore: false }
  const tick = (fields: Partial<PredictedTick>): PredictedTick => ({
    ...{
      epoch: LAST,
      end: undefined,
      rounds: [],
      burned: 0n,
      debtBefore: 0n,
      debtAfter: 0n,
      estimates: CHEAP,
    },
    ...fields,
  })

  test.each([
    { what: 'nothing', fields: {}, charged: false },
    { what: 'a deadline without fees', fields: { end: { ...end, ...fees } }, charged: false },
    { what: 'a deposit', fields: { end: { ...end, ...fees, burnedDeposits: 1n } }, charged: true },
    { what: 'a fault fee', fields: { end: { ...end, ...fees, faultFee: 1n } }, charged: true },
    { what: 'a daily fee', fields: { end: { ...end, ...fees, dailyFee: 1n } }, charged: true },
    { what: 'a round of nothing', fields: { rounds: [round] }, charged: false },
    { what: 'one round of two', fields: { rounds: [round, { ...round, fee: 1n }] }, charged: true },
  ])('has $what: $charged', ({ fields, charged }) => {
    expect(hasCharged(tick(fields))).toBe(charged)
  })
})
