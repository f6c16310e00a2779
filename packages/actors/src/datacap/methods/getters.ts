import type { Address } from '@plimsoll/primitives'
import type { Runtime } from '../../runtime/runtime.ts'
import { allowanceOf, balanceOf } from '../token.ts'
import { DATACAP_GRANULARITY, type GetAllowanceParams, type TokenAmount } from '../types.ts'
import { readToken } from '../use-token.ts'

/** What anybody may ask. Source of everything here: builtin-actors v18, `actors/datacap/src/lib.rs`. */

/** `Name`. */
export function name(rt: Runtime): string {
  rt.validateImmediateCallerAcceptAny()
  return 'DataCap'
}

/** `Symbol`. */
export function symbol(rt: Runtime): string {
  rt.validateImmediateCallerAcceptAny()
  return 'DCAP'
}

/** `Granularity`: the smallest units of which every balance is a multiple. */
export function granularity(rt: Runtime): bigint {
  rt.validateImmediateCallerAcceptAny()
  return DATACAP_GRANULARITY
}

/** `TotalSupply`. Source: `total_supply`. */
export function totalSupply(rt: Runtime): TokenAmount {
  rt.validateImmediateCallerAcceptAny()
  return readToken(rt, ({ supply }) => supply)
}

/** `Balance`. Unknown addresses have nothing. */
export function balance(rt: Runtime, owner: Address): TokenAmount {
  rt.validateImmediateCallerAcceptAny()
  return readToken(rt, (token) => balanceOf(rt, token, owner))
}

/** `Allowance`. Unknown addresses have and give none. */
export function allowance(rt: Runtime, { owner, operator }: GetAllowanceParams): TokenAmount {
  rt.validateImmediateCallerAcceptAny()
  return readToken(rt, (token) => allowanceOf(rt, token, owner, operator))
}
