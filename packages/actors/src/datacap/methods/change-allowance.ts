import type { Runtime } from '../../runtime/runtime.ts'
import { decreaseAllowanceBy, increaseAllowanceBy, revokeAllowanceOf } from '../token.ts'
import type {
  DecreaseAllowanceParams,
  IncreaseAllowanceParams,
  RevokeAllowanceParams,
  TokenAmount,
} from '../types.ts'
import { changeToken } from '../use-token.ts'

/**
 * How the caller lets operators dispose of its tokens.
 *
 * Source of everything here: builtin-actors v18, `actors/datacap/src/lib.rs`.
 */

/**
 * `IncreaseAllowance`: returns the new allowance.
 *
 * Source: `increase_allowance`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a negative amount; `USR_NOT_FOUND` for an unknown operator;
 * `USR_SERIALIZATION` for an allowance that is too large to be stored.
 */
export function increaseAllowance(rt: Runtime, { operator, increase }: IncreaseAllowanceParams): TokenAmount {
  rt.validateImmediateCallerAcceptAny()
  return changeToken(rt, (token) => increaseAllowanceBy(rt, token, rt.message.caller, operator, increase))
}

/**
 * `DecreaseAllowance`: returns the new allowance, which is nothing where more was to be taken than there was.
 *
 * Source: `decrease_allowance`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a negative amount; `USR_NOT_FOUND` for an unknown operator.
 */
export function decreaseAllowance(rt: Runtime, { operator, decrease }: DecreaseAllowanceParams): TokenAmount {
  rt.validateImmediateCallerAcceptAny()
  return changeToken(rt, (token) => decreaseAllowanceBy(rt, token, rt.message.caller, operator, decrease))
}

/** `RevokeAllowance`: returns the allowance that was. Source: `revoke_allowance`. */
export function revokeAllowance(rt: Runtime, { operator }: RevokeAllowanceParams): TokenAmount {
  rt.validateImmediateCallerAcceptAny()
  return changeToken(rt, (token) => revokeAllowanceOf(rt, token, rt.message.caller, operator))
}
