import type { NetworkEstimates } from '@plimsoll/actors'
import { BLOCK_GAS_LIMIT, takeVested } from '@plimsoll/actors'
import {
  type ActorId,
  type AttoFil,
  type ChainEpoch,
  EPOCHS_IN_DAY,
  ExitCode,
  idAddress,
} from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type FrozenNetwork, frozenNetwork } from './frozen-network.ts'
import { cashBlockers, isSettledByMessage } from './plan-blockers.ts'
import { createPlanLog, type PlanLog } from './plan-log.ts'
import {
  MAX_MESSAGE_BYTES,
  type MessageLimits,
  packTerminations,
  repayMessage,
  settleDraft,
  type TerminationDraft,
  terminationMessage,
  withdrawMessage,
} from './plan-messages.ts'
import type { PlanBlocker } from './plan-types.ts'
import { countDeclared } from './planned-gas.ts'
import { predictRepayDebt, predictWithdrawal, remainingQuota, unlockedOf } from './predict-money.ts'
import { countQueued, liveSectorsOf, type PredictedMiner } from './predict-state.ts'
import { predictTermination, predictTermination2 } from './predict-terminations.ts'
import { predictTick } from './predict-tick.ts'
import { WITHDRAW_ALL } from './predict-wind-up.ts'

/** What is to be done with a miner. */
export interface Order {
  /** Sectors to be terminated, by number. */
  readonly chosen: ReadonlySet<number>
  /** The most that is withdrawn, attoFIL; undefined for everything. */
  readonly most: AttoFil | undefined
  /** Days between two withdrawals while funds vest; undefined where nothing is waited for. */
  readonly instalmentDays: number | undefined
}

/** A plan that a prediction has carried out. */
export interface CarriedOut {
  readonly log: PlanLog
  /** As it is at the end. */
  readonly miner: PredictedMiner
  readonly estimates: NetworkEstimates
  readonly epoch: ChainEpoch
  readonly everyEpochUntil: ChainEpoch
  /** When cash was first to be had. */
  readonly drawnAt: ChainEpoch | undefined
  readonly blockers: readonly PlanBlocker[]
}

/** Every deadline can be changed at some time of a day; after two, what is left is left because of a blocker. */
const MOST_DAYS_TO_TERMINATE = 2
/** Rewards vest within 180 days, and what is pre-committed is cleaned up before. */
const MOST_DAYS_TO_VEST = 200

interface Work {
  readonly miner: PredictedMiner
  readonly network: FrozenNetwork
  readonly order: Order
  readonly log: PlanLog
  readonly limits: MessageLimits
  readonly address: ReturnType<typeof idAddress>
}

/**
 * Terminates the chosen sectors as soon as their deadlines can be changed, charges the queue, pays the debt and draws
 * the cash: in the epoch after the last charge, since messages of two senders have no order within one; then, where it
 * is waited for, in instalments until nothing vests any more.
 */
export function carryOut(view: NetworkView, id: ActorId, miner: PredictedMiner, order: Order): CarriedOut {
  const { policy } = miner
  const work: Work = {
    ...{ miner, order },
    network: frozenNetwork(view, policy, miner.claim),
    log: createPlanLog(miner),
    limits: {
      hasNewMethod: policy.rules.terminateSectors2 !== 'off',
      partitions: policy.addressedPartitionsMax,
      sectors: policy.addressedSectorsMax,
      gas: BLOCK_GAS_LIMIT,
      sizeBytes: MAX_MESSAGE_BYTES,
    },
    address: idAddress(id),
  }
  const settledAt = terminateAll(work, view.assessedEpoch)
  const everyEpochUntil = settledAt - 1
  const available = unlockedOf(miner) + takeVested(miner.vesting, settledAt).vested - miner.feeDebt
  const blockers = cashBlockers(miner, settledAt, available)
  draw(work, settledAt)
  const epoch = order.instalmentDays === undefined ? settledAt : drawInstalments(work, settledAt)
  const estimates = work.network.estimates()
  return { log: work.log, miner, estimates, epoch, everyEpochUntil, drawnAt: settledAt, blockers }
}

/** @returns the epoch after the one in which the last chosen sector was charged. */
function terminateAll(work: Work, start: ChainEpoch): ChainEpoch {
  const { miner, order } = work
  const isLeft = () =>
    miner.pending.size > 0 || liveSectorsOf(miner).some(({ number }) => order.chosen.has(number))
  // What a miner without a claim does is refused as soon as its pledge or power changes.
  if (!isLeft() || !miner.hasClaim) {
    return start
  }
  let epoch = start
  while (isLeft() && epoch < start + MOST_DAYS_TO_TERMINATE * EPOCHS_IN_DAY) {
    terminateWhatIsOpen(work, epoch)
    tick(work, epoch)
    epoch++
  }
  return epoch
}

/** What waits is charged first; while cron has to do that, nothing is added to it. */
function terminateWhatIsOpen(work: Work, epoch: ChainEpoch): void {
  const { miner, order, limits } = work
  const round = () => Math.min(countQueued(miner), miner.policy.settledSectorsMax)
  while (miner.pending.size > 0 && isSettledByMessage(miner)) {
    terminate(work, epoch, settleDraft(round(), limits.hasNewMethod))
  }
  if (miner.pending.size > 0) {
    return
  }
  for (const draft of packTerminations(miner, epoch, limits, (number) => order.chosen.has(number))) {
    terminate(work, epoch, draft)
  }
}

function terminate(
  { miner, network, log, limits, address }: Work,
  epoch: ChainEpoch,
  draft: TerminationDraft,
): void {
  const { declared, gas } = draft
  const estimates = network.estimates()
  const most = limits.hasNewMethod ? countQueued(miner) + countDeclared(declared) : undefined
  const message = terminationMessage({ from: miner.worker, to: address }, declared, most)
  const predict = limits.hasNewMethod ? predictTermination2 : predictTermination
  log.termination(message, gas, predict(miner, epoch, declared, estimates))
}

function tick({ miner, network, log }: Work, epoch: ChainEpoch): void {
  const outcome = predictTick(miner, epoch, () => network.estimates())
  network.tick(epoch, miner.claim)
  if (outcome !== undefined) {
    log.tick(outcome)
  }
}

/** Only messages that do something are sent. */
function draw({ miner, log, order, address }: Work, epoch: ChainEpoch): void {
  const route = { from: miner.owner, to: address }
  if (!miner.hasClaim && miner.lockedFunds > 0n) {
    return
  }
  const most = order.most === undefined ? WITHDRAW_ALL : order.most - log.cashTotal()
  if (miner.feeDebt > 0n && unlockedOf(miner) + miner.lockedFunds > 0n) {
    log.payment(repayMessage(route), predictRepayDebt(miner, epoch))
  }
  const available = unlockedOf(miner) + takeVested(miner.vesting, epoch).vested - miner.feeDebt
  const isAllowed = miner.pending.size === 0 && remainingQuota(miner, epoch) > 0n
  if (isAllowed && available > 0n && most > 0n) {
    const payment = predictWithdrawal(miner, epoch, most)
    if (payment.exitCode === ExitCode.OK) {
      log.payment(withdrawMessage(route, most), payment)
    }
  }
}

/** Sectors that were left out would have to be proven, which a plan says nothing of; so only what is empty is followed. */
function drawInstalments(work: Work, start: ChainEpoch): ChainEpoch {
  const { miner, order } = work
  const interval = (order.instalmentDays ?? 0) * EPOCHS_IN_DAY
  const isEmpty = liveSectorsOf(miner).length === 0 && miner.pending.size === 0
  let [epoch, lastDrawn] = [start, start]
  while (isEmpty && miner.deadlineCronActive && epoch < start + MOST_DAYS_TO_VEST * EPOCHS_IN_DAY) {
    const [next] = miner.events
    if (next === undefined) {
      break
    }
    const due = Math.max(next.epoch, epoch)
    tick(work, due)
    epoch = due + 1
    if (epoch - lastDrawn >= interval || !miner.deadlineCronActive) {
      draw(work, epoch)
      lastDrawn = epoch
    }
  }
  return epoch
}
