import { type Amt, bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { actorId, assert, createHashes } from '@plimsoll/primitives'
import {
  editAll,
  editDeadline,
  editExpirations,
  editPartition,
  findingsAfter,
  SECTOR_BYTES,
  SOUND_STATE,
  type StateEdit,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { DeadlineExpirations } from '../deadline-state.ts'
import type { ExpirationSet } from '../expiration-queue.ts'
import { ZERO_POWER } from '../power-pair.ts'

const store = createMemoryBlockstore(await createHashes())
const MINER = actorId(1000)
const FIRST = { id: MINER, deadline: 0, partition: 0 }
const PLACE = 'f01000.deadlines[0].partitions[0].expirationsEpochs'

/** The last epochs of deadline 0 are 2880 apart. Sectors 1 and 2 expire in the first of these, on time. */
const ON_TIME = 1_558_139
/** Sectors 3 and 4 are faulty and expire early here. */
const EARLY = 1_123_259
const PERIOD = 2880

const powerOf = (sectors: number) => {
  const bytes = BigInt(sectors * SECTOR_BYTES)
  return { raw: bytes, qa: bytes }
}
const FIL = 10n ** 18n

interface Broken {
  readonly rule: string
  readonly kind: string
  readonly epoch: number
  readonly edit: StateEdit
  /** What follows from it. */
  readonly also?: readonly string[]
}

function editSet(epoch: number, change: Partial<ExpirationSet>): StateEdit {
  return editExpirations(FIRST, (queue) => {
    queue.set(epoch, { ...requireSet(queue, epoch), ...change })
  })
}

function requireSet(queue: Amt<ExpirationSet>, epoch: number): ExpirationSet {
  const set = queue.get(epoch)
  assert(set !== undefined, `something expires at ${epoch}`)
  return set
}

/** Changes the queue of the partition, and lets the deadline know of another epoch. */
function editQueue(epoch: number, change: (queue: Amt<ExpirationSet>) => void): StateEdit {
  return editAll(
    editExpirations(FIRST, change),
    editDeadline(MINER, 0, (deadline, blocks) => {
      const expirations = DeadlineExpirations.load(blocks, deadline.expirationsEpochs)
      expirations.set(epoch, bitFieldOf([0, 1]))
      return { ...deadline, expirationsEpochs: expirations.flush() }
    }),
  )
}

function moveSet(from: number, to: number): StateEdit {
  return editQueue(to, (queue) => {
    queue.set(to, requireSet(queue, from))
    queue.delete(from)
  })
}

const nothing: ExpirationSet = {
  onTimeSectors: bitFieldOf([]),
  earlySectors: bitFieldOf([]),
  onTimePledge: 0n,
  activePower: ZERO_POWER,
  faultyPower: ZERO_POWER,
  feeDeduction: 0n,
}

describe('the expiration queue of a partition', () => {
  test.each<Broken>([
    {
      rule: 'has the last epochs of its deadline, not one before',
      kind: 'queue/epoch',
      epoch: EARLY - 1,
      edit: moveSet(EARLY, EARLY - 1),
    },
    {
      rule: 'has the last epochs of its deadline, not one after',
      kind: 'queue/epoch',
      epoch: EARLY + 1,
      edit: moveSet(EARLY, EARLY + 1),
    },
    {
      rule: 'has a sector once',
      kind: 'queue/sector-twice',
      epoch: EARLY + PERIOD,
      edit: editQueue(EARLY + PERIOD, (queue) => {
        queue.set(EARLY + PERIOD, { ...nothing, earlySectors: bitFieldOf([3]), faultyPower: powerOf(1) })
      }),
    },
    {
      rule: 'has a sector once in a set',
      kind: 'queue/sector-twice',
      epoch: EARLY,
      // On time as well as early; what is on time is too soon, and the pledge and the fee are added.
      edit: editSet(EARLY, { onTimeSectors: bitFieldOf([3]), onTimePledge: FIL }),
      also: ['queue/on-time-epoch'],
    },
    {
      rule: 'has a sector on time not before it expires',
      kind: 'queue/on-time-epoch',
      epoch: ON_TIME - PERIOD,
      edit: editAll(moveSetOfOne(ON_TIME - PERIOD)),
    },
    {
      rule: 'has a sector on time not after it expires',
      kind: 'queue/on-time-epoch',
      epoch: ON_TIME + PERIOD,
      edit: editAll(moveSetOfOne(ON_TIME + PERIOD)),
    },
    {
      rule: 'has sectors early only where they are faulty',
      kind: 'queue/early-not-faulty',
      epoch: EARLY,
      edit: editExpirations(FIRST, (queue) => {
        const early = requireSet(queue, EARLY)
        const onTime = requireSet(queue, ON_TIME)
        queue.set(EARLY, { ...early, earlySectors: bitFieldOf([2, 3, 4]), activePower: powerOf(1) })
        queue.set(ON_TIME, {
          ...onTime,
          onTimeSectors: bitFieldOf([1]),
          onTimePledge: FIL,
          activePower: powerOf(1),
        })
      }),
    },
    {
      rule: 'has a faulty sector earlier than on time',
      kind: 'queue/early-epoch',
      epoch: ON_TIME,
      edit: editExpirations(FIRST, (queue) => {
        const [early, onTime] = [requireSet(queue, EARLY), requireSet(queue, ON_TIME)]
        queue.set(EARLY, { ...early, earlySectors: bitFieldOf([4]), faultyPower: powerOf(1) })
        queue.set(ON_TIME, { ...onTime, earlySectors: bitFieldOf([3]), faultyPower: powerOf(1) })
      }),
    },
    {
      rule: 'has live sectors on time',
      kind: 'queue/sector-not-live',
      epoch: ON_TIME,
      edit: editSet(ON_TIME, { onTimeSectors: bitFieldOf([1, 2, 5]) }),
      also: ['partition/expiring-not-live', 'queue/active-not-live'],
    },
    {
      rule: 'has live sectors among the active ones',
      kind: 'queue/active-not-live',
      epoch: ON_TIME,
      edit: editSet(ON_TIME, { onTimeSectors: bitFieldOf([1, 2, 99]) }),
      also: ['partition/expiring-not-live', 'queue/sector-not-live'],
    },
    {
      rule: 'has live sectors among the faulty ones',
      kind: 'queue/faulty-not-live',
      epoch: EARLY,
      edit: editAll(
        editSet(EARLY, { earlySectors: bitFieldOf([3, 4, 5]) }),
        editPartition(FIRST, (partition) => ({
          ...partition,
          faults: bitFieldOf([3, 4, 5]),
          faultyPower: powerOf(3),
        })),
        editDeadline(MINER, 0, (deadline) => ({ ...deadline, faultyPower: powerOf(3) })),
      ),
      also: [
        'partition/expiring-not-live',
        'partition/faults-not-live',
        'queue/sector-not-live',
        'tree/claim-power',
      ],
    },
    {
      rule: 'has the active power of its sectors',
      kind: 'queue/active-power',
      epoch: ON_TIME,
      edit: editSet(ON_TIME, { activePower: powerOf(1) }),
    },
    {
      rule: 'has the faulty power of its sectors',
      kind: 'queue/faulty-power',
      epoch: EARLY,
      edit: editSet(EARLY, { faultyPower: powerOf(3) }),
    },
    {
      rule: 'has the pledge of the sectors on time, and of no others',
      kind: 'queue/on-time-pledge',
      epoch: EARLY,
      edit: editSet(EARLY, { onTimePledge: 2n * FIL }),
    },
    {
      rule: 'deducts the fees of its sectors',
      kind: 'queue/fee-deduction',
      epoch: ON_TIME,
      edit: editSet(ON_TIME, { feeDeduction: 8n }),
      also: ['partition/fee-deduction'],
    },
  ])('$rule: $kind', ({ kind, epoch, edit, also = [] }) => {
    const findings = findingsAfter(store, SOUND_STATE, edit)
    expect(findings.map((finding) => finding.kind).sort()).toEqual([kind, ...also].sort())
    expect(findings).toContainEqual(expect.objectContaining({ kind, place: `${PLACE}[${epoch}]` }))
  })

  test('may have faulty sectors in the epoch before they expire', () => {
    expect(findingsAfter(store, SOUND_STATE, moveSet(EARLY, ON_TIME - PERIOD))).toEqual([])
  })

  test('may have faulty sectors on time, where that is early enough', () => {
    const edit = editExpirations(FIRST, (queue) => {
      const [early, onTime] = [requireSet(queue, EARLY), requireSet(queue, ON_TIME)]
      queue.set(EARLY, { ...early, earlySectors: bitFieldOf([4]), faultyPower: powerOf(1) })
      queue.set(ON_TIME, {
        ...onTime,
        onTimeSectors: bitFieldOf([1, 2, 3]),
        onTimePledge: 3n * FIL,
        faultyPower: powerOf(1),
      })
    })
    expect(findingsAfter(store, SOUND_STATE, edit)).toEqual([])
  })
})

/** Moves sector 2 alone out of those on time. */
function moveSetOfOne(to: number): StateEdit {
  return editQueue(to, (queue) => {
    const onTime = requireSet(queue, ON_TIME)
    queue.set(ON_TIME, {
      ...onTime,
      onTimeSectors: bitFieldOf([1]),
      onTimePledge: FIL,
      activePower: powerOf(1),
    })
    queue.set(to, {
      ...nothing,
      onTimeSectors: bitFieldOf([2]),
      onTimePledge: FIL,
      activePower: powerOf(1),
    })
  })
}
