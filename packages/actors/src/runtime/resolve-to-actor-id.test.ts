import { actorId, addressFromBytes, createHashes, ExitCode, idAddress, parseHex } from '@plimsoll/primitives'
import { type ExpectedSend, exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { resolveToActorId, resolveToExistingActorId } from './resolve-to-actor-id.ts'
import { ErrorNumber, METHOD_SEND } from './runtime.ts'

const hashes = await createHashes()
const RECEIVER = idAddress(actorId(1000))
const ACTOR = idAddress(actorId(1001))
const KEY = addressFromBytes(parseHex(`01${'11'.repeat(20)}`))

function runtime(send?: Omit<ExpectedSend, 'to' | 'method'>): TestRuntime {
  const rt = new TestRuntime(hashes, RECEIVER, 'multisig')
  if (send !== undefined) {
    rt.expectSend({ to: KEY, method: METHOD_SEND, ...send })
  }
  return rt
}

// Source: builtin-actors v18, `runtime/src/builtin/shared.rs`, `resolve_to_actor_id`.
describe('the ID address of an address', () => {
  test('is itself for an ID address, whether there is an actor or not', () => {
    const rt = runtime()
    expect(resolveToActorId(rt, ACTOR)).toBe(ACTOR)
    expect(exitCodeOf(() => resolveToExistingActorId(rt, ACTOR))).toBe(ExitCode.USR_NOT_FOUND)
    rt.actors.set(ACTOR, { type: 'account' })
    expect(resolveToExistingActorId(rt, ACTOR)).toBe(ACTOR)
  })

  test('is looked up', () => {
    const rt = runtime()
    rt.idAddresses.set(KEY, ACTOR)
    expect(resolveToActorId(rt, KEY)).toBe(ACTOR)
  })

  test('comes into being by a transfer of nothing', () => {
    const rt = runtime({ meanwhile: () => rt.idAddresses.set(KEY, ACTOR) })
    expect(resolveToActorId(rt, KEY)).toBe(ACTOR)
  })

  test.each([
    {
      fault: 'the transfer does not help',
      result: { exitCode: ExitCode.OK, returnData: null },
      code: ExitCode.USR_ILLEGAL_ARGUMENT,
    },
    {
      fault: 'the transfer finds no receiver',
      result: { errorNumber: ErrorNumber.NOT_FOUND },
      code: ExitCode.USR_UNSPECIFIED,
    },
    {
      fault: 'the transfer fails',
      result: { exitCode: ExitCode.USR_FORBIDDEN, returnData: null },
      code: ExitCode.USR_FORBIDDEN,
    },
  ])('there is none where $fault: $code', ({ result, code }) => {
    expect(exitCodeOf(() => resolveToActorId(runtime({ result }), KEY))).toBe(code)
  })
})
