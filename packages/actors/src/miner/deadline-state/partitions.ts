import { type Amt, type BitIndex, type Blockstore, bitFieldOf, EMPTY_BIT_FIELD } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireFound } from '../../runtime/actor-error.ts'
import { type Draft, draftOf, valueOfDraft } from '../../runtime/draft.ts'
import { addManyToQueue, addToQueue } from '../bitfield-queue.ts'
import {
  type Deadline,
  DeadlineExpirations,
  OptimisticPoStSubmissions,
  Partitions,
} from '../deadline-state.ts'
import type { Partition } from '../partition-state.ts'
import { ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import { Sectors } from '../sectors.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/deadline_state.rs`. */

export type PartitionArray = Amt<Partition>

/** A deadline without partitions. Source: `Deadline::new`. */
export function newDeadline(store: Blockstore): Deadline {
  const partitions = Partitions.empty(store).flush()
  const submissions = OptimisticPoStSubmissions.empty(store).flush()
  return {
    partitions,
    expirationsEpochs: DeadlineExpirations.empty(store).flush(),
    partitionsPosted: EMPTY_BIT_FIELD,
    earlyTerminations: EMPTY_BIT_FIELD,
    liveSectors: 0,
    totalSectors: 0,
    faultyPower: ZERO_POWER,
    optimisticPostSubmissions: submissions,
    sectorsSnapshot: Sectors.empty(store).flush(),
    partitionsSnapshot: partitions,
    optimisticPostSubmissionsSnapshot: submissions,
    livePower: ZERO_POWER,
    dailyFee: 0n,
  }
}

/** A partition to be changed. @throws {ActorError} `USR_NOT_FOUND` */
export function requirePartition(partitions: PartitionArray, index: BitIndex): Draft<Partition> {
  return draftOf(requireFound(partitions.get(index), () => `no partition ${index}`))
}

export function putPartition(partitions: PartitionArray, index: BitIndex, partition: Draft<Partition>): void {
  partitions.set(index, valueOfDraft(partition))
}

/** Source: `load_partition`. @throws {ActorError} `USR_NOT_FOUND` */
export function loadPartition(store: Blockstore, deadline: Draft<Deadline>, index: BitIndex): Partition {
  return requirePartition(Partitions.load(store, deadline.partitions), index)
}

/** Notes that partitions have sectors that leave at an epoch. Source: `add_expiration_partitions`. */
export function addExpirationPartitions(
  store: Blockstore,
  deadline: Draft<Deadline>,
  epoch: ChainEpoch,
  partitions: readonly BitIndex[],
  quant: QuantSpec,
): void {
  if (partitions.length > 0) {
    const amt = DeadlineExpirations.load(store, deadline.expirationsEpochs)
    addToQueue({ amt, quant }, epoch, bitFieldOf(partitions))
    deadline.expirationsEpochs = amt.flush()
  }
}

/** The same for many epochs. */
export function addExpirations(
  store: Blockstore,
  deadline: Draft<Deadline>,
  expirations: Iterable<readonly [ChainEpoch, BitIndex]>,
  quant: QuantSpec,
): void {
  const amt = DeadlineExpirations.load(store, deadline.expirationsEpochs)
  addManyToQueue({ amt, quant }, expirations)
  deadline.expirationsEpochs = amt.flush()
}
