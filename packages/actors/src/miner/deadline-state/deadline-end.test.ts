import { bitFieldOf, createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import {
  DEADLINE_SECTORS,
  deadlineFindings,
  membersOf,
  PARTITION_QUANT,
  PARTITION_TERMS,
  powerOfAll,
  sectorsNumbered,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { draftOf } from '../../runtime/draft.ts'
import { DeadlineExpirations, OptimisticPoStSubmissions, Partitions } from '../deadline-state.ts'
import { negatePower, ZERO_POWER } from '../power-pair.ts'
import { Sectors, storeSectors } from '../sectors.ts'
import { addSectorsToDeadline } from './add-sectors.ts'
import { isLiveDeadline, processDeadlineEnd } from './deadline-end.ts'
import { recordDeadlineFaults } from './faults.ts'
import { newDeadline } from './partitions.ts'
import { recordPoStProofs, recordProvenSectors } from './proofs.ts'
import { popDeadlineExpiredSectors } from './terminations.ts'

const store = createMemoryBlockstore(await createHashes())
const NINE = DEADLINE_SECTORS.slice(0, 9)
const sectors = Sectors.empty(store)
storeSectors(sectors, NINE)
const sectorsRoot = sectors.flush()
const PROOF = { partitions: bitFieldOf([0]), proofs: [{ postProof: 13, proofBytes: Uint8Array.of(1) }] }

const emptyDeadline = () => draftOf(newDeadline(store))
type DeadlineDraft = ReturnType<typeof emptyDeadline>
const powerOf = (...numbers: readonly number[]) => powerOfAll(sectorsNumbered(NINE, numbers))

/** Partitions 1 to 4, 5 to 8, and 9. */
function deadlineOfNine(isProven = true) {
  const deadline = emptyDeadline()
  const arrival = { partitionSize: 4, isProven, hasNewFees: true }
  addSectorsToDeadline(store, deadline, NINE, arrival, PARTITION_TERMS, PARTITION_QUANT)
  return deadline
}

function prove(deadline: DeadlineDraft, indices: readonly number[]) {
  const posted = indices.map((index) => ({ index: BigInt(index), skipped: bitFieldOf([]) }))
  recordProvenSectors(store, deadline, sectors, posted, 9, PARTITION_TERMS, PARTITION_QUANT)
}

const end = (deadline: DeadlineDraft) => processDeadlineEnd(store, deadline, sectorsRoot, 9, PARTITION_QUANT)

// Source: builtin-actors v18, `actors/miner/src/deadline_state.rs`.
describe('isLiveDeadline', () => {
  test('is false of a deadline that never had anything', () => {
    expect(isLiveDeadline(emptyDeadline())).toBe(false)
  })

  test.each<{ reason: string; change: (deadline: DeadlineDraft) => void }>([
    {
      reason: 'it has live sectors',
      change: (deadline) => {
        deadline.liveSectors = 1
      },
    },
    {
      reason: 'partitions were proven in this window',
      change: (deadline) => {
        deadline.partitionsPosted = bitFieldOf([0])
      },
    },
    {
      reason: 'a proof was accepted in this window',
      change: (deadline) => recordPoStProofs(store, deadline, PROOF),
    },
    {
      reason: 'the partitions are others than when the last window closed',
      change: (deadline) => {
        deadline.partitions = deadlineOfNine().partitions
      },
    },
  ])('is true while $reason', ({ change }) => {
    const deadline = emptyDeadline()
    change(deadline)
    expect(isLiveDeadline(deadline)).toBe(true)
  })

  test('is false once the last sectors have left and a window has ended after it', () => {
    const deadline = deadlineOfNine()
    end(deadline)
    popDeadlineExpiredSectors(store, deadline, 13, PARTITION_QUANT)
    expect(deadline.liveSectors).toBe(0)
    // The snapshot still has the sectors.
    expect(isLiveDeadline(deadline)).toBe(true)
    end(deadline)
    expect(isLiveDeadline(deadline)).toBe(false)
  })
})

describe('processDeadlineEnd', () => {
  test('makes what was not proven faulty, and takes from the claim what counted', () => {
    const deadline = deadlineOfNine()
    prove(deadline, [1])
    expect(end(deadline)).toEqual(negatePower(powerOf(1, 2, 3, 4, 9)))
    expect(deadline.faultyPower).toEqual(powerOf(1, 2, 3, 4, 9))
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test('takes nothing for sectors that were never proven', () => {
    const deadline = deadlineOfNine(false)
    expect(end(deadline)).toEqual(ZERO_POWER)
    expect(deadline.faultyPower).toEqual(powerOfAll(NINE))
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test('takes nothing again from what is faulty already', () => {
    const deadline = deadlineOfNine()
    const declared = new Map([[0n, bitFieldOf([1, 2, 3, 4])]])
    recordDeadlineFaults(store, deadline, sectors, declared, 9, PARTITION_TERMS, PARTITION_QUANT)
    prove(deadline, [1, 2])
    const before = Partitions.load(store, deadline.partitions).get(0)
    expect(end(deadline)).toEqual(ZERO_POWER)
    expect(Partitions.load(store, deadline.partitions).get(0)).toEqual(before)
  })

  test('notes which partitions have new faults', () => {
    const deadline = deadlineOfNine()
    prove(deadline, [2])
    processDeadlineEnd(store, deadline, sectorsRoot, 17, PARTITION_QUANT)
    const expirations = DeadlineExpirations.load(store, deadline.expirationsEpochs)
    expect(membersOf(expirations.get(17) ?? bitFieldOf([]))).toEqual([0, 1])
  })

  test('begins the next window with nothing proven, and keeps the partitions for disputes', () => {
    const deadline = deadlineOfNine()
    prove(deadline, [0, 1, 2])
    end(deadline)
    expect(deadline).toMatchObject({
      partitionsPosted: bitFieldOf([]),
      partitionsSnapshot: deadline.partitions,
      // Without proofs there is nothing to dispute, and no sectors are kept.
      sectorsSnapshot: Sectors.empty(store).flush(),
    })
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
  })

  test('keeps accepted proofs and the sectors that they are about for one window', () => {
    const deadline = deadlineOfNine()
    prove(deadline, [0, 1, 2])
    recordPoStProofs(store, deadline, PROOF)
    end(deadline)
    const kept = OptimisticPoStSubmissions.load(store, deadline.optimisticPostSubmissionsSnapshot)
    expect([...kept.entries()]).toEqual([[0, PROOF]])
    expect(deadline.sectorsSnapshot).toEqual(sectorsRoot)
    expect(deadlineFindings(store, deadline, NINE)).toEqual([])
    end(deadline)
    expect(deadline.optimisticPostSubmissionsSnapshot).toEqual(OptimisticPoStSubmissions.empty(store).flush())
    expect(deadline.sectorsSnapshot).toEqual(Sectors.empty(store).flush())
  })
})
