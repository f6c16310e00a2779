import { CodecError, MissingBlockError } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { ActorError } from '../runtime/actor-error.ts'

/** What came of an attempt: a value, or the exit code of its failure. */
export type Attempt<T> = { readonly value: T } | { readonly value?: never; readonly exitCode: number }

/**
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, where a `Result` is looked at and not passed on by `?`.
 *
 * Runs a part of a method whose failure is an answer. What it changed until then stays, as in the reference, which
 * takes nothing back but whole calls.
 *
 * A state that is not what it should be fails with the code that the reference gives to it.
 */
export function attempt<T>(body: () => T): Attempt<T> {
  try {
    return { value: body() }
  } catch (error) {
    if (error instanceof ActorError) {
      return { exitCode: error.exitCode }
    }
    if (error instanceof CodecError && !(error instanceof MissingBlockError)) {
      return { exitCode: ExitCode.USR_ILLEGAL_STATE }
    }
    throw error
  }
}
