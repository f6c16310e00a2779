import { formatCid } from '@plimsoll/ipld'
import type { NetworkView } from '../assess/network-view.ts'
import { type ExplanationFile, explanationOf } from './explanation.ts'
import { ExplanationError } from './explanation-error.ts'
import type { Term } from './term.ts'

/** A place of a saved explanation that is not what the state gives; values as JSON has them. */
export interface ExplanationDifference {
  /** The names of the terms from the root on, or a field of the head. */
  readonly path: string
  readonly field: string
  readonly saved: string
  readonly recomputed: string
}

export interface Verification {
  /** How many terms were worked out again. */
  readonly terms: number
  readonly differences: readonly ExplanationDifference[]
}

/**
 * Works a saved explanation out again from a state, and compares it term by term.
 *
 * @throws {ExplanationError} `EXPLANATION_OF_ANOTHER_STATE`
 * @throws {AssessError} where the state cannot answer what the file says was asked.
 */
export function verifyExplanation(view: NetworkView, saved: ExplanationFile): Verification {
  const stateRoot = formatCid(view.tree.root)
  if (saved.stateRoot !== stateRoot) {
    throw new ExplanationError(
      'EXPLANATION_OF_ANOTHER_STATE',
      `the explanation is of the state ${saved.stateRoot}, and this one is ${stateRoot}`,
      { saved: saved.stateRoot, stateRoot },
    )
  }
  const { miner, subject, feeRules, outstanding, buffer } = saved
  const { term, ...head } = explanationOf(view, {
    miner,
    subject,
    feeRules,
    outstanding,
    buffer: buffer ?? undefined,
  })
  const differences = HEAD_FIELDS.flatMap((field) => differenceOf('', field, saved[field], head[field]))
  return { terms: compareTerm(term, saved.term, term.name, differences), differences }
}

const HEAD_FIELDS = ['network', 'stateEpoch', 'actorsVersion', 'assessedEpoch', 'actorCode'] as const
const TERM_FIELDS = ['name', 'value', 'unit', 'formula', 'source', 'note'] as const

/** Follows the tree that was worked out, which is as deep as ours are; what the saved one has beyond it is a difference. */
function compareTerm(term: Term, saved: unknown, path: string, differences: ExplanationDifference[]): number {
  const other: Readonly<Record<string, unknown>> =
    typeof saved === 'object' && saved !== null ? { ...saved } : {}
  for (const field of TERM_FIELDS) {
    differences.push(...differenceOf(path, field, other[field], term[field]))
  }
  const unknown = Object.keys(other).filter((key) => key !== 'terms' && !isTermField(key))
  for (const field of unknown) {
    differences.push(...differenceOf(path, field, other[field], undefined))
  }
  const children: readonly unknown[] = Array.isArray(other['terms']) ? other['terms'] : []
  differences.push(...differenceOf(path, 'terms', String(children.length), String(term.terms.length)))
  let count = 1
  for (const [i, child] of term.terms.entries()) {
    count += compareTerm(child, children[i], `${path} → ${child.name}`, differences)
  }
  return count
}

function isTermField(key: string): boolean {
  return TERM_FIELDS.some((field) => field === key)
}

function differenceOf(
  path: string,
  field: string,
  saved: unknown,
  recomputed: unknown,
): ExplanationDifference[] {
  const [before, after] = [textOf(saved), textOf(recomputed)]
  return before === after ? [] : [{ path, field, saved: before, recomputed: after }]
}

/** Numbers and amounts are compared as the decimal text that JSON keeps them in. */
function textOf(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return `"${value}"`
    case 'undefined':
      return 'absent'
    default:
      return JSON.stringify(value)
  }
}
