import { type ActorCode, ActorError, METHOD_SEND, method, type Runtime } from '@plimsoll/actors'
import { tuple, uint } from '@plimsoll/ipld'
import { type ActorId, createHashes, ExitCode, idAddress } from '@plimsoll/primitives'
import { describe, expect, test } from 'vitest'
import { exitCodeOf, TestRuntime } from './test-runtime.ts'

const hashes = await createHashes()
const RECEIVER = idAddress(1000 as ActorId)
const PAYEE = idAddress(1001 as ActorId)
const Counter = tuple('Counter', { count: uint })

/** An actor with one method, which is `run`. */
function actorOf(run: (rt: Runtime) => void): ActorCode {
  return { name: 'account', methods: new Map([[1, method('Run', {}, run)]]) }
}

function runtime(): TestRuntime {
  const rt = new TestRuntime(hashes, RECEIVER, 'account')
  rt.balance = 10n
  rt.create(Counter, { count: 1 })
  return rt
}

const increment = (rt: Runtime) => {
  rt.validateImmediateCallerAcceptAny()
  rt.transaction(Counter, (state) => {
    state.count++
  })
}

describe('the world around a tested actor', () => {
  test('keeps what a method that went well has changed', () => {
    const rt = runtime()
    rt.expectSend({ to: PAYEE, method: METHOD_SEND, value: 3n })
    rt.call(
      actorOf((inner) => {
        increment(inner)
        inner.send(PAYEE, METHOD_SEND, null, 3n)
        inner.emitEvent([])
      }),
      1,
    )
    expect(rt.state(Counter)).toEqual({ count: 2 })
    expect([rt.balance, rt.events]).toEqual([7n, [[]]])
  })

  test('is as it was after a method that failed', () => {
    const rt = runtime()
    rt.expectSend({ to: PAYEE, method: METHOD_SEND, value: 3n })
    const failing = actorOf((inner) => {
      increment(inner)
      inner.send(PAYEE, METHOD_SEND, null, 3n)
      inner.emitEvent([])
      throw new ActorError(ExitCode.USR_FORBIDDEN, 'no')
    })
    expect(exitCodeOf(() => rt.call(failing, 1))).toBe(ExitCode.USR_FORBIDDEN)
    expect(rt.state(Counter)).toEqual({ count: 1 })
    expect([rt.balance, rt.events]).toEqual([10n, []])
  })

  test('says what was sent and not expected, and what was expected and not sent', () => {
    const sending = actorOf((inner) => {
      inner.validateImmediateCallerAcceptAny()
      inner.send(PAYEE, METHOD_SEND, null, 3n)
    })
    expect(() => runtime().call(sending, 1)).toThrow('expected: nothing')
    const rt = runtime()
    rt.expectSend({ to: PAYEE, method: METHOD_SEND, value: 4n })
    expect(() => rt.call(sending, 1)).toThrow('3 attoFIL')
    const other = runtime()
    other.expectSend({ to: PAYEE, method: METHOD_SEND, value: 4n })
    expect(() => other.call(actorOf(increment), 1)).toThrow('never sent')
  })

  test('lets nothing be sent in a transaction', () => {
    const rt = runtime()
    rt.expectSend({ to: PAYEE, method: METHOD_SEND })
    const sending = actorOf((inner) => {
      inner.validateImmediateCallerAcceptAny()
      inner.transaction(Counter, () => inner.send(PAYEE, METHOD_SEND, null, 0n))
    })
    expect(() => rt.call(sending, 1)).toThrow('in a transaction')
  })

  test.each([
    { fault: 'does not validate its caller', run: () => {} },
    {
      fault: 'validates its caller twice',
      run: (rt: Runtime) => {
        rt.validateImmediateCallerAcceptAny()
        rt.validateImmediateCallerAcceptAny()
      },
    },
  ])('refuses a method that $fault', ({ run }) => {
    expect(exitCodeOf(() => runtime().call(actorOf(run), 1))).toBe(ExitCode.USR_ASSERTION_FAILED)
  })

  test('can be for reading only', () => {
    const rt = runtime()
    rt.isReadOnly = true
    expect(exitCodeOf(() => rt.call(actorOf(increment), 1))).toBe(ExitCode.USR_READ_ONLY)
  })

  test('answers no question that it was not told the answer of', () => {
    const rt = runtime()
    const question = [new Uint8Array(), PAYEE, new Uint8Array()] as const
    expect(() => rt.verifySignature(...question)).toThrow('verifySignature')
    rt.primitives = { verifySignature: () => true }
    expect(rt.verifySignature(...question)).toBe(true)
  })
})
