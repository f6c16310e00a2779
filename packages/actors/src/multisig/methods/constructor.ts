import { type Address, INIT_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import { draftOf, valueOfDraft } from '../../runtime/draft.ts'
import { resolveToExistingActorId } from '../../runtime/resolve-to-actor-id.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { setLocked } from '../lock.ts'
import { MultisigState, PendingTxns } from '../state.ts'
import { type ConstructorParams, SIGNERS_MAX } from '../types.ts'

/**
 * Method 1, `Constructor`: what is sent along is locked if there is a time for it to unlock in.
 *
 * Source: builtin-actors v18, `actors/multisig/src/lib.rs`, `constructor`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the init actor; `USR_ILLEGAL_ARGUMENT` for no, too many or
 * double signers, a threshold that is zero or cannot be met, or a negative duration; `USR_NOT_FOUND` for a signer
 * that there is not; and what the making of an account for a signer ends with.
 */
export function multisigConstructor(rt: Runtime, params: ConstructorParams): void {
  rt.validateImmediateCallerIs([INIT_ACTOR_ADDR])
  const { numApprovalsThreshold, unlockDuration, startEpoch } = params
  requireParam(params.signers.length > 0, 'must have at least one signer')
  requireParam(params.signers.length <= SIGNERS_MAX, () => `cannot have more than ${SIGNERS_MAX} signers`)
  const signers = resolveSigners(rt, params.signers)
  requireParam(
    numApprovalsThreshold <= BigInt(signers.length),
    'must not require more approvals than signers',
  )
  requireParam(numApprovalsThreshold >= 1n, 'must require at least one approval')
  requireParam(unlockDuration >= 0n, 'a negative unlock duration')
  const state = draftOf<MultisigState>({
    signers,
    numApprovalsThreshold: Number(numApprovalsThreshold),
    nextTxId: 0n,
    initialBalance: 0n,
    startEpoch: 0n,
    unlockDuration: 0n,
    pendingTxs: PendingTxns.empty(rt.store).flush(),
  })
  if (unlockDuration !== 0n) {
    setLocked(state, startEpoch, unlockDuration, rt.message.valueReceived)
  }
  rt.create(MultisigState, valueOfDraft(state))
}

/** The signers in the order in which they were given. */
function resolveSigners(rt: Runtime, signers: readonly Address[]): readonly Address[] {
  const resolved = new Set<Address>()
  for (const signer of signers) {
    const actor = resolveToExistingActorId(rt, signer)
    requireParam(!resolved.has(actor), 'a signer that is given twice')
    resolved.add(actor)
  }
  return [...resolved]
}
