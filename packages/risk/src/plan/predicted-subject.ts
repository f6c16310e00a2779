import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  type NetworkEstimates,
  pledgePenaltyForContinuedFault,
  pledgePenaltyForTermination,
  rewardForPower,
  rewardProjection,
  takeVested,
} from '@plimsoll/actors'
import { type AttoFil, type ChainEpoch, divFloor, maxBigInt } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import type { PackSubject } from '../packs/rule-pack.ts'
import type { CarriedOut } from './carry-out.ts'
import { remainingQuota, unlockedOf } from './predict-money.ts'
import {
  liveSectorsOf,
  type PredictedMiner,
  type PredictedQueue,
  type PredictedSector,
} from './predict-state.ts'
import type { Candidate, Queue, SafeTarget } from './safe-target.ts'

export type FeeAt = (sector: PredictedSector, epoch: ChainEpoch) => AttoFil

/** The fee of a sector at constant estimates. */
export function feesAt(estimates: NetworkEstimates): FeeAt {
  const projection = rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
  return ({ initialPledge, activation, qaPower }, epoch) =>
    pledgePenaltyForTermination(initialPledge, epoch - activation, rewardForPower(projection, qaPower))
}

function queuesOf({ deadlines }: PredictedMiner): readonly PredictedQueue[] {
  return deadlines.flatMap(({ partitions }) => partitions.flatMap(({ queued }) => queued))
}

/** What the sectors that wait to be charged will be charged, each for the age that it had; attoFIL. */
export function queueFee(miner: PredictedMiner, feeAt: FeeAt): AttoFil {
  return queuesOf(miner).reduce(
    (total, { epoch, sectors }) => sectors.reduce((sum, sector) => sum + feeAt(sector, epoch), total),
    0n,
  )
}

/** Sectors that may be terminated, with their fees in the epoch of the view. */
export function candidatesOf(
  view: NetworkView,
  miner: PredictedMiner,
  blocked: ReadonlySet<number>,
): readonly Candidate[] {
  const feeAt = feesAt(view.estimates)
  return liveSectorsOf(miner)
    .filter(({ number }) => !blocked.has(number))
    .map((sector) => ({
      number: sector.number,
      pledge: sector.initialPledge,
      fee: feeAt(sector, view.assessedEpoch),
    }))
}

/** What waits to be charged, with its fees in the epoch of the view. */
export function queueOf(view: NetworkView, miner: PredictedMiner): Queue {
  const pledge = queuesOf(miner)
    .flatMap(({ sectors }) => sectors)
    .reduce((sum, { initialPledge }) => sum + initialPledge, 0n)
  const fee = queueFee(miner, feesAt(view.estimates))
  return { fee, pledge, quota: remainingQuota(miner, view.assessedEpoch) }
}

/** A miner at the end of a prediction, in the form that a protocol judges; the cash has bought debt back. */
export function subjectOf(
  { subject, price }: SafeTarget,
  { miner, epoch, estimates, log }: CarriedOut,
): PackSubject {
  const feeAt = feesAt(estimates)
  const bought = divFloor(log.cashTotal() * price.denom, price.num)
  const live = liveSectorsOf(miner)
  const unlockedBalance = unlockedOf(miner)
  return {
    ...subject,
    sheet: {
      actorBalance: miner.balance,
      preCommitDeposit: miner.preCommitDeposits,
      initialPledge: miner.initialPledge,
      lockedFunds: miner.lockedFunds,
      feeDebt: miner.feeDebt,
      unlockedBalance,
      availableBalance: unlockedBalance - miner.feeDebt,
      vestedFunds: takeVested(miner.vesting, epoch).vested,
      vestingTable: miner.vesting,
    },
    terminationFee: live.reduce((sum, sector) => sum + feeAt(sector, epoch), 0n),
    queuedTerminationFee: queueFee(miner, feeAt),
    faultFeeOfClaim: pledgePenaltyForContinuedFault(estimates, miner.claim.qa),
    liveSectors: live.length,
    faultySectors: live.filter(({ isFaulty }) => isFaulty).length,
    outstanding: maxBigInt(subject.outstanding - bought, 0n),
  }
}
