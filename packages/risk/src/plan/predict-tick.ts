import { lastEpoch, type NetworkEstimates } from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { endDeadline, hasToContinue, openDeadlineOf, type PredictedDeadlineEnd } from './predict-deadline.ts'
import { tellingPledge } from './predict-pledge.ts'
import type { PredictedEvent, PredictedMiner } from './predict-state.ts'
import { enrolEarlyTerminations, type PredictedRound, settleRound } from './predict-terminations.ts'

/** What cron did to a miner in an epoch; attoFIL. */
export interface PredictedTick {
  readonly epoch: ChainEpoch
  /** The deadline that ended, if one did. */
  readonly end: PredictedDeadlineEnd | undefined
  readonly rounds: readonly PredictedRound[]
  readonly burned: AttoFil
  readonly debtBefore: AttoFil
  readonly debtAfter: AttoFil
  readonly estimates: NetworkEstimates
}

/**
 * Lets cron call a miner for everything that is due. An epoch without a tick only delays it.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `process_deferred_cron_events`;
 * `actors/miner/src/lib.rs`, `on_deferred_cron_event`.
 *
 * @returns undefined when nothing was due.
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` as `tellingPledge` does.
 */
export function predictTick(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  estimates: () => NetworkEstimates,
): PredictedTick | undefined {
  const due = miner.events.filter((event) => event.epoch <= epoch)
  if (due.length === 0) {
    return undefined
  }
  miner.events = miner.events.filter((event) => event.epoch > epoch)
  const debtBefore = miner.feeDebt
  const read = estimates()
  const rounds: PredictedRound[] = []
  let end: PredictedDeadlineEnd | undefined
  for (const { kind } of due) {
    if (kind === 'deadline') {
      end = passDeadline(miner, epoch, read, rounds)
    } else {
      const round = settleRound(miner, epoch, read)
      rounds.push(round)
      if (round.hasMore) {
        enrolEarlyTerminations(miner, epoch)
      }
    }
  }
  const burned = rounds.reduce((sum, round) => sum + round.burned, end?.burned ?? 0n)
  return { epoch, end, rounds, burned, debtBefore, debtAfter: miner.feeDebt, estimates: read }
}

function passDeadline(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  estimates: NetworkEstimates,
  rounds: PredictedRound[],
): PredictedDeadlineEnd {
  const hadPending = miner.pending.size > 0
  const end = tellingPledge(miner, epoch, () => endDeadline(miner, epoch, estimates))
  if (hasToContinue(miner)) {
    const next: PredictedEvent = {
      epoch: lastEpoch(openDeadlineOf(miner, epoch + 1)),
      kind: 'deadline',
    }
    miner.events = [...miner.events, next]
  }
  // Where some were pending already, cron is about to come back for them.
  if (!hadPending && miner.pending.size > 0) {
    const round = settleRound(miner, epoch, estimates)
    rounds.push(round)
    if (round.hasMore) {
      enrolEarlyTerminations(miner, epoch)
    }
  }
  return end
}

/** Whether a tick cost the miner anything. */
export function hasCharged({ end, rounds }: PredictedTick): boolean {
  const fees = (end?.burnedDeposits ?? 0n) + (end?.faultFee ?? 0n) + (end?.dailyFee ?? 0n)
  return fees > 0n || rounds.some(({ fee }) => fee > 0n)
}
