import { unionOfBitFields } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { addPower, ZERO_POWER } from '../power-pair.ts'
import type { SectorList } from '../sector-list.ts'
import type { PowerTerms } from '../sector-power.ts'
import type { SectorFigures } from '../types.ts'
import { addToSet, type ExpirationQueue, updateOrDelete } from './entries.ts'
import {
  addExpirationSets,
  EMPTY_EXPIRATION_SET,
  type OnTimeSectors,
  removeOnTimeSectors,
} from './expiration-set.ts'
import { findSectorsByExpiration, groupNewSectorsByDeclaredExpiration } from './grouping.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/expiration_queue.rs`. */

/** Adds active sectors, which leave when they promised. Source: `add_active_sectors`. */
export function addActiveSectors(
  queue: ExpirationQueue,
  sectors: Iterable<SectorFigures>,
  terms: PowerTerms,
): OnTimeSectors {
  const groups = groupNewSectorsByDeclaredExpiration(terms, sectors, queue.quant)
  for (const group of groups) {
    addToSet(queue, group.epoch, onTime(group))
  }
  return sumOfOnTime(groups)
}

/** Moves active sectors to another epoch. Source: `reschedule_expirations`. */
export function rescheduleExpirations(
  queue: ExpirationQueue,
  newExpiration: ChainEpoch,
  sectors: SectorList,
  terms: PowerTerms,
): void {
  if (sectors.numbers.length > 0) {
    addToSet(queue, newExpiration, onTime(removeActiveSectors(queue, sectors, terms)))
  }
}

/** Takes active sectors out and puts them back as they are now. Source: `replace_sectors`. */
export function replaceInQueue(
  queue: ExpirationQueue,
  oldSectors: SectorList,
  newSectors: readonly SectorFigures[],
  terms: PowerTerms,
): { readonly removed: OnTimeSectors; readonly added: OnTimeSectors } {
  const removed = removeActiveSectors(queue, oldSectors, terms)
  const added = addActiveSectors(queue, newSectors, terms)
  return { removed, added }
}

/** Source: `remove_active_sectors`. @throws {ActorError} `USR_ILLEGAL_STATE` for a sector that is not in the queue as such. */
export function removeActiveSectors(
  queue: ExpirationQueue,
  sectors: SectorList,
  terms: PowerTerms,
): OnTimeSectors {
  const found = findSectorsByExpiration(queue, terms, sectors)
  for (const { group } of found) {
    const present = queue.amt.get(group.epoch)
    requireState(present !== undefined, 'no expiration set where sectors were found')
    updateOrDelete(queue, group.epoch, removeOnTimeSectors(present, group))
  }
  return sumOfOnTime(found.map(({ group }) => group))
}

/** Takes out everything that leaves by an epoch. Source: `pop_until`. */
export function popExpired(queue: ExpirationQueue, until: ChainEpoch): ExpirationSet {
  const epochs: ChainEpoch[] = []
  let popped = EMPTY_EXPIRATION_SET
  for (const [epoch, set] of queue.amt.entries()) {
    if (epoch > until) {
      break
    }
    epochs.push(epoch)
    popped = addExpirationSets(popped, set)
  }
  for (const epoch of epochs) {
    queue.amt.delete(epoch)
  }
  return popped
}

function onTime({ sectors, power, pledge, dailyFee }: OnTimeSectors): ExpirationSet {
  return {
    ...EMPTY_EXPIRATION_SET,
    onTimeSectors: sectors,
    onTimePledge: pledge,
    activePower: power,
    feeDeduction: dailyFee,
  }
}

function sumOfOnTime(groups: readonly OnTimeSectors[]): OnTimeSectors {
  let [power, pledge, dailyFee] = [ZERO_POWER, 0n, 0n]
  for (const group of groups) {
    power = addPower(power, group.power)
    pledge += group.pledge
    dailyFee += group.dailyFee
  }
  return { sectors: unionOfBitFields(groups.map(({ sectors }) => sectors)), power, pledge, dailyFee }
}
