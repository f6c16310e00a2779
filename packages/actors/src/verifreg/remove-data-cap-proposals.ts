import { encodeCbor, type Hamt } from '@plimsoll/ipld'
import { type Address, addressBytes, type ByteString, byteString } from '@plimsoll/primitives'
import {
  AUTHENTICATE_MESSAGE_METHOD,
  AuthenticateMessageParams,
  AuthenticateMessageReturn,
} from '../account/types.ts'
import { requireParam } from '../runtime/actor-error.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { deserialize, extractSendResult, serialize } from '../runtime/send.ts'
import type { DataCap, RemoveDataCapProposalId } from './state.ts'
import {
  RemoveDataCapProposal,
  type RemoveDataCapRequest,
  SIGNATURE_DOMAIN_SEPARATION_REMOVE_DATA_CAP,
} from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/verifreg/src/lib.rs`. */

/** The next proposal of a verifier and a client, which is used up from now on. Source: `use_proposal_id`. */
export function useProposalId(
  proposalIds: Hamt<ByteString, RemoveDataCapProposalId>,
  verifier: Address,
  client: Address,
): bigint {
  const key = addressPairKey(verifier, client)
  const id = proposalIds.get(key)?.id ?? 0n
  proposalIds.set(key, { id: id + 1n })
  return id
}

/**
 * Requires a verifier to have signed a proposal.
 *
 * Source: `remove_data_cap_request_is_valid`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when it has not; what the verifier ends with, since it is asked.
 */
export function requireSignedProposal(
  rt: Runtime,
  { verifier, signature }: RemoveDataCapRequest,
  id: bigint,
  dataCapAmount: DataCap,
  verifiedClient: Address,
): void {
  const message = proposalMessage({ verifiedClient, dataCapAmount, removalProposalId: { id } })
  const params = serialize(AuthenticateMessageParams, { signature: signature.bytes, message })
  const result = rt.send(verifier, AUTHENTICATE_MESSAGE_METHOD, params, 0n, { isReadOnly: true })
  const isAuthentic = deserialize(AuthenticateMessageReturn, extractSendResult(result))
  requireParam(isAuthentic, 'the proposal is not the verifier’s')
}

/** The bytes that a verifier signs. */
export function proposalMessage(proposal: RemoveDataCapProposal): Uint8Array {
  const domain = new TextEncoder().encode(SIGNATURE_DOMAIN_SEPARATION_REMOVE_DATA_CAP)
  const encoded = encodeCbor(RemoveDataCapProposal, proposal)
  const message = new Uint8Array(domain.length + encoded.length)
  message.set(domain)
  message.set(encoded, domain.length)
  return message
}

/** Source: builtin-actors v18, `actors/verifreg/src/types.rs`, `AddrPairKey`. */
function addressPairKey(first: Address, second: Address): ByteString {
  const [head, tail] = [addressBytes(first), addressBytes(second)]
  const key = new Uint8Array(head.length + tail.length)
  key.set(head)
  key.set(tail, head.length)
  return byteString(key)
}
