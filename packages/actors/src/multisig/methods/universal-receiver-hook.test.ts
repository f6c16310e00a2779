import { uint } from '@plimsoll/ipld'
import { createHashes, ExitCode } from '@plimsoll/primitives'
import { ANNE, cborBlock, exitCodeOf, TestMultisig } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { FIRST_EXPORTED_METHOD_NUMBER } from '../../runtime/runtime.ts'
import { UNIVERSAL_RECEIVER_HOOK_METHOD, UniversalReceiverParams } from '../../runtime/universal-receiver.ts'
import { MULTISIG_ACTOR } from '../actor.ts'

const { rt } = new TestMultisig(await createHashes()).construct()
rt.caller = ANNE

const call = (method: number, params = cborBlock(uint, 1)) =>
  exitCodeOf(() => rt.callWithBlock(MULTISIG_ACTOR, method, params))

// Source of the cases: builtin-actors v18, `actors/multisig/tests/multisig_actor_test.rs`.
describe('a multisig', () => {
  test('takes tokens of whatever type', () => {
    const params = cborBlock(UniversalReceiverParams, { type: 0, payload: Uint8Array.of(1, 2, 3) })
    expect(call(UNIVERSAL_RECEIVER_HOOK_METHOD, params)).toBe(ExitCode.OK)
  })

  test('has to be told which', () => {
    expect(call(UNIVERSAL_RECEIVER_HOOK_METHOD)).toBe(ExitCode.USR_SERIALIZATION)
  })

  test('lets contracts call what it does not have, and nobody else', () => {
    expect(call(FIRST_EXPORTED_METHOD_NUMBER)).toBe(ExitCode.OK)
    expect(call(FIRST_EXPORTED_METHOD_NUMBER + 1)).toBe(ExitCode.OK)
    expect(call(FIRST_EXPORTED_METHOD_NUMBER - 1)).toBe(ExitCode.USR_UNHANDLED_MESSAGE)
    expect(call(10)).toBe(ExitCode.USR_UNHANDLED_MESSAGE)
  })
})
