import { type Address, ExitCode } from '@plimsoll/primitives'
import { ActorError, withExitCode } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { callReceiverHook } from '../receiver-hook.ts'
import type { TokenState } from '../state.ts'
import { balanceOf, mintTokens, type Received, setAllowanceOf } from '../token.ts'
import { type MintParams, type MintReturn, TOKEN_PRECISION, type TokenAmount } from '../types.ts'
import { changeToken, readToken } from '../use-token.ts'

/** More than 800 EiB, which nobody can use up. Source: builtin-actors v18, `actors/datacap/src/lib.rs`. */
export const INFINITE_ALLOWANCE: TokenAmount = TOKEN_PRECISION * 10n ** 21n

/**
 * `Mint`: makes tokens, and lets the operators dispose of as many as there can be of the owner's.
 *
 * It returns the balance and the supply of before the receiver was told.
 *
 * Source: builtin-actors v18, `actors/datacap/src/lib.rs`, `mint`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the governor; `USR_ILLEGAL_ARGUMENT` for an amount that is
 * negative or no whole number of tokens; `USR_NOT_FOUND` for an unknown owner; `USR_ASSERTION_FAILED` for an
 * unknown operator; and what the receiver ends with.
 */
export function mint(rt: Runtime, params: MintParams): MintReturn {
  const received = changeToken(rt, (token, governor) => {
    rt.validateImmediateCallerIs([governor])
    return mintForOperators(rt, token, governor, params)
  })
  const minted = readToken(rt, (token) => ({
    balance: balanceOf(rt, token, params.to),
    supply: token.supply,
  }))
  return { ...minted, recipientData: callReceiverHook(rt, params.to, received) }
}

/** The allowances are set even when nothing could be minted; a failure of theirs hides that of the minting. */
function mintForOperators(
  rt: Runtime,
  token: Draft<TokenState>,
  governor: Address,
  { to, amount, operators }: MintParams,
): Received {
  const setAllowances = () => {
    for (const operator of operators) {
      setAllowanceOf(rt, token, to, operator, INFINITE_ALLOWANCE)
    }
  }
  const minted = resultOf(() => mintTokens(rt, token, governor, to, amount))
  if (minted instanceof ActorError) {
    setAllowances()
    throw minted
  }
  // The reference panics where a receiver is not told of what was minted.
  withExitCode(ExitCode.USR_ASSERTION_FAILED, setAllowances)
  return minted
}

function resultOf<T>(body: () => T): T | ActorError {
  try {
    return body()
  } catch (error) {
    if (error instanceof ActorError) {
      return error
    }
    throw error
  }
}
