import { fc, test } from '@fast-check/vitest'
import { anySector } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { countAlike } from './alike-sectors.ts'
import type { SectorFigures, SectorKind } from './types.ts'

/** Sectors of few kinds in any order, and such that differ in one figure only. */
const sectors = fc
  .tuple(
    fc.array(anySector, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(2), fc.option(fc.constantFrom('dailyFee', 'dealWeight', 'initialPledge'))), {
      maxLength: 20,
    }),
  )
  .map(([kinds, picks]) =>
    picks.map(([kind, raised], sectorNumber): SectorFigures => {
      const sector = { ...(kinds[kind % kinds.length] as SectorFigures), sectorNumber }
      return raised === null ? sector : { ...sector, [raised]: sector[raised] + 1n }
    }),
  )

/** What the figures add up to, each with a weight that no other has. */
function sumOf(sector: SectorKind): bigint {
  const { activation, expiration, powerBaseEpoch, dealWeight, verifiedDealWeight, initialPledge, dailyFee } =
    sector
  const amounts = [dealWeight, verifiedDealWeight, initialPledge, dailyFee]
  return [...[activation, expiration, powerBaseEpoch].map(BigInt), ...amounts].reduce(
    (sum, figure) => sum * 3n ** 200n + figure,
    0n,
  )
}

describe('countAlike', () => {
  test.prop([sectors])('leaves every sum over sectors as it is', (given) => {
    const counted = countAlike(given).reduce(
      (sum, { sector, count }) => sum + sumOf(sector) * BigInt(count),
      0n,
    )
    expect(counted).toBe(given.reduce((sum, sector) => sum + sumOf(sector), 0n))
  })

  test.prop([fc.tuple(anySector, anySector, anySector), fc.array(fc.nat(2), { maxLength: 30 })])(
    'makes one of all that are like one of three',
    (kinds, picks) => {
      const counted = countAlike(picks.map((kind) => kinds[kind] as SectorFigures))
      expect(counted.length).toBeLessThanOrEqual(3)
    },
  )

  test('makes nothing of none', () => {
    expect(countAlike([])).toEqual([])
  })
})
