import type { Amt, Blockstore, Link } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import { type ExpirationSet, PartitionExpirations } from '../expiration-queue.ts'
import { type QuantSpec, quantizeUp } from '../quantize.ts'
import { addExpirationSets, EMPTY_EXPIRATION_SET, isEmptyExpirationSet } from './expiration-set.ts'

/**
 * The sectors of a partition by the epoch in which they leave it: as promised, or earlier because they are faulty.
 *
 * Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`.
 */
export interface ExpirationQueue {
  readonly amt: Amt<ExpirationSet>
  readonly quant: QuantSpec
}

export function loadExpirationQueue(
  store: Blockstore,
  root: Link<Amt<ExpirationSet>>,
  quant: QuantSpec,
): ExpirationQueue {
  return { amt: PartitionExpirations.load(store, root), quant }
}

/** Adds to the set of an epoch. Source: `add`. */
export function addToSet(queue: ExpirationQueue, rawEpoch: ChainEpoch, added: ExpirationSet): void {
  const epoch = quantizeUp(queue.quant, rawEpoch)
  requireState(epoch >= 0, 'a queue has no epochs below zero')
  queue.amt.set(epoch, addExpirationSets(queue.amt.get(epoch) ?? EMPTY_EXPIRATION_SET, added))
}

/** Source: `must_update_or_delete`. */
export function updateOrDelete({ amt }: ExpirationQueue, epoch: ChainEpoch, set: ExpirationSet): void {
  if (isEmptyExpirationSet(set)) {
    amt.delete(epoch)
  } else {
    amt.set(epoch, set)
  }
}
