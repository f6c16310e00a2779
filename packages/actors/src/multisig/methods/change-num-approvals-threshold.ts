import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { MultisigState } from '../state.ts'
import type { ChangeNumApprovalsThresholdParams } from '../types.ts'

/**
 * Method 8, `ChangeNumApprovalsThreshold`. A proposal that a lower threshold makes approved waits for the next
 * `Approve`.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `change_num_approvals_threshold`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the multisig itself; `USR_ILLEGAL_ARGUMENT` for zero and for
 * more than there are signers.
 */
export function changeNumApprovalsThreshold(
  rt: Runtime,
  { newThreshold }: ChangeNumApprovalsThresholdParams,
): void {
  rt.validateImmediateCallerIs([rt.message.receiver])
  rt.transaction(MultisigState, (state) => {
    requireParam(
      newThreshold > 0n && newThreshold <= BigInt(state.signers.length),
      'a threshold that cannot be met or is none',
    )
    state.numApprovalsThreshold = Number(newThreshold)
  })
}
