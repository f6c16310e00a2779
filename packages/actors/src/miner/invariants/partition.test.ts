import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, createHashes } from '@plimsoll/primitives'
import {
  editAll,
  editDeadline,
  editExpirations,
  editPartition,
  editSectors,
  findingsAfter,
  SECTOR_BYTES,
  SOUND_STATE,
  type StateEdit,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import type { ExpirationSet } from '../expiration-queue.ts'
import { EarlyTerminated, type Partition } from '../partition-state.ts'

const store = createMemoryBlockstore(await createHashes())
const MINER = actorId(1000)
/** Sectors 1 active, 2 unproven, 3 faulty, 4 recovering, 5 terminated early. */
const FIRST = { id: MINER, deadline: 0, partition: 0 }
/** Sector 7, which is active and expires at 1,558,439. */
const OF_SEVEN = { id: MINER, deadline: 5, partition: 0 }
const EXPIRATION_OF_SEVEN = 1_558_439

/** The power of so many sectors. */
const powerOf = (sectors: number) => {
  const bytes = BigInt(sectors * SECTOR_BYTES)
  return { raw: bytes, qa: bytes }
}
const wrongPower = { raw: 1n, qa: 1n }

interface Broken {
  readonly rule: string
  readonly kind: string
  readonly edit: StateEdit
  readonly place?: string
  /** What follows from it. */
  readonly also?: readonly string[]
}

const edit = (change: Partial<Partition>) =>
  editPartition(FIRST, (partition) => ({ ...partition, ...change }))

/** Changes the faulty power of the partition, and with it that of its deadline. */
const editFaultyPower = (faultyPower: Partition['faultyPower'], change: Partial<Partition> = {}) =>
  editAll(
    edit({ ...change, faultyPower }),
    editDeadline(MINER, 0, (deadline) => ({ ...deadline, faultyPower })),
  )

function withEarlyTerminated(epochs: Readonly<Record<number, readonly number[]>>): StateEdit {
  return editPartition(FIRST, (partition, blocks) => {
    const queue = EarlyTerminated.empty(blocks)
    for (const [epoch, sectors] of Object.entries(epochs)) {
      queue.set(Number(epoch), bitFieldOf(sectors))
    }
    return { ...partition, earlyTerminated: queue.flush() }
  })
}

describe('a partition', () => {
  test.each<Broken>([
    {
      rule: 'has faults among its live sectors',
      kind: 'partition/faults-not-live',
      edit: editFaultyPower(powerOf(3), { faults: bitFieldOf([3, 4, 5]) }),
      // What is active is short by a sector that was not live.
      also: ['tree/claim-power'],
    },
    {
      rule: 'has unproven sectors among its live ones',
      kind: 'partition/unproven-not-live',
      edit: edit({ unproven: bitFieldOf([2, 5]), unprovenPower: powerOf(2) }),
      also: ['tree/claim-power'],
    },
    {
      rule: 'has recoveries among its faults',
      kind: 'partition/recoveries-not-faulty',
      edit: edit({ recoveries: bitFieldOf([1, 4]), recoveringPower: powerOf(2) }),
    },
    {
      rule: 'has no fault that is unproven',
      kind: 'partition/faulty-and-unproven',
      edit: edit({ unproven: bitFieldOf([2, 3]), unprovenPower: powerOf(2) }),
      also: ['tree/claim-power'],
    },
    {
      rule: 'has terminated sectors of its own',
      kind: 'partition/terminated-not-in-partition',
      edit: edit({ terminated: bitFieldOf([5, 99]) }),
    },
    {
      rule: 'has the power of its live sectors',
      kind: 'partition/live-power',
      edit: edit({ livePower: wrongPower }),
      also: ['partition/active-power'],
    },
    {
      rule: 'has the power of its unproven sectors',
      kind: 'partition/unproven-power',
      edit: edit({ unprovenPower: wrongPower }),
      also: ['partition/active-power'],
    },
    {
      rule: 'has the power of its faulty sectors',
      kind: 'partition/faulty-power',
      edit: editFaultyPower(wrongPower),
      also: ['partition/active-power'],
    },
    {
      rule: 'has the power of its recovering sectors',
      kind: 'partition/recovering-power',
      edit: edit({ recoveringPower: wrongPower }),
    },
    {
      // Nothing but a wrong live, unproven or faulty power makes the active power wrong.
      rule: 'has the power of its active sectors',
      kind: 'partition/active-power',
      edit: edit({ livePower: powerOf(5) }),
      also: ['partition/live-power'],
    },
    {
      rule: 'has live sectors that exist',
      kind: 'partition/live-without-info',
      place: 'f01000.deadlines[5].partitions[0]',
      edit: editSectors(MINER, (sectors) => {
        sectors.delete(7)
      }),
      also: [
        'deadline/live-power',
        'miner/initial-pledge',
        'partition/active-power',
        'queue/active-not-live',
        'queue/active-power',
        'queue/on-time-pledge',
        'queue/sector-not-live',
        'tree/claim-power',
      ],
    },
    {
      rule: 'has unproven sectors that exist',
      kind: 'partition/unproven-without-info',
      edit: edit({ unproven: bitFieldOf([2, 99]) }),
      also: ['partition/active-power', 'partition/unproven-not-live', 'tree/claim-power'],
    },
    {
      rule: 'has faulty sectors that exist',
      kind: 'partition/faulty-without-info',
      edit: edit({ faults: bitFieldOf([3, 4, 99]) }),
      also: ['partition/active-power', 'partition/faults-not-live', 'tree/claim-power'],
    },
    {
      rule: 'has recovering sectors that exist',
      kind: 'partition/recovering-without-info',
      edit: edit({ recoveries: bitFieldOf([4, 99]) }),
      also: ['partition/recoveries-not-faulty'],
    },
    {
      rule: 'has an expiration for every live sector',
      kind: 'partition/live-not-expiring',
      place: 'f01000.deadlines[5].partitions[0]',
      edit: editExpirations(OF_SEVEN, (queue) => {
        queue.delete(EXPIRATION_OF_SEVEN)
      }),
    },
    {
      rule: 'has expirations of live sectors only',
      kind: 'partition/expiring-not-live',
      place: 'f01000.deadlines[5].partitions[0]',
      edit: editExpirations(OF_SEVEN, (queue) => {
        const set = queue.get(EXPIRATION_OF_SEVEN) as ExpirationSet
        queue.set(EXPIRATION_OF_SEVEN, { ...set, onTimeSectors: bitFieldOf([7, 99]) })
      }),
      also: ['queue/active-not-live', 'queue/sector-not-live'],
    },
    {
      rule: 'deducts the daily fees of its sectors, no more and no less',
      kind: 'partition/fee-deduction',
      place: 'f01000.deadlines[5].partitions[0]',
      edit: editExpirations(OF_SEVEN, (queue) => {
        const set = queue.get(EXPIRATION_OF_SEVEN) as ExpirationSet
        queue.set(EXPIRATION_OF_SEVEN, { ...set, feeDeduction: 1n })
      }),
      also: ['queue/fee-deduction'],
    },
    {
      rule: 'terminates a sector early once',
      kind: 'partition/early-termination-twice',
      place: 'f01000.deadlines[0].partitions[0].earlyTerminated[998001]',
      edit: withEarlyTerminated({ 998000: [5], 998001: [5] }),
    },
    {
      rule: 'has terminated what is queued as terminated early',
      kind: 'partition/early-termination-not-terminated',
      edit: withEarlyTerminated({ 998000: [1, 5] }),
    },
  ])('$rule: $kind', ({ kind, edit: change, place = 'f01000.deadlines[0].partitions[0]', also = [] }) => {
    const findings = findingsAfter(store, SOUND_STATE, change)
    expect(findings.map((finding) => finding.kind).sort()).toEqual([kind, ...also].sort())
    expect(findings).toContainEqual(expect.objectContaining({ kind, place }))
  })

  test('may have terminated sectors that are charged already', () => {
    const charged = editAll(
      withEarlyTerminated({}),
      editDeadline(MINER, 0, (deadline) => ({ ...deadline, earlyTerminations: bitFieldOf([]) })),
    )
    const kinds = findingsAfter(store, SOUND_STATE, charged).map(({ kind }) => kind)
    // The pledge of sector 5 was released with the charge, and the deadline is no longer named.
    expect(kinds.sort()).toEqual(['miner/early-terminations', 'miner/initial-pledge'])
  })
})
