import { address } from '@plimsoll/ipld'
import { type Address, AddressProtocol, type ChainEpoch, protocolOf } from '@plimsoll/primitives'
import { PUBKEY_ADDRESS_METHOD } from '../account/types.ts'
import type { Policy } from '../policy.ts'
import { requireParam } from '../runtime/actor-error.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { deserialize, sendAndReturn } from '../runtime/send.ts'
import { sealProofSectorMaximumLifetime } from './policy.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** Source: `check_control_addresses`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function checkControlAddresses(policy: Policy, addresses: readonly Address[]): void {
  requireParam(addresses.length <= policy.maxControlAddresses, () => `${addresses.length} control addresses`)
}

/** Source: `check_peer_info`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function checkPeerInfo(policy: Policy, peerId: Uint8Array, multiaddrs: readonly Uint8Array[]): void {
  requireParam(peerId.length <= policy.maxPeerIdLengthBytes, () => `a peer ID of ${peerId.length} bytes`)
  let totalBytes = 0
  for (const { length } of multiaddrs) {
    requireParam(length > 0, 'an empty multiaddr')
    totalBytes += length
  }
  requireParam(totalBytes <= policy.maxMultiaddrDataBytes, () => `multiaddrs of ${totalBytes} bytes`)
}

/** Source: `check_valid_post_proof_type`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function checkValidPoStProofType(policy: Policy, proofType: bigint): void {
  requireParam(
    policy.validPostProofTypes.includes(Number(proofType)),
    () => `proof type ${proofType} is not allowed`,
  )
}

/** Source: the same lookups of `constructor` and `change_worker_address`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function resolveControlAddress(rt: Runtime, raw: Address): Address {
  const resolved = rt.resolveAddress(raw)
  requireParam(resolved !== undefined, 'unable to resolve a control address')
  return resolved
}

/**
 * The ID address of a worker, which is an account with a BLS key. An address that is a BLS key needs no look.
 *
 * Source: `resolve_worker_address`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT`
 */
export function resolveWorkerAddress(rt: Runtime, raw: Address): Address {
  const resolved = rt.resolveAddress(raw)
  requireParam(resolved !== undefined, 'unable to resolve the worker address')
  const code = rt.getActorCodeCid(resolved)
  requireParam(code !== undefined, 'no code for the worker address')
  requireParam(rt.resolveBuiltinActorType(code) === 'account', 'the worker must be an account')
  if (protocolOf(raw) !== AddressProtocol.Bls) {
    const key = deserialize(address, sendAndReturn(rt, resolved, PUBKEY_ADDRESS_METHOD, null))
    requireParam(protocolOf(key) === AddressProtocol.Bls, 'the worker account must have a BLS key')
  }
  return resolved
}

/**
 * Whether a sector may live from `activation` to `expiration`, which may be anything that a message says.
 *
 * Source: `validate_expiration`.
 *
 * @returns the expiration as an epoch.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT`
 */
export function validateExpiration(
  policy: Policy,
  currEpoch: ChainEpoch,
  activation: ChainEpoch,
  expiration: bigint,
  sealProof: number,
): ChainEpoch {
  const lifetime = expiration - BigInt(activation)
  requireParam(lifetime > 0n, 'the expiration of a sector must be after its activation')
  requireParam(lifetime >= policy.minSectorExpiration, () => `a lifetime of ${lifetime} is too short`)
  requireParam(
    expiration <= currEpoch + policy.maxSectorExpirationExtension,
    () => `expiration ${expiration} is too far away`,
  )
  const maxLifetime = sealProofSectorMaximumLifetime(sealProof)
  requireParam(maxLifetime !== undefined, () => `unrecognized seal proof type ${sealProof}`)
  requireParam(lifetime <= maxLifetime, () => `a lifetime of ${lifetime} is too long`)
  return Number(expiration)
}
