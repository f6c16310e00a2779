import {
  type Address,
  addressFromBytes,
  createHashes,
  ExitCode,
  idAddress,
  parseHex,
} from '@plimsoll/primitives'
import { ALICE_ID, BORIS_ID, CARLA_ID, exitCodeOf, GOVERNOR_ID, SENT, TestDatacap } from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { checkDatacapInvariants } from '../invariants.ts'
import { DatacapState } from '../state.ts'
import { BURN_METHOD, TRANSFER_FROM_METHOD, TRANSFER_METHOD } from '../types.ts'

// Source of the cases: builtin-actors v18, actors/datacap/tests/datacap_actor_test.rs, transfer; of the exit codes
// actors-utils, frc46_token/src/token/mod.rs and error.rs.

const hashes = await createHashes()
const WHOLE = 10n ** 18n
const KEY = addressFromBytes(parseHex(`03${'07'.repeat(48)}`))
const DATA = Uint8Array.of(1, 2, 3, 4)
const [ALICE, BORIS, CARLA, GOVERNOR] = [ALICE_ID, BORIS_ID, CARLA_ID, GOVERNOR_ID].map((id) =>
  idAddress(id),
) as [Address, Address, Address, Address]
const { USR_FORBIDDEN, USR_ILLEGAL_ARGUMENT, USR_INSUFFICIENT_FUNDS } = ExitCode

let token: TestDatacap

beforeEach(() => {
  token = new TestDatacap(hashes)
  token.mint(ALICE_ID, 5n * WHOLE, [BORIS_ID])
})

function requireSound(): void {
  const findings = createFindings()
  checkDatacapInvariants(token.rt.store, token.state, findings)
  expect(findings.list).toEqual([])
}

describe('Transfer', () => {
  function transfer(from: Address, to: Address, amount: bigint): unknown {
    return token.call(from, TRANSFER_METHOD, { to, amount, operatorData: DATA })
  }

  test('goes to the governor and from it, and tells the receiver', () => {
    const recipientData = Uint8Array.of(9)
    const hook = {
      from: ALICE_ID,
      to: GOVERNOR_ID,
      operator: ALICE_ID,
      amount: 2n * WHOLE,
      operatorData: DATA,
    }
    token.expectHook({ ...hook, result: { ...SENT, returnData: { codec: 0x51, data: recipientData } } })
    expect(transfer(ALICE, GOVERNOR, 2n * WHOLE)).toEqual({
      fromBalance: 3n * WHOLE,
      toBalance: 2n * WHOLE,
      recipientData,
    })
    token.expectHook({ ...hook, from: GOVERNOR_ID, to: CARLA_ID, operator: GOVERNOR_ID, amount: WHOLE })
    expect(transfer(GOVERNOR, CARLA, WHOLE)).toMatchObject({ fromBalance: WHOLE, toBalance: WHOLE })
    requireSound()
  })

  test('resolves the receiver, and may move nothing', () => {
    token.rt.idAddresses.set(KEY, GOVERNOR)
    const hook = { from: CARLA_ID, to: GOVERNOR_ID, operator: CARLA_ID, amount: 0n, operatorData: DATA }
    token.expectHook(hook)
    expect(transfer(CARLA, KEY, 0n)).toMatchObject({ fromBalance: 0n, toBalance: 0n })
  })

  test('of the governor to itself moves nothing, and not more than there is', () => {
    const hook = { from: GOVERNOR_ID, to: GOVERNOR_ID, operator: GOVERNOR_ID, operatorData: DATA }
    token.mint(GOVERNOR_ID, WHOLE)
    token.expectHook({ ...hook, amount: WHOLE })
    expect(transfer(GOVERNOR, GOVERNOR, WHOLE)).toMatchObject({ fromBalance: WHOLE, toBalance: WHOLE })
    expect(exitCodeOf(() => transfer(GOVERNOR, GOVERNOR, 2n * WHOLE))).toBe(USR_INSUFFICIENT_FUNDS)
  })

  test('returns the balances of before the receiver did anything', () => {
    const hook = { from: ALICE_ID, to: GOVERNOR_ID, operator: ALICE_ID, amount: WHOLE, operatorData: DATA }
    const meanwhile = () => {
      const { balance } = token.callAs(GOVERNOR_ID, BURN_METHOD, { amount: WHOLE }) as { balance: bigint }
      expect(balance).toBe(0n)
    }
    token.expectHook({ ...hook, meanwhile })
    expect(transfer(ALICE, GOVERNOR, WHOLE)).toMatchObject({ toBalance: WHOLE })
    expect(token.rt.state(DatacapState).token.supply).toBe(4n * WHOLE)
  })

  test.each([
    { what: 'to anybody else', to: CARLA, amount: WHOLE, code: USR_FORBIDDEN },
    { what: 'to an unknown address', to: KEY, amount: WHOLE, code: USR_ILLEGAL_ARGUMENT },
    { what: 'of a part of a token', to: GOVERNOR, amount: 1n, code: USR_ILLEGAL_ARGUMENT },
    { what: 'of a negative amount', to: GOVERNOR, amount: -WHOLE, code: USR_ILLEGAL_ARGUMENT },
    { what: 'of more than there is', to: GOVERNOR, amount: 6n * WHOLE, code: USR_INSUFFICIENT_FUNDS },
    { what: 'of a part of a token to anybody else', to: CARLA, amount: 1n, code: USR_FORBIDDEN },
  ])('is refused $what', ({ to, amount, code }) => {
    expect(exitCodeOf(() => transfer(ALICE, to, amount))).toBe(code)
    expect(token.balance(ALICE_ID)).toBe(5n * WHOLE)
  })

  test('is taken back when the receiver refuses it', () => {
    const hook = { from: ALICE_ID, to: GOVERNOR_ID, operator: ALICE_ID, amount: WHOLE, operatorData: DATA }
    token.expectHook({ ...hook, result: { exitCode: USR_ILLEGAL_ARGUMENT, returnData: null } })
    expect(exitCodeOf(() => transfer(ALICE, GOVERNOR, WHOLE))).toBe(USR_ILLEGAL_ARGUMENT)
    expect(token.balance(ALICE_ID)).toBe(5n * WHOLE)
  })
})

describe('TransferFrom', () => {
  function transferFrom(operator: Address, from: Address, to: Address, amount: bigint): unknown {
    return token.call(operator, TRANSFER_FROM_METHOD, { from, to, amount, operatorData: DATA })
  }

  test('goes to the governor, off the allowance', () => {
    const hook = {
      from: ALICE_ID,
      to: GOVERNOR_ID,
      operator: BORIS_ID,
      amount: 2n * WHOLE,
      operatorData: DATA,
    }
    token.expectHook(hook)
    expect(transferFrom(BORIS, ALICE, GOVERNOR, 2n * WHOLE)).toEqual({
      fromBalance: 3n * WHOLE,
      toBalance: 2n * WHOLE,
      allowance: 10n ** 39n - 2n * WHOLE,
      recipientData: new Uint8Array(),
    })
    requireSound()
  })

  test.each([
    { what: 'to anybody else', operator: BORIS, to: CARLA, code: USR_FORBIDDEN },
    { what: 'to the operator', operator: BORIS, to: BORIS, code: USR_FORBIDDEN },
    { what: 'to an unknown address', operator: BORIS, to: KEY, code: USR_ILLEGAL_ARGUMENT },
    { what: 'of the operator’s own', operator: ALICE, code: USR_ILLEGAL_ARGUMENT },
    { what: 'of a part of a token', operator: BORIS, amount: 1n, code: USR_ILLEGAL_ARGUMENT },
    { what: 'without an allowance', operator: CARLA, code: USR_INSUFFICIENT_FUNDS },
    { what: 'of nothing without an allowance', operator: CARLA, amount: 0n, code: USR_INSUFFICIENT_FUNDS },
    { what: 'of more than there is', operator: BORIS, amount: 6n * WHOLE, code: USR_INSUFFICIENT_FUNDS },
    { what: 'of an unknown owner', operator: BORIS, from: KEY, code: USR_INSUFFICIENT_FUNDS },
  ])('is refused $what', ({ operator, from = ALICE, to = GOVERNOR, amount = WHOLE, code }) => {
    expect(exitCodeOf(() => transferFrom(operator, from, to, amount))).toBe(code)
  })

  test('knows the operator under every address', () => {
    token.rt.idAddresses.set(KEY, BORIS)
    expect(exitCodeOf(() => transferFrom(BORIS, KEY, GOVERNOR, WHOLE))).toBe(USR_ILLEGAL_ARGUMENT)
  })
})
