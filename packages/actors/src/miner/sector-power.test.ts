import { fc, test } from '@fast-check/vitest'
import { EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { anySector, PARTITION_TERMS, quickSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { powerForSectors, qaPowerMax } from './policy.ts'
import { depositPower, powerOfSectors, qaPowerOfTerm } from './sector-power.ts'

const GIB = 2n ** 30n
const LIFETIME = 540 * EPOCHS_IN_DAY
/** Byte-epochs of a sector that is full of verified data for its whole life. */
const FULL_WEIGHT = BigInt(SECTOR_BYTES) * BigInt(LIFETIME)

// Source of the rules: builtin-actors v18, `actors/miner/src/policy.rs`, `qa_power_for_weight`.
describe('qaPowerOfTerm', () => {
  test.each([
    { what: 'without verified data', weight: 0n, qa: 32n * GIB },
    { what: 'full of verified data', weight: FULL_WEIGHT, qa: 320n * GIB },
    // Half of it ten times, half of it once.
    { what: 'half full', weight: FULL_WEIGHT >> 1n, qa: 176n * GIB },
  ])('of a sector $what is $qa', ({ weight, qa }) => {
    expect(qaPowerOfTerm(PARTITION_TERMS, quickSector(LIFETIME, 1, weight, 0n, 0n))).toBe(qa)
  })

  // A sector that was updated counts from then on, not from its activation.
  test('counts the life of a sector from its power base', () => {
    const sector = {
      ...quickSector(LIFETIME, 1, FULL_WEIGHT >> 1n, 0n, 0n),
      powerBaseEpoch: 270 * EPOCHS_IN_DAY,
    }
    expect(qaPowerOfTerm(PARTITION_TERMS, sector)).toBe(320n * GIB)
  })
})

describe('powerOfSectors', () => {
  const anyLongSector = anySector.filter(({ expiration, powerBaseEpoch }) => expiration > powerBaseEpoch)

  /** Each again and again, as sectors are that were sealed together. */
  const anyNeighbours = fc
    .array(fc.tuple(anyLongSector, fc.integer({ min: 1, max: 3 })), { maxLength: 10 })
    .map((runs) => runs.flatMap(([sector, count]) => Array.from({ length: count }, () => ({ ...sector }))))

  test.prop([anyNeighbours])('is the sum of the sectors', (sectors) => {
    const qa = sectors.reduce((sum, sector) => sum + qaPowerOfTerm(PARTITION_TERMS, sector), 0n)
    const raw = BigInt(SECTOR_BYTES) * BigInt(sectors.length)
    expect(powerOfSectors(PARTITION_TERMS, sectors)).toEqual({ raw, qa })
    expect(powerForSectors(SECTOR_BYTES, sectors)).toEqual({ raw, qa })
  })

  // In one epoch of 2^35 bytes, a weight of 2^64 makes a quality of 2^20 + 9 * 2^49; two of them are over 2^53.
  test('adds up what is no safe number any more', () => {
    const heavy = [0n, 1n].map((dailyFee, number) => quickSector(1, number, 1n << 64n, 0n, dailyFee))
    expect(powerOfSectors(PARTITION_TERMS, heavy).qa).toBe(
      2n * ((1n << 20n) + 9n * (1n << 49n)) * (1n << 15n),
    )
  })

  test.each([
    { field: 'expiration', change: { expiration: LIFETIME - EPOCHS_IN_DAY } },
    { field: 'power base', change: { powerBaseEpoch: EPOCHS_IN_DAY } },
    { field: 'verified data', change: { verifiedDealWeight: FULL_WEIGHT } },
  ])('tells neighbours apart by their $field', ({ change }) => {
    const sector = quickSector(LIFETIME, 1, FULL_WEIGHT >> 1n, 0n, 0n)
    const neighbours = [sector, { ...sector, ...change }, sector]
    const qa = neighbours.reduce((sum, one) => sum + qaPowerOfTerm(PARTITION_TERMS, one), 0n)
    expect(qa).not.toBe(3n * qaPowerOfTerm(PARTITION_TERMS, sector))
    expect(powerOfSectors(PARTITION_TERMS, neighbours).qa).toBe(qa)
  })
})

describe('depositPower', () => {
  // Source: the same file, `qa_power_max`: ten times the size.
  test('is that of a sector full of verified data', () => {
    expect(depositPower(PARTITION_TERMS)).toBe(320n * GIB)
    expect(depositPower(PARTITION_TERMS)).toBe(qaPowerMax(SECTOR_BYTES))
  })
})
