import type { Blockstore } from '@plimsoll/ipld'
import { type Address, type AttoFil, formatIdAddress } from '@plimsoll/primitives'
import { requireFunds, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { addBalance, type Balances, balanceOf, mustSubtract, subtractWithMinimum } from '../balance-table.ts'
import { clientBalanceRequirement, type DealProposal, totalStorageFee } from '../deal.ts'
import { BalanceTable, type MarketState } from '../state.ts'

/**
 * What is in escrow and what of it is locked, in attoFIL.
 *
 * A change that fails in the middle may leave the draft half changed, as the reference's does: who goes on after a
 * failure saves what was reached. So the order of the single changes is the reference's.
 *
 * Source of everything here: builtin-actors v18, `actors/market/src/state.rs`.
 */

/** What locked funds are for, and the total that counts them. Source: `Reason`. */
const TOTALS = {
  clientCollateral: 'totalClientLockedCollateral',
  clientStorageFee: 'totalClientStorageFee',
  providerCollateral: 'totalProviderLockedCollateral',
} as const
export type LockReason = keyof typeof TOTALS

/** Source: `add_balance_to_escrow_table`. */
export function addBalanceToEscrowTable(
  store: Blockstore,
  state: Draft<MarketState>,
  owner: Address,
  amount: AttoFil,
): void {
  const escrow = loadEscrow(store, state)
  addBalance(escrow, owner, amount)
  state.escrowTable = escrow.flush()
}

/** Takes up to `amount` of what is not locked, and returns how much. Source: `withdraw_balance_from_escrow_table`. */
export function withdrawBalanceFromEscrowTable(
  store: Blockstore,
  state: Draft<MarketState>,
  owner: Address,
  amount: AttoFil,
): AttoFil {
  const escrow = loadEscrow(store, state)
  const locked = balanceOf(loadLocked(store, state), owner)
  const taken = subtractWithMinimum(escrow, owner, amount, locked)
  state.escrowTable = escrow.flush()
  return taken
}

/** Source: `get_balance` of `actors/market/src/lib.rs`. */
export function balanceAndLocked(
  store: Blockstore,
  state: Pick<MarketState, 'escrowTable' | 'lockedTable'>,
  owner: Address,
): { readonly balance: AttoFil; readonly locked: AttoFil } {
  return {
    balance: balanceOf(loadEscrow(store, state), owner),
    locked: balanceOf(loadLocked(store, state), owner),
  }
}

/** Whether so much more could be locked. Source: `balance_covered`. */
export function isBalanceCovered(
  store: Blockstore,
  state: Pick<MarketState, 'escrowTable' | 'lockedTable'>,
  owner: Address,
  amountToLock: AttoFil,
): boolean {
  const { balance, locked } = balanceAndLocked(store, state, owner)
  return locked + amountToLock <= balance
}

/**
 * Locks what both parties of a deal have to have.
 *
 * Source: `lock_client_and_provider_balances`.
 *
 * @throws {ActorError} `USR_INSUFFICIENT_FUNDS` when one does not have it.
 */
export function lockClientAndProviderBalances(
  store: Blockstore,
  state: Draft<MarketState>,
  proposal: DealProposal,
): void {
  lockBalance(store, state, proposal.client, clientBalanceRequirement(proposal))
  lockBalance(store, state, proposal.provider, proposal.providerCollateral)
  state.totalClientLockedCollateral += proposal.clientCollateral
  state.totalClientStorageFee += totalStorageFee(proposal)
  state.totalProviderLockedCollateral += proposal.providerCollateral
}

/** Source: `maybe_lock_balance`. */
function lockBalance(store: Blockstore, state: Draft<MarketState>, owner: Address, amount: AttoFil): void {
  requireState(amount >= 0n, () => `cannot lock the negative amount ${amount}`)
  const table = loadLocked(store, state)
  const locked = balanceOf(table, owner)
  const balance = balanceOf(loadEscrow(store, state), owner)
  requireFunds(
    locked + amount <= balance,
    () => `${formatIdAddress(owner)} has ${balance}, of which ${locked} are locked and ${amount} should be`,
  )
  addBalance(table, owner, amount)
  state.lockedTable = table.flush()
}

/**
 * Source: `unlock_balance`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` for a negative amount; `USR_ILLEGAL_ARGUMENT` for more than is locked.
 */
export function unlockBalance(
  store: Blockstore,
  state: Draft<MarketState>,
  owner: Address,
  amount: AttoFil,
  reason: LockReason,
): void {
  requireState(amount >= 0n, () => `cannot unlock the negative amount ${amount}`)
  const table = loadLocked(store, state)
  mustSubtract(table, owner, amount)
  state[TOTALS[reason]] -= amount
  state.lockedTable = table.flush()
}

/** Pays locked funds of a client to a provider. Source: `transfer_balance`. @throws {ActorError} as {@link unlockBalance} does. */
export function transferBalance(
  store: Blockstore,
  state: Draft<MarketState>,
  from: Address,
  to: Address,
  amount: AttoFil,
): void {
  requireState(amount >= 0n, () => `cannot transfer the negative amount ${amount}`)
  const escrow = loadEscrow(store, state)
  mustSubtract(escrow, from, amount)
  unlockBalance(store, state, from, amount, 'clientStorageFee')
  addBalance(escrow, to, amount)
  state.escrowTable = escrow.flush()
}

/** Takes locked funds out of escrow. Source: `slash_balance`. @throws {ActorError} as {@link unlockBalance} does. */
export function slashBalance(
  store: Blockstore,
  state: Draft<MarketState>,
  owner: Address,
  amount: AttoFil,
  reason: LockReason,
): void {
  requireState(amount >= 0n, () => `cannot slash the negative amount ${amount}`)
  const escrow = loadEscrow(store, state)
  mustSubtract(escrow, owner, amount)
  state.escrowTable = escrow.flush()
  unlockBalance(store, state, owner, amount, reason)
}

function loadEscrow(store: Blockstore, state: Pick<MarketState, 'escrowTable'>): Balances {
  return BalanceTable.load(store, state.escrowTable)
}

function loadLocked(store: Blockstore, state: Pick<MarketState, 'lockedTable'>): Balances {
  return BalanceTable.load(store, state.lockedTable)
}
