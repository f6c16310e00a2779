import { type ChainEpoch, idAddress } from '@plimsoll/primitives'
import { FRC46_TOKEN_TYPE, Frc46TokenReceived } from '../datacap/types.ts'
import type { Policy } from '../policy.ts'
import { requireAllowed, requireParam } from '../runtime/actor-error.ts'
import { CBOR_CODEC } from '../runtime/ipld-block.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { deserialize } from '../runtime/send.ts'
import type { UniversalReceiverParams } from '../runtime/universal-receiver.ts'
import { claimExpiration } from './expiration.ts'
import type { Allocation, Claim } from './state.ts'
import type { AllocationClaim, AllocationRequest, ClaimExtensionRequest } from './types.ts'

/** Source of everything here: builtin-actors v18, `actors/verifreg/src/lib.rs`. */

/**
 * What arrives, which has to be FRC-0046 tokens for `receiver`, an actor by id.
 *
 * Source: `validate_tokens_received`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for anything else; `USR_SERIALIZATION` for what does not decode.
 */
export function validateTokensReceived(
  { type, payload }: UniversalReceiverParams,
  receiver: bigint,
): Frc46TokenReceived {
  requireParam(type === FRC46_TOKEN_TYPE, () => `a token type of ${type}, and not FRC-0046`)
  const received = deserialize(Frc46TokenReceived, { codec: CBOR_CODEC, data: payload })
  requireParam(received.to === receiver, () => `tokens for ${received.to}, which arrive at ${receiver}`)
  return received
}

/** Source: `validate_new_allocation`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` */
export function validateNewAllocation(
  { size, termMin, termMax, expiration }: AllocationRequest,
  policy: Policy,
  currEpoch: ChainEpoch,
): void {
  requireParam(
    size >= policy.minimumVerifiedAllocationSize,
    () => `an allocation of ${size} bytes is too small`,
  )
  requireParam(
    termMin >= policy.minimumVerifiedAllocationTerm,
    () => `a least term of ${termMin} is too short`,
  )
  requireParam(termMax <= policy.maximumVerifiedAllocationTerm, () => `a term of ${termMax} is too long`)
  requireParam(termMin <= termMax, () => `a least term of ${termMin} is longer than the longest, ${termMax}`)
  requireParam(expiration >= currEpoch, () => `the allocation has expired at ${expiration}`)
  requireParam(
    expiration <= currEpoch + policy.maximumVerifiedAllocationExpiration,
    () => `the allocation expires too late, at ${expiration}`,
  )
}

/**
 * A claim's term may be lengthened again and again, but not once it has expired.
 *
 * Source: `validate_claim_extension`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a term that is too long, or no longer than it was;
 * `USR_FORBIDDEN` for a claim that has expired.
 */
export function validateClaimExtension(
  { claim: id, termMax }: ClaimExtensionRequest,
  claim: Claim,
  policy: Policy,
  currEpoch: ChainEpoch,
): void {
  const termLimit = currEpoch + policy.maximumVerifiedAllocationTerm - claim.termStart
  requireParam(termMax <= termLimit, () => `a term of ${termMax} for claim ${id} exceeds ${termLimit}`)
  requireParam(
    termMax > claim.termMax,
    () => `a term of ${termMax} for claim ${id} is no longer than its ${claim.termMax}`,
  )
  requireAllowed(
    currEpoch <= claimExpiration(claim),
    () => `claim ${id} has expired at ${claimExpiration(claim)}`,
  )
}

/** Source: `check_miner_id`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for an actor that is no miner. */
export function requireMiner(rt: Runtime, id: bigint): void {
  const code = rt.getActorCodeCid(idAddress(id))
  requireParam(
    code !== undefined && rt.resolveBuiltinActorType(code) === 'storageminer',
    () => `the provider ${id} is not a miner`,
  )
}

/** Whether a sector that ends at `sectorExpiry` may take an allocation up. Source: `can_claim_alloc`. */
export function canClaimAllocation(
  claim: AllocationClaim,
  provider: bigint,
  allocation: Allocation,
  currEpoch: ChainEpoch,
  sectorExpiry: bigint,
): boolean {
  const sectorLifetime = sectorExpiry - BigInt(currEpoch)
  return (
    provider === allocation.provider &&
    claim.client === allocation.client &&
    claim.data === allocation.data &&
    claim.size === allocation.size &&
    currEpoch <= allocation.expiration &&
    sectorLifetime >= allocation.termMin &&
    sectorLifetime <= allocation.termMax
  )
}
