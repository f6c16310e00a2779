import { quantizeUp } from '@plimsoll/actors'
import type { ChainEpoch } from '@plimsoll/primitives'
import { openDeadlineOf } from '../plan/predict-deadline.ts'
import type { PredictedDeadline, PredictedMiner, PredictedSector } from '../plan/predict-state.ts'

/** The first end of a deadline from an epoch on: when what is to expire by then leaves. */
export function endOfDeadline(
  { policy, periodOffset }: PredictedMiner,
  index: number,
  epoch: ChainEpoch,
): ChainEpoch {
  const { wpostProvingPeriod: unit, wpostChallengeWindow } = policy
  return quantizeUp({ unit, offset: periodOffset + (index + 1) * wpostChallengeWindow - 1 }, epoch)
}

/**
 * Proves what can be proven in the window that an epoch lies in: everything but faults that were not declared
 * recovered. A sector that recovers expires as promised again, and counts as power, as a new one then does.
 *
 * Source: builtin-actors v18, `actors/miner/src/partition_state.rs`, `recover_faults`, `activate_unproven`.
 */
export function proveWindow(
  miner: PredictedMiner,
  epoch: ChainEpoch,
  expirationOf: (sector: number) => ChainEpoch,
): void {
  const { index } = openDeadlineOf(miner, epoch)
  const deadline = miner.deadlines[index] as PredictedDeadline
  for (const partition of deadline.partitions) {
    if (partition.isPosted) {
      continue
    }
    partition.isPosted = true
    for (const sector of partition.live.values()) {
      if (sector.isRecovering) {
        deadline.faultyQaPower -= sector.qaPower
        sector.expiresAt = endOfDeadline(miner, index, expirationOf(sector.number))
        sector.isOnTime = true
        sector.isFaulty = false
        sector.isRecovering = false
        gainClaim(miner, sector)
      } else if (sector.isUnproven) {
        sector.isUnproven = false
        gainClaim(miner, sector)
      }
    }
  }
}

function gainClaim(miner: PredictedMiner, { qaPower }: PredictedSector): void {
  const { raw, qa } = miner.claim
  miner.claim = { raw: raw + BigInt(miner.sectorSizeBytes), qa: qa + qaPower }
}
