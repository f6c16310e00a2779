import {
  type Amt,
  type BitField,
  bitFieldOf,
  containsAnyBits,
  countBits,
  EMPTY_BIT_FIELD,
  hasBit,
  isEmptyBitField,
  lastBit,
  unionOfBitFields,
  within,
} from '@plimsoll/ipld'
import type { ChainEpoch } from '@plimsoll/primitives'
import type { Findings } from '../../invariants/findings.ts'
import { formatMembers, reportedMembers, requireContainsAll } from '../../invariants/members.ts'
import {
  type AnyDeadline,
  DeadlineExpirations,
  OptimisticPoStSubmissions,
  Partitions,
} from '../deadline-state.ts'
import type { Miner } from '../load-miner.ts'
import type { Partition } from '../partition-state.ts'
import { addPower, equalPower, type PowerPair, ZERO_POWER } from '../power-pair.ts'
import { requireAmount, requirePower } from './expiration-queue.ts'
import { checkPartition, type PartitionContext, type PartitionSummary } from './partition.ts'

export interface DeadlineSummary {
  readonly activePower: PowerPair
  readonly live: BitField
  readonly queued: BitField
  readonly hasEarlyTerminations: boolean
}

/** Source: builtin-actors v18, `actors/miner/src/testing.rs`, `check_deadline_state_invariants`. */
export function checkDeadline(
  deadline: AnyDeadline,
  context: PartitionContext,
  findings: Findings,
): DeadlineSummary {
  const { store } = context.miner
  const partitions = checkPartitions(deadline, context, findings)
  checkPosted(deadline, partitions.length, findings)
  within('partitionsSnapshot', () => checkSnapshot(deadline, context.miner, findings))
  checkTotals(deadline, partitions, findings)
  within('expirationsEpochs', () => {
    const queue = DeadlineExpirations.load(store, deadline.expirationsEpochs)
    checkExpirations(queue, partitions, findings.under('expirationsEpochs'))
  })
  const withQueue = bitFieldOf(
    partitions.flatMap(({ queued }, index) => (isEmptyBitField(queued) ? [] : [index])),
  )
  requireContainsAll(
    findings,
    'deadline/early-terminations-superfluous',
    withQueue,
    deadline.earlyTerminations,
  )
  requireContainsAll(findings, 'deadline/early-terminations-missing', deadline.earlyTerminations, withQueue)
  return {
    activePower: partitions.reduce((sum, partition) => addPower(sum, partition.activePower), ZERO_POWER),
    live: unionOfBitFields(partitions.map(({ live }) => live)),
    queued: unionOfBitFields(partitions.map(({ queued }) => queued)),
    hasEarlyTerminations: !isEmptyBitField(withQueue),
  }
}

function checkPartitions(
  deadline: AnyDeadline,
  context: PartitionContext,
  findings: Findings,
): PartitionSummary[] {
  const summaries: PartitionSummary[] = []
  let all = EMPTY_BIT_FIELD
  const partitions = Partitions.load(context.miner.store, deadline.partitions)
  for (const [index, partition] of within('partitions', () => [...partitions.entries()])) {
    const here = findings.under('partitions', index)
    here.require(index === summaries.length, 'deadline/partition-index', () => `expected ${summaries.length}`)
    summaries.push(within('partitions', () => within(index, () => checkPartition(partition, context, here))))
    here.require(!containsAnyBits(all, partition.sectors), 'deadline/sector-in-two-partitions', () =>
      formatMembers(partition.sectors),
    )
    all = unionOfBitFields([all, partition.sectors])
  }
  return summaries
}

function checkPosted(deadline: AnyDeadline, partitionCount: number, findings: Findings): void {
  const lastPosted = lastBit(deadline.partitionsPosted)
  if (lastPosted === undefined) {
    return
  }
  findings.require(
    partitionCount > lastPosted,
    'deadline/posted-partition-missing',
    () => `partition ${lastPosted} was proven, and there are ${partitionCount}`,
  )
  findings.require(
    deadline.liveSectors > 0,
    'deadline/posted-without-live-sectors',
    () => 'partitions were proven, and no sector is live',
  )
}

/** The snapshot is taken when recoveries are settled and unproven sectors are active. */
function checkSnapshot(deadline: AnyDeadline, { store }: Miner, findings: Findings): void {
  const snapshot = Partitions.load(store, deadline.partitionsSnapshot)
  for (const [index, partition] of snapshot.entries()) {
    checkSnapshotPartition(partition, findings.under('partitionsSnapshot', index))
  }
  const proofs = OptimisticPoStSubmissions.load(store, deadline.optimisticPostSubmissionsSnapshot)
  for (const [index, proof] of proofs.entries()) {
    for (const partition of reportedMembers(proof.partitions)) {
      findings
        .under('optimisticPostSubmissionsSnapshot', index)
        .require(
          snapshot.get(partition) !== undefined,
          'deadline/proof-partition-missing',
          () => `partition ${partition} is not in the snapshot`,
        )
    }
  }
}

function checkSnapshotPartition(partition: Partition, findings: Findings): void {
  findings.require(
    equalPower(partition.recoveringPower, ZERO_POWER),
    'deadline/snapshot-recovering-power',
    () => `raw ${partition.recoveringPower.raw}`,
  )
  findings.require(isEmptyBitField(partition.recoveries), 'deadline/snapshot-recoveries', () =>
    formatMembers(partition.recoveries),
  )
  findings.require(
    equalPower(partition.unprovenPower, ZERO_POWER),
    'deadline/snapshot-unproven-power',
    () => `raw ${partition.unprovenPower.raw}`,
  )
  findings.require(isEmptyBitField(partition.unproven), 'deadline/snapshot-unproven', () =>
    formatMembers(partition.unproven),
  )
}

function checkTotals(
  deadline: AnyDeadline,
  partitions: readonly PartitionSummary[],
  findings: Findings,
): void {
  const live = countBits(unionOfBitFields(partitions.map((summary) => summary.live)))
  const total = countBits(unionOfBitFields(partitions.map(({ partition }) => partition.sectors)))
  requireCount(findings, 'deadline/live-sectors', deadline.liveSectors, live)
  requireCount(findings, 'deadline/total-sectors', deadline.totalSectors, total)
  const faulty = partitions.reduce((sum, { partition }) => addPower(sum, partition.faultyPower), ZERO_POWER)
  requirePower(findings, 'deadline/faulty-power', deadline.faultyPower, faulty)
  if ('livePower' in deadline) {
    const livePower = partitions.reduce((sum, summary) => addPower(sum, summary.livePower), ZERO_POWER)
    requirePower(findings, 'deadline/live-power', deadline.livePower, livePower)
    const dailyFee = partitions.reduce((sum, summary) => sum + summary.dailyFee, 0n)
    requireAmount(findings, 'deadline/daily-fee', deadline.dailyFee, dailyFee)
  }
}

/** The deadline's queue is never cleared, so it may name more partitions than expire, but not fewer. */
function checkExpirations(
  queue: Amt<BitField>,
  partitions: readonly PartitionSummary[],
  findings: Findings,
): void {
  const reported = new Set<ChainEpoch>()
  partitions.forEach(({ expirationEpochs }, index) => {
    for (const epoch of expirationEpochs) {
      const named = queue.get(epoch)
      if (named !== undefined) {
        findings.require(
          hasBit(named, index),
          'deadline/expiration-partition-missing',
          () => `partition ${index} at epoch ${epoch}`,
        )
      } else if (!reported.has(epoch)) {
        reported.add(epoch)
        findings.add('deadline/expiration-epoch-missing', `nothing at epoch ${epoch}`)
      }
    }
  })
}

function requireCount(findings: Findings, kind: string, stored: number, counted: number | bigint): void {
  findings.require(stored === counted, kind, () => `${stored}, where the partitions have ${counted}`)
}
