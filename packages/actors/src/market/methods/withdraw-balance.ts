import type { AttoFil } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { sendFunds } from '../../runtime/send.ts'
import { escrowParty } from '../escrow-address.ts'
import { withdrawBalanceFromEscrowTable } from '../state/balances.ts'
import { MarketState } from '../state.ts'
import type { WithdrawBalanceParams } from '../types.ts'

/**
 * Method 3, `WithdrawBalance`: pays out up to an amount of what is in escrow and not locked, and returns how much.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `withdraw_balance`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a negative amount, and for an address without an actor;
 * `USR_FORBIDDEN` unless called by the client itself, or by the owner or the worker of the provider.
 */
export function withdrawBalance(rt: Runtime, params: WithdrawBalanceParams): AttoFil {
  requireParam(params.amount >= 0n, () => `a negative amount: ${params.amount}`)
  const { nominal, recipient, approved } = escrowParty(rt, params.providerOrClient)
  rt.validateImmediateCallerIs(approved)
  const extracted = rt.transaction(MarketState, (state) =>
    withdrawBalanceFromEscrowTable(rt.store, state, nominal, params.amount),
  )
  sendFunds(rt, recipient, extracted)
  return extracted
}
