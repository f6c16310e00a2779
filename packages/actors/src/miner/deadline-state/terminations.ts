import {
  type BitIndex,
  type Blockstore,
  bitFieldOf,
  bitsOf,
  countBits,
  isEmptyBitField,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../../policy.ts'
import { requireState } from '../../runtime/actor-error.ts'
import { type Draft, draftOf } from '../../runtime/draft.ts'
import { popUntil } from '../bitfield-queue.ts'
import { type Deadline, DeadlineExpirations, Partitions } from '../deadline-state.ts'
import { addExpirationSets, EMPTY_EXPIRATION_SET } from '../expiration-queue/expiration-set.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { popEarlyTerminations, popExpiredSectors, terminateSectors } from '../partition-state/terminations.ts'
import { addPower, type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import type { PartitionSectorMap } from '../sector-map.ts'
import type { PowerTerms } from '../sector-power.ts'
import type { Sectors } from '../sectors.ts'
import { addTerminations, isBelowLimit, NO_TERMINATIONS, type TerminationResult } from '../termination.ts'
import { putPartition, requirePartition } from './partitions.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/deadline_state.rs`. */

/**
 * Terminates live sectors of several partitions and queues them, to be charged.
 *
 * Source: `terminate_sectors`.
 *
 * @returns the active power that was lost.
 * @throws {ActorError} `USR_NOT_FOUND` for a partition that there is not; `USR_ILLEGAL_ARGUMENT` for sectors that
 * are not live; `USR_ILLEGAL_STATE`
 */
export function terminateDeadlineSectors(
  store: Blockstore,
  policy: Policy,
  deadline: Draft<Deadline>,
  sectors: Sectors,
  epoch: ChainEpoch,
  declared: PartitionSectorMap,
  terms: PowerTerms,
  quant: QuantSpec,
): PowerPair {
  const partitions = Partitions.load(store, deadline.partitions)
  let powerLost = ZERO_POWER
  for (const [index, numbers] of declared) {
    const partition = requirePartition(partitions, index)
    const { removed, removedUnproven } = terminateSectors(
      store,
      policy,
      partition,
      sectors,
      epoch,
      numbers,
      terms,
      quant,
    )
    putPartition(partitions, index, partition)
    const count = countOf(removed)
    if (count > 0) {
      deadline.earlyTerminations = unionBitFields(deadline.earlyTerminations, bitFieldOf([Number(index)]))
      deadline.liveSectors -= count
    }
    const { activePower, faultyPower } = removed
    deadline.faultyPower = subtractPower(deadline.faultyPower, faultyPower)
    deadline.livePower = [activePower, faultyPower, removedUnproven].reduce(subtractPower, deadline.livePower)
    deadline.dailyFee -= removed.feeDeduction
    powerLost = addPower(powerLost, activePower)
  }
  deadline.partitions = partitions.flush()
  return powerLost
}

/**
 * Terminates what leaves by an epoch.
 *
 * Source: `pop_expired_sectors`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE`
 */
export function popDeadlineExpiredSectors(
  store: Blockstore,
  deadline: Draft<Deadline>,
  until: ChainEpoch,
  quant: QuantSpec,
): ExpirationSet {
  const expirations = DeadlineExpirations.load(store, deadline.expirationsEpochs)
  const expiredPartitions = popUntil({ amt: expirations, quant }, until)
  if (expiredPartitions === undefined) {
    return EMPTY_EXPIRATION_SET
  }
  deadline.expirationsEpochs = expirations.flush()
  const partitions = Partitions.load(store, deadline.partitions)
  const withEarlyTerminations: BitIndex[] = []
  let all = EMPTY_EXPIRATION_SET
  for (const index of bitsOf(expiredPartitions)) {
    const present = partitions.get(index)
    requireState(present !== undefined, () => `missing expected partition ${index}`)
    const partition = draftOf(present)
    const expired = popExpiredSectors(store, partition, until, quant)
    if (!isEmptyBitField(expired.earlySectors)) {
      withEarlyTerminations.push(index)
    }
    all = addExpirationSets(all, expired)
    putPartition(partitions, index, partition)
  }
  deadline.partitions = partitions.flush()
  deadline.earlyTerminations = unionBitFields(deadline.earlyTerminations, bitFieldOf(withEarlyTerminations))
  deadline.liveSectors -= countOf(all)
  deadline.faultyPower = subtractPower(deadline.faultyPower, all.faultyPower)
  deadline.livePower = subtractPower(subtractPower(deadline.livePower, all.faultyPower), all.activePower)
  deadline.dailyFee -= all.feeDeduction
  return all
}

/** Takes sectors that are to be charged out of the queues of the partitions. Source: `pop_early_terminations`. */
export function popDeadlineEarlyTerminations(
  store: Blockstore,
  deadline: Draft<Deadline>,
  maxPartitions: number,
  maxSectors: number,
): { readonly result: TerminationResult; readonly hasMore: boolean } {
  const partitions = Partitions.load(store, deadline.partitions)
  const finished: BitIndex[] = []
  let result = NO_TERMINATIONS
  for (const index of bitsOf(deadline.earlyTerminations)) {
    const present = partitions.get(index)
    if (present === undefined) {
      finished.push(index)
      continue
    }
    const partition = draftOf(present)
    const popped = popEarlyTerminations(store, partition, maxSectors - result.sectorsProcessed)
    result = addTerminations(result, popped.result)
    if (!popped.hasMore) {
      finished.push(index)
    }
    putPartition(partitions, index, partition)
    if (!isBelowLimit(result, maxPartitions, maxSectors)) {
      break
    }
  }
  deadline.earlyTerminations = subtractBitFields(deadline.earlyTerminations, bitFieldOf(finished))
  deadline.partitions = partitions.flush()
  return { result, hasMore: !isEmptyBitField(deadline.earlyTerminations) }
}

/** How many sectors a set has. Source: `ExpirationSet::len`. */
function countOf({ onTimeSectors, earlySectors }: ExpirationSet): number {
  return Number(countBits(onTimeSectors)) + Number(countBits(earlySectors))
}
