import { type Address, ExitCode, modFloor, protocolOf } from '@plimsoll/primitives'
import { ActorError, requireFound, requireParam } from '../runtime/actor-error.ts'
import type { Draft } from '../runtime/draft.ts'
import { idOfAddress } from '../runtime/id-of-address.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { TokenState } from './state.ts'
import {
  attemptUseAllowance,
  changeAllowanceBy,
  changeBalanceBy,
  changeSupplyBy,
  getAllowanceBetween,
  getBalance,
  makeTransfer,
  revokeAllowanceBetween,
  setAllowanceBetween,
} from './token-state.ts'
import {
  type BurnFromReturn,
  type BurnReturn,
  DATACAP_GRANULARITY,
  type Frc46TokenReceived,
  type TokenAmount,
} from './types.ts'

/**
 * The rules of an FRC-0046 token of which only whole pieces can be held.
 *
 * Source of everything here: actors-utils `frc46_token/src/token/mod.rs`, `Token`; the exit codes are those of
 * `frc46_token/src/token/error.rs`, `From<&TokenError>`.
 */

/** What a receiver is told, apart from what the operator says to it. */
export type Received = Omit<Frc46TokenReceived, 'operatorData' | 'tokenData'>

/** Makes tokens. `operator` is a known address. Source: `mint`. @throws {ActorError} as {@link requireAmount} and {@link requireId} do. */
export function mintTokens(
  rt: Runtime,
  token: Draft<TokenState>,
  operator: Address,
  initialOwner: Address,
  amount: TokenAmount,
): Received {
  requireAmount(amount)
  const operatorId = requireId(rt, operator)
  const to = requireId(rt, initialOwner)
  changeBalanceBy(rt.store, token, to, amount)
  changeSupplyBy(token, amount)
  return { from: idOfAddress(rt.message.receiver), to, operator: operatorId, amount }
}

/** What an address has, which is nothing when it is unknown. Source: `balance_of`. */
export function balanceOf(rt: Runtime, token: TokenState, owner: Address): TokenAmount {
  const id = resolveId(rt, owner)
  return id === undefined ? 0n : getBalance(rt.store, token, id)
}

/** Source: `allowance`. */
export function allowanceOf(rt: Runtime, token: TokenState, owner: Address, operator: Address): TokenAmount {
  const [ownerId, operatorId] = [resolveId(rt, owner), resolveId(rt, operator)]
  return ownerId === undefined || operatorId === undefined
    ? 0n
    : getAllowanceBetween(rt.store, token, ownerId, operatorId)
}

/** Source: `increase_allowance`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a negative amount; as {@link requireId} does. */
export function increaseAllowanceBy(
  rt: Runtime,
  token: Draft<TokenState>,
  owner: Address,
  operator: Address,
  delta: TokenAmount,
): TokenAmount {
  requireParam(delta >= 0n, () => `a negative allowance of ${delta}`)
  const ownerId = requireId(rt, owner)
  return changeAllowanceBy(rt.store, token, ownerId, requireId(rt, operator), delta)
}

/** Source: `decrease_allowance`. @throws {ActorError} as {@link increaseAllowanceBy} does. */
export function decreaseAllowanceBy(
  rt: Runtime,
  token: Draft<TokenState>,
  owner: Address,
  operator: Address,
  delta: TokenAmount,
): TokenAmount {
  requireParam(delta >= 0n, () => `a negative allowance of ${delta}`)
  const ownerId = requireId(rt, owner)
  return changeAllowanceBy(rt.store, token, ownerId, requireId(rt, operator), -delta)
}

/** Returns the allowance that was; unknown addresses have none. Source: `revoke_allowance`. */
export function revokeAllowanceOf(
  rt: Runtime,
  token: Draft<TokenState>,
  owner: Address,
  operator: Address,
): TokenAmount {
  const [ownerId, operatorId] = [resolveId(rt, owner), resolveId(rt, operator)]
  return ownerId === undefined || operatorId === undefined
    ? 0n
    : revokeAllowanceBetween(rt.store, token, ownerId, operatorId)
}

/** Sets an allowance above zero. Source: `set_allowance`. @throws {ActorError} as {@link requireId} does. */
export function setAllowanceOf(
  rt: Runtime,
  token: Draft<TokenState>,
  owner: Address,
  operator: Address,
  amount: TokenAmount,
): void {
  const ownerId = requireId(rt, owner)
  setAllowanceBetween(rt.store, token, ownerId, requireId(rt, operator), amount)
}

/** Source: `burn`. @throws {ActorError} `USR_INSUFFICIENT_FUNDS`; as {@link requireAmount} and {@link requireId} do. */
export function burnTokens(
  rt: Runtime,
  token: Draft<TokenState>,
  owner: Address,
  amount: TokenAmount,
): BurnReturn {
  requireAmount(amount)
  const balance = changeBalanceBy(rt.store, token, requireId(rt, owner), -amount)
  changeSupplyBy(token, -amount)
  return { balance }
}

/** Source: `burn_from`. @throws {ActorError} as {@link requireOperator} does; `USR_INSUFFICIENT_FUNDS`. */
export function burnTokensFrom(
  rt: Runtime,
  token: Draft<TokenState>,
  operator: Address,
  owner: Address,
  amount: TokenAmount,
): BurnFromReturn {
  requireAmount(amount)
  const { operatorId, ownerId } = requireOperator(rt, operator, owner)
  const allowance = attemptUseAllowance(rt.store, token, operatorId, ownerId, amount)
  const balance = changeBalanceBy(rt.store, token, ownerId, -amount)
  changeSupplyBy(token, -amount)
  return { balance, allowance }
}

/** Source: `transfer`. @throws {ActorError} `USR_INSUFFICIENT_FUNDS`; as {@link requireAmount} and {@link requireId} do. */
export function transferTokens(
  rt: Runtime,
  token: Draft<TokenState>,
  fromAddress: Address,
  toAddress: Address,
  amount: TokenAmount,
): Received {
  requireAmount(amount)
  const from = requireId(rt, fromAddress)
  const to = requireId(rt, toAddress)
  makeTransfer(rt.store, token, from, to, amount)
  return { operator: from, from, to, amount }
}

/** Source: `transfer_from`. @throws {ActorError} as {@link requireOperator} does; `USR_INSUFFICIENT_FUNDS`. */
export function transferTokensFrom(
  rt: Runtime,
  token: Draft<TokenState>,
  operatorAddress: Address,
  fromAddress: Address,
  toAddress: Address,
  amount: TokenAmount,
): Received {
  requireAmount(amount)
  const { operatorId: operator, ownerId: from } = requireOperator(rt, operatorAddress, fromAddress)
  const to = requireId(rt, toAddress)
  attemptUseAllowance(rt.store, token, operator, from, amount)
  makeTransfer(rt.store, token, from, to, amount)
  return { operator, from, to, amount }
}

/** Source: `validate_amount_with_granularity`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
function requireAmount(amount: TokenAmount): void {
  requireParam(amount >= 0n, () => `a negative amount of ${amount}`)
  requireParam(
    modFloor(amount, DATACAP_GRANULARITY) === 0n,
    () => `${amount} is not a whole number of tokens`,
  )
}

/**
 * The ids of an operator and of the owner whose tokens it disposes of.
 *
 * Source: the common part of `burn_from` and `transfer_from`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for an operator that is the owner; `USR_INSUFFICIENT_FUNDS` for
 * unknown addresses, which can have no allowance.
 */
function requireOperator(
  rt: Runtime,
  operator: Address,
  owner: Address,
): { readonly operatorId: bigint; readonly ownerId: bigint } {
  requireParam(!isSameAddress(rt, operator, owner), 'the operator is the owner')
  const [operatorId, ownerId] = [resolveId(rt, operator), resolveId(rt, owner)]
  if (operatorId === undefined || ownerId === undefined) {
    throw new ActorError(ExitCode.USR_INSUFFICIENT_FUNDS, 'an unknown address has no allowance')
  }
  return { operatorId, ownerId }
}

/** Addresses of one kind are compared as they are. Source: actors-utils `fvm_actor_utils/src/util.rs`, `same_address`. */
function isSameAddress(rt: Runtime, a: Address, b: Address): boolean {
  if (protocolOf(a) === protocolOf(b)) {
    return a === b
  }
  const id = resolveId(rt, a)
  return id !== undefined && id === resolveId(rt, b)
}

/** Source: the same file, `resolve_id`. */
function resolveId(rt: Runtime, address: Address): bigint | undefined {
  const resolved = rt.resolveAddress(address)
  return resolved && idOfAddress(resolved)
}

/**
 * The id of an address. The reference sends nothing to one that is unknown, to make an account of it; but tokens
 * change inside of transactions, where nothing can be sent, so that it stays unknown.
 *
 * Source: the same file, `resolve_or_init`; builtin-actors v18, `runtime/src/runtime/fvm.rs`, `send`.
 *
 * @throws {ActorError} `USR_NOT_FOUND` for an unknown address.
 */
function requireId(rt: Runtime, address: Address): bigint {
  return requireFound(resolveId(rt, address), 'the address is unknown')
}
