import { BaseError, ExitCode } from '@plimsoll/primitives'
import type { IpldBlock } from './ipld-block.ts'

/**
 * An actor's decision to end with an exit code; everything that its call changed is taken back.
 *
 * Thrown where the reference returns it, and a receipt when it reaches the virtual machine.
 *
 * Source: builtin-actors v18, `runtime/src/actor_error.rs`, `ActorError`.
 */
export class ActorError extends BaseError {
  readonly exitCode: number
  /** What the failed call returns to its caller beside the code. */
  readonly returnData: IpldBlock | null

  constructor(exitCode: number, message: string, returnData: IpldBlock | null = null) {
    super('ACTOR_ERROR', message, { exitCode })
    this.exitCode = exitCode
    this.returnData = returnData
  }
}

/** A condition's failure in words; a function where the words cost something to make. */
type Reason = string | (() => string)

/** @throws {ActorError} `USR_ILLEGAL_ARGUMENT` unless `condition` holds. Source: `actor_error!(illegal_argument)`. */
export function requireParam(condition: boolean, reason: Reason): asserts condition {
  require(condition, ExitCode.USR_ILLEGAL_ARGUMENT, reason)
}

/** @throws {ActorError} `USR_ILLEGAL_STATE` unless `condition` holds. Source: `actor_error!(illegal_state)`. */
export function requireState(condition: boolean, reason: Reason): asserts condition {
  require(condition, ExitCode.USR_ILLEGAL_STATE, reason)
}

/** @throws {ActorError} `USR_FORBIDDEN` unless `condition` holds. Source: `actor_error!(forbidden)`. */
export function requireAllowed(condition: boolean, reason: Reason): asserts condition {
  require(condition, ExitCode.USR_FORBIDDEN, reason)
}

/** @throws {ActorError} `USR_INSUFFICIENT_FUNDS` unless `condition` holds. Source: `actor_error!(insufficient_funds)`. */
export function requireFunds(condition: boolean, reason: Reason): asserts condition {
  require(condition, ExitCode.USR_INSUFFICIENT_FUNDS, reason)
}

/**
 * What the reference asserts by a panic, which ends the call.
 *
 * @throws {ActorError} `USR_ASSERTION_FAILED` unless `condition` holds. Source: `runtime/src/runtime/fvm.rs`,
 * `trampoline`, the panic hook.
 */
export function requireInvariant(condition: boolean, reason: Reason): asserts condition {
  require(condition, ExitCode.USR_ASSERTION_FAILED, reason)
}

/** What has to be there. @throws {ActorError} `USR_NOT_FOUND`. Source: `actor_error!(not_found)`. */
export function requireFound<T>(value: T | undefined, reason: Reason): T {
  if (value === undefined) {
    throw new ActorError(ExitCode.USR_NOT_FOUND, textOf(reason))
  }
  return value
}

/**
 * Runs `body` and gives every failure of an actor in it the same code.
 *
 * Source: builtin-actors v18, `runtime/src/actor_error.rs`, `AsActorError::context_code`.
 */
export function withExitCode<T>(exitCode: number, body: () => T): T {
  try {
    return body()
  } catch (error) {
    throw error instanceof ActorError ? new ActorError(exitCode, error.message) : error
  }
}

function require(condition: boolean, exitCode: number, reason: Reason): asserts condition {
  if (!condition) {
    throw new ActorError(exitCode, textOf(reason))
  }
}

function textOf(reason: Reason): string {
  return typeof reason === 'string' ? reason : reason()
}
