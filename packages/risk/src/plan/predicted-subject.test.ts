import { filterEstimate, type NetworkEstimates, type VestingTable } from '@plimsoll/actors'
import { createHashes, EPOCHS_IN_DAY, idAddress } from '@plimsoll/primitives'
import { openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import type { PackSubject } from '../packs/rule-pack.ts'
import type { CarriedOut } from './carry-out.ts'
import { createPlanLog } from './plan-log.ts'
import { withdrawMessage } from './plan-messages.ts'
import type { PredictedMiner } from './predict-state.ts'
import { enqueue } from './predict-terminations.ts'
import { candidatesOf, feesAt, queueFee, queueOf, subjectOf } from './predicted-subject.ts'
import type { SafeTarget } from './safe-target.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

const hashes = await createHashes()
const DAY = EPOCHS_IN_DAY
const EPOCH = 200 * DAY
/** One attoFIL an epoch for every byte: a fault of so many bytes costs 10,108 for each. */
const ONE_A_BYTE: NetworkEstimates = { reward: filterEstimate(1024n, 0n), qaPower: filterEstimate(1024n, 0n) }

let view: NetworkView

beforeAll(() => {
  const { vm } = openNetwork(hashes, { epoch: EPOCH - 1 })
  view = openNetworkView(vm.store, [vm.root()], { epoch: EPOCH })
})

/**
 * Sectors of 1000 without power. Two are live, 200 and 70 days old, one of them faulty; two wait, which were ended at 200 and
 * at 70 days.
 */
function miner(fields: Partial<PredictedMiner> = {}): PredictedMiner {
  const plain = (number: number, activation: number, isFaulty = false) =>
    plainSector(number, { activation, isFaulty, qaPower: 0n })
  const deadline = plainDeadline([plain(1, 0), plain(2, 130 * DAY, true)])
  const [partition] = deadline.partitions
  if (partition !== undefined) {
    enqueue(deadline, partition, 200 * DAY, [plain(3, 0)])
    enqueue(deadline, partition, 70 * DAY, [plainSector(4, { qaPower: 0n, initialPledge: 2000n })])
  }
  return plainMiner({ deadlines: [deadline], ...fields })
}

describe('the fee of a predicted sector', () => {
  // 85 ‰ of 1000, and half of that at half of 140 days; 105 % of a fault fee of 10,108 where that is more.
  test('is by its age and its power', () => {
    const fee = feesAt(ONE_A_BYTE)
    expect(fee(plainSector(1, { activation: 10, qaPower: 0n }), 10 + 140 * DAY)).toBe(85n)
    expect(fee(plainSector(1, { activation: 10, qaPower: 0n }), 10 + 70 * DAY)).toBe(42n)
    expect(fee(plainSector(1, { activation: 10, qaPower: 1n }), 10 + 70 * DAY)).toBe(10_613n)
  })
})

describe('what a choice begins with', () => {
  // 85 for 200 days; of 2000 half of 170 for 70.
  test('has what waits, each for its own age, and what the beneficiary may have', () => {
    expect(queueFee(miner(), feesAt(view.estimates))).toBe(170n)
    const term = { quota: 50n, usedQuota: 20n, expiration: EPOCH + 1 }
    const other = miner({ beneficiary: idAddress(200n), beneficiaryTerm: term })
    expect(queueOf(view, other)).toEqual({ fee: 170n, pledge: 3000n, quota: 30n })
    // The term ends in the epoch of the view.
    const ended = { ...other, beneficiaryTerm: { ...term, expiration: EPOCH } }
    expect(queueOf(view, ended).quota).toBe(0n)
  })

  test('has the live sectors that nothing blocks, with their fees', () => {
    expect(candidatesOf(view, miner(), new Set([9]))).toEqual([
      { number: 1, pledge: 1000n, fee: 85n },
      { number: 2, pledge: 1000n, fee: 42n },
    ])
    expect(candidatesOf(view, miner(), new Set([1])).map(({ number }) => number)).toEqual([2])
  })
})

describe('a miner at the end of a prediction', () => {
  const vestingTable: VestingTable = [
    { epoch: EPOCH - 1, amount: 30n },
    { epoch: EPOCH, amount: 40n },
  ]
  const money = {
    balance: 9000n,
    preCommitDeposits: 100n,
    initialPledge: 5000n,
    lockedFunds: 70n,
    feeDebt: 9n,
  }

  function carriedOut(cash: bigint): CarriedOut {
    const predicted = miner({ ...money, vesting: vestingTable, claim: { raw: 99n, qa: 7n } })
    const log = createPlanLog(predicted)
    log.payment(withdrawMessage({ from: idAddress(101n), to: idAddress(1000n) }, cash), {
      ...{ method: 'WithdrawBalance', epoch: EPOCH, exitCode: 0, paidOut: cash, burned: 0n },
      ...{ debtBefore: 0n, debtAfter: 0n, balanceAfter: 0n, lockedAfter: 0n },
    })
    return {
      ...{ log, miner: predicted, estimates: ONE_A_BYTE, epoch: EPOCH },
      ...{ everyEpochUntil: EPOCH - 1, drawnAt: EPOCH, blockers: [] },
    }
  }

  const nothing = {
    ...{ actorBalance: 0n, preCommitDeposit: 0n, initialPledge: 0n, lockedFunds: 0n, feeDebt: 0n },
    ...{ vestedFunds: 0n, unlockedBalance: 0n, availableBalance: 0n, vestingTable: [] },
  }
  const before: PackSubject = {
    ...{ sheet: nothing, terminationFee: 0n, queuedTerminationFee: 0n, faultFeeOfClaim: 0n },
    ...{ liveSectors: 0, faultySectors: 0, outstanding: 500n, buffer: 12n },
  }
  const target = (outstanding: bigint): SafeTarget => ({
    subject: { ...before, outstanding },
    price: { num: 2n, denom: 3n },
    judge: () => {
      throw new Error('nothing is judged')
    },
  })

  // 9000 − 70 − 100 − 5000 are unlocked; at 2/3 of a FIL for each, 61 buy 91.
  test('is what a protocol will look at', () => {
    expect(subjectOf(target(500n), carriedOut(61n))).toEqual({
      sheet: {
        ...{
          actorBalance: 9000n,
          preCommitDeposit: 100n,
          initialPledge: 5000n,
          lockedFunds: 70n,
          feeDebt: 9n,
        },
        ...{ unlockedBalance: 3830n, availableBalance: 3821n, vestedFunds: 30n, vestingTable },
      },
      ...{ terminationFee: 127n, queuedTerminationFee: 170n, faultFeeOfClaim: 70_756n },
      ...{ liveSectors: 2, faultySectors: 1, outstanding: 409n, buffer: 12n },
    })
  })

  test('owes no less than nothing', () => {
    expect(subjectOf(target(91n), carriedOut(61n)).outstanding).toBe(0n)
    expect(subjectOf(target(90n), carriedOut(61n)).outstanding).toBe(0n)
    expect(subjectOf(target(92n), carriedOut(61n)).outstanding).toBe(1n)
  })
})
