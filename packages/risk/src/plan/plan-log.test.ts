import type { NetworkEstimates } from '@plimsoll/actors'
import { idAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { createPlanLog } from './plan-log.ts'
import { repayMessage, terminationMessage, withdrawMessage } from './plan-messages.ts'
import { gasBand } from './planned-gas.ts'
import type { PredictedDeadlineEnd } from './predict-deadline.ts'
import type { PredictedPayment } from './predict-money.ts'
import type { PredictedRound } from './predict-terminations.ts'
import type { PredictedTick } from './predict-tick.ts'
import { plainMiner } from './testing/plain-miner.ts'

const ROUTE = { from: idAddress(102n), to: idAddress(1000n) }
const ESTIMATES: NetworkEstimates = {
  reward: { position: 0n, velocity: 0n },
  qaPower: { position: 0n, velocity: 0n },
}
const MONEY = { balance: 90n, initialPledge: 40n, lockedFunds: 30n, preCommitDeposits: 20n, feeDebt: 10n }

/** Sectors that were charged 5 each, of which all was burned but one. */
function round(sectors: readonly number[]): PredictedRound {
  const fee = 5n * BigInt(sectors.length)
  return {
    fees: sectors.map((sector) => ({ sector, epoch: 7, fee: 5n })),
    ...{ fee, burned: fee - 1n, pledgeReleased: 0n, hasMore: false },
  }
}

function payment(fields: Partial<PredictedPayment>): PredictedPayment {
  return {
    ...{ method: 'WithdrawBalance', epoch: 9, exitCode: 0, paidOut: 0n, burned: 0n },
    ...{ debtBefore: 0n, debtAfter: 0n, balanceAfter: 0n, lockedAfter: 0n },
    ...fields,
  }
}

function tick(
  end: Partial<PredictedDeadlineEnd> | undefined,
  rounds: readonly PredictedRound[],
): PredictedTick {
  const nothing = { deadline: 3, detectedFaults: 0, burnedDeposits: 0n, faultFee: 0n, dailyFee: 0n }
  return {
    ...{ epoch: 11, rounds, burned: 6n, debtBefore: 0n, debtAfter: 0n, estimates: ESTIMATES },
    end: end === undefined ? undefined : { ...nothing, burned: 0n, vested: 0n, ...end },
  }
}

describe('the log of a plan', () => {
  test('has a termination with what all its rounds came to, and the miner after it', () => {
    const miner = plainMiner(MONEY)
    const log = createPlanLog(miner)
    const declared = [{ deadline: 5, partition: 0, sectors: [0, 1] }]
    log.termination(terminationMessage(ROUTE, declared, undefined), gasBand(100n), {
      ...{ epoch: 7, declared, rounds: [round([8, 9]), round([0])] },
      ...{ isDone: true, debtBefore: 0n, debtAfter: 0n, estimates: ESTIMATES },
    })
    // What comes after is not what was.
    miner.balance = 0n
    expect(log.steps).toEqual([
      {
        ...{ epoch: 7, declared, gas: { low: 79n, estimate: 100n, high: 121n }, sizeBytes: 519 },
        message: expect.objectContaining({ methodName: 'TerminateSectors' }),
        predicted: { exitCode: 0, fee: 15n, settledSectors: 3, burned: 13n, paidOut: 0n, after: MONEY },
      },
    ])
    expect([log.ticks, log.cash, log.cashTotal()]).toEqual([[], [], 0n])
  })

  test('has payments with what they burn, and adds up the cash', () => {
    const log = createPlanLog(plainMiner(MONEY))
    log.payment(repayMessage(ROUTE), payment({ method: 'RepayDebt', epoch: 8, burned: 4n }))
    log.payment(withdrawMessage(ROUTE, 100n), payment({ epoch: 9, paidOut: 30n, burned: 2n }))
    log.payment(withdrawMessage(ROUTE, 100n), payment({ epoch: 10, exitCode: 19 }))
    log.payment(withdrawMessage(ROUTE, 100n), payment({ epoch: 12, paidOut: 12n }))
    expect(log.steps.map(({ epoch, message, predicted }) => [epoch, message.methodName, predicted])).toEqual(
      [
        { epoch: 8, methodName: 'RepayDebt', exitCode: 0, burned: 4n, paidOut: 0n },
        { epoch: 9, methodName: 'WithdrawBalance', exitCode: 0, burned: 2n, paidOut: 30n },
        { epoch: 10, methodName: 'WithdrawBalance', exitCode: 19, burned: 0n, paidOut: 0n },
        { epoch: 12, methodName: 'WithdrawBalance', exitCode: 0, burned: 0n, paidOut: 12n },
      ].map(({ epoch, methodName, ...came }) => [
        epoch,
        methodName,
        { ...came, fee: 0n, settledSectors: 0, after: MONEY },
      ]),
    )
    expect(log.steps[0]).toMatchObject({ declared: [], gas: null, sizeBytes: 512 })
    expect(log.cash).toEqual([
      { epoch: 9, amount: 30n, total: 30n },
      { epoch: 12, amount: 12n, total: 42n },
    ])
    expect(log.cashTotal()).toBe(42n)
  })

  test('has ticks with what a deadline and the queue were charged', () => {
    const log = createPlanLog(plainMiner(MONEY))
    log.tick(
      tick({ burnedDeposits: 1n, faultFee: 2n, dailyFee: 3n, vested: 4n }, [round([1, 2]), round([3])]),
    )
    log.tick(tick(undefined, [round([4])]))
    expect(log.ticks).toEqual([
      {
        ...{ epoch: 11, deadline: 3, burnedDeposits: 1n, faultFee: 2n, dailyFee: 3n, vested: 4n },
        ...{ terminationFee: 15n, settledSectors: 3, burned: 6n, after: MONEY },
      },
      {
        ...{ epoch: 11, deadline: null, burnedDeposits: 0n, faultFee: 0n, dailyFee: 0n, vested: 0n },
        ...{ terminationFee: 5n, settledSectors: 1, burned: 6n, after: MONEY },
      },
    ])
  })

  // A plan shows what costs something or frees something.
  test.each([
    { what: 'a deposit', end: { burnedDeposits: 1n }, isShown: true },
    { what: 'a fault fee', end: { faultFee: 1n }, isShown: true },
    { what: 'a daily fee', end: { dailyFee: 1n }, isShown: true },
    { what: 'vesting alone', end: { vested: 1n }, isShown: true },
    { what: 'faults that are found, and nothing else', end: { detectedFaults: 1 }, isShown: false },
  ])('has a tick for $what: $isShown', ({ end, isShown }) => {
    const log = createPlanLog(plainMiner())
    log.tick(tick(end, []))
    expect(log.ticks).toHaveLength(isShown ? 1 : 0)
  })

  test('has no tick in which a round found nothing to charge', () => {
    const log = createPlanLog(plainMiner())
    log.tick(tick(undefined, [{ ...round([]), burned: 0n }]))
    log.tick(tick(undefined, []))
    expect(log.ticks).toEqual([])
  })
})
