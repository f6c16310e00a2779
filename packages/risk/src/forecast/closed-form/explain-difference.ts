import type { AttoFil } from '@plimsoll/primitives'
import type { MoneyPoint } from '../crossings.ts'
import type { Forecast } from '../forecast.ts'
import type { DayTerms, PathDay } from './predict-path.ts'

/** The figures of a point; attoFIL. */
export const FIGURES = [
  'balance',
  'preCommitDeposits',
  'initialPledge',
  'lockedFunds',
  'feeDebt',
  'available',
  'eligibleAsset',
] as const satisfies readonly Exclude<keyof MoneyPoint, 'epoch'>[]
export type Figure = (typeof FIGURES)[number]

/**
 * What moved a miner's money in a day of a run, as far as messages and states tell; attoFIL. The actors add their fees
 * up before they burn, so that a run does not say which was which.
 */
export interface RunTerms {
  /** Of the daily, fault and termination fees together. */
  readonly fees: AttoFil
  readonly burnedDeposits: AttoFil
  readonly burned: AttoFil
  /** Rewards and top-ups, without what was withdrawn. */
  readonly received: AttoFil
  /** By how much the locked funds fell. */
  readonly unlockedLessLocked: AttoFil
  readonly pledgeReleased: AttoFil
}

/** Amounts by name, without those that are zero. */
export type Differing<K extends string> = Readonly<Partial<Record<K, AttoFil>>>

/**
 * A day in which a path does not go as the run does: the path less the run, of the figures at its end and of what moved
 * the money in it. The terms of all days until then add up to the differences of the figures:
 *
 * balance = Σ rewarded + topped up − withdrawn (together: received) − burned; fee debt = Σ fees + burned deposits −
 * burned; deposits, pledge and locked funds = −Σ what was burned, released and unlocked of them. Where two paths are
 * given the same rewards they lock as much.
 */
export interface DifferingDay {
  readonly day: number
  readonly figures: Differing<Figure>
  readonly terms: Differing<keyof DayTerms | keyof RunTerms>
}

/** A path against the run, term by term, where a closed form that is the run says what the terms of the run are. */
export function explainByTerms(run: readonly PathDay[], path: readonly PathDay[]): readonly DifferingDay[] {
  return explain(run, path, (day) => differing<keyof DayTerms>(run[day]?.terms, path[day]?.terms))
}

/** A path against a run whose terms no closed form knows. */
export function explainByRun(
  { start, days, burned }: Pick<Forecast, 'start' | 'days' | 'burned'>,
  path: readonly PathDay[],
): readonly DifferingDay[] {
  return explain(days, path, (day) => {
    const before = day === 0 ? start : days[day - 1]
    const [after, other] = [days[day], path[day]]
    const own = before && after && runTerms(before, after, burned[day] ?? 0n)
    return differing<keyof RunTerms>(
      own,
      other && sumTerms(other.terms, (day === 0 ? start : path[day - 1]) ?? start, other),
    )
  })
}

function explain(
  run: readonly MoneyPoint[],
  path: readonly PathDay[],
  termsOf: (day: number) => DifferingDay['terms'],
): readonly DifferingDay[] {
  return run.flatMap((point, i) => {
    const [figures, terms] = [differing<Figure>(figuresOf(point), path[i] && figuresOf(path[i])), termsOf(i)]
    return Object.keys({ ...figures, ...terms }).length === 0 ? [] : [{ day: i + 1, figures, terms }]
  })
}

function figuresOf(point: MoneyPoint): Readonly<Record<Figure, AttoFil>> {
  const { epoch: _, ...figures } = point
  return Object.fromEntries(FIGURES.map((figure) => [figure, figures[figure]])) as Record<Figure, AttoFil>
}

function runTerms(before: MoneyPoint, after: MoneyPoint, burned: AttoFil): RunTerms {
  const burnedDeposits = before.preCommitDeposits - after.preCommitDeposits
  return {
    fees: after.feeDebt - before.feeDebt + burned - burnedDeposits,
    burnedDeposits,
    burned,
    received: after.balance - before.balance + burned,
    unlockedLessLocked: before.lockedFunds - after.lockedFunds,
    pledgeReleased: before.initialPledge - after.initialPledge,
  }
}

/** The terms of a path as a run has them. */
function sumTerms(terms: DayTerms, before: MoneyPoint, after: MoneyPoint): RunTerms {
  const { dailyFee, faultFee, terminationFee, burnedDeposits, burned, pledgeReleased } = terms
  return {
    ...{ burnedDeposits, burned, pledgeReleased },
    fees: dailyFee + faultFee + terminationFee,
    received: terms.rewarded + terms.toppedUp - terms.withdrawn,
    unlockedLessLocked: before.lockedFunds - after.lockedFunds,
  }
}

/** The second less the first; what is not there counts as zero. */
function differing<K extends string>(
  own: Readonly<Record<K, AttoFil>> | undefined,
  other: Readonly<Record<K, AttoFil>> | undefined,
): Differing<K> {
  const keys = Object.keys(own ?? other ?? {}) as K[]
  const differences = keys.map((key) => [key, (other?.[key] ?? 0n) - (own?.[key] ?? 0n)] as const)
  return Object.fromEntries(differences.filter(([, amount]) => amount !== 0n)) as Differing<K>
}
