import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, createHashes } from '@plimsoll/primitives'
import { editDeadline, editPartition, findingsAfter, SOUND_STATE, type StateEdit } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import {
  type Deadline,
  DeadlineExpirations,
  OptimisticPoStSubmissions,
  Partitions,
} from '../deadline-state.ts'
import type { Partition } from '../partition-state.ts'
import { addPower, ZERO_POWER } from '../power-pair.ts'

const store = createMemoryBlockstore(await createHashes())
const MINER = actorId(1000)
const ONE_BYTE = { raw: 1n, qa: 1n }

interface Broken {
  readonly rule: string
  readonly kind: string
  readonly edit: StateEdit
  readonly place?: string
}

const edit = (index: number, change: Partial<Deadline>) =>
  editDeadline(MINER, index, (deadline) => ({ ...deadline, ...change }))

/** Puts a partition into the snapshot of deadline 5: its only one, changed. */
function withSnapshot(change: Partial<Partition>): StateEdit {
  return editDeadline(MINER, 5, (deadline, blocks) => {
    const [partition] = [...Partitions.load(blocks, deadline.partitions).values()] as [Partition]
    const snapshot = Partitions.empty(blocks)
    snapshot.set(0, { ...partition, ...change })
    return { ...deadline, partitionsSnapshot: snapshot.flush() }
  })
}

/** Puts a proof of these partitions into the snapshot of deadline 5, whose partitions are none or one. */
function withProof(partitions: readonly number[], ofOne: boolean): StateEdit {
  return (blocks, root) => {
    const proofs = OptimisticPoStSubmissions.empty(blocks)
    proofs.set(2, { partitions: bitFieldOf(partitions), proofs: [] })
    const change = edit(5, { optimisticPostSubmissionsSnapshot: proofs.flush() })
    return change(blocks, ofOne ? withSnapshot({})(blocks, root) : root)
  }
}

/** The expirations of a deadline, by epoch. */
function withExpirations(
  index: number,
  change: (epochs: number[]) => Map<number, readonly number[]>,
): StateEdit {
  return editDeadline(MINER, index, (deadline, blocks) => {
    const old = DeadlineExpirations.load(blocks, deadline.expirationsEpochs)
    const expirations = DeadlineExpirations.empty(blocks)
    for (const [epoch, partitions] of change([...old.entries()].map(([epoch]) => epoch))) {
      expirations.set(epoch, bitFieldOf(partitions))
    }
    return { ...deadline, expirationsEpochs: expirations.flush() }
  })
}

describe('a deadline', () => {
  test.each<Broken>([
    {
      rule: 'has partitions without a gap',
      kind: 'deadline/partition-index',
      place: 'f01000.deadlines[5].partitions[1]',
      edit: editDeadline(MINER, 5, (deadline, blocks) => {
        const partitions = Partitions.load(blocks, deadline.partitions)
        const [partition] = [...partitions.values()] as [Partition]
        partitions.delete(0)
        partitions.set(1, partition)
        return { ...deadline, partitions: partitions.flush() }
      }),
    },
    {
      rule: 'has every sector in one partition',
      kind: 'deadline/sector-in-two-partitions',
      place: 'f01000.deadlines[0].partitions[1]',
      // Sector 1 is in the first; where it is terminated it counts for nothing else.
      edit: editPartition({ id: MINER, deadline: 0, partition: 1 }, (partition) => ({
        ...partition,
        sectors: bitFieldOf([1, 6]),
        terminated: bitFieldOf([1]),
      })),
    },
    {
      rule: 'proves partitions that it has',
      kind: 'deadline/posted-partition-missing',
      edit: edit(0, { partitionsPosted: bitFieldOf([0, 2]) }),
    },
    {
      rule: 'proves nothing without live sectors',
      kind: 'deadline/posted-without-live-sectors',
      place: 'f01000.deadlines[7]',
      edit: edit(7, { partitionsPosted: bitFieldOf([0]) }),
    },
    {
      rule: 'takes its snapshot without recovering power',
      kind: 'deadline/snapshot-recovering-power',
      place: 'f01000.deadlines[5].partitionsSnapshot[0]',
      edit: withSnapshot({ recoveringPower: { raw: 0n, qa: 1n } }),
    },
    {
      rule: 'takes its snapshot without recoveries',
      kind: 'deadline/snapshot-recoveries',
      place: 'f01000.deadlines[5].partitionsSnapshot[0]',
      edit: withSnapshot({ recoveries: bitFieldOf([7]) }),
    },
    {
      rule: 'takes its snapshot without unproven power',
      kind: 'deadline/snapshot-unproven-power',
      place: 'f01000.deadlines[5].partitionsSnapshot[0]',
      edit: withSnapshot({ unprovenPower: { raw: 1n, qa: 0n } }),
    },
    {
      rule: 'takes its snapshot without unproven sectors',
      kind: 'deadline/snapshot-unproven',
      place: 'f01000.deadlines[5].partitionsSnapshot[0]',
      edit: withSnapshot({ unproven: bitFieldOf([7]) }),
    },
    {
      rule: 'keeps proofs of partitions in the snapshot',
      kind: 'deadline/proof-partition-missing',
      place: 'f01000.deadlines[5].optimisticPostSubmissionsSnapshot[2]',
      edit: withProof([0, 1], true),
    },
    {
      rule: 'keeps no proof without a snapshot',
      kind: 'deadline/proof-partition-missing',
      place: 'f01000.deadlines[5].optimisticPostSubmissionsSnapshot[2]',
      edit: withProof([0], false),
    },
    { rule: 'counts its live sectors', kind: 'deadline/live-sectors', edit: edit(0, { liveSectors: 4 }) },
    { rule: 'counts its sectors', kind: 'deadline/total-sectors', edit: edit(0, { totalSectors: 7 }) },
    {
      rule: 'has the faulty power of its partitions',
      kind: 'deadline/faulty-power',
      edit: editDeadline(MINER, 0, (deadline) => ({
        ...deadline,
        faultyPower: addPower(deadline.faultyPower, ONE_BYTE),
      })),
    },
    {
      rule: 'has the live power of its sectors',
      kind: 'deadline/live-power',
      edit: edit(0, { livePower: ZERO_POWER }),
    },
    { rule: 'has the daily fee of its sectors', kind: 'deadline/daily-fee', edit: edit(0, { dailyFee: 8n }) },
    {
      rule: 'names every partition that expires at an epoch',
      kind: 'deadline/expiration-partition-missing',
      place: 'f01000.deadlines[0].expirationsEpochs',
      edit: withExpirations(0, (epochs) => new Map(epochs.map((epoch) => [epoch, [0]]))),
    },
    {
      rule: 'has every epoch at which a partition expires, and it is reported once',
      kind: 'deadline/expiration-epoch-missing',
      place: 'f01000.deadlines[0].expirationsEpochs',
      // Both partitions have sectors that expire at 1,558,139, the first also faulty ones at 1,123,259.
      edit: withExpirations(0, () => new Map([[1_123_259, [0]]])),
    },
    {
      rule: 'names no partition without early terminations',
      kind: 'deadline/early-terminations-superfluous',
      edit: edit(0, { earlyTerminations: bitFieldOf([0, 1]) }),
    },
    {
      rule: 'names every partition with early terminations',
      kind: 'deadline/early-terminations-missing',
      edit: edit(0, { earlyTerminations: bitFieldOf([]) }),
    },
  ])('$rule: $kind', ({ kind, edit: change, place = 'f01000.deadlines[0]' }) => {
    expect(findingsAfter(store, SOUND_STATE, change)).toEqual([{ kind, place, message: expect.any(String) }])
  })

  test.each([
    { rule: 'may have proven its last partition', change: edit(0, { partitionsPosted: bitFieldOf([1]) }) },
    { rule: 'may keep a snapshot and a proof of it', change: withProof([0], true) },
    {
      rule: 'may name partitions and epochs at which nothing expires',
      change: withExpirations(
        0,
        (epochs) => new Map([...epochs, 999_419].map((epoch) => [epoch, [0, 1, 5]])),
      ),
    },
  ])('$rule', ({ change }) => {
    expect(findingsAfter(store, SOUND_STATE, change)).toEqual([])
  })
})
