import {
  type BitField,
  type Blockstore,
  containsAllBits,
  containsAnyBits,
  countBits,
  intersectBitFields,
  isEmptyBitField,
  sliceBitField,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../../policy.ts'
import { requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { addToQueue } from '../bitfield-queue.ts'
import { loadExpirationQueue } from '../expiration-queue/entries.ts'
import { popExpired } from '../expiration-queue/queue.ts'
import { removeSectors } from '../expiration-queue/remove-sectors.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { EarlyTerminated, liveSectors, type Partition } from '../partition-state.ts'
import { addPower, isZeroPower, type PowerPair, subtractPower } from '../power-pair.ts'
import { NO_QUANTIZATION, type QuantSpec } from '../quantize.ts'
import { selectSectors } from '../sector-list.ts'
import { type PowerTerms, powerOfSectors } from '../sector-power.ts'
import { loadSectorFigures, type Sectors } from '../sectors.ts'
import type { TerminationResult } from '../termination.ts'
import { validatePartition } from './validate.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/partition_state.rs`. */

/**
 * Terminates live sectors and queues them, to be charged.
 *
 * Source: `terminate_sectors`.
 *
 * @returns what they took with them, of active power only what was proven, and the power that was not.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for sectors that are not live; `USR_NOT_FOUND`, `USR_ILLEGAL_STATE`
 */
export function terminateSectors(
  store: Blockstore,
  policy: Policy,
  partition: Draft<Partition>,
  sectors: Sectors,
  epoch: ChainEpoch,
  numbers: BitField,
  terms: PowerTerms,
  quant: QuantSpec,
): { readonly removed: ExpirationSet; readonly removedUnproven: PowerPair } {
  requireParam(containsAllBits(liveSectors(partition), numbers), 'can only terminate live sectors')
  const infos = loadSectorFigures(sectors, numbers)
  const queue = loadExpirationQueue(store, partition.expirationsEpochs, quant)
  const { faults, recoveries } = partition
  const { removed, recoveringPower } = removeSectors(queue, policy, infos, faults, recoveries, terms)
  partition.expirationsEpochs = queue.amt.flush()
  const removedSectors = unionBitFields(removed.onTimeSectors, removed.earlySectors)
  recordEarlyTermination(store, partition, epoch, removedSectors)
  const unproven = intersectBitFields(removedSectors, partition.unproven)
  partition.faults = subtractBitFields(partition.faults, removedSectors)
  partition.recoveries = subtractBitFields(partition.recoveries, removedSectors)
  partition.terminated = unionBitFields(partition.terminated, removedSectors)
  partition.livePower = subtractPower(
    subtractPower(partition.livePower, removed.activePower),
    removed.faultyPower,
  )
  partition.faultyPower = subtractPower(partition.faultyPower, removed.faultyPower)
  partition.recoveringPower = subtractPower(partition.recoveringPower, recoveringPower)
  partition.unproven = subtractBitFields(partition.unproven, unproven)
  const removedUnproven = powerOfSectors(terms, selectSectors(infos, unproven).kinds)
  partition.unprovenPower = subtractPower(partition.unprovenPower, removedUnproven)
  validatePartition(partition)
  return {
    removed: { ...removed, activePower: subtractPower(removed.activePower, removedUnproven) },
    removedUnproven,
  }
}

/** Queues sectors that were terminated, to be charged. Source: `record_early_termination`. */
function recordEarlyTermination(
  store: Blockstore,
  partition: Draft<Partition>,
  epoch: ChainEpoch,
  numbers: BitField,
): void {
  const amt = EarlyTerminated.load(store, partition.earlyTerminated)
  addToQueue({ amt, quant: NO_QUANTIZATION }, epoch, numbers)
  partition.earlyTerminated = amt.flush()
}

/**
 * Terminates what leaves by an epoch: on time, or early and to be charged.
 *
 * Source: `pop_expired_sectors`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` also where something is unproven or recovering, which cannot be at the
 * end of a deadline.
 */
export function popExpiredSectors(
  store: Blockstore,
  partition: Draft<Partition>,
  until: ChainEpoch,
  quant: QuantSpec,
): ExpirationSet {
  requireState(isEmptyBitField(partition.unproven), 'cannot expire sectors beside unproven ones')
  const queue = loadExpirationQueue(store, partition.expirationsEpochs, quant)
  const popped = popExpired(queue, until)
  partition.expirationsEpochs = queue.amt.flush()
  const expired = unionBitFields(popped.onTimeSectors, popped.earlySectors)
  requireState(isEmptyBitField(partition.recoveries), 'unexpected recoveries while sectors expire')
  requireState(isZeroPower(partition.recoveringPower), 'unexpected recovering power while sectors expire')
  requireState(!containsAnyBits(partition.terminated, expired), 'expiring sectors are terminated already')
  partition.terminated = unionBitFields(partition.terminated, expired)
  partition.faults = subtractBitFields(partition.faults, expired)
  partition.livePower = subtractPower(partition.livePower, addPower(popped.activePower, popped.faultyPower))
  partition.faultyPower = subtractPower(partition.faultyPower, popped.faultyPower)
  recordEarlyTermination(store, partition, until, popped.earlySectors)
  validatePartition(partition)
  return popped
}

/** Takes at most `maxSectors` of the sectors that are to be charged out of the queue. Source: `pop_early_terminations`. */
export function popEarlyTerminations(
  store: Blockstore,
  partition: Draft<Partition>,
  maxSectors: number,
): { readonly result: TerminationResult; readonly hasMore: boolean } {
  const amt = EarlyTerminated.load(store, partition.earlyTerminated)
  const sectors = new Map<ChainEpoch, BitField>()
  const finished: ChainEpoch[] = []
  let remaining: readonly [ChainEpoch, BitField] | undefined
  let sectorsProcessed = 0
  for (const [epoch, queued] of amt.entries()) {
    const limit = maxSectors - sectorsProcessed
    const count = Number(countBits(queued))
    const taken = count <= limit ? queued : sliceBitField(queued, 0, limit)
    if (count <= limit) {
      finished.push(epoch)
    } else {
      remaining = [epoch, subtractBitFields(queued, taken)]
    }
    sectors.set(epoch, taken)
    sectorsProcessed += Math.min(count, limit)
    if (sectorsProcessed >= maxSectors) {
      break
    }
  }
  for (const epoch of finished) {
    amt.delete(epoch)
  }
  if (remaining !== undefined) {
    amt.set(...remaining)
  }
  partition.earlyTerminated = amt.flush()
  validatePartition(partition)
  return { result: { sectors, partitionsProcessed: 1, sectorsProcessed }, hasMore: amt.count > 0 }
}
