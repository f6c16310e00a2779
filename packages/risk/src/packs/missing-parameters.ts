import { type Figure, missingParameters } from './figure.ts'
import type { PackFigures } from './rule-pack.ts'

/** The parameters that figures of a pack still need, each once, in the order in which the figures stand. */
export function missingOf({ value, difference, compared, limits, terms }: PackFigures): readonly string[] {
  const figures: readonly Figure<unknown>[] = [
    value.value,
    ...difference.map((figure) => figure.value),
    compared.value,
    compared.warning.threshold,
    compared.termination.threshold,
    ...limits.map((limit) => limit.value),
    ...terms.map((term) => term.value),
  ]
  return missingParameters(figures)
}
