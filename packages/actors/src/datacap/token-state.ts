import type { Blockstore } from '@plimsoll/ipld'
import { maxBigInt } from '@plimsoll/primitives'
import { requireFunds, requireState } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import { requireEncodable } from './encodable-amount.ts'
import { type TokenState, tokenMaps } from './state.ts'
import type { TokenAmount } from './types.ts'

/**
 * Balances, supply and allowances. What is zero is not stored. Actors are given by id.
 *
 * Source of everything here: actors-utils `frc46_token/src/token/state.rs`, `TokenState`; the exit codes are those
 * of `From<&StateError>`.
 */

/** A token of which nobody has anything. Source: `new`. */
export function newTokenState(store: Blockstore): TokenState {
  const { balances, allowances, bitWidth } = tokenMaps()
  return {
    supply: 0n,
    balances: balances.empty(store).flush(),
    allowances: allowances.empty(store).flush(),
    hamtBitWidth: bitWidth,
  }
}

/** Source: `get_balance`. */
export function getBalance(store: Blockstore, token: TokenState, owner: bigint): TokenAmount {
  return tokenMaps(token.hamtBitWidth).balances.load(store, token.balances).get(owner) ?? 0n
}

/**
 * Adds to a balance and returns the new one.
 *
 * Source: `change_balance_by`.
 *
 * @throws {ActorError} `USR_INSUFFICIENT_FUNDS` where it would be negative.
 */
export function changeBalanceBy(
  store: Blockstore,
  token: Draft<TokenState>,
  owner: bigint,
  delta: TokenAmount,
): TokenAmount {
  const before = getBalance(store, token, owner)
  if (delta === 0n) {
    return before
  }
  const balance = before + delta
  requireFunds(balance >= 0n, () => `${owner} has ${before}, and is to lose ${-delta}`)
  const balances = tokenMaps(token.hamtBitWidth).balances.load(store, token.balances)
  if (balance === 0n) {
    balances.delete(owner)
  } else {
    balances.set(owner, requireEncodable(balance))
  }
  token.balances = balances.flush()
  return balance
}

/**
 * Moves tokens. Whether it is allowed is the caller's to know.
 *
 * Source: `make_transfer`.
 *
 * @throws {ActorError} `USR_INSUFFICIENT_FUNDS`
 */
export function makeTransfer(
  store: Blockstore,
  token: Draft<TokenState>,
  from: bigint,
  to: bigint,
  amount: TokenAmount,
): void {
  if (from === to) {
    requireFunds(getBalance(store, token, from) >= amount, () => `${from} has less than ${amount}`)
  } else {
    changeBalanceBy(store, token, from, -amount)
    changeBalanceBy(store, token, to, amount)
  }
}

/** Source: `change_supply_by`. @throws {ActorError} `USR_ILLEGAL_STATE` where it would be negative. */
export function changeSupplyBy(token: Draft<TokenState>, delta: TokenAmount): void {
  requireState(token.supply + delta >= 0n, () => `the supply is ${token.supply}, and is to lose ${-delta}`)
  token.supply += delta
}

/** Source: `get_allowance_between`. */
export function getAllowanceBetween(
  store: Blockstore,
  token: TokenState,
  owner: bigint,
  operator: bigint,
): TokenAmount {
  const maps = tokenMaps(token.hamtBitWidth)
  const root = maps.allowances.load(store, token.allowances).get(owner)
  return root === undefined ? 0n : (maps.ownerAllowances.load(store, root).get(operator) ?? 0n)
}

/** Adds to an allowance, of which nothing less than zero is left, and returns the new one. Source: `change_allowance_by`. */
export function changeAllowanceBy(
  store: Blockstore,
  token: Draft<TokenState>,
  owner: bigint,
  operator: bigint,
  delta: TokenAmount,
): TokenAmount {
  const before = getAllowanceBetween(store, token, owner, operator)
  if (delta === 0n) {
    return before
  }
  const allowance = maxBigInt(before + delta, 0n)
  setAllowanceBetween(store, token, owner, operator, allowance)
  return allowance
}

/** Sets an allowance to zero and returns what it was. Source: `revoke_allowance`. */
export function revokeAllowanceBetween(
  store: Blockstore,
  token: Draft<TokenState>,
  owner: bigint,
  operator: bigint,
): TokenAmount {
  const before = getAllowanceBetween(store, token, owner, operator)
  setAllowanceBetween(store, token, owner, operator, 0n)
  return before
}

/**
 * Takes an amount off an allowance and returns what is left. Who has no allowance may not even use nothing of it.
 *
 * Source: `attempt_use_allowance`.
 *
 * @throws {ActorError} `USR_INSUFFICIENT_FUNDS`
 */
export function attemptUseAllowance(
  store: Blockstore,
  token: Draft<TokenState>,
  operator: bigint,
  owner: bigint,
  amount: TokenAmount,
): TokenAmount {
  const allowance = getAllowanceBetween(store, token, owner, operator)
  requireFunds(
    (allowance !== 0n || operator === owner) && allowance >= amount,
    () => `${operator} may dispose of ${allowance}, and not of ${amount}, that ${owner} has`,
  )
  return changeAllowanceBy(store, token, owner, operator, -amount)
}

/**
 * Sets an allowance, which is not negative. One of zero is deleted, and the owner's last one with the owner's map.
 *
 * Source: `set_allowance`, and the common part of the other functions that change one.
 */
export function setAllowanceBetween(
  store: Blockstore,
  token: Draft<TokenState>,
  owner: bigint,
  operator: bigint,
  amount: TokenAmount,
): void {
  const maps = tokenMaps(token.hamtBitWidth)
  const allowances = maps.allowances.load(store, token.allowances)
  const root = allowances.get(owner)
  const ofOwner =
    root === undefined ? maps.ownerAllowances.empty(store) : maps.ownerAllowances.load(store, root)
  if (amount === 0n) {
    ofOwner.delete(operator)
  } else {
    ofOwner.set(operator, requireEncodable(amount))
  }
  if (ofOwner.isEmpty) {
    allowances.delete(owner)
  } else {
    allowances.set(owner, ofOwner.flush())
  }
  token.allowances = allowances.flush()
}
