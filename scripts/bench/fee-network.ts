import { type FeeIndex, feeIndex, feeLanes, indexTotal, RunningIntervals } from '@plimsoll/risk'
import { type RandomSource, randomSource } from '@plimsoll/testkit'
import { generateFeeBook, NOW } from './fee-book.ts'
import { atLeast, literalTotal, USUAL } from './fees.ts'
import { type Figure, fastestThreadMs, threadMs } from './measure.ts'

const SECTORS = 20_000_000
const MINERS = 3000
const STEPS = 200

/**
 * All miners of a network from one epoch to the next. Their books are there only one at a time, while the pass
 * of bigints over them is measured.
 */
export function benchFeeNetwork(): readonly Figure[] {
  const random = randomSource(4)
  const indexes: FeeIndex[] = []
  const totals: bigint[] = []
  let literalMs = 0
  for (const size of minerSizes(random)) {
    const book = generateFeeBook(random, size)
    const start = threadMs()
    totals.push(literalTotal(book, NOW + 1, USUAL))
    literalMs += threadMs() - start
    indexes.push(feeIndex(feeLanes(book)))
  }
  const running = new RunningIntervals(indexes, NOW)
  running.step()
  requireAround(running, indexes, totals)
  const stepMs = fastestThreadMs(5, () => stepMany(running)) / STEPS
  const exactMs = fastestThreadMs(3, () => indexes.map((index) => indexTotal(index, NOW + 1, USUAL)))
  return [
    { name: `bigint pass over ${SECTORS} sectors`, value: literalMs, unit: 'ms' },
    { name: `a step of ${MINERS} miners`, value: stepMs * 1000, unit: 'µs' },
    atLeast('a step of all miners against bigints', literalMs / stepMs, 500),
    { name: 'exact totals of all miners', value: exactMs, unit: 'ms' },
    atLeast('exact totals of all miners against bigints', literalMs / exactMs, 200),
  ]
}

function stepMany(running: RunningIntervals): number {
  for (let i = 0; i < STEPS; i++) {
    running.step()
  }
  return running.epoch
}

/** Sizes from a few sectors to hundreds of thousands, as a square of evenly spread numbers. */
function minerSizes(random: RandomSource): readonly number[] {
  const shares = Array.from({ length: MINERS }, () => (1 + random.below(1000)) ** 2)
  const whole = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => Math.max(1, Math.round((SECTORS * share) / whole)))
}

function requireAround(
  running: RunningIntervals,
  indexes: readonly FeeIndex[],
  totals: readonly bigint[],
): void {
  for (const [miner, total] of totals.entries()) {
    const { low, high } = running.interval(miner, USUAL)
    const isAround = low <= total && total <= high
    if (!isAround || indexTotal(indexes[miner] as FeeIndex, running.epoch, USUAL) !== total) {
      throw new Error(`the interval of miner ${miner} is not around its total`)
    }
  }
}
