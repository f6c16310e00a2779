import { type Blockstore, save } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { VestSpec } from './policy.ts'
import {
  addLockedFunds,
  loadVestingTable,
  takeVested,
  unlockVestedAndUnvestedFunds,
  type VestingFunds,
  type VestingTable,
  VestingTail,
} from './vesting-state.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/vesting_state.rs`, `VestingFunds`. Amounts in attoFIL. */

/** The stored table after a change, and what the change unlocked. */
export interface FundsChange {
  readonly funds: VestingFunds
  readonly vested: AttoFil
  readonly unvested: AttoFil
}

/** Source: `save`. */
function saveFunds(store: Blockstore, table: VestingTable): VestingFunds {
  const [head, ...rest] = table
  return head === undefined ? { head: null, tail: null } : { head, tail: save(store, VestingTail, rest) }
}

/** Unlocks what has vested; the tail is not looked at while the head has not. Source: `unlock_vested_funds`. */
export function unlockVested(store: Blockstore, funds: VestingFunds, currEpoch: ChainEpoch): FundsChange {
  if (funds.head === null || funds.head.epoch >= currEpoch) {
    return { funds, vested: 0n, unvested: 0n }
  }
  const { vested, remaining } = takeVested(loadVestingTable(store, VestingTail, funds), currEpoch)
  return { funds: saveFunds(store, remaining), vested, unvested: 0n }
}

/** Adds funds that vest, and unlocks what has. Source: `add_locked_funds`. */
export function lockFunds(
  store: Blockstore,
  funds: VestingFunds,
  currEpoch: ChainEpoch,
  vestingSum: AttoFil,
  provingPeriodStart: ChainEpoch,
  spec: VestSpec,
): FundsChange {
  const table = loadVestingTable(store, VestingTail, funds)
  const { vested, remaining } = addLockedFunds(table, currEpoch, vestingSum, provingPeriodStart, spec)
  return { funds: saveFunds(store, remaining), vested, unvested: 0n }
}

/**
 * Unlocks what has vested and up to `target` of what has not.
 *
 * Where the head alone suffices only the head changes, and stays even at zero; so a debt is paid every day without
 * touching the tail.
 *
 * Source: `unlock_vested_and_unvested_funds`.
 */
export function unlockVestedAndUnvested(
  store: Blockstore,
  funds: VestingFunds,
  currEpoch: ChainEpoch,
  target: AttoFil,
): FundsChange {
  const { head } = funds
  if (head === null) {
    return { funds, vested: 0n, unvested: 0n }
  }
  if (head.epoch >= currEpoch && head.amount >= target) {
    const reduced = { ...funds, head: { ...head, amount: head.amount - target } }
    return { funds: reduced, vested: 0n, unvested: target }
  }
  const table = loadVestingTable(store, VestingTail, funds)
  const { vested, unvested, remaining } = unlockVestedAndUnvestedFunds(table, currEpoch, target)
  return { funds: saveFunds(store, remaining), vested, unvested }
}
