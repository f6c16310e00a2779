import { type Address, minBigInt, VERIFIED_REGISTRY_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireFound, requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { resolveToActorId, resolveToExistingActorId } from '../../runtime/resolve-to-actor-id.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { dataCapBalance, destroyDataCap } from '../datacap-calls.ts'
import { requireSignedProposal, useProposalId } from '../remove-data-cap-proposals.ts'
import { RemoveDataCapProposalIds, VerifregState } from '../state.ts'
import type { RemoveDataCapParams, RemoveDataCapReturn } from '../types.ts'
import { getVerifierCap } from '../verifiers.ts'

/**
 * Method 7, `RemoveVerifiedClientDataCap`: takes DataCap from a client, to which two verifiers have consented.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `remove_verified_client_data_cap`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the root; `USR_ILLEGAL_ARGUMENT` for twice the same
 * verifier, for the registry as a client, and for a bad signature; `USR_NOT_FOUND` for who is no verifier.
 */
export function removeVerifiedClientDataCap(rt: Runtime, params: RemoveDataCapParams): RemoveDataCapReturn {
  const { verifiedClientToRemove, dataCapAmountToRemove, verifierRequest1, verifierRequest2 } = params
  const client = resolveToActorId(rt, verifiedClientToRemove)
  const verifier1 = resolveToExistingActorId(rt, verifierRequest1.verifier)
  const verifier2 = resolveToExistingActorId(rt, verifierRequest2.verifier)
  requireParam(verifier1 !== verifier2, 'two different verifiers have to ask for a removal')

  const [id1, id2] = rt.transaction(VerifregState, (state) => {
    rt.validateImmediateCallerIs([state.rootKey])
    // The address is compared as it was written: another one of the registry passes, and finds nothing to take.
    requireParam(
      verifiedClientToRemove !== VERIFIED_REGISTRY_ACTOR_ADDR,
      'the DataCap of the registry itself cannot be removed',
    )
    return useProposalIds(rt, state, client, verifier1, verifier2)
  })

  // The ids are used up first, so that whoever is called while a signature is checked finds them used.
  requireSignedProposal(rt, verifierRequest1, id1, dataCapAmountToRemove, client)
  requireSignedProposal(rt, verifierRequest2, id2, dataCapAmountToRemove, client)

  const dataCapRemoved = minBigInt(dataCapBalance(rt, client), dataCapAmountToRemove)
  destroyDataCap(rt, client, dataCapRemoved)
  return { verifiedClient: client, dataCapRemoved }
}

function useProposalIds(
  rt: Runtime,
  state: Draft<VerifregState>,
  client: Address,
  verifier1: Address,
  verifier2: Address,
): readonly [bigint, bigint] {
  for (const verifier of [verifier1, verifier2]) {
    requireFound(getVerifierCap(rt.store, state, verifier), 'who asks is not a verifier')
  }
  const proposalIds = RemoveDataCapProposalIds.load(rt.store, state.removeDataCapProposalIds)
  const ids = [
    useProposalId(proposalIds, verifier1, client),
    useProposalId(proposalIds, verifier2, client),
  ] as const
  state.removeDataCapProposalIds = proposalIds.flush()
  return ids
}
