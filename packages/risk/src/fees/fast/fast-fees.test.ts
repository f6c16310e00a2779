import { fc, test } from '@fast-check/vitest'
import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  filterEstimate,
  type NetworkEstimates,
  rewardProjection,
  setFigures,
} from '@plimsoll/actors'
import { anyPositiveAmount, plannedSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { SectorBook } from '../../book/sector-book.ts'
import { createSectorColumns, SectorStatus } from '../../book/sector-columns.ts'
import { fip0098Fees } from '../sector-fees.ts'
import { liveTerminationFees } from '../termination-fees.ts'
import { feeIndex, regimesAt } from './fee-index.ts'
import { feeLanes, rewardPerByteIsBelow } from './fee-lanes.ts'
import { indexInterval, indexTotal, sectorsOnRamp } from './index-total.ts'
import { laneTotal } from './lane-total.ts'
import { RunningIntervals } from './running-intervals.ts'

/** Ages at which the rule for a fee changes, and one epoch to either side. */
const EDGES = [0, 94_871, 403_200].flatMap((age) => [age - 1, age, age + 1])
const ACTIVATION = 1_000_000

interface Plan {
  readonly initialPledge: bigint
  readonly activation: number
  readonly verifiedDealWeight: bigint
  readonly duration: number
  readonly status: number
}

function bookOf(plans: readonly Partial<Plan>[]): SectorBook {
  const columns = createSectorColumns(plans.length)
  for (const [row, plan] of plans.entries()) {
    const { activation = ACTIVATION, duration = 518_400, status = SectorStatus.LIVE, ...rest } = plan
    const sector = { sectorNumber: row, activation, expiration: activation + duration, ...rest }
    setFigures(columns, row, plannedSector(sector))
    columns.status[row] = status
  }
  return { sectorSizeBytes: SECTOR_BYTES, columns, deadlines: [], queue: [] }
}

/** The sum over the formula itself, sector by sector in bigints. */
function literal(book: SectorBook, estimates: NetworkEstimates, epoch: number): bigint | null {
  return liveTerminationFees(book, fip0098Fees(book, estimates), epoch).fee
}

function projectionOf(estimates: NetworkEstimates) {
  return rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
}

/** A network in which 32 GiB earn about that much in 10,108 epochs, its fault fee. */
function earning(faultFee: bigint): NetworkEstimates {
  return {
    reward: filterEstimate((faultFee << 30n) / 10_108n, 0n),
    qaPower: filterEstimate(BigInt(SECTOR_BYTES) << 30n, 0n),
  }
}

const WIDE = 1n << 64n
const anyPledge = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 15_000_000n, max: 10n ** 18n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 14_999_990n, max: 15_000_010n }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0n, 1n, 10n ** 17n, WIDE - 1025n, WIDE - 1024n, WIDE - 2n, WIDE - 1n, WIDE),
  },
  { weight: 2, arbitrary: anyPositiveAmount },
)

/** Few distinct epochs and weights, so that batches come up; pledges that repeat now and then. */
const anyPlan: fc.Arbitrary<Plan> = fc.record({
  initialPledge: anyPledge,
  activation: fc.oneof(fc.constantFrom(0, 700_000, ACTIVATION), fc.integer({ min: -5, max: 2_000_000 })),
  verifiedDealWeight: fc.constantFrom(0n, 1n, 1n << 50n, BigInt(SECTOR_BYTES) * 518_400n, 1n << 64n),
  duration: fc.constantFrom(1, 518_400, 1_555_200),
  status: fc.constantFrom(SectorStatus.LIVE, SectorStatus.LIVE, SectorStatus.LIVE | SectorStatus.FAULTY, 0),
})
const anyBook = fc
  .tuple(fc.array(anyPlan, { maxLength: 24 }), fc.nat(3))
  .map(([plans, copies]) => bookOf([...plans, ...plans.slice(0, copies)]))

/** From none to a fault fee that decides every fee, a network without power, and rewards below zero. */
const anyEstimates: fc.Arbitrary<NetworkEstimates> = fc.oneof(
  fc.constantFrom(0n, 10n ** 12n, 10n ** 15n, 2n * 10n ** 16n, 10n ** 17n, 10n ** 20n).map(earning),
  fc.bigInt({ min: 0n, max: 10n ** 17n }).map(earning),
  fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map((reward) => ({
    reward: filterEstimate(reward, 0n),
    qaPower: filterEstimate(0n, 0n),
  })),
  fc.constant({ reward: filterEstimate(-(10n ** 18n), 0n), qaPower: filterEstimate(1n << 60n, 0n) }),
)

const anyAt = fc.oneof(
  fc.constantFrom(...EDGES).map((age) => ACTIVATION + age),
  fc.constantFrom(...EDGES).map((age) => 700_000 + age),
  fc.integer({ min: -10, max: 3_000_000 }),
)

describe.each([
  { name: 'the pass over lanes', total: laneTotal },
  {
    name: 'the index',
    total: (...[lanes, epoch, projection]: Parameters<typeof laneTotal>) =>
      indexTotal(feeIndex(lanes), epoch, projection),
  },
])('the total of $name', ({ total }) => {
  test.prop([anyBook, anyEstimates, anyAt], { numRuns: 500 })(
    'I6: is that of the formula',
    (book, estimates, at) => {
      expect(total(feeLanes(book), at, projectionOf(estimates))).toBe(literal(book, estimates, at))
    },
  )

  // 85 ‰ of 10^18 is 85 × 10^15, and 94,870.6 of the 403,200 epochs make it 2 %; see the tests of the formula.
  test.each([
    { age: -1, fee: 2n * 10n ** 16n },
    { age: 0, fee: 2n * 10n ** 16n },
    { age: 94_870, fee: 2n * 10n ** 16n },
    { age: 94_871, fee: 20_000_086_805_555_555n },
    { age: 403_199, fee: 84_999_789_186_507_936n },
    { age: 403_200, fee: 85n * 10n ** 15n },
    { age: 403_201, fee: 85n * 10n ** 15n },
  ])('is three fees of $fee at the age of $age', ({ age, fee }) => {
    const book = bookOf([{}, {}, {}])
    expect(total(feeLanes(book), ACTIVATION + age, projectionOf(earning(0n)))).toBe(3n * fee)
  })

  test('is nothing for no live sectors', () => {
    const lanes = feeLanes(bookOf([{ status: 0 }]))
    expect(total(lanes, ACTIVATION, projectionOf(earning(10n ** 18n)))).toBe(0n)
  })

  // More rows than one block of sums, at the largest pledge and the largest age of the ramp.
  test('does not lose a digit of large sums', () => {
    const sectors = 5000
    const pledge = WIDE - 1025n
    const s = (pledge * 17n - ((pledge * 17n) % 200n)) / 200n
    const columns = createSectorColumns(sectors)
    columns.initialPledge.words.fill(pledge)
    columns.activation.fill(ACTIVATION)
    columns.expiration.fill(ACTIVATION + 518_400)
    columns.powerBaseEpoch.fill(ACTIVATION)
    columns.status.fill(SectorStatus.LIVE)
    const lanes = feeLanes({ columns, sectorSizeBytes: SECTOR_BYTES })
    const grown = (403_199n * s - ((403_199n * s) % 403_200n)) / 403_200n
    const none = projectionOf(earning(0n))
    expect(total(lanes, ACTIVATION + 403_199, none)).toBe(5000n * grown)
    expect(total(lanes, ACTIVATION + 403_200, none)).toBe(5000n * s)
  })
})

describe('the guard of the fault fee', () => {
  // 105 % of the fault fee meets 2 % of 10^18, 2 × 10^16, at 19,047,619,047,619,047.6.
  test('tells a network that earns less than that from one that earns more', () => {
    const lanes = feeLanes(bookOf([{}, { initialPledge: 2n * 10n ** 18n }]))
    const holds = (faultFee: bigint) =>
      rewardPerByteIsBelow(lanes.faultLimit, projectionOf(earning(faultFee)))
    expect([holds(19_040_000_000_000_000n), holds(19_050_000_000_000_000n)]).toEqual([true, false])
  })

  test.prop([anyBook, anyEstimates, anyAt])(
    'holds only where no fee is decided by it',
    (book, estimates, at) => {
      const lanes = feeLanes(book)
      fc.pre(rewardPerByteIsBelow(lanes.faultLimit, projectionOf(estimates)))
      const bound = liveTerminationFees(book, fip0098Fees(book, estimates), at).byBranch.get('floorFault')
      expect(bound?.sectors ?? 0).toBeLessThanOrEqual(lanes.literal.length)
    },
  )
})

describe('a fault fee beside the share of the pledge', () => {
  // 2 % of 10^18 is 2 × 10^16; 105 % of …048 is 20,000,000,000,000,000.4, of …049 it is 1.05 more, and floored.
  test.each([
    { faultFee: 19_047_619_047_619_047n, fee: 2n * 10n ** 16n },
    { faultFee: 19_047_619_047_619_048n, fee: 2n * 10n ** 16n },
    { faultFee: 19_047_619_047_619_049n, fee: 2n * 10n ** 16n + 1n },
    { faultFee: 10n ** 18n, fee: 105n * 10n ** 16n },
  ])('of $faultFee makes a fee of $fee', ({ faultFee, fee }) => {
    const estimates = { reward: filterEstimate(faultFee, 0n), qaPower: filterEstimate(0n, 0n) }
    expect(laneTotal(feeLanes(bookOf([{}, {}])), ACTIVATION, projectionOf(estimates))).toBe(2n * fee)
  })
})

describe('the interval', () => {
  test.prop([anyBook, anyEstimates, anyAt], { numRuns: 500 })(
    'has the total in it, and is no wider than as many attofil as sectors are on the ramp',
    (book, estimates, at) => {
      const index = feeIndex(feeLanes(book))
      const { low, high } = indexInterval(index, at, projectionOf(estimates))
      const total = literal(book, estimates, at) ?? -1n
      expect([low <= total, total <= high]).toEqual([true, true])
      expect(high - low <= BigInt(sectorsOnRamp(index, regimesAt(index, at)))).toBe(true)
    },
  )

  test('is a point where no sector is on the ramp', () => {
    const index = feeIndex(feeLanes(bookOf([{}, { activation: ACTIVATION - 500_000 }])))
    const fee = 2n * 10n ** 16n + 85n * 10n ** 15n
    expect(indexInterval(index, ACTIVATION, projectionOf(earning(0n)))).toEqual({ low: fee, high: fee })
  })
})

describe('running intervals', () => {
  const anyStart = fc.oneof(
    fc.constantFrom(...EDGES).map((age) => ACTIVATION + age - 20),
    fc.integer({ min: 0, max: 2_500_000 }),
  )

  test.prop([fc.array(anyBook, { maxLength: 4 }), anyEstimates, anyStart, fc.integer({ min: 0, max: 50 })])(
    'are those of the index after any number of steps, and hold the total',
    (books, estimates, start, steps) => {
      const projection = projectionOf(estimates)
      const indexes = books.map((book) => feeIndex(feeLanes(book)))
      const running = new RunningIntervals(indexes, start)
      for (let i = 0; i < steps; i++) {
        running.step()
      }
      expect(running.epoch).toBe(start + steps)
      for (const [miner, index] of indexes.entries()) {
        const { low, high } = running.interval(miner, projection)
        const total = running.total(miner, projection)
        expect({ low, high }).toEqual(indexInterval(index, start + steps, projection))
        expect(total).toBe(literal(books[miner] as SectorBook, estimates, start + steps))
        expect([low <= total, total <= high]).toEqual([true, true])
      }
    },
  )

  // 2 % until the age of 94,871, 85 ‰ at last, and in between what the index says.
  test('carry a miner through its whole life', () => {
    const index = feeIndex(
      feeLanes(bookOf([{}, { activation: ACTIVATION + 7, initialPledge: 123_456_789n }])),
    )
    const running = new RunningIntervals([index], ACTIVATION)
    const none = projectionOf(earning(0n))
    const differing: number[] = []
    for (let age = 1; age <= 403_300; age++) {
      running.step()
      const isProbe = age % 997 === 0 || (age > 94_860 && age < 94_890) || age > 403_190
      const { low, high } = isProbe ? indexInterval(index, ACTIVATION + age, none) : { low: 0n, high: 0n }
      const found = isProbe ? running.interval(0, none) : { low, high }
      if (found.low !== low || found.high !== high) {
        differing.push(age)
      }
    }
    expect(differing).toEqual([])
  })
})
