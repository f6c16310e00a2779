/** Something that is not as it was recorded. */
export interface Difference {
  /** What, and where in the step. */
  readonly what: string
  readonly expected: string
  readonly actual: string
}

/** Undefined when both are the same; numbers, bigints and nulls are compared by what they print as. */
export function difference(what: string, expected: unknown, actual: unknown): Difference | undefined {
  const [left, right] = [String(expected), String(actual)]
  return left === right ? undefined : { what, expected: left, actual: right }
}
