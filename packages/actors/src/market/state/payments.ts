import type { Blockstore, Cid } from '@plimsoll/ipld'
import { type AttoFil, type ChainEpoch, EPOCH_UNDEFINED, maxBigInt, minBigInt } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { type DealProposal, type DealState, totalStorageFee } from '../deal.ts'
import { collateralPenaltyForDealActivationMissed } from '../policy.ts'
import type { MarketState } from '../state.ts'
import { slashBalance, transferBalance, unlockBalance } from './balances.ts'
import { removePendingDeal } from './pending-deals.ts'

/** What a deal costs, and whom, as time goes by. Source of everything here: builtin-actors v18, `actors/market/src/state.rs`. */

/** What an update of a deal did. Amounts in attoFIL. */
export interface DealUpdate {
  readonly slashed: AttoFil
  readonly payment: AttoFil
  /** Whether the deal has run to its end. */
  readonly isCompleted: boolean
  /** Whether the deal is over, by its end or because it was marked for termination. */
  readonly isOver: boolean
}

/**
 * Pays a deal from its last payment up to now, and releases the collaterals at its end.
 *
 * Source: `process_deal_update`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` for a state that contradicts itself; `USR_ILLEGAL_ARGUMENT` where the
 * balances do not hold what the deal has locked.
 */
export function processDealUpdate(
  store: Blockstore,
  state: Draft<MarketState>,
  { deal, dealState, dealCid }: ActiveDeal,
  epoch: ChainEpoch,
): DealUpdate {
  const { lastUpdatedEpoch, slashEpoch } = dealState
  const wasUpdated = lastUpdatedEpoch !== EPOCH_UNDEFINED
  if (!wasUpdated) {
    // Cron or an earlier settlement may have removed it already.
    removePendingDeal(store, state, dealCid)
  }
  requireState(
    !wasUpdated || lastUpdatedEpoch <= epoch,
    () => `a deal was updated at the epoch ${lastUpdatedEpoch} to come`,
  )
  if (deal.startEpoch > epoch) {
    return { slashed: 0n, payment: 0n, isCompleted: false, isOver: false }
  }
  const payment = elapsedPayment(deal, dealState, paymentEnd(deal, dealState, epoch))
  if (payment > 0n) {
    transferBalance(store, state, deal.client, deal.provider, payment)
  }
  if (slashEpoch !== EPOCH_UNDEFINED) {
    const { slashed, remaining } = slashDeal(store, state, deal, BigInt(slashEpoch))
    return { slashed, payment: remaining + payment, isCompleted: false, isOver: true }
  }
  if (epoch >= deal.endEpoch) {
    processDealExpired(store, state, deal, dealState)
    return { slashed: 0n, payment, isCompleted: true, isOver: true }
  }
  return { slashed: 0n, payment, isCompleted: false, isOver: false }
}

/** A deal in a sector. */
export interface ActiveDeal {
  readonly deal: DealProposal
  readonly dealState: DealState
  readonly dealCid: Cid
}

/** The epoch up to which a deal is paid. */
function paymentEnd(deal: DealProposal, { slashEpoch }: DealState, epoch: ChainEpoch): bigint {
  if (slashEpoch === EPOCH_UNDEFINED) {
    return minBigInt(deal.endEpoch, BigInt(epoch))
  }
  requireState(epoch >= slashEpoch, () => `a deal was slashed at the epoch ${slashEpoch} to come`)
  requireState(
    slashEpoch <= deal.endEpoch,
    () => `a deal was slashed at the epoch ${slashEpoch} after its end ${deal.endEpoch}`,
  )
  return BigInt(slashEpoch)
}

function elapsedPayment(deal: DealProposal, { lastUpdatedEpoch }: DealState, end: bigint): AttoFil {
  const start = maxBigInt(deal.startEpoch, BigInt(lastUpdatedEpoch))
  return deal.storagePricePerEpoch * (end - start)
}

/**
 * Ends a deal whose sector was terminated: pays it up to that epoch, releases what the client has left, and
 * returns the provider's collateral, which is to be burnt.
 *
 * Source: `process_slashed_deal`.
 *
 * @throws {ActorError} as {@link processDealUpdate} does.
 */
export function processSlashedDeal(
  store: Blockstore,
  state: Draft<MarketState>,
  deal: DealProposal,
  dealState: DealState,
  slashEpoch: bigint,
): AttoFil {
  const payment = elapsedPayment(deal, dealState, minBigInt(deal.endEpoch, slashEpoch))
  if (payment > 0n) {
    transferBalance(store, state, deal.client, deal.provider, payment)
  }
  return slashDeal(store, state, deal, slashEpoch).slashed
}

function slashDeal(
  store: Blockstore,
  state: Draft<MarketState>,
  deal: DealProposal,
  slashEpoch: bigint,
): { readonly slashed: AttoFil; readonly remaining: AttoFil } {
  const remaining = dealPaymentRemaining(deal, slashEpoch)
  unlockBalance(store, state, deal.client, remaining, 'clientStorageFee')
  unlockBalance(store, state, deal.client, deal.clientCollateral, 'clientCollateral')
  slashBalance(store, state, deal.provider, deal.providerCollateral, 'providerCollateral')
  return { slashed: deal.providerCollateral, remaining }
}

/**
 * What would still have been paid for a deal, in attoFIL.
 *
 * Source: `deal_get_payment_remaining`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` for an epoch after the deal's end.
 */
export function dealPaymentRemaining(deal: DealProposal, slashEpoch: bigint): AttoFil {
  requireState(
    slashEpoch <= deal.endEpoch,
    () => `a deal was slashed at the epoch ${slashEpoch} after its end ${deal.endEpoch}`,
  )
  const durationRemaining = deal.endEpoch - maxBigInt(slashEpoch, deal.startEpoch)
  requireState(durationRemaining >= 0n, () => `a deal lasts for ${durationRemaining} epochs`)
  return deal.storagePricePerEpoch * durationRemaining
}

/**
 * Ends a deal that no sector has taken in before its start: releases everything but the part of the provider's
 * collateral that is to be burnt, and returns that.
 *
 * Source: `process_deal_init_timed_out`.
 *
 * @throws {ActorError} as {@link processDealUpdate} does.
 */
export function processDealInitTimedOut(
  store: Blockstore,
  state: Draft<MarketState>,
  deal: DealProposal,
): AttoFil {
  unlockBalance(store, state, deal.client, totalStorageFee(deal), 'clientStorageFee')
  unlockBalance(store, state, deal.client, deal.clientCollateral, 'clientCollateral')
  const slashed = collateralPenaltyForDealActivationMissed(deal.providerCollateral)
  const remaining = deal.providerCollateral - slashed
  slashBalance(store, state, deal.provider, slashed, 'providerCollateral')
  unlockBalance(store, state, deal.provider, remaining, 'providerCollateral')
  return slashed
}

/** Source: `process_deal_expired`. */
function processDealExpired(
  store: Blockstore,
  state: Draft<MarketState>,
  deal: DealProposal,
  { sectorStartEpoch }: DealState,
): void {
  requireState(sectorStartEpoch !== EPOCH_UNDEFINED, 'a deal that has run to its end never began')
  unlockBalance(store, state, deal.provider, deal.providerCollateral, 'providerCollateral')
  unlockBalance(store, state, deal.client, deal.clientCollateral, 'clientCollateral')
}
