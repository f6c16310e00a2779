import { ExitCode } from '@plimsoll/primitives'
import { ActorError } from './actor-error.ts'
import { FIRST_EXPORTED_METHOD_NUMBER, type MethodNum, type Runtime } from './runtime.ts'

/**
 * How accounts and multisigs answer numbers that are no method's: whatever contracts may call, they accept.
 *
 * Source: builtin-actors v18, `actors/account/src/lib.rs`, `fallback`; `actors/multisig/src/lib.rs`, `fallback`.
 *
 * @throws {ActorError} `USR_UNHANDLED_MESSAGE` for an internal number.
 */
export function acceptExportedMethods(rt: Runtime, method: MethodNum): void {
  rt.validateImmediateCallerAcceptAny()
  if (method < FIRST_EXPORTED_METHOD_NUMBER) {
    throw new ActorError(ExitCode.USR_UNHANDLED_MESSAGE, `invalid method: ${method}`)
  }
}
