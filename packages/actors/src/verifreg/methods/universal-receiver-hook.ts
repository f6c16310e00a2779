import { DATACAP_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireFound, requireParam } from '../../runtime/actor-error.ts'
import { batchOk } from '../../runtime/batch-return.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import { CBOR_CODEC } from '../../runtime/ipld-block.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { deserialize } from '../../runtime/send.ts'
import type { UniversalReceiverParams } from '../../runtime/universal-receiver.ts'
import { insertAllocations, loadClaims, putClaims } from '../allocations.ts'
import { burnDataCap, tokensToDataCap } from '../datacap-calls.ts'
import { emitAllocation, emitClaimUpdated } from '../emit.ts'
import { type Allocation, type Claim, VerifregState } from '../state.ts'
import {
  type AllocationRequest,
  AllocationRequests,
  type AllocationsResponse,
  type ClaimExtensionRequest,
} from '../types.ts'
import {
  requireMiner,
  validateClaimExtension,
  validateNewAllocation,
  validateTokensReceived,
} from '../validation.ts'

/**
 * `Receive`: takes DataCap for allocations, and for longer terms of claims. The tokens have to be exactly what is
 * asked for, and everything has to be in order. What is paid for claims is burnt at once; allocations keep theirs.
 *
 * Anybody may pay for the claim of anybody; whose it is does not change.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `universal_receiver_hook`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by the token, and for a claim that has expired;
 * `USR_SERIALIZATION` for data that does not decode; `USR_NOT_FOUND` for a claim that there is not;
 * `USR_ILLEGAL_ARGUMENT` for requests that are not in order, and for tokens that are not what they need.
 */
export function universalReceiverHook(rt: Runtime, params: UniversalReceiverParams): AllocationsResponse {
  rt.validateImmediateCallerIs([DATACAP_ACTOR_ADDR])
  const received = validateTokensReceived(params, idOfAddress(rt.message.receiver))
  const requests = deserialize(AllocationRequests, { codec: CBOR_CODEC, data: received.operatorData })
  const allocations = requests.allocations.map((request) => newAllocation(rt, received.from, request))
  const claims = extendedClaims(rt, requests.extensions)

  const extensionTotal = claims.reduce((sum, [, { size }]) => sum + size, 0n)
  const total = allocations.reduce((sum, { size }) => sum + size, extensionTotal)
  const paid = tokensToDataCap(received.amount)
  requireParam(total === paid, () => `requests of ${total} bytes need as much DataCap, and not ${paid}`)
  burnDataCap(rt, extensionTotal)

  const newAllocations = rt.transaction(VerifregState, (state) => {
    const ids = insertAllocations(rt.store, state, received.from, allocations)
    for (const [i, allocation] of allocations.entries()) {
      emitAllocation(rt, ids[i] as bigint, allocation)
    }
    putClaims(rt.store, state, claims)
    for (const [id, claim] of claims) {
      emitClaimUpdated(rt, id, claim)
    }
    return ids
  })
  return {
    allocationResults: batchOk(allocations.length),
    extensionResults: batchOk(claims.length),
    newAllocations,
  }
}

function newAllocation(rt: Runtime, client: bigint, request: AllocationRequest): Allocation {
  validateNewAllocation(request, rt.policy, rt.currEpoch)
  requireMiner(rt, request.provider)
  const { provider, data, size, termMin, termMax, expiration } = request
  return {
    client,
    provider,
    data,
    size,
    termMin: Number(termMin),
    termMax: Number(termMax),
    expiration: Number(expiration),
  }
}

/** A claim that is named twice is lengthened twice from what it was, and paid for twice. */
function extendedClaims(
  rt: Runtime,
  requests: readonly ClaimExtensionRequest[],
): readonly (readonly [id: bigint, claim: Claim])[] {
  const claims = loadClaims(rt.store, rt.state(VerifregState))
  return requests.map((request) => {
    const claim = requireFound(
      claims.get(request.provider, request.claim),
      () => `no claim ${request.claim} of provider ${request.provider}`,
    )
    validateClaimExtension(request, claim, rt.policy, rt.currEpoch)
    return [request.claim, { ...claim, termMax: Number(request.termMax) }]
  })
}
