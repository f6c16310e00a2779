import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore, save } from '@plimsoll/ipld'
import { createHashes } from '@plimsoll/primitives'
import { anyPositiveAmount, anyVestingTable } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { REWARD_VESTING_SPEC } from './policy.ts'
import { lockFunds, unlockVested, unlockVestedAndUnvested } from './vesting-funds.ts'
import {
  loadVestingTable,
  sumOfFunds,
  takeVested,
  unlockVestedAndUnvestedFunds,
  type VestingFunds,
  type VestingTable,
  VestingTail,
} from './vesting-state.ts'

const store = createMemoryBlockstore(await createHashes())
const NO_FUNDS: VestingFunds = { head: null, tail: null }

function fundsOf(table: VestingTable): VestingFunds {
  const [head, ...rest] = table
  return head === undefined ? NO_FUNDS : { head, tail: save(store, VestingTail, rest) }
}

const tableOf = (funds: VestingFunds) => loadVestingTable(store, VestingTail, funds)
const steps = (...pairs: readonly (readonly [epoch: number, amount: bigint])[]): VestingTable =>
  pairs.map(([epoch, amount]) => ({ epoch, amount }))

/** A spec by which 100 attoFIL vest in 5 epochs. */
const FIVE_EPOCHS = { initialDelay: 0, vestPeriod: 5, stepDuration: 1, quantization: 1 }

// Source of the cases: builtin-actors v18, `actors/miner/tests/vesting_unvested_funds.rs` and
// `vesting_add_locked_funds.rs`.
describe('lockFunds', () => {
  test('adds up with what is locked already', () => {
    const first = lockFunds(store, NO_FUNDS, 10, 100n, 0, FIVE_EPOCHS)
    expect(tableOf(first.funds)).toEqual(steps([11, 20n], [12, 20n], [13, 20n], [14, 20n], [15, 20n]))
    const second = lockFunds(store, first.funds, 10, 100n, 0, FIVE_EPOCHS)
    expect(tableOf(second.funds)).toEqual(steps([11, 40n], [12, 40n], [13, 40n], [14, 40n], [15, 40n]))
    expect(second.vested).toBe(0n)
  })

  test('unlocks what has vested', () => {
    const change = lockFunds(store, fundsOf(steps([9, 1n], [10, 2n])), 10, 5n, 0, FIVE_EPOCHS)
    expect(change).toMatchObject({ vested: 1n, unvested: 0n })
    expect(sumOfFunds(tableOf(change.funds))).toBe(7n)
  })

  test('of nothing without a table keeps none', () => {
    expect(lockFunds(store, NO_FUNDS, 10, 0n, 0, FIVE_EPOCHS)).toEqual({
      funds: NO_FUNDS,
      vested: 0n,
      unvested: 0n,
    })
  })
})

describe('unlockVested', () => {
  const funds = fundsOf(steps([10, 5n], [20, 7n]))

  test.each([
    { currEpoch: 10, vested: 0n, left: steps([10, 5n], [20, 7n]) },
    { currEpoch: 11, vested: 5n, left: steps([20, 7n]) },
    { currEpoch: 21, vested: 12n, left: [] },
  ])('at $currEpoch gives $vested attoFIL', ({ currEpoch, vested, left }) => {
    const change = unlockVested(store, funds, currEpoch)
    expect(change.vested).toBe(vested)
    expect(change.funds).toEqual(fundsOf(left))
  })

  test('leaves the stored table as it is while its head is locked', () => {
    expect(unlockVested(store, funds, 10).funds).toBe(funds)
    expect(unlockVested(store, NO_FUNDS, 10).funds).toBe(NO_FUNDS)
  })

  test('goes on from a head of zero, which is no step of the table', () => {
    const drawn = { ...funds, head: { epoch: 10, amount: 0n } }
    expect(unlockVested(store, drawn, 11)).toEqual({
      funds: fundsOf(steps([20, 7n])),
      vested: 0n,
      unvested: 0n,
    })
  })
})

describe('unlockVestedAndUnvested', () => {
  const hundred = lockFunds(store, NO_FUNDS, 100, 100n, 0, FIVE_EPOCHS).funds

  test('draws the head down without touching the rest, and keeps it at zero', () => {
    const change = unlockVestedAndUnvested(store, hundred, 100, 20n)
    expect(change).toEqual({
      funds: { head: { epoch: 101, amount: 0n }, tail: hundred.tail },
      vested: 0n,
      unvested: 20n,
    })
    // Now the head has nothing, so that the next step is the head.
    expect(unlockVestedAndUnvested(store, change.funds, 100, 1n)).toEqual({
      funds: fundsOf(steps([102, 19n], [103, 20n], [104, 20n], [105, 20n])),
      vested: 0n,
      unvested: 1n,
    })
  })

  test('takes what the head does not have from the steps after it', () => {
    const { funds, unvested } = unlockVestedAndUnvested(store, hundred, 100, 39n)
    expect(unvested).toBe(39n)
    expect(funds).toEqual(fundsOf(steps([102, 1n], [103, 20n], [104, 20n], [105, 20n])))
  })

  // What is left of the table then unlocks in its time.
  test('leaves what it does not take to vest as it would have', () => {
    let { funds } = unlockVestedAndUnvested(store, hundred, 100, 39n)
    const unlocked = [100, 101, 102, 103, 104, 105, 106, 107].map((epoch) => {
      const change = unlockVested(store, funds, epoch)
      funds = change.funds
      return change.vested
    })
    expect(unlocked).toEqual([0n, 0n, 0n, 1n, 20n, 20n, 20n, 0n])
    expect(funds).toEqual(NO_FUNDS)
  })

  test.each([
    { target: 100n, unvested: 100n },
    { target: 200n, unvested: 100n },
  ])('of $target unlocks $unvested of 100', ({ target, unvested }) => {
    const change = unlockVestedAndUnvested(store, hundred, 100, target)
    expect(change.unvested).toBe(unvested)
    expect(tableOf(change.funds)).toEqual([])
  })

  test('does not count what has vested against the target', () => {
    // 2 attoFIL in each epoch from 11 to 60, of which 38 have vested at epoch 30, when 60 more are taken.
    const { funds } = lockFunds(store, NO_FUNDS, 10, 100n, 0, { ...FIVE_EPOCHS, vestPeriod: 50 })
    const change = unlockVestedAndUnvested(store, funds, 30, 60n)
    expect(change).toMatchObject({ vested: 38n, unvested: 60n })
    expect(tableOf(change.funds)).toEqual(steps([60, 2n]))
  })

  test('of no funds is nothing', () => {
    expect(unlockVestedAndUnvested(store, NO_FUNDS, 10, 5n)).toEqual({
      funds: NO_FUNDS,
      vested: 0n,
      unvested: 0n,
    })
  })
})

describe('the funds that vest', () => {
  const anyEpoch = fc.nat(60_000)
  /** Tables as they are stored: the head may have been drawn down to zero. */
  const anyFunds = fc
    .tuple(anyVestingTable, fc.boolean())
    .map(([table, isDrawn]) =>
      fundsOf(table.map((fund, i) => (isDrawn && i === 0 ? { ...fund, amount: 0n } : fund))),
    )

  test.prop([anyFunds, anyEpoch, anyPositiveAmount])(
    'are neither created nor lost, whatever is locked or unlocked',
    (funds, epoch, amount) => {
      const before = sumOfFunds(tableOf(funds))
      const locked = lockFunds(store, funds, epoch, amount, 7, REWARD_VESTING_SPEC)
      expect(locked.vested + sumOfFunds(tableOf(locked.funds))).toBe(before + amount)
      const vested = unlockVested(store, funds, epoch)
      expect(vested.vested + sumOfFunds(tableOf(vested.funds))).toBe(before)
      const taken = unlockVestedAndUnvested(store, funds, epoch, amount)
      expect(taken.vested + taken.unvested + sumOfFunds(tableOf(taken.funds))).toBe(before)
    },
  )

  // The head is a way to store the table, and does not change what happens to it.
  test.prop([anyFunds, anyEpoch, anyPositiveAmount])(
    'are unlocked as from the table',
    (funds, epoch, amount) => {
      const table = tableOf(funds)
      const vested = unlockVested(store, funds, epoch)
      expect(vested.vested).toBe(takeVested(table, epoch).vested)
      const taken = unlockVestedAndUnvested(store, funds, epoch, amount)
      const expected = unlockVestedAndUnvestedFunds(table, epoch, amount)
      expect([taken.vested, taken.unvested]).toEqual([expected.vested, expected.unvested])
      const isStep = ({ amount: left }: { amount: bigint }) => left > 0n
      expect(tableOf(taken.funds).filter(isStep)).toEqual(expected.remaining.filter(isStep))
    },
  )
})
