import { type BitField, countBits, hasBit, subtractBitFields, unionBitFields } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../../policy.ts'
import { requireState } from '../../runtime/actor-error.ts'
import { dailyFeeOfAlike, initialPledgeOfAlike } from '../alike-sectors.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { addPower, type PowerPair, subtractPower } from '../power-pair.ts'
import { filterSectors, type SectorList } from '../sector-list.ts'
import { type PowerTerms, powerOfAlike, powerOfSectors } from '../sector-power.ts'
import { type ExpirationQueue, updateOrDelete } from './entries.ts'
import { EMPTY_EXPIRATION_SET, validExpirationSet } from './expiration-set.ts'
import { removeActiveSectors } from './queue.ts'
import { type FoundSectors, type SoughtSectors, soughtSectors, takeSought } from './sought-sectors.ts'

/** The most sectors of one entry that are looked at. Source: builtin-actors v18, `actors/miner/src/expiration_queue.rs`. */
const ENTRY_SECTORS_MAX = 10_000

/**
 * Takes sectors out of the queue, active and faulty ones.
 *
 * Source: the same file, `remove_sectors`. Where it goes over an entry it has looked at every sector of it; ours
 * looks for the faulty ones.
 *
 * @returns what they took with them, and the power of the recovering ones.
 * @throws {ActorError} `USR_ILLEGAL_STATE` when one is not in the queue, or sets are too large to be looked at.
 */
export function removeSectors(
  queue: ExpirationQueue,
  policy: Policy,
  sectors: SectorList,
  faults: BitField,
  recovering: BitField,
  terms: PowerTerms,
): { readonly removed: ExpirationSet; readonly recoveringPower: PowerPair } {
  requireState(countBits(faults) <= policy.addressedSectorsMax, 'too many faults to look at')
  requireState(countBits(recovering) <= policy.addressedSectorsMax, 'too many recoveries to look at')
  const isFaulty = (number: number) => hasBit(faults, number)
  const active = removeActiveSectors(
    queue,
    filterSectors(sectors, (number) => !isFaulty(number)),
    terms,
  )
  const sought = soughtSectors(filterSectors(sectors, isFaulty))
  let removed: ExpirationSet = {
    ...EMPTY_EXPIRATION_SET,
    onTimeSectors: active.sectors,
    activePower: active.power,
    onTimePledge: active.pledge,
    feeDeduction: active.dailyFee,
  }
  const changed: (readonly [ChainEpoch, ExpirationSet])[] = []
  for (const [epoch, set] of queue.amt.entries()) {
    requireState(countBits(set.onTimeSectors) <= ENTRY_SECTORS_MAX, 'too many on-time sectors to look at')
    requireState(countBits(set.earlySectors) <= ENTRY_SECTORS_MAX, 'too many early sectors to look at')
    const found = takeFaulty(sought, set, terms)
    if (found.onTime.counted.length + found.early.counted.length > 0) {
      changed.push([epoch, validExpirationSet(without(set, found))])
      removed = together(removed, found)
    }
    if (sought.left === 0) {
      break
    }
  }
  requireState(sought.left === 0, 'sectors are not in the expiration queue')
  for (const [epoch, set] of changed) {
    updateOrDelete(queue, epoch, set)
  }
  const recovered = filterSectors(sought, (number) => hasBit(recovering, number))
  return { removed, recoveringPower: powerOfSectors(terms, recovered.kinds) }
}

/** Faulty sectors of one entry, with their sums. */
interface FoundFaults {
  readonly onTime: FoundSectors
  readonly early: FoundSectors
  readonly power: PowerPair
  readonly onTimePledge: AttoFil
  readonly dailyFee: AttoFil
}

function takeFaulty(sought: SoughtSectors, set: ExpirationSet, terms: PowerTerms): FoundFaults {
  const onTime = takeSought(sought, set.onTimeSectors)
  const early = takeSought(sought, set.earlySectors)
  const counted = [...onTime.counted, ...early.counted]
  return {
    onTime,
    early,
    power: powerOfAlike(terms, counted),
    onTimePledge: initialPledgeOfAlike(onTime.counted),
    dailyFee: dailyFeeOfAlike(counted),
  }
}

function without(set: ExpirationSet, found: FoundFaults): ExpirationSet {
  return {
    ...set,
    onTimeSectors: subtractBitFields(set.onTimeSectors, found.onTime.sectors),
    earlySectors: subtractBitFields(set.earlySectors, found.early.sectors),
    onTimePledge: set.onTimePledge - found.onTimePledge,
    faultyPower: subtractPower(set.faultyPower, found.power),
    feeDeduction: set.feeDeduction - found.dailyFee,
  }
}

function together(removed: ExpirationSet, found: FoundFaults): ExpirationSet {
  return {
    ...removed,
    onTimeSectors: unionBitFields(removed.onTimeSectors, found.onTime.sectors),
    earlySectors: unionBitFields(removed.earlySectors, found.early.sectors),
    onTimePledge: removed.onTimePledge + found.onTimePledge,
    faultyPower: addPower(removed.faultyPower, found.power),
    feeDeduction: removed.feeDeduction + found.dailyFee,
  }
}
