import { fc, test } from '@fast-check/vitest'
import { CONTINUED_FAULT_PROJECTION_PERIOD, filterEstimate, rewardProjection } from '@plimsoll/actors'
import { plannedSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { createSectorColumns, SectorStatus, setSector } from '../../book/sector-columns.ts'
import { feeIndex } from './fee-index.ts'
import { type FeeBook, feeLanes } from './fee-lanes.ts'
import { indexTotal } from './index-total.ts'
import { overlayIndex, overlayInterval, overlayTotal, updateOverlay } from './overlay-index.ts'

interface Plan {
  readonly sectorNumber: number
  readonly initialPledge: bigint
  readonly activation: number
  readonly verifiedDealWeight: bigint
  readonly status: number
}

function bookOf(plans: Iterable<Plan>): FeeBook {
  const sorted = [...plans].sort((a, b) => a.sectorNumber - b.sectorNumber)
  const columns = createSectorColumns(sorted.length)
  for (const [row, { status, ...plan }] of sorted.entries()) {
    setSector(columns, row, plannedSector(plan))
    columns.status[row] = status
  }
  return { columns, sectorSizeBytes: SECTOR_BYTES }
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  sectorNumber: fc.nat(120),
  initialPledge: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.constantFrom(1n << 64n, 1n << 65n)),
  activation: fc.integer({ min: 0, max: 1_000_000 }),
  verifiedDealWeight: fc.constantFrom(0n, 1n << 50n, 1n << 64n, 1n << 65n),
  status: fc.constantFrom(SectorStatus.LIVE, SectorStatus.LIVE, 0),
})
const anyChanges = fc.array(fc.oneof(anyPlan, fc.nat(120)), { maxLength: 3 })

/** A book of many sectors, so that a few changes do not make it worth a new index. */
const LARGE: readonly Plan[] = Array.from({ length: 121 }, (_, sectorNumber) => ({
  sectorNumber,
  initialPledge: 10n ** 17n + 991n * BigInt(sectorNumber),
  activation: 7919 * sectorNumber,
  verifiedDealWeight: 0n,
  status: SectorStatus.LIVE,
}))

/** With no fault fee to speak of, and with one that decides many fees. */
const projections = [0n, 4n * 10n ** 15n].map((faultFee) =>
  rewardProjection(
    {
      reward: filterEstimate((faultFee << 30n) / 10_108n, 0n),
      qaPower: filterEstimate(BigInt(SECTOR_BYTES) << 30n, 0n),
    },
    CONTINUED_FAULT_PROJECTION_PERIOD,
  ),
)

describe('the fees of a changed book', () => {
  test.prop([fc.array(anyChanges, { maxLength: 5 }), fc.constantFrom(...projections), fc.nat(1_600_000)])(
    'are those of an index that is built afresh, after every change',
    (rounds, projection, epoch) => {
      const plans = new Map(LARGE.map((plan) => [plan.sectorNumber, plan]))
      let overlay = overlayIndex(bookOf(plans.values()))
      for (const changes of rounds) {
        for (const change of changes) {
          // A number removes the sector that has it.
          typeof change === 'number' ? plans.delete(change) : plans.set(change.sectorNumber, change)
        }
        const book = bookOf(plans.values())
        overlay = updateOverlay(overlay, book)
        const total = indexTotal(feeIndex(feeLanes(book)), epoch, projection)
        const { low, high } = overlayInterval(overlay, epoch, projection)
        expect(overlayTotal(overlay, epoch, projection)).toBe(total)
        expect([low <= total, total <= high]).toEqual([true, true])
      }
    },
  )

  // A twentieth of 121 sectors is 6.05: three changed sectors are six rows, four are eight.
  test.each([
    { changed: 3, isRebuilt: false },
    { changed: 4, isRebuilt: true },
  ])('of $changed sectors build a new index: $isRebuilt', ({ changed, isRebuilt }) => {
    const before = overlayIndex(bookOf(LARGE))
    const after = bookOf(
      LARGE.map((plan) => (plan.sectorNumber < changed ? { ...plan, initialPledge: 1n << 40n } : plan)),
    )
    const updated = updateOverlay(before, after)
    expect(updated.base !== before.base).toBe(isRebuilt)
    expect(updated.added.lanes.count).toBe(isRebuilt ? 0 : changed)
  })
})
