import { type AttoFil, divCeil } from '@plimsoll/primitives'

const SCALE = 10n ** 18n

/** A level of a distribution of losses; attoFIL. */
export interface LossLevel {
  /** In 10^-18, below 1. */
  readonly level: bigint
  /** The least loss that so great a share of the draws does not exceed. */
  readonly quantile: AttoFil
  /** The mean of that loss and all greater ones, rounded up. */
  readonly expectedShortfall: AttoFil
}

export interface LossDistribution {
  readonly draws: number
  /** Rounded up. */
  readonly mean: AttoFil
  readonly greatest: AttoFil
  readonly levels: readonly LossLevel[]
}

/** What the losses of draws come to; there is at least one. */
export function lossDistribution(losses: readonly AttoFil[], levels: readonly bigint[]): LossDistribution {
  const sorted = losses.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const count = BigInt(sorted.length)
  return {
    draws: sorted.length,
    mean: divCeil(sumOf(sorted), count),
    greatest: sorted.at(-1) ?? 0n,
    levels: levels.map((level) => {
      const rank = Number(divCeil(level * count, SCALE))
      const tail = sorted.slice(Math.max(rank - 1, 0))
      return {
        level,
        quantile: tail[0] ?? 0n,
        expectedShortfall: divCeil(sumOf(tail), BigInt(tail.length)),
      }
    }),
  }
}

function sumOf(amounts: readonly AttoFil[]): AttoFil {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
