import { describe, expect, test } from 'vitest'
import { ExitCode, formatExitCode } from './exit-code.ts'

// ref-fvm `shared/src/error/mod.rs`; from 1000 on builtin-actors v18, `actors/miner/src/lib.rs`.
const REFERENCE = {
  OK: 0,
  SYS_SENDER_INVALID: 1,
  SYS_SENDER_STATE_INVALID: 2,
  SYS_ILLEGAL_INSTRUCTION: 4,
  SYS_INVALID_RECEIVER: 5,
  SYS_INSUFFICIENT_FUNDS: 6,
  SYS_OUT_OF_GAS: 7,
  SYS_ILLEGAL_EXIT_CODE: 9,
  SYS_ASSERTION_FAILED: 10,
  SYS_MISSING_RETURN: 11,
  USR_ILLEGAL_ARGUMENT: 16,
  USR_NOT_FOUND: 17,
  USR_FORBIDDEN: 18,
  USR_INSUFFICIENT_FUNDS: 19,
  USR_ILLEGAL_STATE: 20,
  USR_SERIALIZATION: 21,
  USR_UNHANDLED_MESSAGE: 22,
  USR_UNSPECIFIED: 23,
  USR_ASSERTION_FAILED: 24,
  USR_READ_ONLY: 25,
  USR_NOT_PAYABLE: 26,
  ERR_BALANCE_INVARIANTS_BROKEN: 1000,
  ERR_NOTIFICATION_SEND_FAILED: 1001,
  ERR_NOTIFICATION_RECEIVER_ABORTED: 1002,
  ERR_NOTIFICATION_RESPONSE_INVALID: 1003,
  ERR_NOTIFICATION_REJECTED: 1004,
}

describe('exit codes', () => {
  test('are those of the reference, each under its name there, and no others', () => {
    expect(ExitCode).toEqual(REFERENCE)
  })

  test.each(Object.entries(REFERENCE))('%s is how code %i is written', (name, code) => {
    expect(formatExitCode(code)).toBe(name)
  })

  // 3 and 8 are reserved, 27 is not taken yet, and an actor of a user may end with any code from 33 on.
  test.each([3, 8, 27, 33, 1005, -1])('%i has no name and is written as a number', (code) => {
    expect(formatExitCode(code)).toBe(`exit code ${code}`)
  })
})
