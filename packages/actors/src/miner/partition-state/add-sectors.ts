import {
  type Blockstore,
  containsAllBits,
  containsAnyBits,
  EMPTY_BIT_FIELD,
  subtractBitFields,
  unionBitFields,
} from '@plimsoll/ipld'
import type { AttoFil } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import { type Draft, draftOf } from '../../runtime/draft.ts'
import { loadExpirationQueue } from '../expiration-queue/entries.ts'
import { addActiveSectors, replaceInQueue } from '../expiration-queue/queue.ts'
import { PartitionExpirations } from '../expiration-queue.ts'
import { activeSectors, EarlyTerminated, type Partition } from '../partition-state.ts'
import { addPower, type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import { sectorList } from '../sector-list.ts'
import type { PowerTerms } from '../sector-power.ts'
import type { SectorFigures } from '../types.ts'
import { validatePartition } from './validate.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/partition_state.rs`. */

/** A partition without sectors. Source: `new`. */
export function newPartition(store: Blockstore): Draft<Partition> {
  return draftOf<Partition>({
    sectors: EMPTY_BIT_FIELD,
    unproven: EMPTY_BIT_FIELD,
    faults: EMPTY_BIT_FIELD,
    recoveries: EMPTY_BIT_FIELD,
    terminated: EMPTY_BIT_FIELD,
    expirationsEpochs: PartitionExpirations.empty(store).flush(),
    earlyTerminated: EarlyTerminated.empty(store).flush(),
    livePower: ZERO_POWER,
    unprovenPower: ZERO_POWER,
    faultyPower: ZERO_POWER,
    recoveringPower: ZERO_POWER,
  })
}

/**
 * Adds sectors, proven or not.
 *
 * Source: `add_sectors`.
 *
 * @returns their power and their daily fee.
 * @throws {ActorError} `USR_ILLEGAL_STATE`
 */
export function addSectorsToPartition(
  store: Blockstore,
  partition: Draft<Partition>,
  proven: boolean,
  sectors: readonly SectorFigures[],
  terms: PowerTerms,
  quant: QuantSpec,
): { readonly power: PowerPair; readonly dailyFee: AttoFil } {
  const queue = loadExpirationQueue(store, partition.expirationsEpochs, quant)
  const added = addActiveSectors(queue, sectors, terms)
  partition.expirationsEpochs = queue.amt.flush()
  requireState(!containsAnyBits(partition.sectors, added.sectors), 'not all added sectors are new')
  partition.sectors = unionBitFields(partition.sectors, added.sectors)
  partition.livePower = addPower(partition.livePower, added.power)
  if (!proven) {
    partition.unprovenPower = addPower(partition.unprovenPower, added.power)
    partition.unproven = unionBitFields(partition.unproven, added.sectors)
  }
  validatePartition(partition)
  return { power: added.power, dailyFee: added.dailyFee }
}

/** What changes of sectors change in sum. */
export interface SectorDeltas {
  readonly power: PowerPair
  readonly pledge: AttoFil
  readonly dailyFee: AttoFil
}

/**
 * Puts sectors in the place of others, which must be active.
 *
 * Source: `replace_sectors`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE`
 */
export function replaceSectors(
  store: Blockstore,
  partition: Draft<Partition>,
  oldSectors: readonly SectorFigures[],
  newSectors: readonly SectorFigures[],
  terms: PowerTerms,
  quant: QuantSpec,
): SectorDeltas {
  const queue = loadExpirationQueue(store, partition.expirationsEpochs, quant)
  const { removed, added } = replaceInQueue(queue, sectorList(oldSectors), newSectors, terms)
  partition.expirationsEpochs = queue.amt.flush()
  requireState(
    containsAllBits(activeSectors(partition), removed.sectors),
    'refusing to replace inactive sectors',
  )
  const power = subtractPower(added.power, removed.power)
  partition.sectors = unionBitFields(subtractBitFields(partition.sectors, removed.sectors), added.sectors)
  partition.livePower = addPower(partition.livePower, power)
  validatePartition(partition)
  return { power, pledge: added.pledge - removed.pledge, dailyFee: added.dailyFee - removed.dailyFee }
}
