import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { exitCodeOf } from '@plimsoll/testkit'
import { describe, expect } from 'vitest'
import { addBalance, balanceOf, mustSubtract, subtractWithMinimum, totalBalance } from './balance-table.ts'
import { BalanceTable } from './state.ts'

const store = createMemoryBlockstore(await createHashes())
const [ALICE, BOB] = [idAddress(100n), idAddress(101n)]
const EMPTY = BalanceTable.empty(store).flush().cid

// Source of the cases: builtin-actors v18, actors/market/src/balance_table.rs, tests.
describe('a table of balances', () => {
  test('adds up', () => {
    const table = BalanceTable.empty(store)
    const totals = [
      [10n, ALICE],
      [20n, ALICE],
      [40n, BOB],
      [50n, BOB],
    ] as const
    const seen = totals.map(([amount, owner]) => {
      addBalance(table, owner, amount)
      return totalBalance(table)
    })
    expect(seen).toEqual([10n, 30n, 70n, 120n])
  })

  test('gives no more than what is above the floor', () => {
    const table = BalanceTable.empty(store)
    addBalance(table, ALICE, 80n)
    expect(subtractWithMinimum(table, ALICE, 20n, 70n)).toBe(10n)
    expect(balanceOf(table, ALICE)).toBe(70n)
    expect(subtractWithMinimum(table, ALICE, 10n, 60n)).toBe(10n)
    expect(subtractWithMinimum(table, ALICE, 10n, 61n)).toBe(0n)
    mustSubtract(table, ALICE, 10n)
    expect(balanceOf(table, ALICE)).toBe(50n)
  })

  test('never goes below 0', () => {
    const table = BalanceTable.empty(store)
    addBalance(table, ALICE, 50n)
    expect(exitCodeOf(() => mustSubtract(table, ALICE, 51n))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCodeOf(() => addBalance(table, BOB, -1n))).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(totalBalance(table)).toBe(50n)
  })

  // Only a balance that becomes 0 is removed: `sum.is_zero() && !prev.is_zero()`.
  test('forgets a balance that becomes 0, and takes down one that was', () => {
    const table = BalanceTable.empty(store)
    addBalance(table, ALICE, 5n)
    mustSubtract(table, ALICE, 5n)
    expect(table.flush().cid).toBe(EMPTY)
    mustSubtract(table, ALICE, 0n)
    expect([...table.entries()]).toEqual([[ALICE, 0n]])
  })

  const anyAmount = fc.bigInt({ min: 0n, max: 1000n })
  test.prop([anyAmount, anyAmount, anyAmount])('takes what it can', (before, requested, floor) => {
    const table = BalanceTable.empty(store)
    addBalance(table, ALICE, before)
    const taken = subtractWithMinimum(table, ALICE, requested, floor)
    expect(balanceOf(table, ALICE)).toBe(before - taken)
    expect(taken).toBeLessThanOrEqual(requested)
    expect(taken === requested || before - taken <= floor).toBe(true)
  })
})
