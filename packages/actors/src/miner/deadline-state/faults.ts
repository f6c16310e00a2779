import { type BitIndex, type Blockstore, isEmptyBitField } from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { Draft } from '../../runtime/draft.ts'
import { type Deadline, Partitions } from '../deadline-state.ts'
import { declareFaultsRecovered, recordFaults } from '../partition-state/faults.ts'
import { addPower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import type { PartitionSectorMap } from '../sector-map.ts'
import type { PowerTerms } from '../sector-power.ts'
import type { Sectors } from '../sectors.ts'
import { addExpirationPartitions, putPartition, requirePartition } from './partitions.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/deadline_state.rs`. */

/**
 * Records faults in several partitions.
 *
 * Source: `record_faults`.
 *
 * @returns what to add to the claim.
 * @throws {ActorError} `USR_NOT_FOUND` for a partition that there is not; `USR_ILLEGAL_ARGUMENT` for sectors of
 * another; `USR_ILLEGAL_STATE`
 */
export function recordDeadlineFaults(
  store: Blockstore,
  deadline: Draft<Deadline>,
  sectors: Sectors,
  declared: PartitionSectorMap,
  faultExpiration: ChainEpoch,
  terms: PowerTerms,
  quant: QuantSpec,
): PowerPair {
  const partitions = Partitions.load(store, deadline.partitions)
  const partitionsWithFaults: BitIndex[] = []
  let powerDelta = ZERO_POWER
  for (const [index, numbers] of declared) {
    const partition = requirePartition(partitions, index)
    const change = recordFaults(store, partition, sectors, numbers, faultExpiration, terms, quant)
    deadline.faultyPower = addPower(deadline.faultyPower, change.newFaultyPower)
    powerDelta = addPower(powerDelta, change.powerDelta)
    if (!isEmptyBitField(change.newFaults)) {
      partitionsWithFaults.push(Number(index))
    }
    putPartition(partitions, index, partition)
  }
  deadline.partitions = partitions.flush()
  addExpirationPartitions(store, deadline, faultExpiration, partitionsWithFaults, quant)
  return powerDelta
}

/** Source: `declare_faults_recovered`. @throws {ActorError} as {@link recordDeadlineFaults} does. */
export function declareDeadlineFaultsRecovered(
  store: Blockstore,
  deadline: Draft<Deadline>,
  sectors: Sectors,
  declared: PartitionSectorMap,
  terms: PowerTerms,
): void {
  const partitions = Partitions.load(store, deadline.partitions)
  for (const [index, numbers] of declared) {
    const partition = requirePartition(partitions, index)
    declareFaultsRecovered(partition, sectors, numbers, terms)
    putPartition(partitions, index, partition)
  }
  deadline.partitions = partitions.flush()
}
