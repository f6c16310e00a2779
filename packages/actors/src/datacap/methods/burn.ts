import type { Runtime } from '../../runtime/runtime.ts'
import { burnTokens, burnTokensFrom } from '../token.ts'
import type { BurnFromParams, BurnFromReturn, BurnParams, BurnReturn, DestroyParams } from '../types.ts'
import { changeToken } from '../use-token.ts'

/** The ways to end tokens. Source of everything here: builtin-actors v18, `actors/datacap/src/lib.rs`. */

/**
 * `Destroy`: the governor ends tokens of anybody.
 *
 * Source: `destroy`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the governor; as {@link burn} does; `USR_NOT_FOUND` for an
 * unknown owner.
 */
export function destroy(rt: Runtime, { owner, amount }: DestroyParams): BurnReturn {
  return changeToken(rt, (token, governor) => {
    rt.validateImmediateCallerIs([governor])
    return burnTokens(rt, token, owner, amount)
  })
}

/**
 * `Burn`: the caller ends its own tokens.
 *
 * Source: `burn`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for an amount that is negative or no whole number of tokens;
 * `USR_INSUFFICIENT_FUNDS` for more than there are.
 */
export function burn(rt: Runtime, { amount }: BurnParams): BurnReturn {
  rt.validateImmediateCallerAcceptAny()
  return changeToken(rt, (token) => burnTokens(rt, token, rt.message.caller, amount))
}

/**
 * `BurnFrom`: the caller ends tokens of an owner that has allowed it.
 *
 * Source: `burn_from`.
 *
 * @throws {ActorError} as {@link burn} does; `USR_ILLEGAL_ARGUMENT` for the caller's own tokens;
 * `USR_INSUFFICIENT_FUNDS` for more than is allowed.
 */
export function burnFrom(rt: Runtime, { owner, amount }: BurnFromParams): BurnFromReturn {
  rt.validateImmediateCallerAcceptAny()
  return changeToken(rt, (token) => burnTokensFrom(rt, token, rt.message.caller, owner, amount))
}
