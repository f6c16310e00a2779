import {
  type Address,
  addressFromBytes,
  createHashes,
  ExitCode,
  idAddress,
  parseHex,
} from '@plimsoll/primitives'
import { ALICE_ID, BORIS_ID, CARLA_ID, exitCodeOf, GOVERNOR_ID, TestDatacap } from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { checkDatacapInvariants } from '../invariants.ts'
import { BURN_METHOD, DESTROY_METHOD } from '../types.ts'

// Source of the cases: builtin-actors v18, actors/datacap/tests/datacap_actor_test.rs, destroy; of the exit codes
// actors-utils, frc46_token/src/token/mod.rs and error.rs.

const hashes = await createHashes()
const WHOLE = 10n ** 18n
const KEY = addressFromBytes(parseHex(`03${'07'.repeat(48)}`))
const ALICE = idAddress(ALICE_ID)
const BURN_FROM_METHOD = 2979674018
const INCREASE_METHOD = 1777121560
const DECREASE_METHOD = 1529376545
const REVOKE_METHOD = 2765635761
const { USR_FORBIDDEN, USR_NOT_FOUND, USR_ILLEGAL_ARGUMENT, USR_INSUFFICIENT_FUNDS, USR_SERIALIZATION } =
  ExitCode

let token: TestDatacap

beforeEach(() => {
  token = new TestDatacap(hashes)
  token.mint(ALICE_ID, 5n * WHOLE)
})

function requireSound(): void {
  const findings = createFindings()
  checkDatacapInvariants(token.rt.store, token.state, findings)
  expect(findings.list).toEqual([])
}

describe('Burn and Destroy', () => {
  test('end tokens of the caller, and of anybody', () => {
    expect(token.callAs(ALICE_ID, BURN_METHOD, { amount: 2n * WHOLE })).toEqual({ balance: 3n * WHOLE })
    const destroyed = token.callAs(GOVERNOR_ID, DESTROY_METHOD, { owner: ALICE, amount: WHOLE })
    expect(destroyed).toEqual({ balance: 2n * WHOLE })
    expect(token.supply).toBe(2n * WHOLE)
    expect(token.callAs(ALICE_ID, BURN_METHOD, { amount: 2n * WHOLE })).toEqual({ balance: 0n })
    requireSound()
  })

  test.each([
    { what: 'more than there is', amount: 6n * WHOLE, code: USR_INSUFFICIENT_FUNDS },
    { what: 'a part of a token', amount: 1n, code: USR_ILLEGAL_ARGUMENT },
    { what: 'a negative amount', amount: -WHOLE, code: USR_ILLEGAL_ARGUMENT },
  ])('refuse $what', ({ amount, code }) => {
    expect(exitCodeOf(() => token.callAs(ALICE_ID, BURN_METHOD, { amount }))).toBe(code)
    const destroy = () => token.callAs(GOVERNOR_ID, DESTROY_METHOD, { owner: ALICE, amount })
    expect(exitCodeOf(destroy)).toBe(code)
  })

  test.each([
    { what: 'of who is not the governor', caller: ALICE_ID, owner: ALICE, code: USR_FORBIDDEN },
    { what: 'of an unknown owner', caller: GOVERNOR_ID, owner: KEY, code: USR_NOT_FOUND },
  ])('Destroy is refused $what', ({ caller, owner, code }) => {
    expect(exitCodeOf(() => token.callAs(caller, DESTROY_METHOD, { owner, amount: WHOLE }))).toBe(code)
  })
})

describe('BurnFrom', () => {
  function burnFrom(operator: bigint, owner: Address, amount: bigint): unknown {
    return token.callAs(operator, BURN_FROM_METHOD, { owner, amount })
  }

  test('ends tokens of an owner that has allowed it', () => {
    token.callAs(ALICE_ID, INCREASE_METHOD, { operator: idAddress(BORIS_ID), increase: 2n * WHOLE + 1n })
    expect(burnFrom(BORIS_ID, ALICE, 2n * WHOLE)).toEqual({ balance: 3n * WHOLE, allowance: 1n })
    expect(exitCodeOf(() => burnFrom(BORIS_ID, ALICE, WHOLE))).toBe(USR_INSUFFICIENT_FUNDS)
    expect(burnFrom(BORIS_ID, ALICE, 0n)).toEqual({ balance: 3n * WHOLE, allowance: 1n })
    requireSound()
  })

  test.each([
    { what: 'the operator’s own', operator: ALICE_ID, amount: WHOLE, code: USR_ILLEGAL_ARGUMENT },
    { what: 'what is not allowed', operator: CARLA_ID, amount: WHOLE, code: USR_INSUFFICIENT_FUNDS },
    { what: 'a part of a token', operator: CARLA_ID, amount: 1n, code: USR_ILLEGAL_ARGUMENT },
    { what: 'of an unknown owner', operator: CARLA_ID, owner: KEY, amount: 0n, code: USR_INSUFFICIENT_FUNDS },
  ])('refuses $what', ({ operator, owner = ALICE, amount, code }) => {
    expect(exitCodeOf(() => burnFrom(operator, owner, amount))).toBe(code)
  })

  test('refuses more than there is, even if it is allowed', () => {
    token.callAs(ALICE_ID, INCREASE_METHOD, { operator: idAddress(BORIS_ID), increase: 9n * WHOLE })
    expect(exitCodeOf(() => burnFrom(BORIS_ID, ALICE, 6n * WHOLE))).toBe(USR_INSUFFICIENT_FUNDS)
    expect(token.allowance(ALICE_ID, BORIS_ID)).toBe(9n * WHOLE)
  })
})

describe('allowances', () => {
  const operator = idAddress(BORIS_ID)

  test('are increased, decreased down to nothing, and revoked', () => {
    expect(token.callAs(ALICE_ID, INCREASE_METHOD, { operator, increase: 7n })).toBe(7n)
    expect(token.callAs(ALICE_ID, DECREASE_METHOD, { operator, decrease: 3n })).toBe(4n)
    expect(token.allowance(ALICE_ID, BORIS_ID)).toBe(4n)
    expect(token.callAs(ALICE_ID, REVOKE_METHOD, { operator })).toBe(4n)
    expect(token.callAs(ALICE_ID, REVOKE_METHOD, { operator })).toBe(0n)
    expect(token.callAs(ALICE_ID, DECREASE_METHOD, { operator, decrease: 3n })).toBe(0n)
    requireSound()
  })

  test.each([
    { what: 'a negative increase', method: INCREASE_METHOD, params: { operator, increase: -1n } },
    { what: 'a negative decrease', method: DECREASE_METHOD, params: { operator, decrease: -1n } },
  ])('refuse $what', ({ method, params }) => {
    expect(exitCodeOf(() => token.callAs(ALICE_ID, method, params))).toBe(USR_ILLEGAL_ARGUMENT)
  })

  test('of unknown operators cannot be changed, and are revoked for nothing', () => {
    const increase = () => token.callAs(ALICE_ID, INCREASE_METHOD, { operator: KEY, increase: 0n })
    expect(exitCodeOf(increase)).toBe(USR_NOT_FOUND)
    const decrease = () => token.callAs(ALICE_ID, DECREASE_METHOD, { operator: KEY, decrease: 0n })
    expect(exitCodeOf(decrease)).toBe(USR_NOT_FOUND)
    expect(token.callAs(ALICE_ID, REVOKE_METHOD, { operator: KEY })).toBe(0n)
  })

  test('are not larger than what can be stored', () => {
    token.callAs(ALICE_ID, INCREASE_METHOD, { operator, increase: 2n ** 1015n })
    const again = () => token.callAs(ALICE_ID, INCREASE_METHOD, { operator, increase: 2n ** 1015n })
    expect(exitCodeOf(again)).toBe(USR_SERIALIZATION)
    expect(token.allowance(ALICE_ID, BORIS_ID)).toBe(2n ** 1015n)
  })

  test('of an owner for itself are kept, though they are of no use', () => {
    expect(token.callAs(ALICE_ID, INCREASE_METHOD, { operator: ALICE, increase: 7n })).toBe(7n)
  })
})
