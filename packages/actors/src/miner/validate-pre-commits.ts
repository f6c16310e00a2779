import { ExitCode } from '@plimsoll/primitives'
import { requireAllowed, requireParam, requireState } from '../runtime/actor-error.ts'
import { type BatchReturn, batchOf } from '../runtime/batch-return.ts'
import { DomainSeparationTag, type SealClaim } from '../runtime/primitives.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { commDOf } from './commd.ts'
import { maxProveCommitDuration } from './policy.ts'
import { proofEntropy, sealClaim, sealRandomness } from './seal-proofs.ts'
import type { SectorPreCommitOnChainInfo } from './types.ts'

/** Which sectors may be proven, and what has to be proven of each, those that may not be included. */
export interface ValidatedSeals {
  readonly batch: BatchReturn
  readonly claims: readonly SealClaim[]
}

/**
 * Whether pre-commitments may be proven now. One with deals or too late fails by itself; one that is too early, or
 * of another proof type than the one before, fails the whole call.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `validate_precommits`, without deals.
 *
 * @throws {ActorError} `USR_FORBIDDEN` too early; `USR_ILLEGAL_STATE` for mixed proof types; `USR_ILLEGAL_ARGUMENT`
 * for one that fails where all are required.
 */
export function validatePreCommits(
  rt: Runtime,
  preCommits: readonly SectorPreCommitOnChainInfo[],
  requireAll: boolean,
): ValidatedSeals {
  const entropy = proofEntropy(rt)
  const codes: number[] = []
  const claims: SealClaim[] = []
  for (const [i, { info, preCommitEpoch }] of preCommits.entries()) {
    const maxDuration = maxProveCommitDuration(rt.policy, info.sealProof)
    requireState(maxDuration !== undefined, () => `no max seal duration for proof type ${info.sealProof}`)
    const isValid = info.dealIds.length === 0 && rt.currEpoch <= preCommitEpoch + maxDuration
    const previous = preCommits[i - 1]
    requireState(
      previous === undefined || previous.info.sealProof === info.sealProof,
      'pre-commitments of different seal proofs',
    )
    const interactiveEpoch = preCommitEpoch + rt.policy.preCommitChallengeDelay
    requireAllowed(rt.currEpoch > interactiveEpoch, 'too early to prove sector')
    const seal = sealRandomness(rt, info.sealRandEpoch, entropy)
    const interactive = rt.getRandomnessFromBeacon(
      DomainSeparationTag.INTERACTIVE_SEAL_CHALLENGE_SEED,
      interactiveEpoch,
      entropy,
    )
    const unsealedCid = commDOf(info.unsealedCid, info.sealProof)
    claims.push(sealClaim(info.sectorNumber, { seal, interactive }, info.sealedCid, unsealedCid))
    requireParam(
      isValid || !requireAll,
      () => `invalid pre-commitment ${i} while requiring activation success`,
    )
    codes.push(isValid ? ExitCode.OK : ExitCode.USR_ILLEGAL_ARGUMENT)
  }
  return { batch: batchOf(codes), claims }
}
