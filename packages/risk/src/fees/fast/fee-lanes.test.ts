import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  filterEstimate,
  rewardProjection,
  setFigures,
} from '@plimsoll/actors'
import { plannedSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createSectorColumns, SectorStatus } from '../../book/sector-columns.ts'
import { feeIndex } from './fee-index.ts'
import { type FeeBook, feeLanes, rewardPerByteIsBelow } from './fee-lanes.ts'
import { indexInterval } from './index-total.ts'
import { laneTotal } from './lane-total.ts'
import { RunningIntervals } from './running-intervals.ts'

const ACTIVATION = 1_000_000
const SIZE = BigInt(SECTOR_BYTES)

function bookOf(sectors: readonly Partial<Parameters<typeof plannedSector>[0]>[]): FeeBook {
  const columns = createSectorColumns(sectors.length)
  for (const [row, sector] of sectors.entries()) {
    setFigures(columns, row, plannedSector({ sectorNumber: row, activation: ACTIVATION, ...sector }))
    columns.status[row] = SectorStatus.LIVE
  }
  return { columns, sectorSizeBytes: SECTOR_BYTES }
}

/** On a network without power the fault fee of every sector is any given amount. */
const charging = (faultFee: bigint) =>
  rewardProjection(
    { reward: filterEstimate(faultFee, 0n), qaPower: filterEstimate(0n, 0n) },
    CONTINUED_FAULT_PROJECTION_PERIOD,
  )

/** A network in which 32 GiB earn about that much in 10,108 epochs. */
const earning = (faultFee: bigint) =>
  rewardProjection(
    {
      reward: filterEstimate((faultFee << 30n) / 10_108n, 0n),
      qaPower: filterEstimate(SIZE << 30n, 0n),
    },
    CONTINUED_FAULT_PROJECTION_PERIOD,
  )

describe('the classes of power in lanes', () => {
  const classesOf = (sectors: Parameters<typeof bookOf>[0]) => {
    const { powers, powerClass } = feeLanes(bookOf(sectors))
    return { powers, classes: [...powerClass] }
  }

  // All of the space verified for the whole term counts ten times; for half of the term 5.5 times.
  test('are by duration and weight of each, even where epochs add up to as much', () => {
    const verifiedDealWeight = SIZE * 100n
    const half = { activation: 300, powerBaseEpoch: 300, expiration: 500, verifiedDealWeight }
    const whole = { activation: 350, powerBaseEpoch: 350, expiration: 450, verifiedDealWeight }
    expect(classesOf([half, whole, half])).toEqual({
      ...{ powers: [(11n * SIZE) / 2n, 10n * SIZE], classes: [0, 1, 0] },
    })
  })

  test.each([
    { differing: 'the low half of the weight', weights: [1n << 50n, (1n << 50n) + (1n << 31n)] },
    { differing: 'the high half of the weight', weights: [1n << 50n, 1n << 51n] },
    { differing: 'weights beyond 64 bits', weights: [1n << 64n, 1n << 65n] },
  ])('tell neighbours apart by $differing', ({ weights }) => {
    // A term so short that the least of these weights is felt.
    const expiration = ACTIVATION + 1000
    const sectors = weights.map((verifiedDealWeight) => ({ verifiedDealWeight, expiration }))
    expect(classesOf(sectors).classes).toEqual([0, 1])
  })

  test('are not made again for what was there before', () => {
    const plain = {}
    const heavy = { verifiedDealWeight: 1n << 50n }
    expect(classesOf([plain, heavy, plain, plain, heavy]).classes).toEqual([0, 1, 0, 0, 1])
  })
})

describe('what lanes hold', () => {
  test.each([
    { initialPledge: 14_999_999n, lanes: 0 },
    { initialPledge: 15_000_000n, lanes: 1 },
    { initialPledge: (1n << 64n) - 1025n, lanes: 1 },
    { initialPledge: (1n << 64n) - 1024n, lanes: 0 },
  ])('is a pledge of $initialPledge: $lanes', ({ initialPledge, lanes }) => {
    const { count, literal } = feeLanes(bookOf([{ initialPledge }]))
    expect([count, literal.length]).toEqual([lanes, 1 - lanes])
  })
})

describe('the guard of the fault fee', () => {
  // 2 % of 2^32 − 1 is 85,899,345.9, and 105 % of a fault fee is that at 81,808,900.
  test('reads all of a pledge', () => {
    const { faultLimit } = feeLanes(bookOf([{ initialPledge: (1n << 32n) - 1n }]))
    const holds = [80_000_000n, 83_000_000n].map((fee) => rewardPerByteIsBelow(faultLimit, earning(fee)))
    expect(holds).toEqual([true, false])
  })
})

describe('a fault fee beside the fees of lanes', () => {
  // 2 % of 15,000,000 is 300,000: 105 % of 190,476 is 199,999 and less, of 380,952 it is 399,999 and more.
  test.each([
    { faultFee: 190_476n, fee: 300_000n },
    { faultFee: 380_952n, fee: 399_999n },
  ])('of $faultFee makes the fee of a small pledge $fee', ({ faultFee, fee }) => {
    const lanes = feeLanes(bookOf([{ initialPledge: 15_000_000n }]))
    expect(laneTotal(lanes, ACTIVATION, charging(faultFee))).toBe(fee)
  })

  // More rows than a block, in which it decides every fee: 105 % of 10^20.
  test('is counted once for each of very many', () => {
    const sectors = 5000
    const columns = createSectorColumns(sectors)
    columns.initialPledge.words.fill(10n ** 18n)
    columns.activation.fill(ACTIVATION)
    columns.expiration.fill(ACTIVATION + 518_400)
    columns.powerBaseEpoch.fill(ACTIVATION)
    columns.status.fill(SectorStatus.LIVE)
    const lanes = feeLanes({ columns, sectorSizeBytes: SECTOR_BYTES })
    for (const age of [0, 200_000]) {
      expect(laneTotal(lanes, ACTIVATION + age, charging(10n ** 20n))).toBe(5000n * 105n * 10n ** 18n)
    }
  })
})

// 85 ‰ of 80,640,000 is 17 × 403,200, so that an epoch adds 17 and no floor takes anything.
describe('an interval of a sector whose fee has no remainder', () => {
  const index = () => feeIndex(feeLanes(bookOf([{ initialPledge: 80_640_000n }])))
  const none = charging(0n)

  test('is a point on the ramp', () => {
    const fee = 17n * 200_000n
    expect(indexInterval(index(), ACTIVATION + 200_000, none)).toEqual({ low: fee, high: fee })
    const running = new RunningIntervals([index()], ACTIVATION + 199_999)
    running.step()
    expect(running.interval(0, none)).toEqual({ low: fee, high: fee })
  })
})

// 85 ‰ of 40,320,000 is 8.5 × 403,200: two epochs add 17, and the remainder is then exactly used up.
describe('a remainder that comes to a whole', () => {
  test('is carried in the very epoch', () => {
    const none = charging(0n)
    const index = feeIndex(feeLanes(bookOf([{ initialPledge: 40_320_000n }])))
    const running = new RunningIntervals([index], ACTIVATION + 200_000)
    const highs = [1, 2, 3, 4].map(() => {
      running.step()
      return running.interval(0, none).high
    })
    const half = 17n * 100_000n
    expect(highs).toEqual([half + 8n, half + 17n, half + 25n, half + 34n])
  })
})
