import type { Address } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { balanceAndLocked } from '../state/balances.ts'
import { MarketState } from '../state.ts'
import type { GetBalanceReturn } from '../types.ts'

/**
 * `GetBalance`: what somebody has in escrow, and how much of it is locked.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `get_balance`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for an address that cannot be resolved.
 */
export function getBalance(rt: Runtime, account: Address): GetBalanceReturn {
  rt.validateImmediateCallerAcceptAny()
  const nominal = rt.resolveAddress(account)
  requireParam(nominal !== undefined, 'the address cannot be resolved')
  return balanceAndLocked(rt.store, rt.state(MarketState), nominal)
}
