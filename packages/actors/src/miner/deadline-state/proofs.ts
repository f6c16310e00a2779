import {
  type BitField,
  type BitIndex,
  type Blockstore,
  bitFieldOf,
  bitsOf,
  canonicalIndex,
  containsAnyBits,
  countBits,
  unionBitFields,
  unionOfBitFields,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { type Deadline, OptimisticPoStSubmissions, Partitions, type WindowedPoSt } from '../deadline-state.ts'
import type { PoStPartition } from '../method-types.ts'
import { activateUnproven, recordSkippedFaults, recoverFaults } from '../partition-state/faults.ts'
import { activePower, activeSectors } from '../partition-state.ts'
import { addPower, type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import type { PartitionSectorMap } from '../sector-map.ts'
import type { PowerTerms } from '../sector-power.ts'
import type { Sectors } from '../sectors.ts'
import { addExpirationPartitions, putPartition, requirePartition } from './partitions.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/deadline_state.rs`. */

/** What a proof of some partitions changed. Source: `PoStResult`. */
export interface PoStResult {
  /** To be added to the claim. */
  readonly powerDelta: PowerPair
  readonly recoveredPower: PowerPair
  /** All sectors of the proven partitions, and those of them that the proof is not about. */
  readonly sectors: BitField
  readonly ignoredSectors: BitField
  readonly partitions: BitField
}

/**
 * Records that partitions were proven: skipped sectors become faulty, recoveries healthy, unproven ones active.
 *
 * Source: `record_proven_sectors`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a partition twice or proven already, or skipped sectors of another;
 * `USR_NOT_FOUND` for a partition that there is not; `USR_ILLEGAL_STATE`
 */
export function recordProvenSectors(
  store: Blockstore,
  deadline: Draft<Deadline>,
  sectors: Sectors,
  posted: readonly PoStPartition[],
  faultExpiration: ChainEpoch,
  terms: PowerTerms,
  quant: QuantSpec,
): PoStResult {
  const indices = requireNewPartitions(deadline, posted)
  const partitions = Partitions.load(store, deadline.partitions)
  const allSectors: BitField[] = []
  const allIgnored: BitField[] = []
  const rescheduled: BitIndex[] = []
  let [powerDelta, newFaultyPower, recoveredPower] = [ZERO_POWER, ZERO_POWER, ZERO_POWER]
  for (const { index, skipped } of posted) {
    const partition = requirePartition(partitions, index)
    const faults = recordSkippedFaults(store, partition, sectors, skipped, faultExpiration, terms, quant)
    if (faults.hasNewFaults) {
      rescheduled.push(canonicalIndex(index))
    }
    const recovered = recoverFaults(store, partition, sectors, terms, quant)
    const activated = activateUnproven(partition)
    allSectors.push(partition.sectors)
    allIgnored.push(partition.faults, partition.terminated)
    putPartition(partitions, index, partition)
    newFaultyPower = addPower(newFaultyPower, faults.newFaultyPower)
    recoveredPower = addPower(recoveredPower, recovered)
    powerDelta = [faults.powerDelta, activated, recovered].reduce(addPower, powerDelta)
  }
  deadline.partitionsPosted = unionBitFields(deadline.partitionsPosted, indices)
  addExpirationPartitions(store, deadline, faultExpiration, rescheduled, quant)
  deadline.faultyPower = addPower(subtractPower(deadline.faultyPower, recoveredPower), newFaultyPower)
  deadline.partitions = partitions.flush()
  return {
    powerDelta,
    recoveredPower,
    sectors: unionOfBitFields(allSectors),
    ignoredSectors: unionOfBitFields(allIgnored),
    partitions: indices,
  }
}

function requireNewPartitions(deadline: Draft<Deadline>, posted: readonly PoStPartition[]): BitField {
  const numbers = posted.map(({ index }) => canonicalIndex(index))
  requireParam(
    numbers.every((index) => index < MAX_BIT),
    'a partition index is out of range',
  )
  const indices = bitFieldOf(numbers)
  requireParam(Number(countBits(indices)) === posted.length, 'duplicate partitions proven')
  requireParam(!containsAnyBits(deadline.partitionsPosted, indices), 'a partition is proven already')
  return indices
}

/** No set has this member. Source: ref-fvm `ipld/bitfield/src/lib.rs`, `try_from_bits`. */
const MAX_BIT = (1n << 64n) - 1n

/** Keeps a proof that was not verified, for those who dispute it. Source: `record_post_proofs`. */
export function recordPoStProofs(store: Blockstore, deadline: Draft<Deadline>, proof: WindowedPoSt): void {
  const proofs = OptimisticPoStSubmissions.load(store, deadline.optimisticPostSubmissions)
  proofs.set(proofs.count, proof)
  deadline.optimisticPostSubmissions = proofs.flush()
}

/** Takes out a proof of the last window. Source: `take_post_proofs`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function takePoStProofs(store: Blockstore, deadline: Draft<Deadline>, index: bigint): WindowedPoSt {
  const proofs = OptimisticPoStSubmissions.load(store, deadline.optimisticPostSubmissionsSnapshot)
  requireState(index < MAX_BIT, 'no array has such an index')
  const proof = proofs.get(index)
  requireParam(proof !== undefined, () => `proof ${index} not found`)
  proofs.delete(index)
  deadline.optimisticPostSubmissionsSnapshot = proofs.flush()
  return proof
}

/** What a disputed proof was about. Source: `DisputeInfo`. */
export interface DisputeInfo {
  readonly allSectors: BitField
  readonly ignoredSectors: BitField
  readonly disputedSectors: PartitionSectorMap
  readonly disputedPower: PowerPair
}

/** Source: `load_partitions_for_dispute`, from the partitions as they were when the window closed. */
export function loadPartitionsForDispute(
  store: Blockstore,
  deadline: Draft<Deadline>,
  partitions: BitField,
): DisputeInfo {
  const snapshot = Partitions.load(store, deadline.partitionsSnapshot)
  const allSectors: BitField[] = []
  const allIgnored: BitField[] = []
  const disputedSectors = new Map<bigint, BitField>()
  let disputedPower = ZERO_POWER
  for (const index of bitsOf(partitions)) {
    const partition = snapshot.get(index)
    requireState(partition !== undefined, () => `failed to find partition ${index}`)
    allSectors.push(partition.sectors)
    allIgnored.push(partition.faults, partition.terminated, partition.unproven)
    disputedSectors.set(BigInt(index), activeSectors(partition))
    disputedPower = addPower(disputedPower, activePower(partition))
  }
  return {
    allSectors: unionOfBitFields(allSectors),
    ignoredSectors: unionOfBitFields(allIgnored),
    disputedSectors,
    disputedPower,
  }
}
