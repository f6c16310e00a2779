import { type BitField, containsAllBits, containsAnyBits, unionBitFields } from '@plimsoll/ipld'
import { requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Partition } from '../partition-state.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/partition_state.rs`. */

/** What every change of a partition must leave true. Source: `validate_state`. @throws {ActorError} `USR_ILLEGAL_STATE` */
export function validatePartition(partition: Draft<Partition>): void {
  validatePower(partition)
  validateBitFields(partition)
}

/** Source: `validate_power_state`. */
function validatePower({ livePower, unprovenPower, faultyPower, recoveringPower }: Draft<Partition>): void {
  requireState(livePower.raw >= 0n && livePower.qa >= 0n, 'a partition with negative live power')
  requireState(unprovenPower.raw >= 0n && unprovenPower.qa >= 0n, 'a partition with negative unproven power')
  requireState(faultyPower.raw >= 0n && faultyPower.qa >= 0n, 'a partition with negative faulty power')
  requireState(
    recoveringPower.raw >= 0n && recoveringPower.qa >= 0n,
    'a partition with negative recovering power',
  )
  requireState(unprovenPower.raw <= livePower.raw, 'a partition with more unproven than live power')
  requireState(faultyPower.raw <= livePower.raw, 'a partition with more faulty than live power')
  requireState(
    recoveringPower.raw <= livePower.raw && recoveringPower.raw <= faultyPower.raw,
    'a partition with more recovering than faulty power',
  )
}

/** Source: `validate_bf_state`. */
function validateBitFields({ sectors, unproven, faults, recoveries, terminated }: Draft<Partition>): void {
  const unprovenOrFaulty = unionBitFields(unproven, faults)
  requireState(
    !containsAnyBits(terminated, unprovenOrFaulty),
    'a partition with terminated sectors in other sets',
  )
  requireState(
    containsAllBits(sectors, unionBitFields(unprovenOrFaulty, terminated)),
    'a partition with sectors that are not its own',
  )
  requireState(containsAllBits(faults, recoveries), 'a partition with recoveries that are no faults')
}

/** Source: `actors/miner/src/lib.rs`, `validate_partition_contains_sectors`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function requireSectorsInPartition({ sectors }: Draft<Partition>, numbers: BitField): void {
  requireParam(containsAllBits(sectors, numbers), 'not all sectors are assigned to the partition')
}
