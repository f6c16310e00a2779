import { type BitField, bitFieldOf, MAX_BIT_FIELD_END } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { MAX_SECTOR_NUMBER } from '../policy.ts'
import { ActorError, requireInvariant, requireParam } from '../runtime/actor-error.ts'
import { batchOf } from '../runtime/batch-return.ts'
import { idOfAddress } from '../runtime/id-of-address.ts'
import type { SealClaim } from '../runtime/primitives.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { commDOf, isSealedSector } from './commd.ts'
import type { SectorNIActivationInfo } from './method-types.ts'
import { proofEntropy, sealClaim, sealRandomness } from './seal-proofs.ts'
import type { ValidatedSeals } from './validate-pre-commits.ts'
import { validateExpiration } from './validation.ts'

/** Non-interactive proofs have no challenge; this stands in its place. */
const NO_CHALLENGE = new Uint8Array(32).fill(1)

/** As {@link ValidatedSeals}, with the numbers of all sectors, those that fail included. */
export interface ValidatedNISeals extends ValidatedSeals {
  readonly sectorNumbers: BitField
}

/**
 * Whether sectors may be committed without a challenge. A number that comes twice or a seal of the future fails the
 * whole call, everything else only its sector.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `validate_ni_sectors`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT`
 */
export function validateNISectors(
  rt: Runtime,
  sectors: readonly SectorNIActivationInfo[],
  sealProof: number,
  requireAll: boolean,
): ValidatedNISeals {
  const unsealedCid = commDOf(null, sealProof)
  const entropy = proofEntropy(rt)
  const codes: number[] = []
  const claims: SealClaim[] = []
  const numbers = new Set<bigint>()
  for (const [i, sector] of sectors.entries()) {
    const { sectorNumber, sealRandEpoch } = sector
    requireParam(!numbers.has(sectorNumber), () => `duplicate sector number ${sectorNumber}`)
    requireInvariant(sectorNumber < MAX_BIT_FIELD_END, 'no set has such a number')
    numbers.add(sectorNumber)
    requireParam(
      sealRandEpoch < rt.currEpoch,
      () => `seal challenge epoch ${sealRandEpoch} is not in the past`,
    )
    const isValid = isValidNISector(rt, sector, sealProof)
    const randomness = {
      seal: sealRandomness(rt, Number(sealRandEpoch), entropy),
      interactive: NO_CHALLENGE,
    }
    claims.push(sealClaim(sector.sealingNumber, randomness, sector.sealedCid, unsealedCid))
    requireParam(isValid || !requireAll, () => `invalid NI commit ${i} while requiring activation success`)
    codes.push(isValid ? ExitCode.OK : ExitCode.USR_ILLEGAL_ARGUMENT)
  }
  return { batch: batchOf(codes), claims, sectorNumbers: bitFieldOf(numbers) }
}

function isValidNISector(rt: Runtime, sector: SectorNIActivationInfo, sealProof: number): boolean {
  const earliestChallenge = rt.currEpoch - rt.policy.maxProveCommitNiRandomnessLookback
  return (
    sector.sectorNumber <= MAX_SECTOR_NUMBER &&
    mayExpireAt(rt, sector.expiration, sealProof) &&
    sector.sealerId === idOfAddress(rt.message.receiver) &&
    sector.sectorNumber === sector.sealingNumber &&
    isSealedSector(sector.sealedCid) &&
    sector.sealRandEpoch >= earliestChallenge
  )
}

function mayExpireAt({ policy, currEpoch }: Runtime, expiration: bigint, sealProof: number): boolean {
  try {
    validateExpiration(policy, currEpoch, currEpoch, expiration, sealProof)
    return true
  } catch (error) {
    if (error instanceof ActorError) {
      return false
    }
    throw error
  }
}
