/**
 * A figure of a rule pack: known, or not, and then why. A figure that cannot be had never stops another one.
 */
export type Figure<T> =
  | { readonly state: 'known'; readonly value: T }
  /** The protocol does not publish what it follows from; the parameters by name. */
  | { readonly state: 'needs'; readonly parameters: readonly string[] }
  /** The state does not have what it follows from. */
  | { readonly state: 'unknown'; readonly because: string }
  /** The protocol has no such figure. */
  | { readonly state: 'none'; readonly because: string }

export type Known<T> = Extract<Figure<T>, { readonly state: 'known' }>

/** A figure that is not known, and so has no type of value. */
export type Unavailable = Exclude<Figure<never>, { readonly state: 'known' }>

/** A figure with its name, how it follows from others in their names, and where the rule comes from. */
export interface NamedFigure<T> {
  readonly name: string
  readonly value: Figure<T>
  readonly formula: string
  readonly source: string
}

export function known<T>(value: T): Known<T> {
  return { state: 'known', value }
}

export function needs(...parameters: readonly string[]): Unavailable {
  return { state: 'needs', parameters }
}

export function unknown(because: string): Unavailable {
  return { state: 'unknown', because }
}

export function none(because: string): Unavailable {
  return { state: 'none', because }
}

/** A parameter of a pack: what was given, or the name of what is needed. */
export function parameter<T>(name: string, value: T | undefined): Figure<T> {
  return value === undefined ? needs(name) : known(value)
}

/** A fee that the rules give only for sectors whose rewards are recorded. */
export function feeFigure(fee: bigint | null): Figure<bigint> {
  return fee === null ? unknown('sectors lack the rewards that the fee rules need') : known(fee)
}

/** The figure that follows from others; where one of them is not known, why it is not. */
export function derive<A extends readonly unknown[], R>(
  figures: { readonly [K in keyof A]: Figure<A[K]> },
  from: (...values: A) => R,
): Figure<R> {
  const values: unknown[] = []
  for (const figure of figures as readonly Figure<unknown>[]) {
    if (figure.state === 'known') {
      values.push(figure.value)
    }
  }
  return values.length === figures.length
    ? known(from(...(values as readonly unknown[] as A)))
    : whyUnavailable(figures as readonly Figure<unknown>[])
}

/**
 * Why a figure made of these is not known. What does not exist or is not in the state cannot be helped by a
 * parameter, and so comes first; the parameters of all of them come together.
 */
export function whyUnavailable(figures: readonly Figure<unknown>[]): Unavailable {
  for (const state of ['none', 'unknown'] as const) {
    const found = figures.find((figure): figure is Unavailable => figure.state === state)
    if (found !== undefined) {
      return found
    }
  }
  return needs(...missingParameters(figures))
}

/** The parameters that figures need, each once, in their order. */
export function missingParameters(figures: readonly Figure<unknown>[]): readonly string[] {
  return [...new Set(figures.flatMap((figure) => (figure.state === 'needs' ? figure.parameters : [])))]
}
