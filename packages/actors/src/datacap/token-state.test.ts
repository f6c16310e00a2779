import { fc, test } from '@fast-check/vitest'
import { createMemoryBlockstore } from '@plimsoll/ipld'
import { createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { exitCodeOf } from '@plimsoll/testkit'
import { beforeEach, describe, expect } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { type Draft, draftOf, valueOfDraft } from '../runtime/draft.ts'
import { checkDatacapInvariants } from './invariants.ts'
import { type TokenState, tokenMaps } from './state.ts'
import {
  attemptUseAllowance,
  changeAllowanceBy,
  changeBalanceBy,
  changeSupplyBy,
  getAllowanceBetween,
  getBalance,
  makeTransfer,
  newTokenState,
  revokeAllowanceBetween,
  setAllowanceBetween,
} from './token-state.ts'

// Source of the cases: actors-utils, frc46_token/src/token/state.rs, its tests.

const store = createMemoryBlockstore(await createHashes())
const [A, B, C] = [1n, 2n, 3n]
const WHOLE = 10n ** 18n

let token: Draft<TokenState>

beforeEach(() => {
  token = draftOf(newTokenState(store))
})

test('a new token has the bit width 3, and nobody has anything of it', () => {
  const empty = tokenMaps(3).balances.empty(store).flush().cid
  const { supply, balances, allowances, hamtBitWidth } = token
  expect([supply, balances.cid, allowances.cid, hamtBitWidth]).toEqual([0n, empty, empty, 3])
})

describe('a balance', () => {
  test('changes by amounts, and is removed when it is zero', () => {
    const empty = token.balances.cid
    expect(changeBalanceBy(store, token, A, 7n)).toBe(7n)
    expect(changeBalanceBy(store, token, A, 0n)).toBe(7n)
    expect(changeBalanceBy(store, token, A, -3n)).toBe(4n)
    expect(getBalance(store, token, A)).toBe(4n)
    expect(getBalance(store, token, B)).toBe(0n)
    expect(changeBalanceBy(store, token, A, -4n)).toBe(0n)
    expect(token.balances.cid).toBe(empty)
  })

  test('is never negative', () => {
    changeBalanceBy(store, token, A, 7n)
    expect(exitCodeOf(() => changeBalanceBy(store, token, A, -8n))).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
    expect(exitCodeOf(() => changeBalanceBy(store, token, B, -1n))).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  test.each([
    { from: A, to: B, amount: 7n, balances: [0n, 7n] },
    { from: A, to: B, amount: 0n, balances: [7n, 0n] },
    { from: A, to: A, amount: 7n, balances: [7n, 0n] },
  ])('moves $amount from $from to $to', ({ from, to, amount, balances }) => {
    changeBalanceBy(store, token, A, 7n)
    makeTransfer(store, token, from, to, amount)
    expect([getBalance(store, token, A), getBalance(store, token, B)]).toEqual(balances)
  })

  test.each([
    { from: A, to: B },
    { from: A, to: A },
    { from: B, to: A },
  ])('does not move from $from to $to more than there is', ({ from, to }) => {
    changeBalanceBy(store, token, A, 7n)
    const move = () => makeTransfer(store, token, from, to, 8n)
    expect(exitCodeOf(move)).toBe(ExitCode.USR_INSUFFICIENT_FUNDS)
  })

  // 127 bytes and a sign.
  test('is no longer than 128 bytes', () => {
    changeBalanceBy(store, token, A, 2n ** 1016n - 1n)
    expect(exitCodeOf(() => changeBalanceBy(store, token, A, 1n))).toBe(ExitCode.USR_SERIALIZATION)
  })
})

test('the supply is never negative', () => {
  changeSupplyBy(token, 7n)
  changeSupplyBy(token, -7n)
  expect(token.supply).toBe(0n)
  expect(exitCodeOf(() => changeSupplyBy(token, -1n))).toBe(ExitCode.USR_ILLEGAL_STATE)
})

describe('an allowance', () => {
  test('changes by amounts down to nothing, and is removed with the owner’s map', () => {
    const empty = token.allowances.cid
    expect(changeAllowanceBy(store, token, A, B, -1n)).toBe(0n)
    expect(changeAllowanceBy(store, token, A, B, 0n)).toBe(0n)
    expect(token.allowances.cid).toBe(empty)
    expect(changeAllowanceBy(store, token, A, B, 7n)).toBe(7n)
    expect(changeAllowanceBy(store, token, A, C, 5n)).toBe(5n)
    expect(changeAllowanceBy(store, token, A, B, -2n)).toBe(5n)
    expect(getAllowanceBetween(store, token, B, A)).toBe(0n)
    expect(changeAllowanceBy(store, token, A, B, -9n)).toBe(0n)
    expect(getAllowanceBetween(store, token, A, C)).toBe(5n)
    expect(changeAllowanceBy(store, token, A, C, -5n)).toBe(0n)
    expect(token.allowances.cid).toBe(empty)
  })

  test('is set and revoked', () => {
    const empty = token.allowances.cid
    setAllowanceBetween(store, token, A, B, 7n)
    setAllowanceBetween(store, token, A, B, 6n)
    expect(revokeAllowanceBetween(store, token, A, C)).toBe(0n)
    expect(revokeAllowanceBetween(store, token, A, B)).toBe(6n)
    expect(revokeAllowanceBetween(store, token, A, B)).toBe(0n)
    expect(token.allowances.cid).toBe(empty)
  })

  test('is used up to what it is', () => {
    setAllowanceBetween(store, token, A, B, 7n)
    expect(attemptUseAllowance(store, token, B, A, 0n)).toBe(7n)
    expect(attemptUseAllowance(store, token, B, A, 3n)).toBe(4n)
    expect(exitCodeOf(() => attemptUseAllowance(store, token, B, A, 5n))).toBe(
      ExitCode.USR_INSUFFICIENT_FUNDS,
    )
    expect(attemptUseAllowance(store, token, B, A, 4n)).toBe(0n)
  })

  test('that there is not cannot be used, not even for nothing', () => {
    expect(exitCodeOf(() => attemptUseAllowance(store, token, B, A, 0n))).toBe(
      ExitCode.USR_INSUFFICIENT_FUNDS,
    )
    expect(attemptUseAllowance(store, token, A, A, 0n)).toBe(0n)
  })
})

const anyId = fc.bigInt({ min: 1n, max: 5n })
const anyWhole = fc.bigInt({ min: 0n, max: 20n }).map((count) => count * WHOLE)
interface Step {
  readonly kind: 'mint' | 'burn' | 'move' | 'allow' | 'use' | 'revoke'
  readonly a: bigint
  readonly b: bigint
  readonly amount: bigint
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('mint', 'burn', 'move', 'allow', 'use', 'revoke'),
  a: anyId,
  b: anyId,
  amount: anyWhole,
})

/** What a step changes, or whether it is refused. */
function apply(next: Draft<TokenState>, { kind, a, b, amount }: Step): void {
  switch (kind) {
    case 'mint':
    case 'burn': {
      const delta = kind === 'mint' ? amount : -amount
      changeBalanceBy(store, next, a, delta)
      changeSupplyBy(next, delta)
      return
    }
    case 'move':
      makeTransfer(store, next, a, b, amount)
      return
    case 'allow':
      changeAllowanceBy(store, next, a, b, amount)
      return
    case 'use':
      attemptUseAllowance(store, next, b, a, amount)
      makeTransfer(store, next, a, b, amount)
      return
    default:
      revokeAllowanceBetween(store, next, a, b)
  }
}

test.prop([fc.array(anyStep, { maxLength: 30 })])(
  'a token keeps its rules, whatever is done to it',
  (steps) => {
    let state = newTokenState(store)
    for (const step of steps) {
      const next = draftOf(state)
      if (exitCodeOf(() => apply(next, step)) === ExitCode.OK) {
        state = valueOfDraft(next)
      }
    }
    const findings = createFindings()
    checkDatacapInvariants(store, { governor: idAddress(6n), token: state }, findings)
    // Only who lets itself dispose of its own tokens breaks one, which the token does not prevent.
    const kinds = new Set(findings.list.map(({ kind }) => kind))
    kinds.delete('datacap/allowance-self')
    expect([...kinds]).toEqual([])
  },
)
