import { ATTO_FIL_PER_FIL, type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { batchesOf, openParts } from './declare-parts.ts'
import { type PredictedPayment, predictRepayDebt, predictWithdrawal } from './predict-money.ts'
import {
  type EstimatesAt,
  isWoundDown,
  type MoneyMoment,
  moneyOf,
  type PredictedMiner,
} from './predict-state.ts'
import { type PredictedTermination, predictTermination } from './predict-terminations.ts'
import { type PredictedTick, predictTick } from './predict-tick.ts'

/** How a miner is wound up: how many sectors go into a message, and which epochs have a tick. */
export interface WindUpOrder {
  readonly sectorsPerMessage: number
  /** Ascending. Messages are sent in the epochs of ticks while sectors are left, then in the epoch after one. */
  readonly ticks: Iterable<ChainEpoch>
  readonly estimatesAt: EstimatesAt
}

/** A message or a tick; a tick for which nothing was due has no outcome. */
export type WindUpStep =
  | { readonly kind: 'termination'; readonly outcome: PredictedTermination }
  | { readonly kind: 'payment'; readonly outcome: PredictedPayment }
  | { readonly kind: 'tick'; readonly epoch: ChainEpoch; readonly outcome: PredictedTick | undefined }

/** What came of a wind-up. */
export interface PredictedWindUp {
  readonly steps: readonly WindUpStep[]
  /** When nothing was left to be terminated or charged; undefined when the ticks ended before. */
  readonly afterLastTermination: (MoneyMoment & { readonly epoch: ChainEpoch }) | undefined
  readonly end: MoneyMoment & { readonly epoch: ChainEpoch; readonly deadlineCronActive: boolean }
}

/** More than a miner ever has: everything that is available. */
export const WITHDRAW_ALL: AttoFil = 100_000_000n * ATTO_FIL_PER_FIL
const WITHDRAWAL_INTERVAL = 7 * EPOCHS_IN_DAY

/**
 * Winds a whole miner up: in every epoch all live sectors of deadlines that can be changed are terminated, and what
 * waits to be charged is charged. Then the debt is repaid and what is available withdrawn: at once, every seven days,
 * and when the miner has nothing left that its deadlines have to look after.
 *
 * The miner is changed. No actor is executed.
 */
export function predictWindUp(miner: PredictedMiner, order: WindUpOrder): PredictedWindUp {
  const steps: WindUpStep[] = []
  let afterLastTermination: PredictedWindUp['afterLastTermination']
  let [lastDrawn, epoch] = [0, 0]
  for (const ticked of order.ticks) {
    if (afterLastTermination === undefined) {
      steps.push(...terminateWhatIsOpen(miner, ticked, order))
    }
    const outcome = predictTick(miner, ticked, () => order.estimatesAt(ticked))
    steps.push({ kind: 'tick', epoch: ticked, outcome })
    epoch = ticked + 1
    if (afterLastTermination === undefined) {
      if (isWoundDown(miner)) {
        afterLastTermination = { epoch, ...moneyOf(miner) }
        steps.push(...draw(miner, epoch, true))
        lastDrawn = epoch
      }
    } else if (!miner.deadlineCronActive) {
      steps.push(...draw(miner, epoch, true))
      break
    } else if (epoch - lastDrawn >= WITHDRAWAL_INTERVAL) {
      steps.push(...draw(miner, epoch, false))
      lastDrawn = epoch
    }
  }
  const { deadlineCronActive } = miner
  return { steps, afterLastTermination, end: { epoch, ...moneyOf(miner), deadlineCronActive } }
}

/** A withdrawal is tried while the queue is not empty, to show that it is refused; then the queue is charged first. */
function terminateWhatIsOpen(miner: PredictedMiner, epoch: ChainEpoch, order: WindUpOrder): WindUpStep[] {
  const steps: WindUpStep[] = []
  const batches: ReturnType<typeof batchesOf>[number][] = []
  if (miner.pending.size > 0) {
    steps.push(...draw(miner, epoch, false))
    batches.push([])
  }
  batches.push(...batchesOf(openParts(miner, epoch), order.sectorsPerMessage))
  for (const declared of batches) {
    const outcome = predictTermination(miner, epoch, declared, order.estimatesAt(epoch))
    steps.push({ kind: 'termination', outcome })
  }
  return steps
}

function draw(miner: PredictedMiner, epoch: ChainEpoch, isRepaying: boolean): WindUpStep[] {
  const steps: WindUpStep[] = []
  if (isRepaying && miner.feeDebt > 0n) {
    steps.push({ kind: 'payment', outcome: predictRepayDebt(miner, epoch) })
  }
  return [...steps, { kind: 'payment', outcome: predictWithdrawal(miner, epoch, WITHDRAW_ALL) }]
}
