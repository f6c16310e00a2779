import { type Codec, CodecError, uint } from '@plimsoll/ipld'
import { actorId, createHashes, ExitCode, idAddress, parseHex } from '@plimsoll/primitives'
import { cborBlock, exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { method } from './dispatch.ts'
import type { IpldBlock } from './ipld-block.ts'
import { ErrorNumber, METHOD_SEND, type Runtime, type SendResult } from './runtime.ts'
import {
  blockOfRawBytes,
  deserialize,
  extractSendResult,
  sendAndReturn,
  sendFunds,
  serialize,
} from './send.ts'

const hashes = await createHashes()
const RECEIVER = idAddress(actorId(1000))
const PAYEE = idAddress(actorId(1001))
const block = cborBlock(uint, 7)

// Source: builtin-actors v18, `runtime/src/actor_error.rs`, `checked`; `runtime/src/builtin/shared.rs`, `From<SendError>`.
describe('the answer of a call', () => {
  test('that went well is what it returned', () => {
    expect(extractSendResult({ exitCode: ExitCode.OK, returnData: block })).toBe(block)
    expect(extractSendResult({ exitCode: ExitCode.OK, returnData: null })).toBe(null)
  })

  test.each([
    [1, ExitCode.USR_ASSERTION_FAILED],
    [2, ExitCode.USR_ASSERTION_FAILED],
    [3, ExitCode.USR_ASSERTION_FAILED],
    [ExitCode.SYS_ILLEGAL_INSTRUCTION, ExitCode.USR_UNSPECIFIED],
    [ExitCode.SYS_INVALID_RECEIVER, ExitCode.USR_ASSERTION_FAILED],
    [ExitCode.SYS_INSUFFICIENT_FUNDS, ExitCode.USR_ASSERTION_FAILED],
    [ExitCode.SYS_OUT_OF_GAS, ExitCode.USR_ASSERTION_FAILED],
    [8, ExitCode.USR_ASSERTION_FAILED],
    [ExitCode.SYS_ILLEGAL_EXIT_CODE, ExitCode.USR_UNSPECIFIED],
    [ExitCode.SYS_ASSERTION_FAILED, ExitCode.USR_ASSERTION_FAILED],
    [ExitCode.SYS_MISSING_RETURN, ExitCode.USR_UNSPECIFIED],
    [12, ExitCode.USR_ASSERTION_FAILED],
    [15, ExitCode.USR_ASSERTION_FAILED],
    [ExitCode.USR_ILLEGAL_ARGUMENT, ExitCode.USR_ILLEGAL_ARGUMENT],
    [ExitCode.USR_NOT_FOUND, ExitCode.USR_NOT_FOUND],
    [ExitCode.USR_READ_ONLY, ExitCode.USR_READ_ONLY],
    [31, 31],
    [ExitCode.ERR_BALANCE_INVARIANTS_BROKEN, ExitCode.ERR_BALANCE_INVARIANTS_BROKEN],
  ])('that ended with %i is a failure with %i, which keeps what it returned', (exitCode, passedOn) => {
    expect(() => extractSendResult({ exitCode, returnData: block })).toThrow(
      expect.objectContaining({ exitCode: passedOn, returnData: block }),
    )
  })

  test.each([
    ['ILLEGAL_ARGUMENT', ExitCode.USR_ASSERTION_FAILED],
    ['LIMIT_EXCEEDED', ExitCode.USR_ASSERTION_FAILED],
    ['INSUFFICIENT_FUNDS', ExitCode.USR_INSUFFICIENT_FUNDS],
    ['NOT_FOUND', ExitCode.USR_UNSPECIFIED],
    ['READ_ONLY', ExitCode.USR_READ_ONLY],
  ] as const)('that never began for %s is a failure with %i', (name, exitCode) => {
    expect(() => extractSendResult({ errorNumber: ErrorNumber[name] })).toThrow(
      expect.objectContaining({ exitCode, returnData: null }),
    )
  })
})

describe('a call', () => {
  function run(result: SendResult, body: (rt: Runtime) => unknown, params: IpldBlock | null, value: bigint) {
    const rt = new TestRuntime(hashes, RECEIVER, 'account')
    rt.balance = 10n
    rt.expectSend({ to: PAYEE, method: params === null ? METHOD_SEND : 5, params, value, result })
    const actor = {
      name: 'account',
      methods: new Map([
        [
          1,
          method('Send', {}, () => {
            rt.validateImmediateCallerAcceptAny()
            body(rt)
          }),
        ],
      ]),
    } as const
    const exitCode = exitCodeOf(() => rt.call(actor, 1))
    return { exitCode, balance: rt.balance }
  }
  const well: SendResult = { exitCode: ExitCode.OK, returnData: block }
  const badly: SendResult = { exitCode: ExitCode.USR_FORBIDDEN, returnData: null }

  test('returns the answer', () => {
    const body = (rt: Runtime) => expect(sendAndReturn(rt, PAYEE, 5, block, 3n)).toBe(block)
    expect(run(well, body, block, 3n)).toEqual({ exitCode: ExitCode.OK, balance: 7n })
  })

  test('carries no value unless it is given one', () => {
    const body = (rt: Runtime) => sendAndReturn(rt, PAYEE, 5, block)
    expect(run(well, body, block, 0n)).toEqual({ exitCode: ExitCode.OK, balance: 10n })
  })

  test('may move funds and nothing else', () => {
    expect(run(well, (rt) => sendFunds(rt, PAYEE, 4n), null, 4n)).toEqual({
      exitCode: ExitCode.OK,
      balance: 6n,
    })
  })

  test('that fails fails the caller', () => {
    expect(run(badly, (rt) => sendFunds(rt, PAYEE, 4n), null, 4n)).toEqual({
      exitCode: ExitCode.USR_FORBIDDEN,
      balance: 10n,
    })
  })
})

describe('a block', () => {
  test('is CBOR of one value', () => {
    expect(serialize(uint, 7)).toEqual({ codec: 0x51, data: parseHex('07') })
    expect(deserialize(uint, serialize(uint, 7))).toBe(7)
    expect(deserialize(uint, { codec: 0x71, data: parseHex('07') })).toBe(7)
  })

  test.each([
    { defect: 'no block', read: null },
    { defect: 'raw bytes', read: { codec: 0x55, data: parseHex('07') } },
    { defect: 'no bytes', read: { codec: 0x51, data: new Uint8Array() } },
    { defect: 'another type', read: { codec: 0x51, data: parseHex('6137') } },
  ])('that is $defect cannot be read', ({ read }) => {
    expect(exitCodeOf(() => deserialize(uint, read))).toBe(ExitCode.USR_SERIALIZATION)
  })

  test('that cannot be written is no block, and a bug of ours stays one', () => {
    const broken = (error: Error): Codec<number> => ({
      ...uint,
      encode: () => {
        throw error
      },
    })
    const codecError = new CodecError('INVALID_VALUE', 'too large', {})
    expect(exitCodeOf(() => serialize(broken(codecError), 7))).toBe(ExitCode.USR_SERIALIZATION)
    expect(() => serialize(broken(new TypeError('a bug')), 7)).toThrow(TypeError)
  })

  test('of bytes that somebody gave is none for none', () => {
    expect(blockOfRawBytes(new Uint8Array())).toBe(null)
    expect(blockOfRawBytes(parseHex('80'))).toEqual({ codec: 0x51, data: parseHex('80') })
  })
})
