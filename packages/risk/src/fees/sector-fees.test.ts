import { fc, test } from '@fast-check/vitest'
import {
  filterEstimate,
  type NetworkEstimates,
  pledgePenaltyForContinuedFault,
  pledgePenaltyForTermination,
  qaPowerForSector,
  type SectorOnChainInfo,
  setFigures,
} from '@plimsoll/actors'
import { divFloor } from '@plimsoll/primitives'
import { anyPositiveAmount, plannedSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import type { SectorBook } from '../book/sector-book.ts'
import { createSectorColumns, SectorStatus } from '../book/sector-columns.ts'
import { fip0098Fees, qaPowerAt } from './sector-fees.ts'
import { liveTerminationFees } from './termination-fees.ts'

/** 140 days: from that age on a fee grows no more. */
const CAP = 403_200

function bookOf(sectors: readonly SectorOnChainInfo[], sectorSizeBytes: number = SECTOR_BYTES): SectorBook {
  const columns = createSectorColumns(sectors.length)
  sectors.forEach((sector, row) => {
    setFigures(columns, row, sector)
    columns.status[row] = SectorStatus.LIVE
  })
  return { sectorSizeBytes, columns, deadlines: [], queue: [] }
}

/** On a network without power the expected reward is that of one epoch, so a fault fee is any given amount. */
function estimatesWithFaultFee(faultFee: bigint): NetworkEstimates {
  return { reward: filterEstimate(faultFee, 0n), qaPower: filterEstimate(0n, 0n) }
}

const anyEstimates: fc.Arbitrary<NetworkEstimates> = fc
  .record({
    reward: fc.bigInt({ min: 0n, max: 10n ** 20n }),
    rewardVelocity: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
    qaPower: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n << 55n, max: 1n << 66n })),
    qaPowerVelocity: fc.bigInt({ min: 0n, max: 1n << 40n }),
  })
  .map(({ reward, rewardVelocity, qaPower, qaPowerVelocity }) => ({
    reward: filterEstimate(reward, rewardVelocity),
    qaPower: filterEstimate(qaPower, qaPowerVelocity),
  }))

/** Few durations and weights, so that neighbours often share one of them and not the other. */
const anyLiveSector: fc.Arbitrary<SectorOnChainInfo> = fc
  .record({
    activation: fc.nat(1_000_000),
    snapEpochs: fc.constantFrom(0, 1, 400_000),
    duration: fc.constantFrom(1, 518_400, 1_555_200),
    verifiedDealWeight: fc.constantFrom(0n, 1n, 1n << 50n, BigInt(SECTOR_BYTES) * 518_400n),
    initialPledge: anyPositiveAmount,
  })
  .map(({ activation, snapEpochs, duration, verifiedDealWeight, initialPledge }) =>
    plannedSector({
      sectorNumber: 0,
      activation,
      powerBaseEpoch: activation + snapEpochs,
      expiration: activation + snapEpochs + duration,
      verifiedDealWeight,
      initialPledge,
    }),
  )

const anySectors = fc.array(anyLiveSector, { minLength: 1, maxLength: 12 })
const laterEpoch = fc.integer({ min: 1_400_000, max: 4_000_000 })

describe('the power of a row', () => {
  test.prop([anySectors, fc.constantFrom(2048, SECTOR_BYTES, 2 * SECTOR_BYTES)])(
    'is that of the sector, by the formula of the actor',
    (sectors, size) => {
      const { columns } = bookOf(sectors, size)
      expect(sectors.map((_, row) => qaPowerAt(columns, size, row))).toEqual(
        sectors.map((sector) => qaPowerForSector(size, sector)),
      )
    },
  )
})

describe('the fee of FIP-0098', () => {
  // Source: builtin-actors v18, `actors/miner/tests/pledge_penalty_for_termination.rs`; figures worked out there:
  // 85 ‰ of 1024 is 87.04, half of 87 is 43.5, 105 % of 1024 is 1075.2, 2 % of 1024 is 20.48.
  test.each([
    { name: 'beyond the cap is 85 ‰ of the pledge', age: 141 * 2880, faultFee: 0n, fee: 87n, branch: 'cap' },
    { name: 'at half the cap is half of that', age: 70 * 2880, faultFee: 0n, fee: 43n, branch: 'age' },
    { name: 'is 105 % of a fault fee', age: 141 * 2880, faultFee: 1024n, fee: 1075n, branch: 'floorFault' },
    { name: 'of a new sector is 2 % of it', age: 0, faultFee: 0n, fee: 20n, branch: 'floorPledge' },
  ])('$name', ({ age, faultFee, fee, branch }) => {
    const book = bookOf([plannedSector({ sectorNumber: 0, activation: 5000, initialPledge: 1024n })])
    expect(fip0098Fees(book, estimatesWithFaultFee(faultFee))(0, 5000 + age)).toMatchObject({ fee, branch })
  })

  // 85 ‰ of 10^18 is 85 × 10^15; it takes 94,870.6 of the 403,200 epochs to reach 2 %, 2 × 10^16.
  // With a pledge of 100, 85 ‰ is 8 and 2 % is 2: a quarter of the cap, 100,800 epochs, makes them equal.
  // 105 % of 19,047,619,047,619,048 is 20,000,000,000,000,000.4, equal to 2 % of 10^18 when floored.
  // With a pledge of 1000, 85 ‰ is 85; 105 % of 81 is 85.05, of 82 it is 86.1.
  test.each([
    { pledge: 10n ** 18n, age: CAP, faultFee: 0n, fee: 85n * 10n ** 15n, branch: 'cap' },
    { pledge: 10n ** 18n, age: CAP - 1, faultFee: 0n, fee: 84_999_789_186_507_936n, branch: 'age' },
    { pledge: 10n ** 18n, age: 94_871, faultFee: 0n, fee: 20_000_086_805_555_555n, branch: 'age' },
    { pledge: 10n ** 18n, age: 94_870, faultFee: 0n, fee: 2n * 10n ** 16n, branch: 'floorPledge' },
    { pledge: 100n, age: 100_800, faultFee: 0n, fee: 2n, branch: 'age' },
    { pledge: 100n, age: 100_799, faultFee: 0n, fee: 2n, branch: 'floorPledge' },
    {
      pledge: 10n ** 18n,
      age: 0,
      faultFee: 19_047_619_047_619_048n,
      fee: 2n * 10n ** 16n,
      branch: 'floorPledge',
    },
    {
      pledge: 10n ** 18n,
      age: 0,
      faultFee: 19_047_619_047_619_049n,
      fee: 2n * 10n ** 16n + 1n,
      branch: 'floorFault',
    },
    { pledge: 1000n, age: CAP, faultFee: 81n, fee: 85n, branch: 'cap' },
    { pledge: 1000n, age: CAP, faultFee: 82n, fee: 86n, branch: 'floorFault' },
    { pledge: 0n, age: 0, faultFee: 0n, fee: 0n, branch: 'cap' },
    { pledge: 0n, age: CAP, faultFee: 0n, fee: 0n, branch: 'cap' },
  ])(
    'of pledge $pledge, age $age and fault fee $faultFee is $fee by $branch',
    ({ pledge, age, faultFee, fee, branch }) => {
      const book = bookOf([plannedSector({ sectorNumber: 0, activation: 7, initialPledge: pledge })])
      expect(fip0098Fees(book, estimatesWithFaultFee(faultFee))(0, 7 + age)).toMatchObject({ fee, branch })
    },
  )

  test('counts the age from activation and not from the base of power', () => {
    const snapped = plannedSector({
      sectorNumber: 0,
      activation: 1000,
      powerBaseEpoch: 1000 + CAP,
      expiration: 3_000_000,
      initialPledge: 1000n,
    })
    const fees = fip0098Fees(bookOf([snapped]), estimatesWithFaultFee(0n))
    expect(fees(0, 1000 + CAP)).toMatchObject({ fee: 85n, branch: 'cap' })
  })

  // Neighbours with the same weight, 100 epochs of all their bytes, and with epochs that add up to 800: of 200 epochs half is
  // verified, and counts 5.5 times; of 100 all of it, and counts ten times. A fault costs 10,108 epochs, and 105 % of that are paid.
  test('of neighbours is by the duration of each', () => {
    const verifiedDealWeight = BigInt(SECTOR_BYTES) * 100n
    const terms = { sectorNumber: 0, activation: 0, initialPledge: 0n, verifiedDealWeight }
    const book = bookOf([
      plannedSector({ ...terms, powerBaseEpoch: 300, expiration: 500 }),
      plannedSector({ ...terms, powerBaseEpoch: 350, expiration: 450 }),
    ])
    const million = {
      reward: filterEstimate(10n ** 6n, 0n),
      qaPower: filterEstimate(BigInt(SECTOR_BYTES), 0n),
    }
    const fees = fip0098Fees(book, million)
    expect([fees(0, 1000)?.fee, fees(1, 1000)?.fee]).toEqual([58_373_700_000n, 106_134_000_000n])
  })

  test.prop([anySectors, anyEstimates, laterEpoch])(
    'is that of the actor’s formula, sector by sector',
    (sectors, estimates, epoch) => {
      const fees = fip0098Fees(bookOf(sectors), estimates)
      expect(sectors.map((_, row) => fees(row, epoch)?.fee)).toEqual(
        sectors.map((sector) =>
          pledgePenaltyForTermination(
            sector.initialPledge,
            epoch - sector.activation,
            pledgePenaltyForContinuedFault(estimates, qaPowerForSector(SECTOR_BYTES, sector)),
          ),
        ),
      )
    },
  )

  test.prop([anyLiveSector, anyEstimates, laterEpoch, fc.nat(500_000)])(
    'I3: never falls as a sector grows older',
    (sector, estimates, epoch, later) => {
      const fees = fip0098Fees(bookOf([sector]), estimates)
      const [before, after] = [fees(0, epoch)?.fee ?? -1n, fees(0, epoch + later)?.fee ?? -1n]
      expect(before <= after).toBe(true)
    },
  )

  test.prop([anyLiveSector, anyEstimates, laterEpoch])(
    'I3: is between 2 % and 8.5 % of the pledge, unless a fault fee decides',
    (sector, estimates, epoch) => {
      const found = fip0098Fees(bookOf([sector]), estimates)(0, epoch)
      const fee = found?.fee ?? -1n
      expect(fee * 100n > 2n * sector.initialPledge - 100n).toBe(true)
      if (found?.branch !== 'floorFault') {
        expect(fee * 1000n <= 85n * sector.initialPledge).toBe(true)
      }
    },
  )

  // Written out: 85 ‰ is floored before it grows with age, the floor is the greater of the two, and it is compared last.
  test.prop([anyPositiveAmount, fc.nat(2 * CAP), anyPositiveAmount])(
    'I3: rounds and compares in one order',
    (pledge, age, faultFee) => {
      const book = bookOf([plannedSector({ sectorNumber: 0, activation: 7, initialPledge: pledge })])
      const full = divFloor(pledge * 85n, 1000n)
      const grown = age < CAP ? divFloor(full * BigInt(age), BigInt(CAP)) : full
      const floors = [divFloor(pledge * 2n, 100n), divFloor(faultFee * 105n, 100n)]
      const fee = floors.reduce((most, floor) => (floor > most ? floor : most), grown)
      expect(fip0098Fees(book, estimatesWithFaultFee(faultFee))(0, 7 + age)?.fee).toBe(fee)
    },
  )

  // What an aggregate would be charged is at most the sum and 2 attoFIL a sector, and may be far less.
  test.prop([anySectors, anyEstimates, fc.nat(500_000)])(
    'I3: summed is at least the fee of the aggregate, but for floors',
    (sectors, estimates, age) => {
      const alike = sectors.map((sector) => ({ ...sector, activation: 1000 }))
      const sum = liveTerminationFees(bookOf(alike), fip0098Fees(bookOf(alike), estimates), 1000 + age).fee
      const qaPower = alike.reduce((total, sector) => total + qaPowerForSector(SECTOR_BYTES, sector), 0n)
      const pledge = alike.reduce((total, { initialPledge }) => total + initialPledge, 0n)
      const faultFee = pledgePenaltyForContinuedFault(estimates, qaPower)
      const ofAggregate = pledgePenaltyForTermination(pledge, age, faultFee)
      expect(ofAggregate <= (sum ?? -1n) + 2n * BigInt(alike.length)).toBe(true)
    },
  )
})
