import type { Address } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { escrowParty } from '../escrow-address.ts'
import { addBalanceToEscrowTable } from '../state/balances.ts'
import { MarketState } from '../state.ts'

/**
 * Method 2, `AddBalance`: puts what was sent along into somebody's escrow.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `add_balance`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when nothing was sent, and for an address without an actor.
 */
export function addBalance(rt: Runtime, providerOrClient: Address): void {
  const amount = rt.message.valueReceived
  requireParam(amount > 0n, () => `an amount of ${amount}`)
  rt.validateImmediateCallerAcceptAny()
  const { nominal } = escrowParty(rt, providerOrClient)
  rt.transaction(MarketState, (state) => {
    addBalanceToEscrowTable(rt.store, state, nominal, amount)
  })
}
