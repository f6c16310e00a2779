import { fc, test } from '@fast-check/vitest'
import { filterEstimate, type NetworkEstimates } from '@plimsoll/actors'
import { anyPositiveAmount } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { SectorBook } from '../book/sector-book.ts'
import { createSectorColumns } from '../book/sector-columns.ts'
import { bufferV1, dailySlashing } from './buffer.ts'

/** What a deadline is charged by: quality-adjusted power, some of it faulty, and the fees of a day. */
interface Charged {
  readonly qa: bigint
  readonly dailyFee?: bigint
  readonly faulty?: bigint
}

function bookOf(deadlines: readonly Charged[]): SectorBook {
  return {
    sectorSizeBytes: 2048,
    columns: createSectorColumns(0),
    deadlines: deadlines.map(({ qa, dailyFee = 0n, faulty = 0n }) => ({
      livePower: { raw: 999n, qa },
      faultyPower: { raw: faulty, qa: faulty },
      dailyFee,
    })),
    queue: [],
  }
}

/** One attoFIL an epoch for the whole power of 2880 bytes: a byte earns 1 in a day and 3.5097 in 10,108 epochs. */
const ESTIMATES: NetworkEstimates = { reward: filterEstimate(1n, 0n), qaPower: filterEstimate(2880n, 0n) }

describe('dailySlashing', () => {
  // 3 × 3.5097 = 10.53 and 5 × 3.5097 = 17.55, floored 10 and 17; together 8 × 3.5097 = 28.08 would be 28.
  test('floors the fault fee deadline by deadline', () => {
    expect(dailySlashing(bookOf([{ qa: 3n }, { qa: 5n }]), ESTIMATES).faultFees).toBe(27n)
    expect(dailySlashing(bookOf([{ qa: 8n }]), ESTIMATES).faultFees).toBe(28n)
  })

  // Half of a day’s reward of 3 is 1, of 5 it is 2; together half of 8 would be 4.
  test('caps the daily fee deadline by deadline, at half of a day’s reward', () => {
    const capped = [
      { qa: 3n, dailyFee: 100n },
      { qa: 5n, dailyFee: 100n },
    ]
    expect(dailySlashing(bookOf(capped), ESTIMATES).dailyFees).toBe(3n)
  })

  test.each([
    { dailyFee: 0n, payable: 0n },
    { dailyFee: 4n, payable: 4n },
    { dailyFee: 5n, payable: 5n },
    { dailyFee: 6n, payable: 5n },
  ])('charges $payable of a daily fee of $dailyFee when a day earns 10', ({ dailyFee, payable }) => {
    expect(dailySlashing(bookOf([{ qa: 10n, dailyFee }]), ESTIMATES).dailyFees).toBe(payable)
  })

  test('charges all live power, faulty or not, and adds both kinds of fee', () => {
    const book = bookOf([
      { qa: 3n, faulty: 2n, dailyFee: 1n },
      { qa: 0n, dailyFee: 7n },
    ])
    expect(dailySlashing(book, ESTIMATES)).toEqual({ faultFees: 10n, dailyFees: 1n, total: 11n })
  })

  test('is nothing for a miner without sectors', () => {
    expect(dailySlashing(bookOf([{ qa: 0n }]), ESTIMATES)).toEqual({
      faultFees: 0n,
      dailyFees: 0n,
      total: 0n,
    })
  })
})

describe('bufferV1', () => {
  test.each([
    { days: 0, buffer: 0n },
    { days: 1, buffer: 11n },
    { days: 14, buffer: 154n },
  ])('is $buffer attoFIL for $days days of 11', ({ days, buffer }) => {
    expect(bufferV1({ faultFees: 10n, dailyFees: 1n, total: 11n }, days)).toBe(buffer)
  })

  test.prop([anyPositiveAmount, anyPositiveAmount, fc.nat(1000), fc.nat(1000)])(
    'is linear in days',
    (faultFees, dailyFees, days, more) => {
      const slashing = { faultFees, dailyFees, total: faultFees + dailyFees }
      expect(bufferV1(slashing, days + more)).toBe(bufferV1(slashing, days) + bufferV1(slashing, more))
    },
  )
})
