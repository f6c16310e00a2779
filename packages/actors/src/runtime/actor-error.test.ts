import { ExitCode } from '@plimsoll/primitives'
import { exitCodeOf } from '@plimsoll/testkit'
import { describe, expect, test, vi } from 'vitest'
import {
  ActorError,
  requireAllowed,
  requireFound,
  requireFunds,
  requireInvariant,
  requireParam,
  requireState,
  withExitCode,
} from './actor-error.ts'

// Source of the codes: builtin-actors v18, `runtime/src/actor_error.rs`; of the panic's, `runtime/src/runtime/fvm.rs`.
describe('a condition that does not hold', () => {
  test.each([
    { of: 'an argument', check: requireParam, code: ExitCode.USR_ILLEGAL_ARGUMENT },
    { of: 'a state', check: requireState, code: ExitCode.USR_ILLEGAL_STATE },
    { of: 'a right', check: requireAllowed, code: ExitCode.USR_FORBIDDEN },
    { of: 'funds', check: requireFunds, code: ExitCode.USR_INSUFFICIENT_FUNDS },
    { of: 'an assertion', check: requireInvariant, code: ExitCode.USR_ASSERTION_FAILED },
  ])('of $of ends the call with $code', ({ check, code }) => {
    const reason = vi.fn(() => 'too few')
    expect(() => check(false, reason)).toThrow(
      expect.objectContaining({ code: 'ACTOR_ERROR', exitCode: code, message: 'too few', returnData: null }),
    )
    expect(() => check(false, 'in words')).toThrow('in words')
    check(true, reason)
    expect(reason).toHaveBeenCalledOnce()
  })

  test('is that something is not found', () => {
    expect(exitCodeOf(() => requireFound(undefined, 'nothing'))).toBe(ExitCode.USR_NOT_FOUND)
    expect(requireFound(0, 'nothing')).toBe(0)
    expect(requireFound(null, 'nothing')).toBe(null)
  })
})

describe('withExitCode', () => {
  test('replaces the code of whatever fails within, and drops what was returned with it', () => {
    const block = { codec: 0x51, data: Uint8Array.of(0xf6) }
    const fails = () => {
      throw new ActorError(ExitCode.USR_NOT_FOUND, 'no such key', block)
    }
    expect(() => withExitCode(ExitCode.USR_ILLEGAL_STATE, fails)).toThrow(
      expect.objectContaining({
        exitCode: ExitCode.USR_ILLEGAL_STATE,
        message: 'no such key',
        returnData: null,
      }),
    )
  })

  test('returns what goes well, and lets our own errors through', () => {
    expect(withExitCode(ExitCode.USR_ILLEGAL_STATE, () => 7)).toBe(7)
    const bug = new RangeError('a bug')
    const fails = () => {
      throw bug
    }
    expect(() => withExitCode(ExitCode.USR_ILLEGAL_STATE, fails)).toThrow(bug)
  })
})
