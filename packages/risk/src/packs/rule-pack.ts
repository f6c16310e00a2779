import { type AttoFil, maxBigInt } from '@plimsoll/primitives'
import type { BalanceSheet } from '../position/balance-sheet.ts'
import type { Ratio } from '../power-table/ratio.ts'
import {
  derive,
  type Figure,
  known,
  missingParameters,
  type NamedFigure,
  needs,
  none,
  whyUnavailable,
} from './figure.ts'
import { type DebtRatio, exceeds } from './rational.ts'

/** What every rule pack is asked about: one miner alone, in a state, at an epoch. Amounts in attoFIL. */
export interface PackSubject {
  readonly sheet: BalanceSheet
  /** The exact sum over all live sectors; null where it is not known. */
  readonly terminationFee: AttoFil | null
  /** The exact sum over the sectors that are terminated and not charged yet; null where it is not known. */
  readonly queuedTerminationFee: AttoFil | null
  /** A day's fault fee of the power that the miner's claim has, which faulty sectors are not part of. */
  readonly faultFeeOfClaim: AttoFil
  readonly liveSectors: number
  readonly faultySectors: number
  /** Owed outside the protocol: minted and not burned, or borrowed with interest. */
  readonly outstanding: AttoFil
  /** Null where none was given. */
  readonly buffer: AttoFil | null
}

export type PackName = 'repl' | 'glif' | 'stfil' | 'filliquid' | 'filus' | 'custom'

/** A level of the compared quantity, under the protocol's own name for what happens there. */
export interface Level<T> {
  readonly name: string
  readonly threshold: Figure<T>
  readonly source: string
}

/**
 * The quantity that a protocol compares with its levels: an amount that must not fall below them, or a ratio
 * of debt that must not rise above them. At the level itself nothing happens.
 */
export type Compared =
  | (ComparedOf<AttoFil, AttoFil> & { readonly unit: 'attoFIL'; readonly actsWhen: 'below' })
  | (ComparedOf<DebtRatio, Ratio> & { readonly unit: 'ratio'; readonly actsWhen: 'above' })

interface ComparedOf<Value, Threshold> extends NamedFigure<Value> {
  readonly warning: Level<Threshold>
  readonly termination: Level<Threshold>
}

/** What becomes of the FIL: it leaves the miner, it is sealed into the miner, or the miner's own is withdrawn. */
export type LimitUse = 'takenOut' | 'sealed' | 'withdrawn'

/**
 * The most that a protocol lets be minted, borrowed or withdrawn in addition: the least of its constraints,
 * and nothing where the least is negative.
 */
export interface Limit {
  readonly use: LimitUse
  /** What the protocol calls it. */
  readonly name: string
  readonly value: Figure<AttoFil>
  /** The name of the constraint that is the least; null where the limit is not known. */
  readonly binding: string | null
  /** What the limit cannot exceed, whatever the missing parameters are; null where nothing is known of it. */
  readonly atMost: AttoFil | null
  /** One that does not restrict anything now is `none`. */
  readonly constraints: readonly NamedFigure<AttoFil>[]
}

/** Where a miner stands between a pack's levels. */
export type Standing = 'sound' | 'warned' | 'terminable'

/** A miner by the rules of one protocol. */
export interface PackFigures {
  readonly pack: PackName
  readonly title: string
  /** What the protocol takes the miner to be worth. */
  readonly value: NamedFigure<AttoFil>
  /** What the protocol leaves out or adds: the exact liquidation value plus all of these is its own value. */
  readonly difference: readonly NamedFigure<AttoFil>[]
  readonly compared: Compared
  readonly standing: Figure<Standing>
  readonly limits: readonly Limit[]
  /** Other figures that the protocol has. */
  readonly terms: readonly NamedFigure<AttoFil>[]
}

/** A constraint that allows nothing while a condition holds, and restricts nothing otherwise. */
export function nothingWhile(condition: Figure<boolean>): Figure<AttoFil> {
  if (condition.state !== 'known') {
    return condition
  }
  return condition.value ? known(0n) : none('restricts nothing now')
}

/** The limit that follows from its constraints; on a tie the first of them binds. */
export function limitOf(use: LimitUse, name: string, constraints: readonly NamedFigure<AttoFil>[]): Limit {
  let binding: string | null = null
  let least: AttoFil | null = null
  for (const { name: constraint, value } of constraints) {
    if (value.state === 'known' && (least === null || value.value < least)) {
      least = value.value
      binding = constraint
    }
  }
  const atMost = least === null ? null : maxBigInt(least, 0n)
  const figures = constraints.map(({ value }) => value)
  const isOpen = figures.some(({ state }) => state === 'needs' || state === 'unknown')
  // Nothing can be less than nothing, so that what is missing no longer matters.
  if (atMost !== null && (!isOpen || atMost === 0n)) {
    return { use, name, value: known(atMost), binding, atMost, constraints }
  }
  return { use, name, value: openLimit(figures), binding: null, atMost, constraints }
}

function openLimit(figures: readonly Figure<AttoFil>[]): Figure<AttoFil> {
  const unknown = figures.find(({ state }) => state === 'unknown')
  const missing = missingParameters(figures)
  return unknown ?? (missing.length > 0 ? needs(...missing) : whyUnavailable(figures))
}

/**
 * Where the compared quantity stands. Below the level of termination nothing else has to be known; a level
 * that the protocol does not have is never reached.
 */
export function standingOf(compared: Compared): Figure<Standing> {
  const { value } = compared
  if (value.state !== 'known') {
    return value
  }
  const termination = isBeyond(compared, 'termination')
  if (termination.state === 'known' && termination.value) {
    return known('terminable')
  }
  const warning = isBeyond(compared, 'warning')
  const missing = [termination, warning].filter(({ state }) => state === 'needs' || state === 'unknown')
  if (missing.length > 0) {
    return whyUnavailable(missing)
  }
  return known(warning.state === 'known' && warning.value ? 'warned' : 'sound')
}

/** Whether the compared quantity is beyond one of its levels. */
export function isBeyond(compared: Compared, level: 'warning' | 'termination'): Figure<boolean> {
  return compared.unit === 'attoFIL'
    ? derive([compared.value, compared[level].threshold], (value, threshold) => value < threshold)
    : isRatioBeyond(compared.value, compared[level].threshold)
}

/** Without debt no ratio is above any limit, whatever the limit is. */
function isRatioBeyond(value: Figure<DebtRatio>, threshold: Figure<Ratio>): Figure<boolean> {
  return value.state === 'known' && value.value.debt === 0n
    ? known(false)
    : derive([value, threshold], exceeds)
}
