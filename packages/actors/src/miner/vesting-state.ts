import {
  attoFil,
  type Blockstore,
  type Codec,
  chainEpoch,
  type Link,
  link,
  list,
  load,
  nullable,
  tuple,
  type ValueOf,
} from '@plimsoll/ipld'
import { type AttoFil, type ChainEpoch, divFloor } from '@plimsoll/primitives'
import type { VestSpec } from './policy.ts'
import { type QuantSpec, quantizeUp } from './quantize.ts'

/**
 * One step of a miner's vesting table: `amount` attoFIL unlock once `epoch` has passed.
 *
 * CBOR tuple. Source: builtin-actors v18, `actors/miner/src/vesting_state.rs`, `VestingFund`.
 */
export const VestingFund = tuple('VestingFund', { epoch: chainEpoch, amount: attoFil })
export type VestingFund = ValueOf<typeof VestingFund>

/** A table by ascending epoch. */
export type VestingTable = readonly VestingFund[]

/**
 * Where the table is: its first step, which payments of debt draw down, and a link to the rest.
 *
 * Both null is an empty table. Before v16 the whole table was behind the link and `head` is null.
 *
 * Source: the same file, `VestingFunds`.
 */
export interface VestingFunds {
  readonly head: VestingFund | null
  readonly tail: Link<VestingTable> | null
}

const NullableInner = nullable(tuple('VestingFunds', { head: VestingFund, tail: link<VestingTable>() }))

/** How the state stores them from v16 on: null, or the first step and a link. */
export const VestingFundsCodec: Codec<VestingFunds> = {
  name: 'VestingFunds',
  encode: (writer, { head, tail }) =>
    NullableInner.encode(writer, head === null || tail === null ? null : { head, tail }),
  decode: (reader) => NullableInner.decode(reader) ?? { head: null, tail: null },
}

/** The block behind the link from v16 on. */
export const VestingTail: Codec<VestingTable> = list(VestingFund)

const WrappedTable = tuple('VestingFunds', { funds: list(VestingFund) })

/** The block behind the link before v16: the table in a tuple of its own. */
export const VestingTailV8: Codec<VestingTable> = {
  name: 'VestingFunds',
  encode: (writer, funds) => WrappedTable.encode(writer, { funds }),
  decode: (reader) => WrappedTable.decode(reader).funds,
}

/** Source: the same file, `load`. A head of zero stays in the state and is no step of the table. */
export function loadVestingTable(
  store: Blockstore,
  tailCodec: Codec<VestingTable>,
  funds: VestingFunds,
): VestingTable {
  const tail = funds.tail === null ? [] : load(store, tailCodec, funds.tail)
  return funds.head !== null && funds.head.amount > 0n ? [funds.head, ...tail] : tail
}

/** A table after some of it was unlocked. */
export interface Unlocked {
  /** AttoFIL that were unlocked because their epoch had passed. */
  readonly vested: AttoFil
  /** AttoFIL that were unlocked before their epoch. */
  readonly unvested: AttoFil
  readonly remaining: VestingTable
}

/**
 * Unlocks what has vested: a step is still locked in its own epoch.
 *
 * Source: the same file, `take_vested`.
 */
export function takeVested(table: VestingTable, currEpoch: ChainEpoch): Unlocked {
  const firstLocked = table.findIndex((fund) => fund.epoch >= currEpoch)
  const count = firstLocked < 0 ? table.length : firstLocked
  return { vested: sumOfFunds(table.slice(0, count)), unvested: 0n, remaining: table.slice(count) }
}

/**
 * Adds `vestingSum` attoFIL that vest by `spec` from `currEpoch` on, and unlocks what has vested.
 *
 * The schedule is cumulative and floored, so that its steps add up to the sum without drift.
 *
 * Source: the same file, `add_locked_funds`.
 */
export function addLockedFunds(
  table: VestingTable,
  currEpoch: ChainEpoch,
  vestingSum: AttoFil,
  provingPeriodStart: ChainEpoch,
  spec: VestSpec,
): Unlocked {
  const schedule = vestingSchedule(currEpoch, vestingSum, provingPeriodStart, spec)
  return takeVested(mergeTables(table, schedule), currEpoch)
}

/**
 * Unlocks what has vested and then, in ascending order, unvested steps up to `target` attoFIL. The step that
 * the target ends in is reduced and stays, even at zero.
 *
 * Source: the same file, `unlock_vested_and_unvested_funds`, its slow path.
 */
export function unlockVestedAndUnvestedFunds(
  table: VestingTable,
  currEpoch: ChainEpoch,
  target: AttoFil,
): Unlocked {
  const { vested, remaining } = takeVested(table, currEpoch)
  let missing = target
  let dropped = 0
  for (const fund of remaining) {
    if (fund.amount >= missing) {
      break
    }
    missing -= fund.amount
    dropped++
  }
  const [reduced, ...rest] = remaining.slice(dropped)
  if (reduced === undefined) {
    return { vested, unvested: target - missing, remaining: [] }
  }
  return { vested, unvested: target, remaining: [{ ...reduced, amount: reduced.amount - missing }, ...rest] }
}

export function sumOfFunds(table: VestingTable): AttoFil {
  return table.reduce((sum, fund) => sum + fund.amount, 0n)
}

function vestingSchedule(
  currEpoch: ChainEpoch,
  vestingSum: AttoFil,
  provingPeriodStart: ChainEpoch,
  spec: VestSpec,
): VestingTable {
  const vestBegin = currEpoch + spec.initialDelay
  const quant: QuantSpec = { unit: spec.quantization, offset: provingPeriodStart }
  const schedule: VestingFund[] = []
  let vestedSoFar = 0n
  for (let epoch = vestBegin + spec.stepDuration; vestedSoFar < vestingSum; epoch += spec.stepDuration) {
    const vestEpoch = quantizeUp(quant, epoch)
    const elapsed = vestEpoch - vestBegin
    const target =
      elapsed < spec.vestPeriod ? divFloor(vestingSum * BigInt(elapsed), BigInt(spec.vestPeriod)) : vestingSum
    schedule.push({ epoch: vestEpoch, amount: target - vestedSoFar })
    vestedSoFar = target
  }
  return schedule
}

function mergeTables(left: VestingTable, right: VestingTable): VestingTable {
  const merged: VestingFund[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    const [a, b] = [left[i], right[j]]
    if (b === undefined || (a !== undefined && a.epoch < b.epoch)) {
      merged.push(a as VestingFund)
      i++
    } else if (a === undefined || b.epoch < a.epoch) {
      merged.push(b)
      j++
    } else {
      merged.push({ epoch: a.epoch, amount: a.amount + b.amount })
      i++
      j++
    }
  }
  return merged
}
