import { idAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { cashBlockers, isSettledByMessage } from './plan-blockers.ts'
import type { PredictedMiner } from './predict-state.ts'
import { enqueue } from './predict-terminations.ts'
import { plainDeadline, plainMiner, plainSector } from './testing/plain-miner.ts'

function withQueue(count: number): PredictedMiner {
  const deadline = plainDeadline([])
  const [partition] = deadline.partitions
  if (partition !== undefined) {
    enqueue(
      deadline,
      partition,
      1,
      Array.from({ length: count }, (_, i) => plainSector(i)),
    )
  }
  return plainMiner({ deadlines: [deadline], pending: new Set([0]) })
}

describe('a queue', () => {
  // 47,058,842 + 540,457 a sector, and 21 % more, is within 10^10 up to 15,204 sectors.
  test.each([
    { count: 0, fits: true },
    { count: 15_204, fits: true },
    { count: 15_205, fits: false },
    // A round has no more than 25,000.
    { count: 60_000, fits: false },
  ])('of $count sectors is charged by a message: $fits', ({ count, fits }) => {
    expect(isSettledByMessage(withQueue(count))).toBe(fits)
  })
})

describe('what keeps cash in a miner', () => {
  const kinds = (miner: PredictedMiner, available: bigint) =>
    cashBlockers(miner, 100, available).map(({ kind, lockedValue }) => ({ kind, lockedValue }))
  const other = (quota: bigint, usedQuota: bigint, expiration: number) =>
    plainMiner({ beneficiary: idAddress(200n), beneficiaryTerm: { quota, usedQuota, expiration } })

  test('is nothing where the owner has everything', () => {
    expect(kinds(plainMiner(), 50n)).toEqual([])
  })

  test('is a term that has ended, a quota that is used up, or one that is too small', () => {
    expect(kinds(other(90n, 0n, 100), 50n)).toEqual([{ kind: 'beneficiary-expired', lockedValue: 50n }])
    expect(kinds(other(90n, 90n, 101), 50n)).toEqual([{ kind: 'beneficiary-exhausted', lockedValue: 50n }])
    expect(kinds(other(90n, 60n, 101), 50n)).toEqual([{ kind: 'beneficiary-quota', lockedValue: 20n }])
    expect(kinds(other(90n, 40n, 101), 50n)).toEqual([])
  })

  test('is the queue, and debt that nothing covers', () => {
    expect(kinds(withQueue(1), 50n)).toEqual([{ kind: 'queue-not-empty', lockedValue: 50n }])
    expect(kinds(plainMiner({ feeDebt: 9n }), -1n)).toEqual([{ kind: 'fee-debt', lockedValue: 0n }])
    expect(kinds(plainMiner({ feeDebt: 9n }), 0n)).toEqual([])
  })
})
