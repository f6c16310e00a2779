import { fc, test } from '@fast-check/vitest'
import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  filterEstimate,
  rewardProjection,
  setFigures,
} from '@plimsoll/actors'
import { plannedSector, SECTOR_BYTES } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { createSectorColumns, SectorStatus } from '../../book/sector-columns.ts'
import { feeIndex } from './fee-index.ts'
import { type FeeBook, feeLanes } from './fee-lanes.ts'
import { indexTotal } from './index-total.ts'
import { overlayIndex, overlayInterval, overlayTotal, updateOverlay } from './overlay-index.ts'

interface Plan {
  readonly sectorNumber: number
  readonly initialPledge: bigint
  readonly activation: number
  readonly verifiedDealWeight: bigint
  readonly powerBaseEpoch?: number
  readonly expiration?: number
  readonly status: number
}

function bookOf(plans: Iterable<Plan>): FeeBook {
  const sorted = [...plans].sort((a, b) => a.sectorNumber - b.sectorNumber)
  const columns = createSectorColumns(sorted.length)
  for (const [row, { status, ...plan }] of sorted.entries()) {
    setFigures(columns, row, plannedSector(plan))
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

  // Six rows of 120 are a twentieth, and not more.
  test('keeps the index while no more than a twentieth has changed', () => {
    const before = overlayIndex(bookOf(LARGE.slice(1)))
    const after = LARGE.slice(1).map((plan) =>
      plan.sectorNumber <= 3 ? { ...plan, initialPledge: 1n << 40n } : plan,
    )
    expect(updateOverlay(before, bookOf(after)).base).toBe(before.base)
  })

  test('are those of a new index where the sectors have another size', () => {
    const before = overlayIndex(bookOf(LARGE))
    const updated = updateOverlay(before, { ...bookOf(LARGE), sectorSizeBytes: 2 * SECTOR_BYTES })
    expect(updated.base).not.toBe(before.base)
    expect(updated.base.lanes.powers).toEqual([2n * BigInt(SECTOR_BYTES)])
  })
})

describe('a sector of a changed book', () => {
  const plan = {
    ...{ sectorNumber: 60, activation: 1000, powerBaseEpoch: 1000, expiration: 600_000 },
    ...{ initialPledge: 10n ** 17n, verifiedDealWeight: 1n << 50n, status: SectorStatus.LIVE },
  }
  const rowsOf = ({ lanes }: ReturnType<typeof overlayIndex>['base']) => lanes.count + lanes.literal.length

  /** How many sectors are taken out of the index, and how many put in, when one becomes another. */
  function changed(before: Partial<Plan>, after: Partial<Plan>) {
    const others = LARGE.filter(({ sectorNumber }) => sectorNumber !== plan.sectorNumber)
    const overlay = overlayIndex(bookOf([...others, { ...plan, ...before }]))
    const { base, removed, added } = updateOverlay(overlay, bookOf([...others, { ...plan, ...after }]))
    expect(base).toBe(overlay.base)
    return [rowsOf(removed), rowsOf(added)]
  }

  const dead = { status: 0 }
  test.each<{ what: string; before: Partial<Plan>; after: Partial<Plan>; rows: readonly number[] }>([
    { what: 'nothing', before: {}, after: {}, rows: [0, 0] },
    { what: 'its activation', before: {}, after: { activation: 1001 }, rows: [1, 1] },
    { what: 'its expiration', before: {}, after: { expiration: 600_001 }, rows: [1, 1] },
    {
      what: 'its term and not its length',
      before: {},
      after: { powerBaseEpoch: 1001, expiration: 600_001 },
      rows: [0, 0],
    },
    {
      what: 'both ends of its term, by as much in opposite directions',
      before: {},
      after: { powerBaseEpoch: 1001, expiration: 599_999 },
      rows: [1, 1],
    },
    {
      what: 'the low half of its pledge',
      before: {},
      after: { initialPledge: 10n ** 17n + 1n },
      rows: [1, 1],
    },
    {
      what: 'the high half of its pledge',
      before: {},
      after: { initialPledge: 10n ** 17n + (1n << 32n) },
      rows: [1, 1],
    },
    { what: 'its weight', before: {}, after: { verifiedDealWeight: (1n << 50n) + 1n }, rows: [1, 1] },
    {
      what: 'a pledge beyond 64 bits',
      before: { initialPledge: 1n << 64n },
      after: { initialPledge: 1n << 65n },
      rows: [1, 1],
    },
    {
      what: 'nothing of a pledge beyond 64 bits',
      before: { initialPledge: 1n << 65n },
      after: { initialPledge: 1n << 65n },
      rows: [0, 0],
    },
    { what: 'that it is live no more', before: {}, after: dead, rows: [1, 0] },
    { what: 'that it is live now', before: dead, after: {}, rows: [0, 1] },
    { what: 'its pledge, and is dead', before: dead, after: { ...dead, initialPledge: 1n }, rows: [0, 0] },
    { what: 'its number', before: {}, after: { sectorNumber: 200 }, rows: [1, 1] },
    { what: 'its number, and is dead', before: dead, after: { ...dead, sectorNumber: 200 }, rows: [0, 0] },
  ])('that changes $what has rows $rows', ({ before, after, rows }) => {
    expect(changed(before, after)).toEqual(rows)
  })

  // The one behind it has the same fees, and is another sector.
  test('that comes or goes before its like is told from it', () => {
    const twins = [...LARGE.filter(({ sectorNumber }) => sectorNumber < 60), { ...plan, sectorNumber: 61 }]
    const both = [...twins, plan]
    const going = updateOverlay(overlayIndex(bookOf(both)), bookOf(twins))
    expect([rowsOf(going.removed), rowsOf(going.added)]).toEqual([1, 0])
    const coming = updateOverlay(overlayIndex(bookOf(twins)), bookOf(both))
    expect([rowsOf(coming.removed), rowsOf(coming.added)]).toEqual([0, 1])
  })

  // Up to the age of 94,870 a sector pays 2 %, and no floor of a ramp is in doubt.
  test('leaves the interval a point where no sector is on its ramp', () => {
    const young = LARGE.map((sector) => ({ ...sector, activation: 1000 }))
    const after = young.map((sector) =>
      sector.sectorNumber === 7 ? { ...sector, initialPledge: 5n * 10n ** 17n } : sector,
    )
    const overlay = updateOverlay(overlayIndex(bookOf(young)), bookOf(after))
    const [none] = projections
    if (none === undefined) {
      throw new Error('there is a projection')
    }
    const total = overlayTotal(overlay, 2000, none)
    expect(total).toBe(after.reduce((sum, { initialPledge }) => sum + (initialPledge * 2n) / 100n, 0n))
    expect(overlayInterval(overlay, 2000, none)).toEqual({ low: total, high: total })
  })
})
