import { addressFromBytes, createHashes, ExitCode, idAddress, parseHex } from '@plimsoll/primitives'
import {
  ALICE_ID,
  BORIS_ID,
  CARLA_ID,
  exitCodeOf,
  GOVERNOR_ID,
  SENT,
  TestDatacap,
  TestRuntime,
} from '@plimsoll/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFindings } from '../../invariants/findings.ts'
import { DATACAP_ACTOR } from '../actor.ts'
import { checkDatacapInvariants } from '../invariants.ts'
import { MINT_METHOD } from '../types.ts'
import { INFINITE_ALLOWANCE } from './mint.ts'

// Source of the cases: builtin-actors v18, actors/datacap/tests/datacap_actor_test.rs, construction and mint.

const hashes = await createHashes()
const WHOLE = 10n ** 18n
const KEY = addressFromBytes(parseHex(`03${'07'.repeat(48)}`))

let token: TestDatacap

beforeEach(() => {
  token = new TestDatacap(hashes)
})

function requireSound(): void {
  const findings = createFindings()
  checkDatacapInvariants(token.rt.store, token.state, findings)
  expect(findings.list).toEqual([])
}

describe('the constructor', () => {
  test('sets the governor', () => {
    expect(token.state.governor).toBe(idAddress(GOVERNOR_ID))
    expect(token.supply).toBe(0n)
    requireSound()
  })

  function construct(governor = KEY, caller = 0n): TestRuntime {
    const rt = new TestRuntime(hashes, idAddress(7n), 'datacap')
    rt.actors.set(idAddress(0n), { type: 'system' })
    rt.actors.set(idAddress(ALICE_ID), { type: 'account' })
    rt.caller = idAddress(caller)
    rt.call(DATACAP_ACTOR, 1, governor)
    return rt
  }

  test('refuses a governor that is unknown, and callers other than the system', () => {
    expect(exitCodeOf(() => construct())).toBe(ExitCode.USR_ILLEGAL_ARGUMENT)
    expect(exitCodeOf(() => construct(idAddress(6n), ALICE_ID))).toBe(ExitCode.USR_FORBIDDEN)
  })
})

describe('the getters', () => {
  test('say what the token is', () => {
    token.mint(ALICE_ID, 3n * WHOLE)
    expect(token.callAs(ALICE_ID, 48890204)).toBe('DataCap')
    expect(token.callAs(ALICE_ID, 2061153854)).toBe('DCAP')
    expect(token.callAs(ALICE_ID, 3936767397)).toBe(WHOLE)
    expect(token.callAs(ALICE_ID, 114981429)).toBe(3n * WHOLE)
  })

  test('know nothing of unknown addresses', () => {
    expect(token.callAs(ALICE_ID, 3261979605, KEY)).toBe(0n)
    expect(token.balance(2n ** 64n - 1n)).toBe(0n)
    expect(token.callAs(ALICE_ID, 4205072950, { owner: KEY, operator: idAddress(ALICE_ID) })).toBe(0n)
    expect(token.callAs(ALICE_ID, 4205072950, { owner: idAddress(ALICE_ID), operator: KEY })).toBe(0n)
  })
})

describe('Mint', () => {
  test('makes tokens, and returns balance and supply', () => {
    expect(token.mint(ALICE_ID, WHOLE)).toEqual({
      balance: WHOLE,
      supply: WHOLE,
      recipientData: new Uint8Array(),
    })
    expect(token.mint(BORIS_ID, WHOLE)).toMatchObject({ balance: WHOLE, supply: 2n * WHOLE })
    expect(token.balance(ALICE_ID)).toBe(WHOLE)
    expect(token.supply).toBe(2n * WHOLE)
    requireSound()
  })

  test('returns what the receiver answers, and the balance of before', () => {
    const recipientData = Uint8Array.of(1, 2)
    token.expectHook({
      from: 7n,
      to: ALICE_ID,
      operator: GOVERNOR_ID,
      amount: WHOLE,
      result: { ...SENT, returnData: { codec: 0x55, data: recipientData } },
    })
    const params = { to: idAddress(ALICE_ID), amount: WHOLE, operators: [] }
    expect(token.callAs(GOVERNOR_ID, MINT_METHOD, params)).toEqual({
      balance: WHOLE,
      supply: WHOLE,
      recipientData,
    })
  })

  test('lets operators dispose of more than there is, and again after they did', () => {
    token.mint(ALICE_ID, 42n * WHOLE, [BORIS_ID])
    expect(token.allowance(ALICE_ID, BORIS_ID)).toBe(INFINITE_ALLOWANCE)
    expect(INFINITE_ALLOWANCE).toBe(10n ** 39n)
    const hook = { from: ALICE_ID, to: GOVERNOR_ID, operator: BORIS_ID, amount: 2n * WHOLE }
    token.expectHook(hook)
    const params = { from: idAddress(ALICE_ID), to: idAddress(GOVERNOR_ID), operatorData: new Uint8Array() }
    token.callAs(BORIS_ID, 3621052141, { ...params, amount: 2n * WHOLE })
    expect(token.allowance(ALICE_ID, BORIS_ID)).toBe(INFINITE_ALLOWANCE - 2n * WHOLE)
    token.mint(ALICE_ID, WHOLE, [BORIS_ID])
    expect(token.allowance(ALICE_ID, BORIS_ID)).toBe(INFINITE_ALLOWANCE)
    requireSound()
  })

  test.each([
    { what: 'another caller', caller: CARLA_ID, code: ExitCode.USR_FORBIDDEN },
    { what: 'a part of a token', amount: 100n, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'a negative amount', amount: -WHOLE, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { what: 'an owner that is unknown', to: KEY, code: ExitCode.USR_NOT_FOUND },
    { what: 'an operator that is unknown', operators: [KEY], code: ExitCode.USR_ASSERTION_FAILED },
    {
      what: 'an operator that is unknown, where nothing can be minted either',
      amount: 1n,
      operators: [KEY],
      code: ExitCode.USR_NOT_FOUND,
    },
    {
      what: 'a part of a token, with an operator',
      amount: 1n,
      operators: [idAddress(BORIS_ID)],
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
  ])(
    'refuses $what',
    ({ caller = GOVERNOR_ID, to = idAddress(ALICE_ID), amount = WHOLE, operators = [], code }) => {
      const mint = () => token.callAs(caller, MINT_METHOD, { to, amount, operators })
      expect(exitCodeOf(mint)).toBe(code)
      expect(token.supply).toBe(0n)
      expect(token.allowance(ALICE_ID, BORIS_ID)).toBe(0n)
    },
  )

  test('ends with what the receiver ends with, and takes everything back', () => {
    token.expectHook({
      from: 7n,
      to: ALICE_ID,
      operator: GOVERNOR_ID,
      amount: WHOLE,
      result: { exitCode: 99, returnData: { codec: 0x51, data: Uint8Array.of(1) } },
    })
    const params = { to: idAddress(ALICE_ID), amount: WHOLE, operators: [idAddress(BORIS_ID)] }
    const mint = () => token.callAs(GOVERNOR_ID, MINT_METHOD, params)
    expect(mint).toThrow(expect.objectContaining({ exitCode: 99, returnData: null }))
    expect(token.supply).toBe(0n)
  })

  // Source: runtime/src/builtin/shared.rs, From<SendError>.
  test('ends with an unspecified error where the receiver is not there', () => {
    token.expectHook({ from: 7n, to: 999n, operator: GOVERNOR_ID, amount: WHOLE, result: { errorNumber: 6 } })
    const mint = () =>
      token.callAs(GOVERNOR_ID, MINT_METHOD, { to: idAddress(999n), amount: WHOLE, operators: [] })
    expect(exitCodeOf(mint)).toBe(ExitCode.USR_UNSPECIFIED)
  })
})
