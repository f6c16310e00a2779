/**
 * How an actor ends. Codes below 16 are the machine's, 16 to 31 are common to all actors, the rest belongs to
 * one actor. They are consensus: a different code is a different chain.
 *
 * Source: ref-fvm `shared/src/error/mod.rs`; builtin-actors v18, `actors/miner/src/lib.rs`.
 */
export const ExitCode = {
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
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The code's name, or its number for a code that has none. */
export function formatExitCode(code: number): string {
  return Object.entries(ExitCode).find(([, value]) => value === code)?.[0] ?? `exit code ${code}`
}
