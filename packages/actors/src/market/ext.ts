import { address, bool, type Codec, encodeCbor } from '@plimsoll/ipld'
import {
  type Address,
  DATACAP_ACTOR_ADDR,
  ExitCode,
  REWARD_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
  type StoragePower,
  VERIFIED_REGISTRY_ACTOR_ADDR,
} from '@plimsoll/primitives'
import {
  AUTHENTICATE_MESSAGE_METHOD,
  AuthenticateMessageParams,
  AuthenticateMessageReturn,
} from '../account/types.ts'
import {
  BALANCE_METHOD,
  BalanceParams,
  BalanceReturn,
  TOKEN_PRECISION,
  type TokenAmount,
  TRANSFER_FROM_METHOD,
  TransferFromParams,
  TransferFromReturn,
} from '../datacap/types.ts'
import { GetControlAddressesReturn } from '../miner/method-types.ts'
import { CURRENT_TOTAL_POWER_METHOD, CurrentTotalPowerReturn } from '../power/types.ts'
import { THIS_EPOCH_REWARD_METHOD, ThisEpochRewardReturn } from '../reward/types.ts'
import { requireInvariant, requireState, withExitCode } from '../runtime/actor-error.ts'
import { CBOR_CODEC } from '../runtime/ipld-block.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { deserialize, extractSendResult, sendAndReturn, serialize } from '../runtime/send.ts'
import { type AllocationRequest, AllocationRequests, AllocationsResponse } from '../verifreg/types.ts'
import { type ClientDealProposal, DealProposal } from './deal.ts'
import { MARKET_NOTIFY_DEAL_METHOD, MarketNotifyDealParams } from './types.ts'

/**
 * What the market asks and tells other actors.
 *
 * Source of everything here: builtin-actors v18, `actors/market/src/lib.rs` and `ext.rs`.
 */

export const CONTROL_ADDRESSES_METHOD = 2
/** FRC-0042 of `IsControllingAddress`. */
export const IS_CONTROLLING_ADDRESS_METHOD = 348244887

/** The owner and the worker of a miner. Source: `request_miner_control_addrs`. */
export function requestMinerControlAddresses(
  rt: Runtime,
  miner: Address,
): { readonly owner: Address; readonly worker: Address } {
  return deserialize(GetControlAddressesReturn, sendAndReturn(rt, miner, CONTROL_ADDRESSES_METHOD, null))
}

/** Whether an actor may act for a miner. Source: in `publish_storage_deals`. */
export function isControllingAddress(rt: Runtime, miner: Address, candidate: Address): boolean {
  const params = serialize(address, candidate)
  return deserialize(bool, sendAndReturn(rt, miner, IS_CONTROLLING_ADDRESS_METHOD, params))
}

/** Source: `request_current_baseline_power`. */
export function requestCurrentBaselinePower(rt: Runtime): StoragePower {
  const answer = sendAndReturn(rt, REWARD_ACTOR_ADDR, THIS_EPOCH_REWARD_METHOD, null)
  return deserialize(ThisEpochRewardReturn, answer).thisEpochBaselinePower
}

/** Raw power. Source: `request_current_network_power`. */
export function requestCurrentNetworkPower(rt: Runtime): StoragePower {
  const answer = sendAndReturn(rt, STORAGE_POWER_ACTOR_ADDR, CURRENT_TOTAL_POWER_METHOD, null)
  return deserialize(CurrentTotalPowerReturn, answer).rawBytePower
}

/**
 * Whether the client has signed a proposal. The client must not be able to change anything while it is asked.
 *
 * Source: `deal_proposal_is_internally_valid`.
 *
 * @throws {ActorError} with what the client ends with.
 */
export function isSignedByClient(rt: Runtime, { proposal, clientSignature }: ClientDealProposal): boolean {
  const message = encodeCbor(DealProposal, proposal)
  const params = serialize(AuthenticateMessageParams, { signature: clientSignature.bytes, message })
  const flags = { isReadOnly: true }
  const result = rt.send(proposal.client, AUTHENTICATE_MESSAGE_METHOD, params, 0n, flags)
  return deserialize(AuthenticateMessageReturn, extractSendResult(result))
}

/** Tells a client that its deal is published. Source: in `publish_storage_deals`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when it does not take it. */
export function notifyDeal(rt: Runtime, client: Address, serialized: Uint8Array, dealId: bigint): void {
  const params = serialize(MarketNotifyDealParams, { proposal: serialized, dealId })
  withExitCode(ExitCode.USR_ILLEGAL_ARGUMENT, () =>
    sendAndReturn(rt, client, MARKET_NOTIFY_DEAL_METHOD, params),
  )
}

/** The DataCap of a client. Source: `balance_of`. @throws {ActorError} `USR_NOT_FOUND` when it cannot be known. */
export function dataCapBalance(rt: Runtime, owner: Address): TokenAmount {
  return withExitCode(ExitCode.USR_NOT_FOUND, () =>
    askToken(rt, BALANCE_METHOD, serialize(BalanceParams, owner), BalanceReturn),
  )
}

const U64_LIMIT = 1n << 64n

/**
 * Pays the verified registry with a client's DataCap for allocations, and returns their ids in the same order.
 *
 * Source: `datacap_transfer_request`, `transfer_from`, and in `publish_storage_deals`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE` when the transfer fails, or makes more or fewer allocations.
 */
export function requestAllocations(
  rt: Runtime,
  client: Address,
  allocations: readonly AllocationRequest[],
): readonly bigint[] {
  const required = allocations.reduce((sum, { size }) => sum + size, 0n)
  requireInvariant(required < U64_LIMIT, () => `${required} bytes of DataCap`)
  const params = serialize(TransferFromParams, {
    from: client,
    to: VERIFIED_REGISTRY_ACTOR_ADDR,
    amount: required * TOKEN_PRECISION,
    operatorData: encodeCbor(AllocationRequests, { allocations, extensions: [] }),
  })
  const { newAllocations } = withExitCode(ExitCode.USR_ILLEGAL_STATE, () => {
    const { recipientData } = askToken(rt, TRANSFER_FROM_METHOD, params, TransferFromReturn)
    return deserialize(AllocationsResponse, { codec: CBOR_CODEC, data: recipientData })
  })
  requireState(
    newAllocations.length === allocations.length,
    () => `${newAllocations.length} allocations were made of ${allocations.length} requests`,
  )
  return newAllocations
}

function askToken<T>(
  rt: Runtime,
  method: number,
  params: ReturnType<typeof serialize>,
  returns: Codec<T>,
): T {
  return deserialize(returns, sendAndReturn(rt, DATACAP_ACTOR_ADDR, method, params))
}
