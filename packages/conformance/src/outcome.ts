import { CodecError, formatPath } from '@plimsoll/ipld'
import { BaseError } from '@plimsoll/primitives'
import type { RecordedCoverage } from './scenario/scenario-types.ts'

/** What a replayed scenario took, and what it exercised. Shown; no case is decided by it. */
export interface ReplayFigures {
  /** Family and name of the scenario. */
  readonly name: string
  /** Steps that came out as recorded, and executions, of which a run of ticks has many. */
  readonly steps: number
  readonly executions: number
  readonly cpuSeconds: number
  readonly coverage: RecordedCoverage
  readonly nestedCoverage: RecordedCoverage
}

/** What came of one case. */
export type Outcome =
  | { readonly status: 'passed'; readonly figures?: ReplayFigures }
  /** `difference` says in full what was expected and what was found. */
  | { readonly status: 'failed'; readonly difference: string; readonly figures?: ReplayFigures }
  | { readonly status: 'skipped'; readonly reason: string }

/** A case by its name inside its file. */
export type NamedOutcome = readonly [name: string, outcome: Outcome]

const PASSED: Outcome = { status: 'passed' }

/** Passes when both are the same text; numbers, bigints and CIDs are compared by what they print as. */
export function expectEqual(expected: unknown, actual: unknown): Outcome {
  const [left, right] = [String(expected), String(actual)]
  return left === right ? PASSED : { status: 'failed', difference: `expected ${left}\n  actual ${right}` }
}

export function withFigures(
  outcome: Exclude<Outcome, { readonly status: 'skipped' }>,
  figures: ReplayFigures,
): Outcome {
  return { ...outcome, figures }
}

/** Passes when the condition holds. */
export function expectTrue(condition: boolean, describe: () => string): Outcome {
  return condition ? PASSED : { status: 'failed', difference: describe() }
}

/** Passes when all do; the first that does not is the outcome. */
export function allOf(outcomes: Iterable<Outcome>): Outcome {
  for (const outcome of outcomes) {
    if (outcome.status !== 'passed') {
      return outcome
    }
  }
  return PASSED
}

/** Runs a case; an error that it throws is a failure and not the end of the run. */
export function attempt(run: () => Outcome): Outcome {
  try {
    return run()
  } catch (error) {
    return { status: 'failed', difference: describeError(error) }
  }
}

/** Passes when `run` is refused with an error of that code. */
export function expectRefusal(code: string, run: () => unknown): Outcome {
  try {
    run()
  } catch (error) {
    return error instanceof BaseError && error.code === code
      ? PASSED
      : { status: 'failed', difference: `expected a refusal with ${code}\n  actual ${describeError(error)}` }
  }
  return { status: 'failed', difference: `expected a refusal with ${code}\n  actual it was accepted` }
}

function describeError(error: unknown): string {
  if (error instanceof BaseError) {
    const place = error instanceof CodecError ? `, at ${formatPath(error.path)}` : ''
    return `${error.code}: ${error.message}${place}`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
