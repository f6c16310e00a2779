import { lastEpoch } from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import { PlanError } from './load-predicted-miner.ts'
import { makeFaulty, openDeadlineOf } from './predict-deadline.ts'
import { unlockedOf } from './predict-money.ts'
import type {
  PredictedDeadline,
  PredictedMiner,
  PredictedPartition,
  PredictedSector,
} from './predict-state.ts'
import { gainClaim } from './predict-terminations.ts'

/** Which sectors cannot be proven now, by their numbers. */
export type IsLost = (sector: number) => boolean

/**
 * Proves the deadline that is open: every partition of which something can be proven. What is lost is skipped and
 * becomes faulty; what was to recover does; what was never proven counts from now on.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `submit_windowed_post`; `actors/miner/src/deadline_state.rs`,
 * `record_proven_sectors`.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` for a miner that the power actor does not know, whose proofs it refuses.
 */
export function predictProof(miner: PredictedMiner, epoch: ChainEpoch, isLost: IsLost): void {
  const info = openDeadlineOf(miner, epoch)
  const deadline = miner.deadlines[info.index] as PredictedDeadline
  const faultExpiration = lastEpoch(info) + miner.policy.faultMaxAge
  for (const partition of deadline.partitions) {
    const sectors = [...partition.live.values()]
    if (!partition.isPosted && sectors.some((sector) => isProvable(sector) && !isLost(sector.number))) {
      requireClaim(miner)
      for (const sector of sectors) {
        proveSector(miner, deadline, sector, faultExpiration, isLost(sector.number))
      }
      partition.isPosted = true
    }
  }
}

function isProvable({ isFaulty, isRecovering }: PredictedSector): boolean {
  return !isFaulty || isRecovering
}

function requireClaim({ hasClaim }: PredictedMiner): void {
  if (!hasClaim) {
    throw new PlanError(
      'STATE_NOT_PREDICTABLE',
      'the power actor does not know the miner, and refuses its proofs',
    )
  }
}

function proveSector(
  miner: PredictedMiner,
  deadline: PredictedDeadline,
  sector: PredictedSector,
  faultExpiration: ChainEpoch,
  isSkipped: boolean,
): void {
  if (isSkipped) {
    if (isProvable(sector)) {
      skipSector(miner, deadline, sector, faultExpiration)
    }
    return
  }
  if (sector.isRecovering) {
    recoverSector(miner, deadline, sector)
  }
  if (sector.isUnproven) {
    sector.isUnproven = false
    gainClaim(miner, sector)
  }
}

/** A recovery that is not proven is taken back; the fault is as old as it was. */
function skipSector(
  miner: PredictedMiner,
  deadline: PredictedDeadline,
  sector: PredictedSector,
  faultExpiration: ChainEpoch,
): void {
  if (sector.isFaulty) {
    sector.isRecovering = false
  } else {
    makeFaulty(miner, deadline, sector, faultExpiration)
  }
}

/** Source: builtin-actors v18, `actors/miner/src/expiration_queue.rs`, `reschedule_recovered`. */
function recoverSector(miner: PredictedMiner, deadline: PredictedDeadline, sector: PredictedSector): void {
  deadline.faultyQaPower -= sector.qaPower
  gainClaim(miner, sector)
  if (!sector.isOnTime) {
    sector.isOnTime = true
    sector.expiresAt = sector.promisedUntil
  }
  sector.isFaulty = false
  sector.isRecovering = false
}

/**
 * Declares every fault of a deadline recovered whose data are there, which needs the debt to be paid first, and no
 * exclusion for a consensus fault. Where one of them fails, nothing happens.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `declare_faults_recovered`.
 *
 * @returns what was burned for the debt; attoFIL.
 */
export function predictRecoveries(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  deadline: number,
  isLost: IsLost,
): AttoFil {
  const { partitions } = miner.deadlines[deadline] as PredictedDeadline
  const recovering = partitions.flatMap((partition) => recoverable(partition, isLost))
  const isPaying = !miner.policy.rules.recoveryInDebt
  const debt = isPaying ? miner.feeDebt : 0n
  if (recovering.length === 0 || epoch <= miner.excludedUntil || (isPaying && unlockedOf(miner) < debt)) {
    return 0n
  }
  miner.feeDebt -= debt
  miner.balance -= debt
  for (const sector of recovering) {
    sector.isRecovering = true
  }
  return debt
}

function recoverable({ live }: PredictedPartition, isLost: IsLost): readonly PredictedSector[] {
  return [...live.values()].filter(
    ({ number, isFaulty, isRecovering }) => isFaulty && !isRecovering && !isLost(number),
  )
}
