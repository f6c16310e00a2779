import { fc, test } from '@fast-check/vitest'
import { divFloor } from '@plimsoll/primitives'
import { anyAmount, anyPositiveAmount, anySector, plannedSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import {
  dailyFeeForSectors,
  dailyProofFeePayable,
  findQualityNumber,
  powerForSectors,
  qaPowerForQuality,
  qaPowerForSector,
  qaPowerForWeight,
  qualityForWeight,
  REWARD_VESTING_SPEC,
} from './policy.ts'

const KIB = 2 ** 10
const MIB = 2 ** 20
const GIB = 2 ** 30
const DAY = 2880

const anySize = fc.constantFrom(2 * KIB, 8 * MIB, 512 * MIB, 32 * GIB, 64 * GIB)
const anyDuration = fc.oneof(fc.constantFrom(1, 10, 1000, 1000 * DAY), fc.integer({ min: 1, max: 5_259_485 }))
const anySectorWeight = fc
  .tuple(anySize, anyDuration)
  .chain(([size, duration]) =>
    fc.tuple(
      fc.constant(size),
      fc.constant(duration),
      fc.bigInt({ min: 0n, max: BigInt(size) * BigInt(duration) }),
    ),
  )

// Source of the rules: builtin-actors v18, `actors/miner/tests/policy_test.rs`. Quality is in 2⁻²⁰.
describe('qualityForWeight', () => {
  test.prop([anySize, anyDuration])(
    'is 1 without verified data, 10 full of it and 5.5 half full',
    (size, duration) => {
      const spacetime = BigInt(size) * BigInt(duration)
      expect(qualityForWeight(size, duration, 0n)).toBe(1n << 20n)
      expect(qualityForWeight(size, duration, spacetime)).toBe(10n << 20n)
      expect(qualityForWeight(size, duration, spacetime >> 1n)).toBe(11n << 19n)
    },
  )

  // A million epochs of 64 GiB, of which so many bytes are verified: 1 + 9 · bytes / 2^36.
  test.each([
    { verifiedBytes: 1n },
    { verifiedBytes: 1n << 10n },
    { verifiedBytes: 5n << 20n },
    { verifiedBytes: 1n << 30n },
    { verifiedBytes: (1n << 36n) - 1n },
  ])('is the mean of 1 and 10 by space, for $verifiedBytes verified bytes', ({ verifiedBytes }) => {
    const quality = qualityForWeight(64 * GIB, 1_000_000, verifiedBytes * 1_000_000n)
    expect(quality).toBe((1n << 20n) + ((9n * verifiedBytes) >> 16n))
  })

  test('is rounded down to 2⁻²⁰', () => {
    // 2 KiB for 3 epochs are 6144 byte-epochs, of which 1 is verified: (6143 · 10 + 100) / 6144 is 10.0146;
    // in 2⁻²⁰ that is 10501120.
    expect(qualityForWeight(2 * KIB, 3, 1n)).toBe(1_050_112n)
    // 5 of them: (6139 · 10 + 500) / 6144 is 10.0732 or 10562560; a tenth of it has no remainder either.
    expect(qualityForWeight(2 * KIB, 3, 5n)).toBe(1_056_256n)
    // 1 of 7 epochs: 10.00627 or 10492342.8571, first 10492342 and then 1049234.
    expect(qualityForWeight(2 * KIB, 7, 1n)).toBe(1_049_234n)
  })

  /** What v8 to v14 computed, where unverified data had a weight of its own. */
  function qualityUpToV14(
    size: number,
    duration: number,
    dealWeight: bigint,
    verifiedWeight: bigint,
  ): bigint {
    const spacetime = BigInt(size) * BigInt(duration)
    const base = (spacetime - dealWeight - verifiedWeight) * 10n
    return divFloor(divFloor((base + dealWeight * 10n + verifiedWeight * 100n) << 20n, spacetime), 10n)
  }

  // Source: builtin-actors v14.0.0, `actors/miner/src/policy.rs`, `quality_for_weight`.
  test.prop([anySectorWeight, anyPositiveAmount])(
    'is what versions 8 to 14 computed, whatever the unverified data',
    ([size, duration, verifiedWeight], dealWeight) => {
      expect(qualityUpToV14(size, duration, dealWeight, verifiedWeight)).toBe(
        qualityForWeight(size, duration, verifiedWeight),
      )
    },
  )
})

describe('findQualityNumber', () => {
  /** Weights beyond a whole sector's, and below zero, which only a damaged state has. */
  const anyWeight = fc.oneof(
    anySectorWeight,
    fc.tuple(anySize, anyDuration, fc.bigInt({ min: -(1n << 70n), max: 1n << 70n })),
  )

  test.prop([anyWeight])('is the quality wherever it is a number', ([size, duration, weight]) => {
    const quality = findQualityNumber(size, duration, weight)
    if (quality !== undefined) {
      expect(BigInt(quality)).toBe(qualityForWeight(size, duration, weight))
      expect(qaPowerForQuality(size, quality)).toBe((BigInt(size) * BigInt(quality)) >> 20n)
    }
  })

  test.prop([anySectorWeight])('is a number in every sector of 8 MiB or more', ([size, duration, weight]) => {
    expect(findQualityNumber(size, duration, weight) === undefined).toBe(size < 8 * MIB)
  })

  test.each([
    { what: 'of a size that is no power of two', size: 3 * GIB, duration: 1000, weight: 1n },
    { what: 'of half a MiB', size: MIB / 2, duration: 1000, weight: 1n },
    { what: 'of a size that is nearly one', size: 2 ** 52 + 1, duration: 1000, weight: 1n },
    { what: 'that lasts no epoch', size: 32 * GIB, duration: 0, weight: 0n },
    { what: 'that ends before it begins', size: 32 * GIB, duration: -1, weight: 0n },
    // 9 × 2^70 / 2^15 is over 2^53.
    { what: 'whose weight is too large', size: 32 * GIB, duration: 1000, weight: 1n << 70n },
  ])('is not found for a sector $what', ({ size, duration, weight }) => {
    expect(findQualityNumber(size, duration, weight)).toBeUndefined()
  })
})

describe('qaPowerForWeight', () => {
  test.prop([anySize, anyDuration])(
    'is the size without verified data, 10 times it full of it and 5.5 times it half full',
    (size, duration) => {
      const spacetime = BigInt(size) * BigInt(duration)
      expect(qaPowerForWeight(size, duration, 0n)).toBe(BigInt(size))
      expect(qaPowerForWeight(size, duration, spacetime)).toBe(10n * BigInt(size))
      expect(qaPowerForWeight(size, duration, spacetime >> 1n)).toBe(divFloor(11n * BigInt(size), 2n))
    },
  )

  test('loses what the 20 bits of the quality do not hold', () => {
    // One of 2^36 bytes adds 9 bytes of power, but to the quality less than 2⁻²⁰.
    expect(qaPowerForWeight(64 * GIB, 1_000_000, 1_000_000n)).toBe(1n << 36n)
    // 7282 bytes are the first that it holds: 9 · 7282 is 65538, over 2^16, which makes 2^16 bytes of power.
    expect(qaPowerForWeight(64 * GIB, 1, 7281n)).toBe(1n << 36n)
    expect(qaPowerForWeight(64 * GIB, 1, 7282n)).toBe((1n << 36n) + (1n << 16n))
  })

  test.prop([anySectorWeight])('lies between the size and 10 times the size', ([size, duration, weight]) => {
    const power = qaPowerForWeight(size, duration, weight)
    expect(power).toBeGreaterThanOrEqual(BigInt(size))
    expect(power).toBeLessThanOrEqual(10n * BigInt(size))
    expect(power).toBe((BigInt(size) * qualityForWeight(size, duration, weight)) >> 20n)
  })
})

describe('qaPowerForSector', () => {
  test('counts from the power base to the expiration', () => {
    // 1000 epochs since the last update, half of whose spacetime is verified.
    const sector = plannedSector({
      sectorNumber: 1,
      activation: 100,
      powerBaseEpoch: 5000,
      expiration: 6000,
      dealWeight: 12345n,
      verifiedDealWeight: BigInt(SECTOR_BYTES) * 500n,
    })
    expect(qaPowerForSector(SECTOR_BYTES, sector)).toBe(divFloor(11n * BigInt(SECTOR_BYTES), 2n))
  })

  // Source: filecoin-project/fvm-test-vectors: mainnet's sector of 1,545,477 epochs, full of verified data.
  test('is ten times its size for a sector of mainnet full of verified data', () => {
    const sector = plannedSector({
      sectorNumber: 93420,
      activation: 2_679_991,
      powerBaseEpoch: 2_679_991,
      expiration: 2_679_991 + 1_545_477,
      verifiedDealWeight: 53102185373761536n,
    })
    expect(qaPowerForSector(SECTOR_BYTES, sector)).toBe(343_597_383_680n)
  })
})

describe('powerForSectors', () => {
  test('of nothing is nothing', () => {
    expect(powerForSectors(SECTOR_BYTES, [])).toEqual({ raw: 0n, qa: 0n })
  })

  test('is raw power by size and quality-adjusted power by content', () => {
    const plain = plannedSector({ sectorNumber: 1 })
    const duration = BigInt(plain.expiration - plain.powerBaseEpoch)
    const verified = { ...plain, sectorNumber: 2, verifiedDealWeight: BigInt(SECTOR_BYTES) * duration }
    expect(powerForSectors(SECTOR_BYTES, [plain, verified])).toEqual({
      raw: 2n * BigInt(SECTOR_BYTES),
      qa: 11n * BigInt(SECTOR_BYTES),
    })
  })
})

describe('dailyFeeForSectors', () => {
  test.prop([fc.array(anySector)])('is the sum of their fees', (sectors) => {
    let sum = 0n
    for (const { dailyFee } of sectors) {
      sum += dailyFee
    }
    expect(dailyFeeForSectors(sectors)).toBe(sum)
  })
})

describe('dailyProofFeePayable', () => {
  // FIP-0100: at most half of the expected reward of a day.
  test.each([
    { dailyFee: 5n, dayReward: 12n, payable: 5n },
    { dailyFee: 6n, dayReward: 12n, payable: 6n },
    { dailyFee: 7n, dayReward: 12n, payable: 6n },
    { dailyFee: 7n, dayReward: 13n, payable: 6n },
    { dailyFee: 7n, dayReward: 14n, payable: 7n },
    { dailyFee: 7n, dayReward: 0n, payable: 0n },
    { dailyFee: 0n, dayReward: 14n, payable: 0n },
  ])('of a fee of $dailyFee with a reward of $dayReward is $payable', ({ dailyFee, dayReward, payable }) => {
    expect(dailyProofFeePayable(dailyFee, dayReward)).toBe(payable)
  })

  test.prop([anyAmount, anyAmount])('exceeds neither the fee nor half of the reward', (fee, reward) => {
    const payable = dailyProofFeePayable(fee, reward)
    expect(payable <= fee && 2n * payable <= reward).toBe(true)
    expect(payable === fee || 2n * payable >= reward - 1n).toBe(true)
  })
})

describe('REWARD_VESTING_SPEC', () => {
  // Source: builtin-actors v18, `actors/miner/src/policy.rs`.
  test('is 180 days in steps of a day, on a grid of half a day', () => {
    expect(REWARD_VESTING_SPEC).toEqual({
      initialDelay: 0,
      vestPeriod: 518_400,
      stepDuration: 2880,
      quantization: 1440,
    })
  })
})
