import type { Hamt } from '@plimsoll/ipld'
import { type Address, type AttoFil, formatIdAddress, maxBigInt, minBigInt } from '@plimsoll/primitives'
import { requireParam } from '../runtime/actor-error.ts'

/**
 * Balances in attoFIL, of which a missing one is 0.
 *
 * Source of everything here: builtin-actors v18, `actors/market/src/balance_table.rs`.
 */
export type Balances = Hamt<Address, AttoFil>

/** Source: `get`. */
export function balanceOf(table: Balances, owner: Address): AttoFil {
  return table.get(owner) ?? 0n
}

/**
 * A balance that becomes 0 leaves the table, but one that was 0 already is put there. Source: `add`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a sum below 0.
 */
export function addBalance(table: Balances, owner: Address, amount: AttoFil): void {
  const before = balanceOf(table, owner)
  const sum = before + amount
  requireParam(sum >= 0n, () => `negative balance of ${formatIdAddress(owner)}: ${before} + ${amount}`)
  if (sum === 0n && before !== 0n) {
    table.delete(owner)
  } else {
    table.set(owner, sum)
  }
}

/** Takes up to `requested`, as long as `floor` is left, and returns how much. Source: `subtract_with_minimum`. */
export function subtractWithMinimum(
  table: Balances,
  owner: Address,
  requested: AttoFil,
  floor: AttoFil,
): AttoFil {
  const available = maxBigInt(0n, balanceOf(table, owner) - floor)
  const taken = minBigInt(available, requested)
  if (taken > 0n) {
    addBalance(table, owner, -taken)
  }
  return taken
}

/** Source: `must_subtract`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for more than there is. */
export function mustSubtract(table: Balances, owner: Address, amount: AttoFil): void {
  const before = balanceOf(table, owner)
  requireParam(amount <= before, () => `negative balance of ${formatIdAddress(owner)}: ${before} − ${amount}`)
  addBalance(table, owner, -amount)
}

/** Source: `total`. */
export function totalBalance(table: Balances): AttoFil {
  let total = 0n
  for (const [, balance] of table.entries()) {
    total += balance
  }
  return total
}
