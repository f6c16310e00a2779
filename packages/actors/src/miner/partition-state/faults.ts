import {
  type BitField,
  type Blockstore,
  containsAllBits,
  EMPTY_BIT_FIELD,
  intersectBitFields,
  isEmptyBitField,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { loadExpirationQueue } from '../expiration-queue/entries.ts'
import { rescheduleAllAsFaults, rescheduleAsFaults, rescheduleRecovered } from '../expiration-queue/faults.ts'
import { liveSectors, type Partition } from '../partition-state.ts'
import { addPower, negatePower, type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import { type SectorList, selectSectors } from '../sector-list.ts'
import { type PowerTerms, powerOfSectors } from '../sector-power.ts'
import { loadSectorFigures, type Sectors } from '../sectors.ts'
import { requireSectorsInPartition, validatePartition } from './validate.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/partition_state.rs`. */

/** What new faults change. */
export interface FaultChange {
  /** To be added to the claim; negative. Unproven sectors have never been in it. */
  readonly powerDelta: PowerPair
  readonly newFaultyPower: PowerPair
}

const NO_CHANGE: FaultChange = { powerDelta: ZERO_POWER, newFaultyPower: ZERO_POWER }

/**
 * Records declared faults. Sectors that were to recover no longer are; terminated and faulty ones are left alone.
 *
 * Source: `record_faults`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for sectors of another partition; `USR_NOT_FOUND`, `USR_ILLEGAL_STATE`
 */
export function recordFaults(
  store: Blockstore,
  partition: Draft<Partition>,
  sectors: Sectors,
  numbers: BitField,
  faultExpiration: ChainEpoch,
  terms: PowerTerms,
  quant: QuantSpec,
): FaultChange & { readonly newFaults: BitField } {
  requireSectorsInPartition(partition, numbers)
  const retracted = intersectBitFields(partition.recoveries, numbers)
  const newFaults = [retracted, partition.terminated, partition.faults].reduce(subtractBitFields, numbers)
  const newFaultSectors = loadSectorFigures(sectors, newFaults)
  const change =
    newFaultSectors.numbers.length === 0
      ? NO_CHANGE
      : addFaults(store, partition, newFaults, newFaultSectors, faultExpiration, terms, quant)
  const retractedSectors = loadSectorFigures(sectors, retracted)
  removeRecoveries(partition, retracted, powerOfSectors(terms, retractedSectors.kinds))
  validatePartition(partition)
  return { ...change, newFaults }
}

/** Source: `add_faults`. */
function addFaults(
  store: Blockstore,
  partition: Draft<Partition>,
  numbers: BitField,
  sectors: SectorList,
  faultExpiration: ChainEpoch,
  terms: PowerTerms,
  quant: QuantSpec,
): FaultChange {
  const queue = loadExpirationQueue(store, partition.expirationsEpochs, quant)
  const newFaultyPower = rescheduleAsFaults(queue, faultExpiration, sectors, terms)
  partition.expirationsEpochs = queue.amt.flush()
  partition.faults = unionBitFields(partition.faults, numbers)
  partition.faultyPower = addPower(partition.faultyPower, newFaultyPower)
  const unproven = intersectBitFields(numbers, partition.unproven)
  partition.unproven = subtractBitFields(partition.unproven, unproven)
  const lostUnproven = powerOfSectors(terms, selectSectors(sectors, unproven).kinds)
  partition.unprovenPower = subtractPower(partition.unprovenPower, lostUnproven)
  validatePartition(partition)
  return { powerDelta: addPower(negatePower(newFaultyPower), lostUnproven), newFaultyPower }
}

/** Source: `remove_recoveries`. */
function removeRecoveries(partition: Draft<Partition>, numbers: BitField, power: PowerPair): void {
  if (!isEmptyBitField(numbers)) {
    partition.recoveries = subtractBitFields(partition.recoveries, numbers)
    partition.recoveringPower = subtractPower(partition.recoveringPower, power)
  }
}

/**
 * Records sectors that a proof skips as faults.
 *
 * Source: `record_skipped_faults`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for sectors of another partition; `USR_NOT_FOUND`, `USR_ILLEGAL_STATE`
 */
export function recordSkippedFaults(
  store: Blockstore,
  partition: Draft<Partition>,
  sectors: Sectors,
  skipped: BitField,
  faultExpiration: ChainEpoch,
  terms: PowerTerms,
  quant: QuantSpec,
): FaultChange & { readonly hasNewFaults: boolean } {
  if (isEmptyBitField(skipped)) {
    return { ...NO_CHANGE, hasNewFaults: false }
  }
  requireParam(containsAllBits(partition.sectors, skipped), 'skipped faults are outside of the partition')
  const retracted = intersectBitFields(partition.recoveries, skipped)
  const retractedPower = powerOfSectors(terms, loadSectorFigures(sectors, retracted).kinds)
  const newFaults = subtractBitFields(subtractBitFields(skipped, partition.terminated), partition.faults)
  const newFaultSectors = loadSectorFigures(sectors, newFaults)
  const change = addFaults(store, partition, newFaults, newFaultSectors, faultExpiration, terms, quant)
  removeRecoveries(partition, retracted, retractedPower)
  validatePartition(partition)
  return { ...change, hasNewFaults: newFaultSectors.numbers.length > 0 }
}

/** Makes every sector faulty whose recovery was declared no more so. Source: `recover_faults`. @returns their power. */
export function recoverFaults(
  store: Blockstore,
  partition: Draft<Partition>,
  sectors: Sectors,
  terms: PowerTerms,
  quant: QuantSpec,
): PowerPair {
  const recovered = loadSectorFigures(sectors, partition.recoveries)
  const queue = loadExpirationQueue(store, partition.expirationsEpochs, quant)
  const power = rescheduleRecovered(queue, recovered, terms)
  partition.expirationsEpochs = queue.amt.flush()
  partition.faults = subtractBitFields(partition.faults, partition.recoveries)
  partition.recoveries = EMPTY_BIT_FIELD
  partition.faultyPower = subtractPower(partition.faultyPower, power)
  partition.recoveringPower = subtractPower(partition.recoveringPower, power)
  validatePartition(partition)
  return power
}

/** Declares that faults will be proven again. Source: `declare_faults_recovered`. @throws {ActorError} as {@link recordFaults} does. */
export function declareFaultsRecovered(
  partition: Draft<Partition>,
  sectors: Sectors,
  numbers: BitField,
  terms: PowerTerms,
): void {
  requireSectorsInPartition(partition, numbers)
  const recoveries = subtractBitFields(intersectBitFields(numbers, partition.faults), partition.recoveries)
  const power = powerOfSectors(terms, loadSectorFigures(sectors, recoveries).kinds)
  partition.recoveries = unionBitFields(partition.recoveries, recoveries)
  partition.recoveringPower = addPower(partition.recoveringPower, power)
  validatePartition(partition)
}

/** Makes everything faulty that was not proven. Source: `record_missed_post`. */
export function recordMissedPost(
  store: Blockstore,
  partition: Draft<Partition>,
  faultExpiration: ChainEpoch,
  quant: QuantSpec,
): FaultChange {
  const queue = loadExpirationQueue(store, partition.expirationsEpochs, quant)
  rescheduleAllAsFaults(queue, faultExpiration)
  partition.expirationsEpochs = queue.amt.flush()
  const newFaultyPower = subtractPower(partition.livePower, partition.faultyPower)
  const powerDelta = subtractPower(partition.unprovenPower, newFaultyPower)
  partition.faults = liveSectors(partition)
  partition.recoveries = EMPTY_BIT_FIELD
  partition.unproven = EMPTY_BIT_FIELD
  partition.faultyPower = partition.livePower
  partition.recoveringPower = ZERO_POWER
  partition.unprovenPower = ZERO_POWER
  validatePartition(partition)
  return { powerDelta, newFaultyPower }
}

/** Source: `activate_unproven`. @returns the power that became active. */
export function activateUnproven(partition: Draft<Partition>): PowerPair {
  const power = partition.unprovenPower
  partition.unproven = EMPTY_BIT_FIELD
  partition.unprovenPower = ZERO_POWER
  return power
}
