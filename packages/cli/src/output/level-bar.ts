import { type AttoFil, divFloor, maxBigInt, minBigInt } from '@plimsoll/primitives'

/** An amount and the levels below which a pool warns, and terminates; attoFIL. */
export interface Levels {
  readonly amount: AttoFil
  readonly warning: AttoFil
  readonly termination: AttoFil
}

/** A bar reaches half as far again as the level of warning. */
const CELLS = 18
const WARNING_CELL = 12

/** A bar that is filled as far as the amount goes, with both levels marked: `[=====T===W=.....]`. */
export function levelBar({ amount, warning, termination }: Levels): string {
  const filled = cellOf(amount, warning)
  const terminationCell = cellOf(termination, warning)
  const cells = Array.from({ length: CELLS }, (_, cell) => {
    if (cell === WARNING_CELL) {
      return 'W'
    }
    return cell === terminationCell ? 'T' : filledOrNot(cell < filled)
  })
  return `[${cells.join('')}]`
}

/** An amount in percent of the level of warning, rounded down. */
export function percentOfWarning({ amount, warning }: Pick<Levels, 'amount' | 'warning'>): string {
  return warning > 0n ? `${divFloor(amount * 100n, warning)} %` : 'n/a'
}

function filledOrNot(isFilled: boolean): string {
  return isFilled ? '=' : '.'
}

function cellOf(amount: AttoFil, warning: AttoFil): number {
  if (warning <= 0n) {
    return 0
  }
  const cell = divFloor(amount * BigInt(WARNING_CELL), warning)
  return Number(maxBigInt(0n, minBigInt(cell, BigInt(CELLS))))
}
