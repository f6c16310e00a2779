import type { AttoFil } from '@plimsoll/primitives'

/** Unsigned amounts of 64 bits, and the few that are larger. */
export interface AmountColumn {
  readonly words: BigUint64Array
  /** The same memory as pairs of 32 bits, low word first. */
  readonly halves: Uint32Array
  readonly wide: Map<number, bigint>
}

/** Stands in the words for a value that is in the side list. */
const WIDE = (1n << 64n) - 1n

export function createAmountColumn(count: number): AmountColumn {
  const words = new BigUint64Array(count)
  return { words, halves: new Uint32Array(words.buffer), wide: new Map() }
}

export function amountAt(column: AmountColumn, row: number): AttoFil {
  const word = column.words[row] as bigint
  return word === WIDE ? (column.wide.get(row) ?? word) : word
}

/** Puts a non-negative amount into a column. */
export function setAmount(column: AmountColumn, row: number, amount: AttoFil): void {
  if (amount < WIDE) {
    column.words[row] = amount
  } else {
    column.words[row] = WIDE
    column.wide.set(row, amount)
  }
}
