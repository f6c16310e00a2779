import { divCeil, divFloor } from '@plimsoll/primitives'
import type { Ratio } from '../power-table/ratio.ts'

/**
 * What is owed over what it is measured by. Over nothing it is beyond every limit, and without debt it is
 * nothing, whatever it is measured by; so neither is divided before it has to be shown.
 */
export interface DebtRatio {
  readonly debt: bigint
  /** Not negative. */
  readonly of: bigint
}

/** A measure below zero carries no more debt than one of nothing. */
export function debtRatio(debt: bigint, of: bigint): DebtRatio {
  return { debt, of: of > 0n ? of : 0n }
}

/** Whether debt stands above a limit, exactly; at the limit it does not. */
export function exceeds({ debt, of }: DebtRatio, { num, denom }: Ratio): boolean {
  return debt * denom > num * of
}

export function complement({ num, denom }: Ratio): Ratio {
  return { num: denom - num, denom }
}

/** The amount of which `part` is the ratio, rounded up: the least measure that carries a debt. */
export function wholeOf(part: bigint, { num, denom }: Ratio): bigint {
  return divCeil(part * denom, num)
}

/** A debt of a measure in 10^-18, rounded up so that it never looks safer than it is; null when over nothing. */
export function scaledDebtRatio({ debt, of }: DebtRatio): bigint | null {
  if (debt === 0n) {
    return 0n
  }
  return of === 0n ? null : divCeil(debt * RATIO_SCALE, of)
}

/** A limit in 10^-18, rounded down. */
export function scaledRatio({ num, denom }: Ratio): bigint {
  return divFloor(num * RATIO_SCALE, denom)
}

const RATIO_SCALE = 10n ** 18n

/** A ratio of so many parts of 10^18, as files give them. */
export function ratioOfScaled(scaled: bigint): Ratio {
  return { num: scaled, denom: RATIO_SCALE }
}

/** Whether one limit is above another, exactly. */
export function exceedsRatio(a: Ratio, b: Ratio): boolean {
  return a.num * b.denom > b.num * a.denom
}
