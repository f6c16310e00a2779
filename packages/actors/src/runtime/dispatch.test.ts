import { text, uint } from '@plimsoll/ipld'
import { type ActorName, actorId, createHashes, ExitCode, idAddress, parseHex } from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { type ActorCode, invokeMethod, method } from './dispatch.ts'
import { acceptExportedMethods } from './fallback.ts'
import type { IpldBlock } from './ipld-block.ts'
import { FIRST_EXPORTED_METHOD_NUMBER, type MethodNum } from './runtime.ts'

const hashes = await createHashes()
const RECEIVER = idAddress(actorId(1000))
const CALLER = idAddress(actorId(1001))
const EXPORTED = FIRST_EXPORTED_METHOD_NUMBER + 7

const ACTOR: ActorCode = {
  name: 'account',
  methods: new Map([
    [1, method('Nothing', {}, () => {})],
    [2, method('Spell', { params: uint, returns: text }, (_, value) => `<${value}>`)],
    [EXPORTED, method('NothingExported', {}, () => {})],
  ]),
}

function invoke(
  caller: ActorName | undefined,
  number: MethodNum,
  params: IpldBlock | null = null,
  actor = ACTOR,
) {
  const rt = new TestRuntime(hashes, RECEIVER, 'account')
  rt.caller = CALLER
  if (caller !== undefined) {
    rt.actors.set(CALLER, { type: caller })
  }
  return invokeMethod(actor, rt, number, params)
}

// Source: builtin-actors v18, `runtime/src/dispatch.rs`, whose tests these cases are, and `restrict_internal_api`.
describe('a method', () => {
  test('takes a block and returns one', () => {
    expect(invoke('account', 2, cborBlock(uint, 7))).toEqual(cborBlock(text, '<7>'))
  })

  test('reads DAG-CBOR as it reads CBOR', () => {
    expect(invoke('account', 2, { ...cborBlock(uint, 7), codec: 0x71 })).toEqual(cborBlock(text, '<7>'))
  })

  test('that returns nothing returns no block', () => {
    expect(invoke('account', 1)).toBe(null)
  })

  test.each([
    {
      fault: 'nothing where it takes something',
      number: 2,
      params: null,
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'something where it takes nothing',
      number: 1,
      params: cborBlock(uint, 7),
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'an empty block where it takes nothing',
      number: 1,
      params: { codec: 0x51, data: new Uint8Array() },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'an empty block where it takes something',
      number: 2,
      params: { codec: 0x51, data: new Uint8Array() },
      code: ExitCode.USR_SERIALIZATION,
    },
    { fault: 'another type', number: 2, params: cborBlock(text, '7'), code: ExitCode.USR_SERIALIZATION },
    {
      fault: 'bytes after the value',
      number: 2,
      params: { codec: 0x51, data: parseHex('0707') },
      code: ExitCode.USR_SERIALIZATION,
    },
    {
      fault: 'raw bytes',
      number: 2,
      params: { codec: 0x55, data: parseHex('07') },
      code: ExitCode.USR_SERIALIZATION,
    },
  ])('that is given $fault ends with $code', ({ number, params, code }) => {
    expect(exitCodeOf(() => invoke('account', number, params))).toBe(code)
  })

  test.each([
    { caller: 'an account', type: 'account', code: ExitCode.OK },
    { caller: 'a multisig', type: 'multisig', code: ExitCode.OK },
    { caller: 'a placeholder', type: 'placeholder', code: ExitCode.OK },
    { caller: 'an Ethereum account', type: 'ethaccount', code: ExitCode.OK },
    { caller: 'a contract', type: 'evm', code: ExitCode.USR_FORBIDDEN },
    { caller: 'no actor', type: undefined, code: ExitCode.USR_FORBIDDEN },
  ] as const)('that is internal ends with $code when $caller calls it', ({ type, code }) => {
    expect(exitCodeOf(() => invoke(type, 1))).toBe(code)
    expect(exitCodeOf(() => invoke(type, EXPORTED))).toBe(ExitCode.OK)
  })
})

describe('a number that is no method', () => {
  test.each([0, 3, EXPORTED + 1, (1n << 64n) - 1n])('is unhandled: %s', (number) => {
    expect(exitCodeOf(() => invoke('account', number, cborBlock(uint, 7)))).toBe(
      ExitCode.USR_UNHANDLED_MESSAGE,
    )
  })

  test('is forbidden to contracts before it is unhandled', () => {
    expect(exitCodeOf(() => invoke('evm', 3))).toBe(ExitCode.USR_FORBIDDEN)
  })

  // Source: builtin-actors v18, `actors/account/tests/account_actor_test.rs`, `test_fallback`.
  test.each([
    { number: FIRST_EXPORTED_METHOD_NUMBER, code: ExitCode.OK },
    { number: FIRST_EXPORTED_METHOD_NUMBER + 1, code: ExitCode.OK },
    { number: (1n << 64n) - 1n, code: ExitCode.OK },
    { number: FIRST_EXPORTED_METHOD_NUMBER - 1, code: ExitCode.USR_UNHANDLED_MESSAGE },
  ])('ends with $code where contracts may call anything: $number', ({ number, code }) => {
    const accepting = { ...ACTOR, fallback: acceptExportedMethods }
    expect(exitCodeOf(() => invoke('account', number, cborBlock(uint, 7), accepting))).toBe(code)
  })
})
