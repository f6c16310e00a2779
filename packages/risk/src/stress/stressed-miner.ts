import {
  consensusFaultPenalty,
  estimate,
  loadInfo,
  type NetworkEstimates,
  type Policy,
} from '@plimsoll/actors'
import { type ActorId, type AttoFil, type ChainEpoch, formatIdAddress } from '@plimsoll/primitives'
import { assessMiner, type MinerTerms, openMiner } from '../assess/assess-miner.ts'
import { requireMiner } from '../assess/find-miners.ts'
import type { NetworkView } from '../assess/network-view.ts'
import { loadPredictedMiner } from '../plan/load-predicted-miner.ts'
import { payDebt } from '../plan/predict-money.ts'
import type { PredictedMiner } from '../plan/predict-state.ts'
import { type Draw, drawMiner } from './draw-shock.ts'
import { faultySectors } from './faulty-sectors.ts'
import type { Shock } from './stress-file.ts'

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

/** A miner as a shock leaves it in the first epoch, and what it cannot prove from then on. */
export interface StressedMiner {
  readonly miner: PredictedMiner
  readonly isLost: (sector: number, epoch: ChainEpoch) => boolean
}

/**
 * Lets a draw of a shock meet a miner, in the first epoch.
 *
 * A consensus fault costs its penalty, which is paid as far as there is anything, and excludes the miner from
 * recovering for 900 epochs; what the reporter gets of it is the network's matter.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `report_consensus_fault`.
 */
export function stressMiner(
  view: NetworkView,
  policy: Policy,
  id: ActorId,
  shock: Shock,
  draw: Draw,
  { reward }: NetworkEstimates,
): StressedMiner {
  const miner = loadPredictedMiner(view, id, policy)
  const { faultEpochs, ...met } = drawMiner(shock, draw, id)
  const start = view.assessedEpoch
  const lost = faultySectors(miner, id, met, draw)
  miner.feeDebt += met.feeDebt
  if (!met.consensusFault) {
    return { miner, isLost: (sector, epoch) => epoch < start + faultEpochs && lost.has(sector) }
  }
  miner.feeDebt += consensusFaultPenalty(estimate(reward))
  payDebt(miner, start)
  const excludedUntil = start + policy.consensusFaultIneligibilityDuration
  return {
    miner: { ...miner, excludedUntil },
    isLost: (sector, epoch) => epoch < start + faultEpochs && lost.has(sector),
  }
}
