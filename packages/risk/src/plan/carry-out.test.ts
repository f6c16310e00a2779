import { MAINNET_POLICY, RULES_OF_TODAY } from '@plimsoll/actors'
import { type ActorId, createHashes, EPOCHS_IN_DAY, idAddress } from '@plimsoll/primitives'
import { openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { carryOut, type Order } from './carry-out.ts'
import { settleDraft } from './plan-messages.ts'
import type { PredictedMiner } from './predict-state.ts'
import { enqueue } from './predict-terminations.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

const hashes = await createHashes()
const ID = 1000 as ActorId
/** A proving period begins with it, 200 days after the sectors were activated: each costs 8.5 % of its 1000. */
const START = 200 * EPOCHS_IN_DAY
const FEE = 85n

let view: NetworkView

beforeAll(() => {
  const { vm } = openNetwork(hashes, { epoch: START - 1 })
  view = openNetworkView(vm.store, [vm.root()], { epoch: START })
})

/** Sectors so small that no fault fee decides. */
const sectorsOf = (...numbers: readonly number[]) =>
  numbers.map((number) => plainSector(number, { qaPower: 0n }))

/** Four sectors in deadline 5 and two in deadline 6, whose windows open 300 and 360 epochs after a period's start. */
function sixSectors(fields: Partial<PredictedMiner> = {}): PredictedMiner {
  return plainMiner({
    ...{ balance: 7000n, initialPledge: 6000n, claim: { raw: 6n << 35n, qa: 0n } },
    deadlines: [
      ...Array.from({ length: 5 }, () => plainDeadline()),
      plainDeadline(sectorsOf(0, 1), sectorsOf(2, 3)),
      plainDeadline(sectorsOf(4, 5)),
    ],
    ...fields,
  })
}

const ALL: Order = { chosen: new Set([0, 1, 2, 3, 4, 5]), most: undefined, instalmentDays: undefined }

function carry(miner: PredictedMiner, order: Partial<Order> = {}, start = START) {
  const carried = carryOut({ ...view, assessedEpoch: start }, ID, miner, { ...ALL, ...order })
  const steps = carried.log.steps.map(({ epoch, message, declared, predicted }) => ({
    epoch: epoch - start,
    method: message.methodName,
    sectors: declared.flatMap(({ sectors }) => sectors),
    came: predicted.fee + predicted.paidOut,
  }))
  const cash = carried.log.cash.map(({ epoch, amount }) => ({ epoch: epoch - start, amount }))
  return { ...carried, steps, cash, epoch: carried.epoch - start }
}

describe('the terminations of a plan', () => {
  // 7000 less six fees of 85.
  test('are sent at once, and the cash is drawn in the epoch after the last charge', () => {
    const miner = sixSectors()
    const { steps, cash, epoch, everyEpochUntil, drawnAt, blockers, log } = carry(miner)
    expect(steps).toEqual([
      { epoch: 0, method: 'TerminateSectors', sectors: [0, 1, 2, 3, 4, 5], came: 6n * FEE },
      { epoch: 1, method: 'WithdrawBalance', sectors: [], came: 6490n },
    ])
    expect(cash).toEqual([{ epoch: 1, amount: 6490n }])
    expect({ epoch, everyEpochUntil, drawnAt, blockers }).toEqual({
      ...{ epoch: 1, everyEpochUntil: START, drawnAt: START + 1, blockers: [] },
    })
    expect(miner).toMatchObject({ balance: 0n, initialPledge: 0n, feeDebt: 0n })
    // Terminations are the worker's to send, and cash the owner's to draw.
    expect(log.steps.map(({ message: { from, to } }) => [from, to])).toEqual([
      ['f0102', 'f01000'],
      ['f0101', 'f01000'],
    ])
  })

  // Deadline 5 is open for 60 epochs and deadline 6 is next; each can be changed again when its window has closed.
  test('wait until a deadline can be changed, with a tick of every epoch until then', () => {
    const { steps, everyEpochUntil, epoch } = carry(sixSectors(), {}, START + 300)
    expect(steps).toEqual([
      { epoch: 60, method: 'TerminateSectors', sectors: [0, 1, 2, 3], came: 4n * FEE },
      { epoch: 120, method: 'TerminateSectors', sectors: [4, 5], came: 2n * FEE },
      { epoch: 121, method: 'WithdrawBalance', sectors: [], came: 6490n },
    ])
    expect([everyEpochUntil, epoch]).toEqual([START + 420, 121])
  })

  test('are of the chosen sectors, and the others keep their pledge', () => {
    const { steps, miner } = carry(sixSectors(), { chosen: new Set([1, 4]) })
    // 1000 are free, 2000 of pledge come free, and 170 are charged.
    expect(steps).toEqual([
      { epoch: 0, method: 'TerminateSectors', sectors: [1, 4], came: 2n * FEE },
      { epoch: 1, method: 'WithdrawBalance', sectors: [], came: 2830n },
    ])
    expect(miner.initialPledge).toBe(4000n)
  })

  test('are none where nothing is chosen: what is free is drawn at once', () => {
    const { steps, everyEpochUntil, epoch } = carry(sixSectors(), { chosen: new Set() })
    expect(steps).toEqual([{ epoch: 0, method: 'WithdrawBalance', sectors: [], came: 1000n }])
    expect([everyEpochUntil, epoch]).toEqual([START - 1, 0])
  })

  test('are none of a miner that the power actor does not know', () => {
    const { steps } = carry(sixSectors({ hasClaim: false }))
    expect(steps).toEqual([{ epoch: 0, method: 'WithdrawBalance', sectors: [], came: 1000n }])
  })

  // Two to a round: the rest is charged by a message of its own, before cron would come for it.
  test('charge what a round leaves in the next epoch, by messages that name nothing', () => {
    const policy = { ...MAINNET_POLICY, settledSectorsMax: 2 }
    const { steps, log } = carry(sixSectors({ policy }))
    expect(steps).toEqual([
      { epoch: 0, method: 'TerminateSectors', sectors: [0, 1, 2, 3, 4, 5], came: 2n * FEE },
      { epoch: 1, method: 'TerminateSectors', sectors: [], came: 2n * FEE },
      { epoch: 1, method: 'TerminateSectors', sectors: [], came: 2n * FEE },
      { epoch: 2, method: 'WithdrawBalance', sectors: [], came: 6490n },
    ])
    const settling = settleDraft(2, false).gas
    expect(log.steps.map(({ gas }) => gas).slice(1)).toEqual([settling, settling, null])
  })

  test('count the rest of a queue that is smaller than a round', () => {
    const policy = { ...MAINNET_POLICY, settledSectorsMax: 4 }
    const { log } = carry(sixSectors({ policy }))
    expect(log.steps[1]?.gas).toEqual(settleDraft(2, false).gas)
  })

  test('are one message with all its rounds where the new method is used, which may end as many as there are', () => {
    const rules = { ...RULES_OF_TODAY, terminateSectors2: 'strict' } as const
    const { steps, log } = carry(sixSectors({ policy: { ...MAINNET_POLICY, rules, settledSectorsMax: 4 } }))
    expect(steps.map(({ method, came }) => [method, came])).toEqual([
      ['TerminateSectors2', 6n * FEE],
      ['WithdrawBalance', 6490n],
    ])
    expect(log.steps[0]?.message.params?.endsWith('06')).toBe(true)
  })

  /** So many sectors of deadline 0 wait that no block holds a message that charges them: 15,204 fit. */
  function crowded(fields: Partial<PredictedMiner>): PredictedMiner {
    const crowd = plainDeadline([])
    const [partition] = crowd.partitions
    const waiting = Array.from({ length: 15_205 }, (_, i) =>
      plainSector(i + 10, { qaPower: 0n, initialPledge: 0n }),
    )
    if (partition !== undefined) {
      enqueue(crowd, partition, START, waiting)
    }
    return sixSectors({
      deadlines: [crowd, ...sixSectors().deadlines.slice(1)],
      pending: new Set([0]),
      ...fields,
    })
  }

  test('are not begun while only cron can charge the queue', () => {
    const events = [{ epoch: START, kind: 'early terminations' }] as const
    const { steps, log } = carry(crowded({ events }))
    expect(steps).toEqual([
      { epoch: 1, method: 'TerminateSectors', sectors: [0, 1, 2, 3, 4, 5], came: 6n * FEE },
      { epoch: 2, method: 'WithdrawBalance', sectors: [], came: 6490n },
    ])
    // Without pledge nothing is charged, so that the tick is not worth showing.
    expect(log.ticks).toEqual([])
  })

  test('are given up after two days, with what stays locked named, and nothing drawn', () => {
    const { steps, epoch, blockers, miner } = carry(crowded({}))
    expect([steps, epoch]).toEqual([[], 2 * EPOCHS_IN_DAY])
    expect(blockers.map(({ kind, lockedValue }) => [kind, lockedValue])).toEqual([['queue-not-empty', 1000n]])
    expect(miner.balance).toBe(7000n)
  })
})

describe('the cash of a plan', () => {
  const vesting = [
    { epoch: START - 1, amount: 30n },
    { epoch: START, amount: 40n },
  ]
  const empty = (fields: Partial<PredictedMiner>) => plainMiner({ balance: 100n, ...fields })

  // Of 70 that vest 30 have: the debt of 20 is paid from them first, and 100 − 20 − 40 are free then.
  test('comes after the debt, which the owner repays', () => {
    const { steps } = carry(empty({ feeDebt: 20n, lockedFunds: 70n, vesting }))
    expect(steps).toEqual([
      { epoch: 0, method: 'RepayDebt', sectors: [], came: 0n },
      { epoch: 0, method: 'WithdrawBalance', sectors: [], came: 60n },
    ])
  })

  test.each([
    // 100 − 70 free, and 30 that have vested.
    { what: 'everything that is free and vested', most: undefined, came: [60n] },
    { what: 'no more than is asked for', most: 59n, came: [59n] },
    { what: 'nothing where nothing is asked for', most: 0n, came: [] },
  ])('is $what', ({ most, came }) => {
    const { steps } = carry(empty({ lockedFunds: 70n, vesting }), { most })
    expect(steps.map((step) => step.came)).toEqual(came)
  })

  test.each([
    { what: 'all is locked', fields: { lockedFunds: 100n, vesting: [{ epoch: START, amount: 100n }] } },
    { what: 'there is debt and nothing to repay it with', fields: { feeDebt: 5n, balance: 0n } },
    {
      what: 'a beneficiary has had its quota',
      fields: {
        beneficiary: idAddress(200n),
        beneficiaryTerm: { quota: 5n, usedQuota: 5n, expiration: START + 1 },
      },
    },
    {
      what: 'the power actor does not know the miner, whose locked funds it would hear of',
      fields: { hasClaim: false, lockedFunds: 70n, vesting, feeDebt: 5n },
    },
  ])('is asked for by no message where $what', ({ fields }) => {
    expect(carry(empty(fields)).steps).toEqual([])
  })

  // Debt of 150 takes all of 100: nothing is left to withdraw, and 50 are missing.
  test('is nothing where debt takes it all, and the debt that is left is named', () => {
    const { steps, blockers } = carry(empty({ feeDebt: 150n, lockedFunds: 70n, vesting }))
    expect(steps.map(({ method }) => method)).toEqual(['RepayDebt'])
    expect(blockers.map(({ kind }) => kind)).toEqual(['fee-debt'])
  })

  // 30 are free and 30 have vested; a quota of 50 leaves 10.
  test('is cut off by a quota, and what is beyond it is named', () => {
    const beneficiaryTerm = { quota: 50n, usedQuota: 0n, expiration: START + 1 }
    const fields = { beneficiary: idAddress(200n), beneficiaryTerm, lockedFunds: 70n, vesting }
    const { cash, blockers } = carry(empty(fields))
    expect(cash).toEqual([{ epoch: 0, amount: 50n }])
    expect(blockers.map(({ kind, lockedValue }) => [kind, lockedValue])).toEqual([['beneficiary-quota', 10n]])
  })

  test('is repaid from vesting funds where all is locked', () => {
    const fields = { feeDebt: 5n, lockedFunds: 100n, vesting: [{ epoch: START, amount: 100n }] }
    expect(carry(empty(fields)).steps.map(({ method }) => method)).toEqual(['RepayDebt'])
  })
})

describe('instalments', () => {
  /** 40 vest after ten days and 60 after forty; 30 are free. Cron ends a deadline every 60 epochs. */
  const waiting = (fields: Partial<PredictedMiner> = {}) =>
    plainMiner({
      ...{ balance: 130n, lockedFunds: 100n },
      vesting: [
        { epoch: START + 10 * EPOCHS_IN_DAY, amount: 40n },
        { epoch: START + 40 * EPOCHS_IN_DAY, amount: 60n },
      ],
      events: [{ epoch: START + 59, kind: 'deadline' }],
      ...fields,
    })

  // What vests in an epoch is unlocked by the deadline that ends after it: 59 epochs later.
  test('are drawn after so many days each, and at once when nothing vests any more', () => {
    const { cash, epoch, miner, log, everyEpochUntil } = carry(waiting(), { instalmentDays: 7 })
    expect(cash).toEqual([
      { epoch: 0, amount: 30n },
      { epoch: 14 * EPOCHS_IN_DAY, amount: 40n },
      { epoch: 40 * EPOCHS_IN_DAY + 60, amount: 60n },
    ])
    expect(log.ticks.map((tick) => [tick.epoch - START, tick.vested])).toEqual([
      [10 * EPOCHS_IN_DAY + 59, 40n],
      [40 * EPOCHS_IN_DAY + 59, 60n],
    ])
    expect([epoch, everyEpochUntil]).toEqual([40 * EPOCHS_IN_DAY + 60, START - 1])
    expect(miner).toMatchObject({ balance: 0n, deadlineCronActive: false, events: [] })
  })

  test.each([
    { what: 'where nothing is waited for', fields: {}, instalmentDays: undefined },
    { what: 'where cron does not come any more', fields: { deadlineCronActive: false }, instalmentDays: 7 },
    { what: 'where cron has nothing to come for', fields: { events: [] }, instalmentDays: 7 },
    {
      what: 'while a sector has to be proven',
      fields: { deadlines: [plainDeadline(sectorsOf(9))] },
      instalmentDays: 7,
    },
  ])('are none $what', ({ fields, instalmentDays }) => {
    const { cash, epoch } = carry(waiting(fields), { instalmentDays })
    expect([cash, epoch]).toEqual([[{ epoch: 0, amount: 30n }], 0])
  })

  // Of 50 that are owed 30 are drawn at once, and 20 of the 40 that vest first.
  test('are no more together than what is asked for', () => {
    const { cash } = carry(waiting(), { instalmentDays: 7, most: 50n })
    expect(cash.map(({ amount }) => amount)).toEqual([30n, 20n])
  })

  test('begin when cron comes late', () => {
    const events = [{ epoch: START - 1, kind: 'deadline' }] as const
    const vesting = [{ epoch: START - 2, amount: 100n }]
    // Withdrawing has unlocked what had vested.
    const { cash, epoch } = carry(waiting({ events, vesting }), { instalmentDays: 7 })
    expect([cash, epoch]).toEqual([[{ epoch: 0, amount: 130n }], 1])
  })
})
