import {
  consensusFaultPenalty,
  estimate,
  loadInfo,
  type NetworkEstimates,
  rewardForConsensusSlashReport,
} from '@plimsoll/actors'
import { type ActorId, type AttoFil, type ChainEpoch, formatIdAddress, minBigInt } from '@plimsoll/primitives'
import { assessMiner, type MinerTerms, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import type { NetworkView } from '../assess/network-view.ts'
import { payDebt } from '../plan/predict-money.ts'
import { tellingPledge } from '../plan/predict-pledge.ts'
import type { PredictedMiner } from '../plan/predict-state.ts'
import type { Draw, MinerShock } from './draw-shock.ts'
import { faultySectors } from './faulty-sectors.ts'

/** A miner of a portfolio, with what stays the same under every shock. */
export interface StressSubject {
  readonly miner: ActorId
  readonly terms: MinerTerms
  /** What it is counted with: the cluster that the portfolio names, or else all miners of its owner. */
  readonly cluster: string
  /** Fixed from the start; attoFIL, null where none was given. */
  readonly buffer: AttoFil | null
}

/** Reads what stays the same of a miner. */
export function stressSubject(view: NetworkView, id: ActorId, terms: MinerTerms): StressSubject {
  const { record } = requireMiner(view, id)
  const opened = openMiner(view, id, record)
  const { buffer } = assessMiner(view, opened, ['fip0098'], terms)
  const { owner } = loadInfo(opened.miner)
  return { miner: id, terms, cluster: terms.cluster ?? `owner ${formatIdAddress(owner)}`, buffer }
}

/**
 * What a consensus fault costs at once; attoFIL. The penalty is added to the debt, and of the debt is paid what can be:
 * first to whoever reports the fault, the rest is burned.
 */
export interface ConsensusFaultTerms {
  readonly penalty: AttoFil
  readonly toReporter: AttoFil
  readonly burned: AttoFil
}

/** A miner as a shock leaves it in the first epoch, and what it cannot prove from then on. */
export interface StressedMiner {
  readonly miner: PredictedMiner
  readonly isLost: (sector: number, epoch: ChainEpoch) => boolean
  readonly consensusFault: ConsensusFaultTerms | undefined
}

/**
 * Lets a draw of a shock meet a miner in the first epoch, in a network of those estimates. The miner is changed.
 *
 * A fault of the epoch before is reported, unless the miner is excluded for another one then: it is too old in that
 * case. For 900 epochs nothing can be declared recovered.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `report_consensus_fault`.
 *
 * @throws {PlanError} `STATE_NOT_PREDICTABLE` as `tellingPledge` does.
 */
export function stressMiner(
  miner: PredictedMiner,
  id: ActorId,
  { faultEpochs, feeDebt, consensusFault, ...faults }: MinerShock,
  draw: Draw,
  start: ChainEpoch,
  { reward }: NetworkEstimates,
): StressedMiner {
  const lost = faultySectors(miner, id, faults, draw)
  const isLost = (sector: number, epoch: ChainEpoch) => epoch < start + faultEpochs && lost.has(sector)
  miner.feeDebt += feeDebt
  if (!consensusFault || start - 1 < miner.excludedUntil) {
    return { miner, isLost, consensusFault: undefined }
  }
  const epochReward = estimate(reward)
  const penalty = consensusFaultPenalty(epochReward)
  miner.feeDebt += penalty
  const paid = tellingPledge(miner, start, () => payDebt(miner, start))
  const toReporter = minBigInt(paid, rewardForConsensusSlashReport(epochReward))
  const excludedUntil = start + miner.policy.consensusFaultIneligibilityDuration
  return {
    miner: { ...miner, excludedUntil },
    isLost,
    consensusFault: { penalty, toReporter, burned: paid - toReporter },
  }
}
