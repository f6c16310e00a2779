import {
  type BitField,
  isEmptyBitField,
  subtractBitFields,
  unionBitFields,
  unionOfBitFields,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import { dailyFeeOfAlike } from '../alike-sectors.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { addPower, type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import { quantizeUp } from '../quantize.ts'
import { figuresOf, type SectorList, selectSectors } from '../sector-list.ts'
import { type PowerTerms, powerOfAlike } from '../sector-power.ts'
import { addToSet, type ExpirationQueue, updateOrDelete } from './entries.ts'
import { EMPTY_EXPIRATION_SET, validExpirationSet } from './expiration-set.ts'
import { findSectorsByExpiration } from './grouping.ts'
import { addActiveSectors } from './queue.ts'
import { type FoundSectors, soughtSectors, takeSought } from './sought-sectors.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`. */

/**
 * Makes active sectors faulty. Those that would leave later than faults may last leave early then; the others stay
 * where they are, with their pledge.
 *
 * Source: `reschedule_as_faults`.
 *
 * @returns the power that became faulty.
 * @throws {ActorError} `USR_ILLEGAL_STATE`
 */
export function rescheduleAsFaults(
  queue: ExpirationQueue,
  newExpiration: ChainEpoch,
  sectors: SectorList,
  terms: PowerTerms,
): PowerPair {
  const lastEpoch = quantizeUp(queue.quant, newExpiration)
  const moved: BitField[] = []
  let [movedPower, stayingPower, movedFee] = [ZERO_POWER, ZERO_POWER, 0n]
  for (const { group, set } of findSectorsByExpiration(queue, terms, sectors)) {
    const activePower = subtractPower(set.activePower, group.power)
    if (group.epoch <= lastEpoch) {
      stayingPower = addPower(stayingPower, group.power)
      const faultyPower = addPower(set.faultyPower, group.power)
      updateOrDelete(queue, group.epoch, validExpirationSet({ ...set, activePower, faultyPower }))
      continue
    }
    moved.push(group.sectors)
    movedPower = addPower(movedPower, group.power)
    movedFee += group.dailyFee
    const changed = {
      ...set,
      onTimeSectors: subtractBitFields(set.onTimeSectors, group.sectors),
      onTimePledge: set.onTimePledge - group.pledge,
      activePower,
      feeDeduction: set.feeDeduction - group.dailyFee,
    }
    updateOrDelete(queue, group.epoch, validExpirationSet(changed))
  }
  if (moved.length > 0) {
    const earlySectors = unionOfBitFields(moved)
    addToSet(queue, newExpiration, {
      ...EMPTY_EXPIRATION_SET,
      earlySectors,
      faultyPower: movedPower,
      feeDeduction: movedFee,
    })
  }
  return addPower(movedPower, stayingPower)
}

/**
 * Makes every sector of the queue faulty.
 *
 * Source: `reschedule_all_as_faults`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` when faults would last longer than faults may.
 */
export function rescheduleAllAsFaults(queue: ExpirationQueue, faultExpiration: ChainEpoch): void {
  const lastEpoch = quantizeUp(queue.quant, faultExpiration)
  const movedEpochs: ChainEpoch[] = []
  let moved = EMPTY_EXPIRATION_SET
  for (const [epoch, set] of [...queue.amt.entries()]) {
    const allFaulty = addPower(set.faultyPower, set.activePower)
    if (epoch <= lastEpoch) {
      queue.amt.set(epoch, validExpirationSet({ ...set, faultyPower: allFaulty, activePower: ZERO_POWER }))
      continue
    }
    requireState(isEmptyBitField(set.earlySectors), 'faults are in the queue for later than faults may last')
    movedEpochs.push(epoch)
    moved = {
      ...moved,
      earlySectors: unionBitFields(moved.earlySectors, set.onTimeSectors),
      faultyPower: addPower(moved.faultyPower, allFaulty),
      feeDeduction: moved.feeDeduction + set.feeDeduction,
    }
  }
  if (movedEpochs.length > 0) {
    addToSet(queue, faultExpiration, moved)
    for (const epoch of movedEpochs) {
      queue.amt.delete(epoch)
    }
  }
}

/**
 * Makes faulty sectors active again. Those that would have left early return to the epoch that they promised.
 *
 * Source: `reschedule_recovered`.
 *
 * @returns the power that recovered.
 * @throws {ActorError} `USR_ILLEGAL_STATE` when one is not in the queue.
 */
export function rescheduleRecovered(
  queue: ExpirationQueue,
  sectors: SectorList,
  terms: PowerTerms,
): PowerPair {
  const sought = soughtSectors(sectors)
  const returning: BitField[] = []
  const changed: (readonly [ChainEpoch, ExpirationSet])[] = []
  let recoveredPower = ZERO_POWER
  for (const [epoch, set] of queue.amt.entries()) {
    const staying = takeSought(sought, set.onTimeSectors)
    const leaving = takeSought(sought, set.earlySectors)
    returning.push(leaving.sectors)
    const power = powerOfAlike(terms, [...staying.counted, ...leaving.counted])
    recoveredPower = addPower(recoveredPower, power)
    if (staying.counted.length + leaving.counted.length > 0) {
      changed.push([epoch, validExpirationSet(recoveredSet(set, power, staying, leaving, terms))])
    }
    if (sought.left === 0) {
      break
    }
  }
  requireState(sought.left === 0, 'recovered sectors are not in the expiration queue')
  for (const [epoch, set] of changed) {
    updateOrDelete(queue, epoch, set)
  }
  addActiveSectors(queue, figuresOf(selectSectors(sectors, unionOfBitFields(returning))), terms)
  return recoveredPower
}

/** A set after some of its sectors recovered; those that leave it take no pledge, which faults do not have there. */
function recoveredSet(
  set: ExpirationSet,
  power: PowerPair,
  staying: FoundSectors,
  leaving: FoundSectors,
  terms: PowerTerms,
): ExpirationSet {
  return {
    ...set,
    activePower: addPower(set.activePower, powerOfAlike(terms, staying.counted)),
    faultyPower: subtractPower(set.faultyPower, power),
    feeDeduction: set.feeDeduction - dailyFeeOfAlike(leaving.counted),
    earlySectors: subtractBitFields(set.earlySectors, leaving.sectors),
  }
}
