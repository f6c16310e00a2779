import type { NetworkEstimates, PowerPair } from '@plimsoll/actors'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { Operator } from '../../run/operator.ts'
import type { Thresholds } from '../crossings.ts'

/** A stated path of the network's estimates, which may depend on what the miner does to the network's power. */
export interface EstimatePath {
  /** What a message or a tick in the present epoch reads. */
  estimates(): NetworkEstimates
  /** Ends every epoch from `from` on and before `until`, at whose ends the miner has that claim. */
  pass(from: ChainEpoch, until: ChainEpoch, claim: PowerPair): void
}

/** FIL that comes, goes, or pays debt in an epoch; attoFIL. */
export type MoneyMove =
  | { readonly kind: 'topUp'; readonly epoch: ChainEpoch; readonly amount: AttoFil }
  | { readonly kind: 'withdraw'; readonly epoch: ChainEpoch; readonly amount: AttoFil }
  | { readonly kind: 'repayDebt'; readonly epoch: ChainEpoch }

/** What a path is made of beside the miner. */
export interface PathInputs {
  /** The epoch of the first message. */
  readonly start: ChainEpoch
  readonly days: number
  readonly operator: Operator
  /** Which sectors cannot be proven in an epoch, whatever the operator does; none unless given. */
  readonly isLost?: ((sector: number, epoch: ChainEpoch) => boolean) | undefined
  readonly network: EstimatePath
  readonly moves?: readonly MoneyMove[] | undefined
  /** Rewards that are expected to come in the last epoch of a day, counted from 1; none unless given; attoFIL. */
  readonly rewardOfDay?: ((day: number) => AttoFil) | undefined
  /**
   * Minted against the miner and not burned, in an epoch: constant, or growing by passive mint and interest; attoFIL. It is
   * asked at the end of a day, and where something happens: levels are compared then.
   */
  readonly outstandingAt: (epoch: ChainEpoch) => AttoFil
  readonly thresholds: Thresholds
}
