import { requireAllowed, requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { setLocked } from '../lock.ts'
import { MultisigState } from '../state.ts'
import type { LockBalanceParams } from '../types.ts'

/**
 * Method 9, `LockBalance`: once in the life of a multisig, and never of one that was made with a lock.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `lock_balance`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the multisig itself, or the second time;
 * `USR_ILLEGAL_ARGUMENT` for no duration or a negative amount.
 */
export function lockBalance(rt: Runtime, { startEpoch, unlockDuration, amount }: LockBalanceParams): void {
  rt.validateImmediateCallerIs([rt.message.receiver])
  requireParam(unlockDuration > 0n, 'the unlock duration must be positive')
  requireParam(amount >= 0n, 'the amount to lock must not be negative')
  rt.transaction(MultisigState, (state) => {
    requireAllowed(state.unlockDuration === 0n, 'a lock cannot be changed')
    setLocked(state, startEpoch, unlockDuration, amount)
  })
}
