import {
  type Amt,
  type BitIndex,
  type Blockstore,
  EMPTY_BIT_FIELD,
  hasBit,
  isEmptyBitField,
  isSameLink,
  type Link,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import { type Draft, draftOf } from '../../runtime/draft.ts'
import { type Deadline, OptimisticPoStSubmissions, Partitions } from '../deadline-state.ts'
import { recordMissedPost } from '../partition-state/faults.ts'
import { addPower, equalPower, isZeroPower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import { Sectors } from '../sectors.ts'
import type { SectorOnChainInfo } from '../types.ts'
import { addExpirationPartitions, putPartition } from './partitions.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/deadline_state.rs`. */

/** Whether the end of a deadline has anything to do. Source: `is_live`. */
export function isLiveDeadline(deadline: Draft<Deadline>): boolean {
  return (
    deadline.liveSectors > 0 ||
    !isEmptyBitField(deadline.partitionsPosted) ||
    !isSameLink(deadline.partitions, deadline.partitionsSnapshot) ||
    !isSameLink(deadline.optimisticPostSubmissions, deadline.optimisticPostSubmissionsSnapshot)
  )
}

/**
 * Ends a window: partitions that were not proven become faulty, and what was accepted unseen is put aside to be
 * disputed.
 *
 * Source: `process_deadline_end`.
 *
 * @returns what to add to the claim.
 * @throws {ActorError} `USR_ILLEGAL_STATE`
 */
export function processDeadlineEnd(
  store: Blockstore,
  deadline: Draft<Deadline>,
  sectors: Link<Amt<SectorOnChainInfo>>,
  faultExpiration: ChainEpoch,
  quant: QuantSpec,
): PowerPair {
  const powerDelta = detectFaults(store, deadline, faultExpiration, quant)
  const noSubmissions = OptimisticPoStSubmissions.empty(store).flush()
  const hasSubmissions = !isSameLink(noSubmissions, deadline.optimisticPostSubmissions)
  deadline.partitionsPosted = EMPTY_BIT_FIELD
  deadline.partitionsSnapshot = deadline.partitions
  deadline.optimisticPostSubmissionsSnapshot = deadline.optimisticPostSubmissions
  deadline.optimisticPostSubmissions = noSubmissions
  deadline.sectorsSnapshot = hasSubmissions ? sectors : Sectors.empty(store).flush()
  return powerDelta
}

function detectFaults(
  store: Blockstore,
  deadline: Draft<Deadline>,
  faultExpiration: ChainEpoch,
  quant: QuantSpec,
): PowerPair {
  const partitions = Partitions.load(store, deadline.partitions)
  const rescheduled: BitIndex[] = []
  let powerDelta = ZERO_POWER
  for (let index = 0; index < partitions.count; index++) {
    if (hasBit(deadline.partitionsPosted, index)) {
      continue
    }
    const present = partitions.get(index)
    requireState(present !== undefined, () => `no partition ${index}`)
    if (isZeroPower(present.recoveringPower) && equalPower(present.faultyPower, present.livePower)) {
      continue
    }
    const partition = draftOf(present)
    const change = recordMissedPost(store, partition, faultExpiration, quant)
    if (!isZeroPower(change.newFaultyPower)) {
      rescheduled.push(index)
    }
    putPartition(partitions, index, partition)
    deadline.faultyPower = addPower(deadline.faultyPower, change.newFaultyPower)
    powerDelta = addPower(powerDelta, change.powerDelta)
  }
  deadline.partitions = partitions.flush()
  addExpirationPartitions(store, deadline, faultExpiration, rescheduled, quant)
  return powerDelta
}
