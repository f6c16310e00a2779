import type { AttoFil } from '@plimsoll/primitives'
import { type Ratio, scaleFloor } from '../power-table/ratio.ts'

/** How the multiplier of a passive mint falls, and by how many days a year's rate is divided. */
export interface PassiveMintTerms {
  readonly startMultiplier: Ratio
  readonly endMultiplier: Ratio
  /** Days in which the multiplier falls from start to end, before it begins again; also the days of a year. */
  readonly periodDays: number
}

/** What Repl publishes: the multiplier falls from 1.2 to 0.8 over 360 days and then begins again. */
export const REPL_PASSIVE_MINT: PassiveMintTerms = {
  startMultiplier: { num: 12n, denom: 10n },
  endMultiplier: { num: 8n, denom: 10n },
  periodDays: 360,
}

/**
 * The multiplier of a day, counted from the agreement's start, which is day 0.
 *
 * Ours, where the protocol only names both ends: it falls by equal steps, and the day on which it would reach
 * its end is the first day of the next period.
 */
export function passiveMintMultiplier(terms: PassiveMintTerms, day: number): Ratio {
  const { startMultiplier: start, endMultiplier: end, periodDays } = terms
  const dayOfPeriod = BigInt(day % periodDays)
  const period = BigInt(periodDays)
  // start − (start − end) · day / period, over one denominator.
  const fall = start.num * end.denom - end.num * start.denom
  return {
    num: start.num * end.denom * period - fall * dayOfPeriod,
    denom: start.denom * end.denom * period,
  }
}

/**
 * What a day adds to the outstanding pFIL of an agreement: multiplier · outstanding · (FIL/pFIL − 1) / 360.
 *
 * `filPerPfil` above 1 means that a FIL buys more than a pFIL. Ours: simple, so that a day has a 360th of the
 * rate; rounded down; and a ratio of 1 or below mints nothing.
 */
export function passiveMint(
  terms: PassiveMintTerms,
  outstanding: AttoFil,
  day: number,
  filPerPfil: Ratio,
): AttoFil {
  const premium = filPerPfil.num - filPerPfil.denom
  if (premium <= 0n) {
    return 0n
  }
  const { num, denom } = passiveMintMultiplier(terms, day)
  return scaleFloor(
    { num: num * premium, denom: denom * filPerPfil.denom * BigInt(terms.periodDays) },
    outstanding,
  )
}
