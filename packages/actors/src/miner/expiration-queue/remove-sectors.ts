import { type BitField, countBits, hasBit, subtractBitFields, unionBitFields } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../../policy.ts'
import { requireState } from '../../runtime/actor-error.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { dailyFeeForSectors } from '../policy.ts'
import { addPower, type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import { type PowerTerms, powerOfSectors } from '../sector-power.ts'
import { numbersOf } from '../sectors.ts'
import type { SectorFigures } from '../types.ts'
import { type ExpirationQueue, updateOrDelete } from './entries.ts'
import { EMPTY_EXPIRATION_SET, validExpirationSet } from './expiration-set.ts'
import { removeActiveSectors } from './queue.ts'
import { type SoughtSectors, soughtSectors, takeSought } from './sought-sectors.ts'

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
  sectors: readonly SectorFigures[],
  faults: BitField,
  recovering: BitField,
  terms: PowerTerms,
): { readonly removed: ExpirationSet; readonly recoveringPower: PowerPair } {
  requireState(countBits(faults) <= policy.addressedSectorsMax, 'too many faults to look at')
  requireState(countBits(recovering) <= policy.addressedSectorsMax, 'too many recoveries to look at')
  const isFaulty = ({ sectorNumber }: SectorFigures) => hasBit(faults, sectorNumber)
  const active = removeActiveSectors(
    queue,
    sectors.filter((sector) => !isFaulty(sector)),
    terms,
  )
  const sought = soughtSectors(sectors.filter(isFaulty))
  let removed: ExpirationSet = {
    ...EMPTY_EXPIRATION_SET,
    onTimeSectors: active.sectors,
    activePower: active.power,
    onTimePledge: active.pledge,
    feeDeduction: active.dailyFee,
  }
  let recoveringPower = ZERO_POWER
  const changed: (readonly [ChainEpoch, ExpirationSet])[] = []
  for (const [epoch, set] of queue.amt.entries()) {
    requireState(countBits(set.onTimeSectors) <= ENTRY_SECTORS_MAX, 'too many on-time sectors to look at')
    requireState(countBits(set.earlySectors) <= ENTRY_SECTORS_MAX, 'too many early sectors to look at')
    const found = takeFaulty(sought, set, recovering, terms)
    if (found.onTime.length + found.early.length > 0) {
      changed.push([epoch, validExpirationSet(without(set, found))])
      removed = together(removed, found)
      recoveringPower = addPower(recoveringPower, found.recoveringPower)
    }
    if (sought.left === 0) {
      break
    }
  }
  requireState(sought.left === 0, 'sectors are not in the expiration queue')
  for (const [epoch, set] of changed) {
    updateOrDelete(queue, epoch, set)
  }
  return { removed, recoveringPower }
}

/** Faulty sectors of one entry, with their sums. */
interface FoundFaults {
  readonly onTime: readonly SectorFigures[]
  readonly early: readonly SectorFigures[]
  readonly power: PowerPair
  readonly recoveringPower: PowerPair
  readonly onTimePledge: AttoFil
  readonly dailyFee: AttoFil
}

function takeFaulty(
  sought: SoughtSectors,
  set: ExpirationSet,
  recovering: BitField,
  terms: PowerTerms,
): FoundFaults {
  const onTime = takeSought(sought, set.onTimeSectors)
  const early = takeSought(sought, set.earlySectors)
  const found = [...onTime, ...early]
  const isRecovering = ({ sectorNumber }: SectorFigures) => hasBit(recovering, sectorNumber)
  return {
    onTime,
    early,
    power: powerOfSectors(terms, found),
    recoveringPower: powerOfSectors(terms, found.filter(isRecovering)),
    onTimePledge: onTime.reduce((sum, { initialPledge }) => sum + initialPledge, 0n),
    dailyFee: dailyFeeForSectors(found),
  }
}

function without(set: ExpirationSet, found: FoundFaults): ExpirationSet {
  return {
    ...set,
    onTimeSectors: subtractBitFields(set.onTimeSectors, numbersOf(found.onTime)),
    earlySectors: subtractBitFields(set.earlySectors, numbersOf(found.early)),
    onTimePledge: set.onTimePledge - found.onTimePledge,
    faultyPower: subtractPower(set.faultyPower, found.power),
    feeDeduction: set.feeDeduction - found.dailyFee,
  }
}

function together(removed: ExpirationSet, found: FoundFaults): ExpirationSet {
  return {
    ...removed,
    onTimeSectors: unionBitFields(removed.onTimeSectors, numbersOf(found.onTime)),
    earlySectors: unionBitFields(removed.earlySectors, numbersOf(found.early)),
    onTimePledge: removed.onTimePledge + found.onTimePledge,
    faultyPower: addPower(removed.faultyPower, found.power),
    feeDeduction: removed.feeDeduction + found.dailyFee,
  }
}
