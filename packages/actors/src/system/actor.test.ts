import { load } from '@plimsoll/ipld'
import { actorId, createHashes, ExitCode, idAddress, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import { exitCodeOf, TestRuntime } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { SYSTEM_ACTOR } from './actor.ts'
import { BuiltinActors, SystemState } from './state.ts'

const hashes = await createHashes()

describe('the system actor', () => {
  test('is made by itself and knows no code yet', () => {
    const rt = new TestRuntime(hashes, SYSTEM_ACTOR_ADDR, 'system')
    rt.call(SYSTEM_ACTOR, 1)
    expect(load(rt.store, BuiltinActors, rt.state(SystemState).builtinActors)).toEqual([])
  })

  test('is made by nobody else, and does nothing else', () => {
    const rt = new TestRuntime(hashes, SYSTEM_ACTOR_ADDR, 'system')
    expect(exitCodeOf(() => rt.call(SYSTEM_ACTOR, 2))).toBe(ExitCode.USR_UNHANDLED_MESSAGE)
    rt.caller = idAddress(actorId(1000))
    rt.actors.set(rt.caller, { type: 'account' })
    expect(exitCodeOf(() => rt.call(SYSTEM_ACTOR, 1))).toBe(ExitCode.USR_FORBIDDEN)
  })
})
