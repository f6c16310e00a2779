import {
  dailyProofFeePayable,
  deadlineInfo,
  lastEpoch,
  type NetworkEstimates,
  pledgePenaltyForContinuedFault,
  quantizeDown,
  rewardForPower,
  rewardProjection,
} from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { payDebt, unlockVested } from './predict-money.ts'
import type {
  PredictedDeadline,
  PredictedMiner,
  PredictedPartition,
  PredictedSector,
} from './predict-state.ts'
import { endSectors, enqueue, loseClaim } from './predict-terminations.ts'

/** What the end of a deadline charged; attoFIL. */
export interface PredictedDeadlineEnd {
  readonly deadline: number
  /** How many sectors were found not to be proven. */
  readonly detectedFaults: number
  readonly burnedDeposits: AttoFil
  readonly faultFee: AttoFil
  readonly dailyFee: AttoFil
  readonly burned: AttoFil
  /** What vested and was unlocked without a debt that asked for it. */
  readonly vested: AttoFil
}

/** The deadline that an epoch lies in. */
export function openDeadlineOf({ policy, periodOffset }: PredictedMiner, epoch: ChainEpoch) {
  const periodStart = quantizeDown({ unit: policy.wpostProvingPeriod, offset: periodOffset }, epoch)
  const index = Math.trunc((epoch - periodStart) / policy.wpostChallengeWindow)
  return deadlineInfo(policy, periodStart, index, epoch)
}

/**
 * Ends a deadline: expired pre-commitments, missed proofs, expirations, the fees of faults and the daily fee, debt,
 * vesting. What it queues is charged by whoever calls it.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `handle_proving_deadline`; `actors/miner/src/state.rs`,
 * `advance_deadline`.
 */
export function endDeadline(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  estimates: NetworkEstimates,
): PredictedDeadlineEnd {
  replaceWorker(miner, epoch)
  const info = openDeadlineOf(miner, epoch)
  const deadline = miner.deadlines[info.index] as PredictedDeadline
  const burnedDeposits = burnDeposits(miner, epoch)
  const last = lastEpoch(info)
  // Faults that this end detects are first charged a period later.
  const faultyBefore = deadline.faultyQaPower
  let detectedFaults = 0
  for (const partition of deadline.partitions) {
    detectedFaults += missProof(miner, deadline, partition, last + miner.policy.faultMaxAge)
  }
  for (const partition of deadline.partitions) {
    expire(miner, info.index, deadline, partition, last)
  }
  const faultFee = pledgePenaltyForContinuedFault(estimates, faultyBefore)
  const dailyFee = dailyFeeOf(deadline, estimates)
  miner.feeDebt += burnedDeposits + faultFee + dailyFee
  const burned = payDebt(miner, epoch)
  const vested = unlockVested(miner, epoch)
  if (!hasToContinue(miner)) {
    miner.deadlineCronActive = false
  }
  return { deadline: info.index, detectedFaults, burnedDeposits, faultFee, dailyFee, burned, vested }
}

/** Source: builtin-actors v18, `actors/miner/src/lib.rs`, `process_pending_worker`. */
function replaceWorker(miner: PredictedMiner, epoch: ChainEpoch): void {
  const { pendingWorker } = miner
  if (pendingWorker !== null && epoch >= pendingWorker.effectiveAt) {
    miner.worker = pendingWorker.newWorker
    miner.pendingWorker = null
  }
}

/** Debt alone keeps no cron going. Source: builtin-actors v18, `actors/miner/src/state.rs`, `continue_deadline_cron`. */
export function hasToContinue({ preCommitDeposits, initialPledge, lockedFunds }: PredictedMiner): boolean {
  return preCommitDeposits !== 0n || initialPledge !== 0n || lockedFunds !== 0n
}

function burnDeposits(miner: PredictedMiner, epoch: ChainEpoch): AttoFil {
  const due = miner.cleanUps.filter((cleanUp) => cleanUp.epoch <= epoch)
  miner.cleanUps = miner.cleanUps.filter((cleanUp) => cleanUp.epoch > epoch)
  const deposits = due.reduce((sum, { deposit }) => sum + deposit, 0n)
  miner.preCommitDeposits -= deposits
  return deposits
}

/**
 * A partition that was not proven becomes faulty as a whole, and leaves when its faults are too old unless it would
 * have left before. Where all of it was faulty already, nothing happens.
 *
 * Source: builtin-actors v18, `actors/miner/src/deadline_state.rs`, `process_deadline_end`;
 * `actors/miner/src/expiration_queue.rs`, `reschedule_all_as_faults`.
 *
 * @returns how many sectors became faulty.
 */
function missProof(
  miner: PredictedMiner,
  deadline: PredictedDeadline,
  partition: PredictedPartition,
  faultExpiration: ChainEpoch,
): number {
  const sectors = [...partition.live.values()]
  const isMissed = !partition.isPosted
  partition.isPosted = false
  if (!isMissed || sectors.every(({ isFaulty, isRecovering }) => isFaulty && !isRecovering)) {
    return 0
  }
  let detected = 0
  for (const sector of sectors) {
    detected += sector.isFaulty ? 0 : 1
    makeFaulty(miner, deadline, sector, faultExpiration)
  }
  return detected
}

/**
 * A sector is found not to be proven. It leaves when its fault is too old, unless it would have left before.
 *
 * Source: builtin-actors v18, `actors/miner/src/expiration_queue.rs`, `reschedule_as_faults`, `reschedule_all_as_faults`.
 */
export function makeFaulty(
  miner: PredictedMiner,
  deadline: PredictedDeadline,
  sector: PredictedSector,
  faultExpiration: ChainEpoch,
): void {
  if (!sector.isFaulty) {
    deadline.faultyQaPower += sector.qaPower
    if (!sector.isUnproven) {
      loseClaim(miner, sector)
    }
  }
  if (sector.expiresAt > faultExpiration) {
    sector.expiresAt = faultExpiration
    sector.isOnTime = false
  }
  sector.isFaulty = true
  sector.isRecovering = false
  sector.isUnproven = false
}

/** Sectors whose time has come leave: with their pledge, or into the queue of those that pay. */
function expire(
  miner: PredictedMiner,
  index: number,
  deadline: PredictedDeadline,
  partition: PredictedPartition,
  last: ChainEpoch,
): void {
  const expired = [...partition.live.values()].filter(({ expiresAt }) => expiresAt <= last)
  endSectors(miner, deadline, partition, expired)
  for (const { isOnTime, initialPledge } of expired) {
    miner.initialPledge -= isOnTime ? initialPledge : 0n
  }
  const early = expired.filter(({ isOnTime }) => !isOnTime)
  if (early.length > 0) {
    enqueue(deadline, partition, last, early)
    miner.pending.add(index)
  }
}

function dailyFeeOf(deadline: PredictedDeadline, estimates: NetworkEstimates): AttoFil {
  if (deadline.dailyFee <= 0n) {
    return 0n
  }
  const dayReward = rewardForPower(rewardProjection(estimates, EPOCHS_IN_DAY), deadline.liveQaPower)
  return dailyProofFeePayable(deadline.dailyFee, dayReward)
}
