import { formatCid } from '@plimsoll/ipld'
import type { ActorId, AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import type { CarriedOut } from './carry-out.ts'
import type { ComparedLevel, PlanBlocker, PlanBody, PlanTotals } from './plan-types.ts'
import { gasBand } from './planned-gas.ts'
import { countQueued, liveSectorsOf, moneyOf, type PredictedMiner } from './predict-state.ts'
import type { SafeVerdict } from './safe-target.ts'

/** What a plan is said to be for. */
export interface PlanHead {
  readonly view: NetworkView
  readonly id: ActorId
  readonly target: 'all' | 'safe'
  readonly forced: boolean
  readonly level: ComparedLevel | null
  readonly rules: string
  readonly blockers: readonly PlanBlocker[]
  readonly start: PlanBody['start']
}

export function startOf(miner: PredictedMiner): PlanBody['start'] {
  return {
    ...moneyOf(miner),
    liveSectors: liveSectorsOf(miner).length,
    queuedSectors: countQueued(miner),
  }
}

/** A plan as data, from what a prediction of it came to; without one nothing is done. */
export function planBody(
  { view, id, target, forced, level, rules, blockers, start }: PlanHead,
  carried: CarriedOut | undefined,
  safe: SafeVerdict | null,
): PlanBody {
  const epoch = view.assessedEpoch
  return {
    format: 1,
    target,
    miner: id,
    ...{ forced, level },
    stateRoot: formatCid(view.tree.root),
    ...{ epoch, rules, start, safe },
    assumptions: ASSUMPTIONS,
    steps: carried?.log.steps ?? [],
    ticks: carried?.log.ticks ?? [],
    everyEpochUntil: carried?.everyEpochUntil ?? epoch - 1,
    end: carried === undefined ? { epoch, ...start, shortfall: start.feeDebt } : endOf(carried),
    cash: carried?.log.cash ?? [],
    totals: totalsOf(carried),
    blockers: [...blockers, ...(carried?.blockers ?? [])],
  }
}

const ASSUMPTIONS: readonly string[] = [
  'nothing is proven while the plan runs',
  "the rest of the network is frozen: claims of others stay as they are, no block is rewarded, and nobody else's message reaches the miner",
  'messages run in the epochs that they are planned for; an epoch without a block, or a late message, changes fees',
  'after the last sector is charged only epochs that end a deadline of the miner are ticked',
  'gas is paid by the sender',
]

function endOf({ miner, epoch }: CarriedOut): PlanBody['end'] {
  return {
    epoch,
    ...moneyOf(miner),
    liveSectors: liveSectorsOf(miner).length,
    queuedSectors: countQueued(miner),
    shortfall: miner.feeDebt,
  }
}

function totalsOf(carried: CarriedOut | undefined): PlanTotals {
  const steps = carried?.log.steps ?? []
  const ticks = carried?.log.ticks ?? []
  const cash = carried?.log.cash ?? []
  const now = sumOf(cash.filter(({ epoch }) => isNow(epoch, carried)).map(({ amount }) => amount))
  return {
    terminationMessages: steps.filter(({ gas }) => gas !== null).length,
    settledSectors:
      steps.reduce((sum, { predicted }) => sum + predicted.settledSectors, 0) +
      ticks.reduce((sum, { settledSectors }) => sum + settledSectors, 0),
    terminationFees:
      sumOf(steps.map(({ predicted }) => predicted.fee)) + sumOf(ticks.map((tick) => tick.terminationFee)),
    faultFees: sumOf(ticks.map(({ faultFee }) => faultFee)),
    dailyFees: sumOf(ticks.map(({ dailyFee }) => dailyFee)),
    burnedDeposits: sumOf(ticks.map(({ burnedDeposits }) => burnedDeposits)),
    burned: sumOf(steps.map(({ predicted }) => predicted.burned)) + sumOf(ticks.map(({ burned }) => burned)),
    cashNow: now,
    cashLater: (cash.at(-1)?.total ?? 0n) - now,
    gas: gasBand(sumOf(steps.map(({ gas }) => gas?.estimate ?? 0n))),
  }
}

function isNow(epoch: ChainEpoch, carried: CarriedOut | undefined): boolean {
  return carried?.drawnAt !== undefined && epoch <= carried.drawnAt
}

function sumOf(amounts: readonly AttoFil[]): AttoFil {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
