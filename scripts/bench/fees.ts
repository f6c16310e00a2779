import {
  amountAt,
  CONTINUED_FAULT_PROJECTION_PERIOD,
  filterEstimate,
  pledgePenaltyForTermination,
  qaPowerForWeight,
  type RewardProjection,
  rewardForPower,
  rewardProjection,
} from '@plimsoll/actors'
import { divTrunc } from '@plimsoll/primitives'
import {
  type FeeBook,
  type FeeIndex,
  feeIndex,
  feeLanes,
  indexInterval,
  indexTotal,
  laneTotal,
  overlayIndex,
  regimesAt,
  sectorsOnRamp,
  updateOverlay,
} from '@plimsoll/risk'
import { randomSource } from '@plimsoll/testkit'
import { generateFeeBook, NOW } from './fee-book.ts'
import { type Figure, fastestThreadMs, nanosecondsEach } from './measure.ts'

const SECTORS = 1_000_000
const CURVE_SECTORS = 100_000
const CURVE_DAYS = 5 * 365
/** Epochs over which what takes microseconds is measured. */
const EPOCHS = 200

/** A usual network, and one in which the fault fee decides every fee. */
export const USUAL = projectionFor(4n * 10n ** 14n)
const ON_FLOOR = projectionFor(10n ** 18n)

/** The termination fee of whole books, against one pass of bigints with all that sectors share worked out once. */
export function benchFees(): readonly Figure[] {
  const book = generateFeeBook(randomSource(1), SECTORS)
  const lanesMs = fastestThreadMs(2, () => feeLanes(book))
  const lanes = feeLanes(book)
  const indexMs = fastestThreadMs(2, () => feeIndex(lanes))
  return [
    { name: 'fee lanes, built', value: nanosecondsEach(lanesMs, SECTORS), unit: 'ns/sector' },
    { name: 'fee index, built from lanes', value: nanosecondsEach(indexMs, SECTORS), unit: 'ns/sector' },
    ...benchTotals(book, feeIndex(lanes)),
    ...benchOnFloor(book, feeIndex(lanes)),
    ...benchAllDifferent(),
    ...benchOverlay(book, lanesMs + indexMs),
    ...benchCurve(),
  ]
}

function benchTotals(book: FeeBook, index: FeeIndex): readonly Figure[] {
  requireSameTotals(book, index, USUAL)
  const literalMs = fastestThreadMs(3, () => literalTotal(book, NOW, USUAL))
  const formulaMs = fastestThreadMs(2, () => formulaTotal(book, NOW, USUAL))
  const passMs = fastestThreadMs(8, () => laneTotal(index.lanes, NOW, USUAL))
  const indexMs = eachEpochMs((epoch) => indexTotal(index, epoch, USUAL))
  const intervalMs = eachEpochMs((epoch) => indexInterval(index, epoch, USUAL))
  return [
    { name: 'bigint pass by the formula', value: nanosecondsEach(formulaMs, SECTORS), unit: 'ns/sector' },
    {
      name: 'bigint pass, all shared hoisted',
      value: nanosecondsEach(literalMs, SECTORS),
      unit: 'ns/sector',
    },
    { name: 'exact pass over lanes', value: nanosecondsEach(passMs, SECTORS), unit: 'ns/sector' },
    atLeast('exact pass against bigints', literalMs / passMs, 30),
    { name: 'exact total at any epoch', value: indexMs * 1000, unit: 'µs' },
    atLeast('exact total at any epoch against bigints', literalMs / indexMs, 1000),
    { name: 'interval', value: intervalMs * 1000, unit: 'µs' },
    atLeast('interval against bigints', literalMs / intervalMs, 10_000),
  ]
}

/** Nothing is assured here: the fault fee costs a pass over all rows. */
function benchOnFloor(book: FeeBook, index: FeeIndex): readonly Figure[] {
  requireSameTotals(book, index, ON_FLOOR)
  const literalMs = fastestThreadMs(2, () => literalTotal(book, NOW, ON_FLOOR))
  const passMs = fastestThreadMs(3, () => laneTotal(index.lanes, NOW, ON_FLOOR))
  const indexMs = fastestThreadMs(3, () => indexTotal(index, NOW, ON_FLOOR))
  const intervalMs = fastestThreadMs(3, () => indexInterval(index, NOW, ON_FLOOR))
  return [
    { name: 'exact pass, all on the fault fee', value: literalMs / passMs, unit: '× faster' },
    { name: 'exact total at any epoch, all on the fault fee', value: literalMs / indexMs, unit: '× faster' },
    { name: 'interval, all on the fault fee', value: literalMs / intervalMs, unit: '× faster' },
  ]
}

/** What the index does without equal remainders to put together. */
function benchAllDifferent(): readonly Figure[] {
  const book = generateFeeBook(randomSource(2), SECTORS, true)
  const index = feeIndex(feeLanes(book))
  requireSameTotals(book, index, USUAL)
  const literalMs = fastestThreadMs(2, () => literalTotal(book, NOW, USUAL))
  const indexMs = eachEpochMs((epoch) => indexTotal(index, epoch, USUAL))
  return [
    { name: 'exact total, no two sectors alike', value: indexMs * 1000, unit: 'µs' },
    {
      name: 'exact total, no two sectors alike, against bigints',
      value: literalMs / indexMs,
      unit: '× faster',
    },
  ]
}

function benchOverlay(book: FeeBook, afreshMs: number): readonly Figure[] {
  const before = overlayIndex(book)
  const { columns } = book
  const after: FeeBook = { ...book, columns: { ...columns, status: columns.status.slice() } }
  for (let row = 0; row < SECTORS; row += 1000) {
    after.columns.status[row] = 0
  }
  const updateMs = fastestThreadMs(2, () => updateOverlay(before, after))
  return [
    { name: 'index after 0.1 % of changes against afresh', value: afreshMs / updateMs, unit: '× faster' },
  ]
}

function benchCurve(): readonly Figure[] {
  const book = generateFeeBook(randomSource(3), CURVE_SECTORS)
  const index = feeIndex(feeLanes(book))
  requireSameTotals(book, index, USUAL)
  const literalMs = fastestThreadMs(2, () => literalTotal(book, NOW + 1000, USUAL)) * CURVE_DAYS
  const curveMs = fastestThreadMs(3, () =>
    Array.from({ length: CURVE_DAYS }, (_, day) => indexTotal(index, NOW + 2880 * day, USUAL)),
  )
  return [
    { name: `${CURVE_DAYS} days of ${CURVE_SECTORS} sectors`, value: curveMs, unit: 'ms' },
    atLeast('the same against bigints for each day', literalMs / curveMs, 500),
  ]
}

export function atLeast(name: string, value: number, goal: number): Figure {
  return { name, value, unit: '× faster', goal: { kind: 'at least', value: goal } }
}

/** Milliseconds of one of many epochs around now, all of which are asked for in a run. */
function eachEpochMs(run: (epoch: number) => unknown): number {
  const ms = fastestThreadMs(3, () => Array.from({ length: EPOCHS }, (_, i) => run(NOW + 7 * i)))
  return ms / EPOCHS
}

/** The fees of FIP-0098 with as few operations on bigints as the formula has; no amount here is negative. */
export function literalTotal(
  { columns, sectorSizeBytes }: FeeBook,
  epoch: number,
  projection: RewardProjection,
): bigint {
  const { count, activation, expiration, powerBaseEpoch, initialPledge, verifiedDealWeight } = columns
  let [total, lastWeight, leastByFault] = [0n, -1n, 0n]
  for (let row = 0; row < count; row++) {
    const pledge = initialPledge.words[row] as bigint
    const weight = verifiedDealWeight.words[row] as bigint
    if (weight !== lastWeight) {
      const duration = (expiration[row] as number) - (powerBaseEpoch[row] as number)
      const faultFee = rewardForPower(projection, qaPowerForWeight(sectorSizeBytes, duration, weight))
      leastByFault = divTrunc(faultFee * 105n, 100n)
      lastWeight = weight
    }
    const whole = divTrunc(pledge * 85n, 1000n)
    const byAge = divTrunc(BigInt(epoch - (activation[row] as number)) * whole, 403_200n)
    const least = divTrunc(pledge * 2n, 100n)
    const base = byAge < whole ? byAge : whole
    const floor = least > leastByFault ? least : leastByFault
    total += base > floor ? base : floor
  }
  return total
}

/** The same by the formula of the actors, which gives an object for each sector. */
function formulaTotal(
  { columns, sectorSizeBytes }: FeeBook,
  epoch: number,
  projection: RewardProjection,
): bigint {
  let total = 0n
  for (let row = 0; row < columns.count; row++) {
    const duration = (columns.expiration[row] as number) - (columns.powerBaseEpoch[row] as number)
    const power = qaPowerForWeight(sectorSizeBytes, duration, amountAt(columns.verifiedDealWeight, row))
    const age = epoch - (columns.activation[row] as number)
    const faultFee = rewardForPower(projection, power)
    total += pledgePenaltyForTermination(amountAt(columns.initialPledge, row), age, faultFee)
  }
  return total
}

function requireSameTotals(book: FeeBook, index: FeeIndex, projection: RewardProjection): void {
  for (const epoch of [NOW, NOW + 1, NOW + 94_871, NOW + 403_200]) {
    const total = formulaTotal(book, epoch, projection)
    const { low, high } = indexInterval(index, epoch, projection)
    const isSame =
      total === literalTotal(book, epoch, projection) &&
      total === laneTotal(index.lanes, epoch, projection) &&
      total === indexTotal(index, epoch, projection)
    const isNarrow = high - low <= BigInt(sectorsOnRamp(index, regimesAt(index, epoch)))
    if (!isSame || low > total || high < total || !isNarrow) {
      throw new Error(`the fast totals at ${epoch} are not those of the formula`)
    }
  }
}

/** The shared part of the fault fee on a network where 32 GiB have that fault fee. */
function projectionFor(faultFee: bigint): RewardProjection {
  const estimates = {
    reward: filterEstimate(divTrunc(faultFee << 30n, BigInt(CONTINUED_FAULT_PROJECTION_PERIOD)), 0n),
    qaPower: filterEstimate(1n << 65n, 0n),
  }
  return rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
}
