import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { plainDeadline, plainMiner, plainSector } from '../plan/testing/plain-miner.ts'
import type { MinerShock } from './draw-shock.ts'
import { faultySectors } from './faulty-sectors.ts'

const UNITS = ['sectors', 'partitions', 'deadlines'] as const
const sectors = (...numbers: readonly number[]) => numbers.map((number) => plainSector(number))
const MINER = plainMiner({
  deadlines: [
    plainDeadline(sectors(1, 2, 3), sectors(4)),
    plainDeadline(sectors(5, 6)),
    plainDeadline(sectors(7), sectors(8, 9, 10)),
  ],
})

function faulty(percent: number, faultyUnit: MinerShock['faultyUnit'], seed = 1) {
  const faultyShare = { num: BigInt(percent), denom: 100n }
  return [...faultySectors(MINER, 1001, { faultyShare, faultyUnit }, { seed, index: 0 })].sort(
    (a, b) => a - b,
  )
}

const percent = fc.integer({ min: 0, max: 100 })
const unit = fc.constantFrom(...UNITS)

describe('faulty sectors', () => {
  // Of 10 sectors a share of 11 % is more than one.
  test.each([
    { share: 0, count: 0 },
    { share: 1, count: 1 },
    { share: 10, count: 1 },
    { share: 11, count: 2 },
    { share: 100, count: 10 },
  ])('are $count of ten for a share of $share %', ({ share, count }) => {
    expect(faulty(share, 'sectors')).toHaveLength(count)
  })

  test.prop([percent, percent, unit, fc.nat()])(
    'of a larger share have those of a smaller',
    (a, b, of, seed) => {
      const larger = faulty(Math.max(a, b), of, seed)
      expect(larger).toEqual(expect.arrayContaining(faulty(Math.min(a, b), of, seed)))
    },
  )

  test.prop([percent, fc.nat()])('come as whole partitions, or as whole deadlines', (share, seed) => {
    const partitions = [[1, 2, 3], [4], [5, 6], [7], [8, 9, 10]]
    const deadlines = [
      [1, 2, 3, 4],
      [5, 6],
      [7, 8, 9, 10],
    ]
    for (const [of, units] of [['partitions', partitions] as const, ['deadlines', deadlines] as const]) {
      const set = new Set(faulty(share, of, seed))
      for (const numbers of units) {
        expect(new Set(numbers.map((number) => set.has(number))).size).toBe(1)
      }
    }
  })

  test('are others for another seed', () => {
    const found = new Set(Array.from({ length: 50 }, (_, seed) => faulty(10, 'sectors', seed).join()))
    expect(found.size).toBeGreaterThan(5)
  })
})
