import {
  type BitField,
  containsAllBits,
  EMPTY_BIT_FIELD,
  isEmptyBitField,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import type { AttoFil } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { addPower, type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`, `ExpirationSet`. */

export const EMPTY_EXPIRATION_SET: ExpirationSet = {
  onTimeSectors: EMPTY_BIT_FIELD,
  earlySectors: EMPTY_BIT_FIELD,
  onTimePledge: 0n,
  activePower: ZERO_POWER,
  faultyPower: ZERO_POWER,
  feeDeduction: 0n,
}

/** Source: `is_empty`. */
export function isEmptyExpirationSet(set: ExpirationSet): boolean {
  return isEmptyBitField(set.onTimeSectors) && isEmptyBitField(set.earlySectors)
}

/** Both sets together. Source: `add`. @throws {ActorError} `USR_ILLEGAL_STATE` when anything is negative. */
export function addExpirationSets(a: ExpirationSet, b: ExpirationSet): ExpirationSet {
  return validExpirationSet({
    onTimeSectors: unionBitFields(a.onTimeSectors, b.onTimeSectors),
    earlySectors: unionBitFields(a.earlySectors, b.earlySectors),
    onTimePledge: a.onTimePledge + b.onTimePledge,
    activePower: addPower(a.activePower, b.activePower),
    faultyPower: addPower(a.faultyPower, b.faultyPower),
    feeDeduction: a.feeDeduction + b.feeDeduction,
  })
}

/** What active sectors that expire on time bring with them. */
export interface OnTimeSectors {
  readonly sectors: BitField
  readonly power: PowerPair
  readonly pledge: AttoFil
  readonly dailyFee: AttoFil
}

/** The set without some of its active on-time sectors. Source: `remove`. @throws {ActorError} `USR_ILLEGAL_STATE` */
export function removeOnTimeSectors(set: ExpirationSet, removed: OnTimeSectors): ExpirationSet {
  requireState(
    containsAllBits(set.onTimeSectors, removed.sectors),
    'removing on-time sectors that are not there',
  )
  return validExpirationSet({
    ...set,
    onTimeSectors: subtractBitFields(set.onTimeSectors, removed.sectors),
    onTimePledge: set.onTimePledge - removed.pledge,
    activePower: subtractPower(set.activePower, removed.power),
    feeDeduction: set.feeDeduction - removed.dailyFee,
  })
}

/** Source: `validate_state`. @throws {ActorError} `USR_ILLEGAL_STATE` when anything is negative. */
export function validExpirationSet(set: ExpirationSet): ExpirationSet {
  const { onTimePledge, activePower, faultyPower, feeDeduction } = set
  requireState(onTimePledge >= 0n, 'an expiration set with negative pledge')
  requireState(activePower.raw >= 0n && activePower.qa >= 0n, 'an expiration set with negative active power')
  requireState(faultyPower.raw >= 0n && faultyPower.qa >= 0n, 'an expiration set with negative faulty power')
  requireState(feeDeduction >= 0n, 'an expiration set with a negative fee deduction')
  return set
}
