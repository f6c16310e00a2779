import {
  type Amt,
  type BitField,
  type BitIndex,
  bitFieldOf,
  cutBitField,
  isEmptyBitField,
  unionBitFields,
  unionOfBitFields,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireState } from '../runtime/actor-error.ts'
import { type QuantSpec, quantizeUp } from './quantize.ts'

/**
 * Sets of numbers by the epoch that they are due at, rounded up to a grid.
 *
 * Source of everything here: builtin-actors v18, `actors/miner/src/bitfield_queue.rs`.
 */
export interface BitFieldQueue {
  readonly amt: Amt<BitField>
  readonly quant: QuantSpec
}

/** Source: `add_to_queue`. @throws {ActorError} `USR_ILLEGAL_STATE` for an epoch below zero. */
export function addToQueue({ amt, quant }: BitFieldQueue, rawEpoch: ChainEpoch, values: BitField): void {
  if (isEmptyBitField(values)) {
    return
  }
  const epoch = quantizeUp(quant, rawEpoch)
  requireState(epoch >= 0, 'a queue has no epochs below zero')
  const present = amt.get(epoch)
  amt.set(epoch, present === undefined ? values : unionBitFields(present, values))
}

/** Source: `add_many_to_queue_values`. */
export function addManyToQueue(
  queue: BitFieldQueue,
  values: Iterable<readonly [ChainEpoch, BitIndex]>,
): void {
  const byEpoch = new Map<ChainEpoch, BitIndex[]>()
  for (const [rawEpoch, value] of values) {
    const epoch = quantizeUp(queue.quant, rawEpoch)
    const present = byEpoch.get(epoch)
    if (present === undefined) {
      byEpoch.set(epoch, [value])
    } else {
      present.push(value)
    }
  }
  for (const [epoch, members] of byEpoch) {
    addToQueue(queue, epoch, bitFieldOf(members))
  }
}

/** Takes numbers out of the number line itself, in every epoch. Source: `cut`. */
export function cutFromQueue({ amt }: BitFieldQueue, removed: BitField): void {
  for (const [epoch, values] of [...amt.entries()]) {
    const cut = cutBitField(values, removed)
    if (isEmptyBitField(cut)) {
      amt.delete(epoch)
    } else {
      amt.set(epoch, cut)
    }
  }
}

/** Takes out everything that is due; undefined when nothing is. Source: `pop_until`. */
export function popUntil({ amt }: BitFieldQueue, until: ChainEpoch): BitField | undefined {
  const popped: BitField[] = []
  const epochs: ChainEpoch[] = []
  for (const [epoch, values] of amt.entries()) {
    if (epoch > until) {
      break
    }
    epochs.push(epoch)
    popped.push(values)
  }
  for (const epoch of epochs) {
    amt.delete(epoch)
  }
  return epochs.length === 0 ? undefined : unionOfBitFields(popped)
}
