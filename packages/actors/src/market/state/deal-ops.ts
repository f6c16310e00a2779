import type { Blockstore } from '@plimsoll/ipld'
import { type ChainEpoch, divTrunc, modFloor } from '@plimsoll/primitives'
import { requireInvariant } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { SetMultimap } from '../../runtime/set-multimap.ts'
import { DealOpsByEpoch, type MarketState } from '../state.ts'

/** When cron looks at which deals. Source of everything here: builtin-actors v18, `actors/market/src/state.rs` unless another is named. */

type DealOps = SetMultimap<bigint, bigint>

/** Source: `put_deals_by_epoch`, `put_batch_deals_by_epoch`. */
export function putDealsByEpoch(
  store: Blockstore,
  state: Draft<MarketState>,
  added: readonly (readonly [epoch: bigint, dealId: bigint])[],
): void {
  const dealOps = loadDealOps(store, state)
  for (const [epoch, dealId] of added) {
    dealOps.put(epoch, dealId)
  }
  state.dealOpsByEpoch = dealOps.flush()
}

/**
 * The deals of an epoch each, in the order of the epochs; of one epoch in the order of the deals' hashes.
 *
 * Source: `get_deals_for_epoch`, for each of a range of epochs.
 */
export function* dealsForEpochs(
  store: Blockstore,
  state: Pick<MarketState, 'dealOpsByEpoch'>,
  first: ChainEpoch,
  last: ChainEpoch,
): Generator<readonly [epoch: bigint, dealIds: readonly bigint[]]> {
  const dealOps = loadDealOps(store, state)
  for (const epoch of presentEpochs(dealOps, first, last)) {
    yield [epoch, [...dealOps.membersOf(epoch)]]
  }
}

/** Source: `remove_deals_by_epoch`. */
export function removeDealsByEpoch(
  store: Blockstore,
  state: Draft<MarketState>,
  epochs: readonly bigint[],
): void {
  const dealOps = loadDealOps(store, state)
  for (const epoch of epochs) {
    dealOps.removeAll(epoch)
  }
  state.dealOpsByEpoch = dealOps.flush()
}

/**
 * The first epoch from `earliest` on in which cron looks at a deal. Every deal has its own place in the interval,
 * so that nobody can make many deals due in one epoch.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `next_update_epoch`.
 *
 * @throws {ActorError} `USR_ASSERTION_FAILED` where that is beyond the last epoch that there can be.
 */
export function nextUpdateEpoch(dealId: bigint, interval: number, earliest: bigint): bigint {
  const period = BigInt(interval)
  const offset = modFloor(dealId, period)
  const since = earliest - offset
  const quotient = divTrunc(since, period)
  // Truncation has rounded up where it is negative.
  const isRoundedUp = quotient * period === since || since < 0n
  const next = period * (isRoundedUp ? quotient : quotient + 1n) + offset
  requireInvariant(next < EPOCH_LIMIT, () => `the epoch ${next} has more than 63 bits`)
  return next
}

const EPOCH_LIMIT = 1n << 63n

/** Epochs that are looked up one by one; of more, it is the map that is searched. */
const MAX_LOOK_UPS = 4

function presentEpochs(dealOps: DealOps, first: ChainEpoch, last: ChainEpoch): readonly bigint[] {
  if (last - first >= MAX_LOOK_UPS) {
    const due = [...dealOps.keys()].filter((epoch) => epoch >= first && epoch <= last)
    return due.sort((a, b) => Number(a - b))
  }
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => BigInt(first + i))
}

function loadDealOps(store: Blockstore, state: Pick<MarketState, 'dealOpsByEpoch'>): DealOps {
  return DealOpsByEpoch.load(store, state.dealOpsByEpoch)
}
