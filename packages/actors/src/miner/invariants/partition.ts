import { type BitField, EMPTY_BIT_FIELD, intersectBitFields, unionBitFields, within } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { Findings } from '../../invariants/findings.ts'
import { reportedMembers, requireContainsAll, requireContainsNone } from '../../invariants/members.ts'
import type { Miner } from '../load-miner.ts'
import {
  activePower,
  activeSectors,
  EarlyTerminated,
  liveSectors,
  type Partition,
} from '../partition-state.ts'
import { dailyFeeForSectors } from '../policy.ts'
import { type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import type { QuantSpec } from '../quantize.ts'
import { type PowerTerms, powerOfSectors } from '../sector-power.ts'
import { checkExpirationQueue, requireAmount, requireNoneMissing, requirePower } from './expiration-queue.ts'
import { type SectorSet, selectSectors } from './sector-set.ts'

/** What every partition of a deadline is checked against. */
export interface PartitionContext {
  readonly miner: Miner
  readonly quant: QuantSpec
  readonly terms: PowerTerms
  readonly sectors: SectorSet
}

export interface PartitionSummary {
  readonly partition: Partition
  readonly live: BitField
  readonly livePower: PowerPair
  readonly activePower: PowerPair
  readonly dailyFee: AttoFil
  readonly expirationEpochs: readonly ChainEpoch[]
  /** Sectors that were terminated early and are not charged yet. */
  readonly queued: BitField
}

/** Source: builtin-actors v18, `actors/miner/src/testing.rs`, `check_partition_state_invariants`. */
export function checkPartition(
  partition: Partition,
  context: PartitionContext,
  findings: Findings,
): PartitionSummary {
  const live = liveSectors(partition)
  checkSets(partition, live, findings)
  const powers = checkPowers(partition, live, context, findings)
  const liveSelected = selectSectors(context.sectors, live).selected
  const { miner } = context
  const queue = within('expirationsEpochs', () =>
    checkExpirationQueue(
      miner.layout.partitionExpirations.load(miner.store, partition.expirationsEpochs).entries(),
      { ...context, liveSectors: liveSelected, faults: partition.faults },
      findings.under('expirationsEpochs'),
    ),
  )
  requireContainsAll(findings, 'partition/live-not-expiring', queue.sectors, live)
  requireContainsAll(findings, 'partition/expiring-not-live', live, queue.sectors)
  requireAmount(findings, 'partition/fee-deduction', queue.feeDeduction, powers.dailyFee)
  return {
    partition,
    live,
    livePower: powers.live,
    activePower: powers.active,
    dailyFee: powers.dailyFee,
    expirationEpochs: queue.epochs,
    queued: checkEarlyTerminations(partition, miner, findings),
  }
}

function checkSets(partition: Partition, live: BitField, findings: Findings): void {
  const { sectors, unproven, faults, recoveries, terminated } = partition
  const active = activeSectors(partition)
  requireContainsAll(findings, 'partition/active-not-live', live, active)
  requireContainsAll(findings, 'partition/faults-not-live', live, faults)
  requireContainsAll(findings, 'partition/unproven-not-live', live, unproven)
  requireContainsNone(findings, 'partition/active-and-faulty', active, faults)
  requireContainsNone(findings, 'partition/active-and-unproven', active, unproven)
  requireContainsAll(findings, 'partition/recoveries-not-faulty', faults, recoveries)
  requireContainsNone(findings, 'partition/live-and-terminated', live, terminated)
  requireContainsNone(findings, 'partition/faulty-and-unproven', faults, unproven)
  requireContainsAll(findings, 'partition/terminated-not-in-partition', sectors, terminated)
}

/** Compares the stored powers with those of the sectors; where sectors are missing there is nothing to compare. */
function checkPowers(partition: Partition, live: BitField, context: PartitionContext, findings: Findings) {
  const livePower = checkPower('live', live, partition.livePower, context, findings)
  const unproven = checkPower('unproven', partition.unproven, partition.unprovenPower, context, findings)
  const faulty = checkPower('faulty', partition.faults, partition.faultyPower, context, findings)
  checkPower('recovering', partition.recoveries, partition.recoveringPower, context, findings)
  const active = subtractPower(subtractPower(livePower, faulty), unproven)
  requirePower(findings, 'partition/active-power', activePower(partition), active)
  const { selected, missing } = selectSectors(context.sectors, live)
  const dailyFee = missing.boundaries.length > 0 ? 0n : dailyFeeForSectors(selected.byNumber.values())
  return { live: livePower, active, dailyFee }
}

function checkPower(
  name: string,
  members: BitField,
  stored: PowerPair,
  { sectors, terms }: PartitionContext,
  findings: Findings,
): PowerPair {
  const { selected, missing } = selectSectors(sectors, members)
  requireNoneMissing(findings, `partition/${name}-without-info`, missing)
  if (missing.boundaries.length > 0) {
    return ZERO_POWER
  }
  const computed = powerOfSectors(terms, [...selected.byNumber.values()])
  requirePower(findings, `partition/${name}-power`, stored, computed)
  return computed
}

/** Source: the same file, `check_early_termination_queue`. Returns the sectors in the queue. */
function checkEarlyTerminations(partition: Partition, miner: Miner, findings: Findings): BitField {
  let queued = EMPTY_BIT_FIELD
  const queue = within('earlyTerminated', () => [
    ...EarlyTerminated.load(miner.store, partition.earlyTerminated).entries(),
  ])
  for (const [epoch, sectors] of queue) {
    for (const sector of reportedMembers(intersectBitFields(queued, sectors))) {
      findings.under('earlyTerminated', epoch).add('partition/early-termination-twice', `sector ${sector}`)
    }
    queued = unionBitFields(queued, sectors)
  }
  requireContainsAll(findings, 'partition/early-termination-not-terminated', partition.terminated, queued)
  return queued
}
