import { type Address, SYSTEM_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { Allocations, RemoveDataCapProposalIds, Verifiers, VerifregClaims, VerifregState } from '../state.ts'

/**
 * Method 1, `Constructor`.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `constructor`; `state.rs`, `State::new`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the system; `USR_ILLEGAL_ARGUMENT` for a root that is
 * no known address.
 */
export function verifregConstructor(rt: Runtime, root: Address): void {
  rt.validateImmediateCallerIs([SYSTEM_ACTOR_ADDR])
  const rootKey = rt.resolveAddress(root)
  requireParam(rootKey !== undefined, 'the root should be an ID address')
  rt.create(VerifregState, {
    rootKey,
    verifiers: Verifiers.empty(rt.store).flush(),
    removeDataCapProposalIds: RemoveDataCapProposalIds.empty(rt.store).flush(),
    allocations: Allocations.empty(rt.store).flush(),
    nextAllocationId: 1n,
    claims: VerifregClaims.empty(rt.store).flush(),
  })
}
