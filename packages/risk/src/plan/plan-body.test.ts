import type { NetworkEstimates } from '@plimsoll/actors'
import { formatCid } from '@plimsoll/ipld'
import { type ActorId, createHashes, idAddress } from '@plimsoll/primitives'
import { openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import type { CarriedOut } from './carry-out.ts'
import { type PlanHead, planBody, startOf } from './plan-body.ts'
import { createPlanLog } from './plan-log.ts'
import { terminationMessage, withdrawMessage } from './plan-messages.ts'
import type { PlanBlocker } from './plan-types.ts'
import { gasBand } from './planned-gas.ts'
import type { PredictedMiner } from './predict-state.ts'
import { enqueue, type PredictedRound } from './predict-terminations.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

const hashes = await createHashes()
const ROUTE = { from: idAddress(102n), to: idAddress(1000n) }
const MONEY = { balance: 900n, initialPledge: 400n, lockedFunds: 300n, preCommitDeposits: 200n, feeDebt: 10n }
const ESTIMATES: NetworkEstimates = {
  reward: { position: 0n, velocity: 0n },
  qaPower: { position: 0n, velocity: 0n },
}

let view: NetworkView
let epoch: number

beforeAll(() => {
  const { vm } = openNetwork(hashes)
  view = openNetworkView(vm.store, [vm.root()])
  epoch = view.assessedEpoch
})

/** Two sectors are live, and three wait to be charged. */
function waitingMiner(fields: Partial<PredictedMiner> = {}): PredictedMiner {
  const deadline = plainDeadline([plainSector(0), plainSector(1)])
  const [partition] = deadline.partitions
  if (partition !== undefined) {
    enqueue(deadline, partition, 1, [plainSector(2), plainSector(3), plainSector(4)])
  }
  return plainMiner({ ...MONEY, deadlines: [deadline], ...fields })
}

function blocker(kind: string): PlanBlocker {
  return { kind, certainty: 'certain', message: kind, sectors: [], lockedValue: 0n }
}

function headOf(miner: PredictedMiner): PlanHead {
  return {
    ...{ view, id: 1000 as ActorId, target: 'all', forced: true, level: null, rules: 'v18' },
    blockers: [blocker('before')],
    start: startOf(miner),
  }
}

function round(sectors: number, fee: bigint, burned: bigint): PredictedRound {
  const fees = Array.from({ length: sectors }, (_, sector) => ({ sector, epoch: 1, fee: 0n }))
  return { fees, fee, burned, pledgeReleased: 0n, hasMore: false }
}

/** One message and one tick that charge, a withdrawal at once and two later. */
function carriedOut(): CarriedOut {
  const miner = waitingMiner()
  const log = createPlanLog(miner)
  const outcome = { debtBefore: 0n, debtAfter: 0n, estimates: ESTIMATES }
  log.termination(terminationMessage(ROUTE, [], undefined), gasBand(1000n), {
    ...{ ...outcome, epoch, declared: [], rounds: [round(2, 70n, 60n)], isDone: true },
  })
  log.termination(terminationMessage(ROUTE, [], undefined), gasBand(500n), {
    ...{ ...outcome, epoch, declared: [], rounds: [round(1, 7n, 7n)], isDone: true },
  })
  log.tick({
    ...{ ...outcome, epoch: epoch + 1, rounds: [round(4, 5n, 1n)], burned: 90n },
    end: {
      ...{ deadline: 3, detectedFaults: 0, burned: 0n, vested: 0n },
      ...{ burnedDeposits: 11n, faultFee: 22n, dailyFee: 33n },
    },
  })
  const cash = { debtBefore: 0n, debtAfter: 0n, balanceAfter: 0n, lockedAfter: 0n }
  for (const [at, paidOut] of [
    [epoch + 2, 100n],
    [epoch + 3, 20n],
    [epoch + 9, 3n],
  ] as const) {
    log.payment(withdrawMessage(ROUTE, 1000n), {
      ...{ ...cash, method: 'WithdrawBalance', epoch: at, exitCode: 0, paidOut, burned: 4n },
    })
  }
  return {
    ...{ log, miner, estimates: ESTIMATES, blockers: [blocker('after')] },
    ...{ epoch: epoch + 10, everyEpochUntil: epoch + 1, drawnAt: epoch + 2 },
  }
}

describe('a plan as data', () => {
  test('says what it is for, and adds up what a prediction came to', () => {
    const carried = carriedOut()
    const { assumptions, ...body } = planBody(headOf(waitingMiner()), carried, null)
    expect(body).toEqual({
      ...{
        format: 1,
        target: 'all',
        miner: 1000,
        forced: true,
        level: null,
        rules: 'v18',
        safe: null,
        epoch,
      },
      stateRoot: formatCid(view.tree.root),
      start: { ...MONEY, liveSectors: 2, queuedSectors: 3 },
      steps: carried.log.steps,
      ticks: carried.log.ticks,
      everyEpochUntil: epoch + 1,
      end: { epoch: epoch + 10, ...MONEY, liveSectors: 2, queuedSectors: 3, shortfall: 10n },
      cash: carried.log.cash,
      totals: {
        // Withdrawals are no terminations.
        terminationMessages: 2,
        // 2 and 1 by messages, 4 by cron
        settledSectors: 7,
        // 70 + 7 + 5
        terminationFees: 82n,
        ...{ burnedDeposits: 11n, faultFees: 22n, dailyFees: 33n },
        // 60 + 7 by messages, 90 by the tick, 4 by each of three withdrawals
        burned: 169n,
        ...{ cashNow: 100n, cashLater: 23n },
        gas: { low: 1185n, estimate: 1500n, high: 1815n },
      },
      blockers: [blocker('before'), blocker('after')],
    })
    expect(body.steps).toHaveLength(5)
    expect(assumptions).toHaveLength(5)
  })

  test('without a prediction does nothing, and owes what it owed', () => {
    const body = planBody(headOf(waitingMiner()), undefined, null)
    const start = { ...MONEY, liveSectors: 2, queuedSectors: 3 }
    expect(body).toMatchObject({
      ...{ steps: [], ticks: [], cash: [], everyEpochUntil: epoch - 1 },
      ...{ start, end: { epoch, ...start, shortfall: 10n }, blockers: [blocker('before')] },
    })
    expect(body.totals).toEqual({
      ...{ terminationMessages: 0, settledSectors: 0, terminationFees: 0n, faultFees: 0n, dailyFees: 0n },
      ...{ burnedDeposits: 0n, burned: 0n, cashNow: 0n, cashLater: 0n },
      gas: { low: 0n, estimate: 0n, high: 0n },
    })
  })

  test('has all of its cash later where none could be drawn at once', () => {
    const carried = { ...carriedOut(), drawnAt: undefined }
    expect(planBody(headOf(waitingMiner()), carried, null).totals).toMatchObject({
      ...{ cashNow: 0n, cashLater: 123n },
    })
  })
})
