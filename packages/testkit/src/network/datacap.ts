import {
  AllocationRequests,
  AllocationsResponse,
  serialize,
  TOKEN_PRECISION,
  TransferParams,
  VerifierParams,
} from '@plimsoll/actors'
import { bytes, decodeCbor, encodeCbor, tuple } from '@plimsoll/ipld'
import {
  type Address,
  DATACAP_ACTOR_ADDR,
  EPOCHS_IN_DAY,
  requireActorId,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { createAccount } from './accounts.ts'
import { proposeAndApply } from './multisig.ts'
import type { Piece } from './pieces.ts'
import { type Call, execute, executeFor, methodNumber } from './send.ts'
import type { TestAccount, TestNetwork } from './test-network.ts'

/** Makes a new account a verifier that may give out so many bytes. */
export function addVerifier(network: TestNetwork, allowance: bigint): TestAccount {
  const verifier = createAccount(network)
  proposeAndApply(network, network.registrySigner.id, network.registryRoot, {
    to: VERIFIED_REGISTRY_ACTOR_ADDR,
    method: methodNumber('verifiedregistry', 'AddVerifier'),
    params: serialize(VerifierParams, { address: verifier.id, allowance }),
  })
  return verifier
}

/** Gives a client DataCap, in bytes. */
export function addVerifiedClient(
  network: TestNetwork,
  verifier: TestAccount,
  client: Address,
  allowance: bigint,
): void {
  execute(network, {
    from: verifier.id,
    to: VERIFIED_REGISTRY_ACTOR_ADDR,
    actor: 'verifiedregistry',
    method: 'AddVerifiedClient',
    params: serialize(VerifierParams, { address: client, allowance }),
  })
}

/** DataCap that a client sets aside for data at a provider. */
export interface AllocationPlan {
  readonly provider: Address
  readonly pieces: readonly Piece[]
  /** Epochs for which a sector has to hold the data at least and at most. */
  readonly termMin?: number
  readonly termMax?: number
  /** Epochs from now in which it can be claimed; thirty days, or the policy's most, unless given. */
  readonly claimableFor?: number
}

const TERM_MIN = 180 * EPOCHS_IN_DAY
const TERM_MAX = 5 * 365 * EPOCHS_IN_DAY
const CLAIMABLE_FOR = 30 * EPOCHS_IN_DAY

export function allocateCall({ vm }: TestNetwork, client: TestAccount, plan: AllocationPlan): Call {
  const { provider, pieces, termMin = TERM_MIN, termMax = TERM_MAX } = plan
  const longest = vm.host.policy.maximumVerifiedAllocationExpiration
  const { claimableFor = Math.min(CLAIMABLE_FOR, longest) } = plan
  const operatorData = encodeCbor(AllocationRequests, {
    allocations: pieces.map(({ cid, size }) => ({
      provider: BigInt(requireActorId(provider)),
      data: cid,
      size,
      termMin: BigInt(termMin),
      termMax: BigInt(termMax),
      expiration: BigInt(vm.epoch + claimableFor),
    })),
    extensions: [],
  })
  const amount = pieces.reduce((sum, { size }) => sum + size, 0n) * TOKEN_PRECISION
  return {
    from: client.id,
    to: DATACAP_ACTOR_ADDR,
    actor: 'datacap',
    method: 'TransferExported',
    params: serialize(TransferParams, { to: VERIFIED_REGISTRY_ACTOR_ADDR, amount, operatorData }),
  }
}

/** What a transfer returns: two balances, which nobody needs here, and what the receiver answered. */
const TransferAnswer = tuple('TransferReturn', { fromBalance: bytes, toBalance: bytes, recipientData: bytes })

/** Sets a client's DataCap aside for pieces; returns the ids of the allocations, in order. */
export function allocate(network: TestNetwork, client: TestAccount, plan: AllocationPlan): readonly bigint[] {
  const { recipientData } = executeFor(network, allocateCall(network, client, plan), TransferAnswer)
  return decodeCbor(AllocationsResponse, recipientData).newAllocations
}
