import { address } from '@plimsoll/ipld'
import {
  type Address,
  actorAddress,
  actorId,
  addressFromBytes,
  createHashes,
  delegatedAddress,
  ExitCode,
  idAddress,
  parseHex,
  SYSTEM_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { createFindings } from '../invariants/findings.ts'
import { FIRST_EXPORTED_METHOD_NUMBER } from '../runtime/runtime.ts'
import { ACCOUNT_ACTOR } from './actor.ts'
import { checkAccountInvariants } from './invariants.ts'
import { AccountState } from './state.ts'
import { AUTHENTICATE_MESSAGE_METHOD, PUBKEY_ADDRESS_METHOD } from './types.ts'

const hashes = await createHashes()
const ID = actorId(100)
const CALLER = idAddress(actorId(1000))
const SECP = addressFromBytes(parseHex(`01${'11'.repeat(20)}`))
const BLS = addressFromBytes(parseHex(`03${'22'.repeat(48)}`))

function runtime(caller: Address): TestRuntime {
  const rt = new TestRuntime(hashes, idAddress(ID), 'account')
  rt.actors.set(SYSTEM_ACTOR_ADDR, { type: 'system' })
  rt.actors.set(CALLER, { type: 'multisig' })
  rt.caller = caller
  return rt
}

/** An account of that key, called by somebody. */
function account(key: Address): TestRuntime {
  const rt = runtime(SYSTEM_ACTOR_ADDR)
  rt.call(ACCOUNT_ACTOR, 1, key)
  const findings = createFindings()
  checkAccountInvariants(ID, rt.state(AccountState), findings)
  expect(findings.list).toEqual([])
  rt.caller = CALLER
  return rt
}

// Source of the cases: builtin-actors v18, `actors/account/tests/account_actor_test.rs`.
describe('an account', () => {
  test.each([
    { kind: 'secp256k1', key: SECP },
    { kind: 'BLS', key: BLS },
  ])('is of a $kind key', ({ key }) => {
    const rt = account(key)
    expect(rt.state(AccountState)).toEqual({ address: key })
    expect(rt.call(ACCOUNT_ACTOR, PUBKEY_ADDRESS_METHOD)).toBe(key)
  })

  test.each([
    { kind: 'an id', key: idAddress(actorId(1)) },
    { kind: 'an actor', key: actorAddress(Uint8Array.of(1, 2, 3), hashes) },
    { kind: 'a contract', key: delegatedAddress(actorId(10), new Uint8Array(20)) },
  ])('is not of $kind', ({ key }) => {
    const code = exitCodeOf(() => runtime(SYSTEM_ACTOR_ADDR).call(ACCOUNT_ACTOR, 1, key))
    expect(code).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
  })

  test('is made by the system, and once', () => {
    expect(exitCodeOf(() => runtime(CALLER).call(ACCOUNT_ACTOR, 1, BLS))).toBe(ExitCode.USR_FORBIDDEN)
    const rt = account(BLS)
    rt.caller = SYSTEM_ACTOR_ADDR
    expect(exitCodeOf(() => rt.call(ACCOUNT_ACTOR, 1, BLS))).toBe(ExitCode.USR_ILLEGAL_STATE)
  })

  test.each([
    { number: FIRST_EXPORTED_METHOD_NUMBER, code: ExitCode.OK },
    { number: FIRST_EXPORTED_METHOD_NUMBER + 1, code: ExitCode.OK },
    { number: FIRST_EXPORTED_METHOD_NUMBER - 1, code: ExitCode.USR_UNHANDLED_MESSAGE },
  ])('lets contracts call what it does not have: $number ends with $code', ({ number, code }) => {
    const rt = account(BLS)
    expect(exitCodeOf(() => rt.callWithBlock(ACCOUNT_ACTOR, number, cborBlock(address, BLS)))).toBe(code)
  })
})

describe('AuthenticateMessage', () => {
  const params = { signature: Uint8Array.of(0xff, 0xfe), message: Uint8Array.of(1, 2) }

  test.each([
    { of: 'the key', isValid: true, code: ExitCode.OK },
    { of: 'another', isValid: false, code: ExitCode.USR_ILLEGAL_ARGUMENT },
  ])('ends with $code for the signature of $of', ({ isValid, code }) => {
    const rt = account(SECP)
    const asked: unknown[] = []
    rt.primitives = {
      verifySignature: (...args) => {
        asked.push(args)
        return isValid
      },
    }
    let returned: unknown
    const body = () => {
      returned = rt.call(ACCOUNT_ACTOR, AUTHENTICATE_MESSAGE_METHOD, params)
    }
    expect(exitCodeOf(body)).toBe(code)
    expect(returned).toBe(isValid ? true : undefined)
    expect(asked).toEqual([[params.signature, SECP, params.message]])
  })

  test('asks nothing of an account that has no key, which the accounts of the network are', () => {
    const rt = runtime(CALLER)
    rt.create(AccountState, { address: idAddress(actorId(1)) })
    const body = () => rt.call(ACCOUNT_ACTOR, AUTHENTICATE_MESSAGE_METHOD, params)
    expect(exitCodeOf(body)).toBe(ExitCode.USR_ILLEGAL_STATE)
  })
})
