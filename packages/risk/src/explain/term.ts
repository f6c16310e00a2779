/**
 * A figure with everything that it was made of, down to what the state holds and what the protocol fixes.
 *
 * A tree of terms is data: it can be printed, written as JSON and worked out again from the state.
 */
export interface Term {
  /** The name of the figure in code, the interface and the documents. */
  readonly name: string
  readonly value: bigint | number
  readonly unit: TermUnit
  /** How the value follows from `terms`, in their names; absent for what is stored or fixed. */
  readonly formula?: string
  /** Where the rule, the constant or the stored value comes from. */
  readonly source: string
  /** What helps people to read it: which of several terms decided, or whose figure it is. */
  readonly note?: string
  readonly terms: readonly Term[]
}

export type TermUnit =
  | 'attoFIL'
  | 'bytes'
  | 'byte-epochs'
  | 'epoch'
  | 'epochs'
  | 'days'
  | 'sectors'
  | 'Q.20'
  | 'Q.128'
  | 'number'

/** A figure that the state holds as it is, or that the protocol fixes. */
export function given(name: string, value: bigint | number, unit: TermUnit, source: string): Term {
  return { name, value, unit, source, terms: [] }
}

/** A figure that follows from others. */
export function derived(
  name: string,
  value: bigint | number,
  unit: TermUnit,
  formula: string,
  source: string,
  terms: readonly Term[],
): Term {
  return { name, value, unit, formula, source, terms }
}
