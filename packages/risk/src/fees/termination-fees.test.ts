import { fc, test } from '@fast-check/vitest'
import { filterEstimate, type NetworkEstimates, setFigures } from '@plimsoll/actors'
import { plannedSector, SECTOR_BYTES, type SectorPlan } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { QueuedTermination, SectorBook } from '../book/sector-book.ts'
import { createSectorColumns, SectorStatus } from '../book/sector-columns.ts'
import { type FeeBranch, fip0098Fees, type SectorFees } from './sector-fees.ts'
import { liveTerminationFees, queuedTerminationFees } from './termination-fees.ts'

const { LIVE, FAULTY, RECOVERING, UNPROVEN, QUEUED } = SectorStatus

interface Row extends Partial<SectorPlan> {
  readonly status?: number
  readonly deadline?: number
}

function bookOf(rows: readonly Row[], queue: readonly QueuedTermination[] = []): SectorBook {
  const columns = createSectorColumns(rows.length)
  rows.forEach(({ status = LIVE, deadline = 0, ...plan }, row) => {
    setFigures(columns, row, plannedSector({ sectorNumber: row, ...plan }))
    columns.status[row] = status
    columns.deadline[row] = deadline
  })
  return { sectorSizeBytes: SECTOR_BYTES, columns, deadlines: [], queue }
}

/** 2^row attoFIL, so that a sum tells which rows are in it. */
const powersOfTwo: SectorFees = (row) => ({ fee: 1n << BigInt(row), branch: row % 2 === 0 ? 'age' : 'cap' })

/** A network without power: the fault fee of every sector is that amount. */
function estimatesWithFaultFee(faultFee: bigint): NetworkEstimates {
  return { reward: filterEstimate(faultFee, 0n), qaPower: filterEstimate(0n, 0n) }
}

describe('liveTerminationFees', () => {
  test('sums over the live sectors, whatever else they are, and over no others', () => {
    const book = bookOf([
      { status: LIVE },
      { status: LIVE | FAULTY },
      { status: 0 },
      { status: LIVE | UNPROVEN },
      { status: QUEUED },
      { status: LIVE | FAULTY | RECOVERING },
    ])
    const { sectors, fee, unknown } = liveTerminationFees(book, powersOfTwo, 5000)
    expect({ sectors, fee, unknown }).toEqual({ sectors: 4, fee: 1n + 2n + 8n + 32n, unknown: 0 })
  })

  test('asks for every fee at the given epoch', () => {
    const fees: SectorFees = (_, epoch) => ({ fee: BigInt(epoch), branch: 'age' })
    expect(liveTerminationFees(bookOf([{}, {}]), fees, 5000).fee).toBe(10_000n)
  })

  test('tells the sum of each branch and of each deadline, deadlines in ascending order', () => {
    const book = bookOf([{ deadline: 47 }, { deadline: 3 }, { deadline: 3 }, { deadline: 9, status: 0 }])
    const { byBranch, byDeadline } = liveTerminationFees(book, powersOfTwo, 5000)
    expect([...byDeadline]).toEqual([
      [3, { sectors: 2, fee: 2n + 4n }],
      [47, { sectors: 1, fee: 1n }],
    ])
    expect(Object.fromEntries(byBranch)).toEqual({
      age: { sectors: 2, fee: 1n + 4n },
      cap: { sectors: 1, fee: 2n },
    })
  })

  test('is nothing for no sectors', () => {
    const { sectors, fee, byBranch } = liveTerminationFees(bookOf([]), powersOfTwo, 5000)
    expect({ sectors, fee, branches: byBranch.size }).toEqual({ sectors: 0, fee: 0n, branches: 0 })
  })

  test('counts the sectors whose fee is not known, and then knows no total', () => {
    const fees: SectorFees = (row, epoch) => (row === 1 ? undefined : powersOfTwo(row, epoch))
    const { sectors, fee, unknown, byDeadline } = liveTerminationFees(bookOf([{}, {}, {}]), fees, 5000)
    expect({ sectors, fee, unknown }).toEqual({ sectors: 3, fee: null, unknown: 1 })
    expect(byDeadline.get(0)).toEqual({ sectors: 2, fee: 1n + 4n })
  })

  // 85 ‰ of 18 is 1.53, floored 1, so two such sectors cost 2; 85 ‰ of 36 is 3.06, floored 3.
  test('floors the fee of every sector and not the fee of the sum', () => {
    const book = bookOf([{ initialPledge: 18n }, { initialPledge: 18n }])
    const fees = fip0098Fees(book, estimatesWithFaultFee(0n))
    expect(liveTerminationFees(book, fees, 1_000_000).fee).toBe(2n)
    expect(fip0098Fees(bookOf([{ initialPledge: 36n }]), estimatesWithFaultFee(0n))(0, 1_000_000)?.fee).toBe(
      3n,
    )
  })

  // 85 ‰ of 10,000 is 850 and 105 % of a fault fee of 100 is 105; together 955. A fee of the sums, pledge
  // 10,000 and fault fee 200, would be max(850, 210) = 850.
  test('takes the larger term of every sector and not of the sum', () => {
    const book = bookOf([{ initialPledge: 10_000n }, { initialPledge: 0n }])
    const { fee, byBranch } = liveTerminationFees(
      book,
      fip0098Fees(book, estimatesWithFaultFee(100n)),
      1_000_000,
    )
    expect(fee).toBe(955n)
    expect(Object.fromEntries(byBranch)).toEqual({
      cap: { sectors: 1, fee: 850n },
      floorFault: { sectors: 1, fee: 105n },
    })
  })
})

describe('queuedTerminationFees', () => {
  const queue: readonly QueuedTermination[] = [
    { deadline: 8, partition: 0, epoch: 500, firstRow: 1, count: 2 },
    { deadline: 3, partition: 1, epoch: 600, firstRow: 4, count: 1 },
  ]
  const rows: readonly Row[] = [{}, { status: QUEUED }, { status: QUEUED }, {}, { status: QUEUED }]

  test('sums over the queue and over no live sector', () => {
    const { sectors, fee, byDeadline } = queuedTerminationFees(bookOf(rows, queue), powersOfTwo)
    expect({ sectors, fee }).toEqual({ sectors: 3, fee: 2n + 4n + 16n })
    expect([...byDeadline]).toEqual([
      [3, { sectors: 1, fee: 16n }],
      [8, { sectors: 2, fee: 6n }],
    ])
  })

  test('asks for every fee at the epoch that was recorded with it', () => {
    const fees: SectorFees = (row, epoch) => ({ fee: BigInt(10_000 * row + epoch), branch: 'age' })
    expect(queuedTerminationFees(bookOf(rows, queue), fees).fee).toBe(10_500n + 20_500n + 40_600n)
  })

  test('knows no total when it does not know one of the fees', () => {
    const fees: SectorFees = (row, epoch) => (row === 4 ? undefined : powersOfTwo(row, epoch))
    expect(queuedTerminationFees(bookOf(rows, queue), fees)).toMatchObject({
      fee: null,
      unknown: 1,
      sectors: 3,
    })
  })
})

describe('the parts of a sum of fees', () => {
  const branches: readonly FeeBranch[] = ['age', 'cap', 'floorPledge', 'floorFault']
  const anyRow = fc.record({
    status: fc.constantFrom(0, LIVE, LIVE | FAULTY, QUEUED),
    deadline: fc.nat(47),
    fee: fc.option(fc.bigInt({ min: 0n, max: 10n ** 20n }), { freq: 20, nil: undefined }),
    branch: fc.constantFrom(...branches),
  })

  test.prop([fc.array(anyRow, { maxLength: 40 })])(
    'add up to the whole, by branch and by deadline',
    (rows) => {
      const fees: SectorFees = (row) => {
        const { fee, branch } = rows[row] ?? {}
        return fee === undefined || branch === undefined ? undefined : { fee, branch }
      }
      const result = liveTerminationFees(
        bookOf(rows.map(({ status, deadline }) => ({ status, deadline }))),
        fees,
        1,
      )
      const live = rows.filter(({ status }) => (status & LIVE) !== 0)
      const known = live.flatMap(({ fee }) => fee ?? [])
      const whole = { sectors: known.length, fee: known.reduce((sum, fee) => sum + fee, 0n) }
      for (const parts of [result.byBranch, result.byDeadline]) {
        const sums = [...parts.values()]
        expect({
          sectors: sums.reduce((sum, { sectors }) => sum + sectors, 0),
          fee: sums.reduce((sum, { fee }) => sum + fee, 0n),
        }).toEqual(whole)
      }
      expect(result.sectors).toBe(live.length)
      expect(result.unknown).toBe(live.length - known.length)
      expect(result.fee).toBe(known.length < live.length ? null : whole.fee)
    },
  )
})
