import type { Address } from '@plimsoll/primitives'
import { requireAllowed, requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { callReceiverHook } from '../receiver-hook.ts'
import { allowanceOf, balanceOf, transferTokens, transferTokensFrom } from '../token.ts'
import type { TransferFromParams, TransferFromReturn, TransferParams, TransferReturn } from '../types.ts'
import { changeToken, readToken } from '../use-token.ts'

/**
 * The ways to hand tokens on, which only works to the governor and from it. The balances that they return are
 * those of before the receiver was told.
 *
 * Source of everything here: builtin-actors v18, `actors/datacap/src/lib.rs`.
 */

/**
 * `Transfer`: the caller hands on its own tokens.
 *
 * Source: `transfer`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for an unknown address, and for an amount that is negative or no whole
 * number of tokens; `USR_FORBIDDEN` unless the governor gives or gets them; `USR_INSUFFICIENT_FUNDS` for more than
 * there are; and what the receiver ends with.
 */
export function transfer(rt: Runtime, params: TransferParams): TransferReturn {
  rt.validateImmediateCallerAcceptAny()
  const from = rt.message.caller
  const to = requireKnown(rt, params.to)
  const received = changeToken(rt, (token, governor) => {
    requireAllowed(to === governor || from === governor, 'tokens go only to the governor and from it')
    return transferTokens(rt, token, from, to, params.amount)
  })
  const balances = readToken(rt, (token) => ({
    fromBalance: balanceOf(rt, token, from),
    toBalance: balanceOf(rt, token, to),
  }))
  return { ...balances, recipientData: callReceiverHook(rt, to, received, params.operatorData) }
}

/**
 * `TransferFrom`: the caller hands on tokens of an owner that has allowed it.
 *
 * Source: `transfer_from`.
 *
 * @throws {ActorError} as {@link transfer} does; `USR_FORBIDDEN` unless the governor gets them;
 * `USR_ILLEGAL_ARGUMENT` for the caller's own tokens; `USR_INSUFFICIENT_FUNDS` for more than is allowed.
 */
export function transferFrom(rt: Runtime, params: TransferFromParams): TransferFromReturn {
  rt.validateImmediateCallerAcceptAny()
  const operator = rt.message.caller
  const { from, amount, operatorData } = params
  const to = requireKnown(rt, params.to)
  const received = changeToken(rt, (token, governor) => {
    requireAllowed(to === governor, 'tokens of others go only to the governor')
    return transferTokensFrom(rt, token, operator, from, to, amount)
  })
  const left = readToken(rt, (token) => ({
    fromBalance: balanceOf(rt, token, from),
    toBalance: balanceOf(rt, token, to),
    allowance: allowanceOf(rt, token, from, operator),
  }))
  return { ...left, recipientData: callReceiverHook(rt, to, received, operatorData) }
}

function requireKnown(rt: Runtime, address: Address): Address {
  const known = rt.resolveAddress(address)
  requireParam(known !== undefined, 'the address of the receiver is unknown')
  return known
}
