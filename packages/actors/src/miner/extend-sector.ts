import { type AttoFil, type ChainEpoch, divFloor, divTrunc, maxBigInt } from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'
import { requireAllowed, requireInvariant, requireParam } from '../runtime/actor-error.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { initialPledgeForPower } from './monies.ts'
import { dailyProofFee, dailyProofFeeAdjust } from './policy.ts'
import { type PowerTerms, qaPowerOfTerm } from './sector-power.ts'
import type { NetworkInputs } from './sends.ts'
import { type SectorOnChainInfo, SIMPLE_QA_POWER } from './types.ts'
import { validateExpiration } from './validation.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** Bytes of claims that were declared of a sector, and those of them that it keeps. */
export interface ClaimSpace {
  readonly declared: bigint
  readonly kept: bigint
}

/** What an extension depends on beside the sector. */
export interface ExtensionTerms {
  readonly newExpiration: bigint
  readonly circulatingSupply: AttoFil
  readonly power: PowerTerms
  /** What a pledge is made of where it follows the power at an extension; null where it stays, as it does today. */
  readonly pledge: NetworkInputs | null
  readonly claimSpace: ReadonlyMap<bigint, ClaimSpace>
}

/** The network version from which a sector without a daily fee gets one when it is extended. Source: `FIP_0100_GRACE_PERIOD_END_VERSION`. */
const FIP_0100_GRACE_PERIOD_END_VERSION = 26

/**
 * A sector with a later expiration, whose data weigh as much for every epoch that is left as before.
 *
 * Source: `extend_sector_committment`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for an earlier expiration, too long a life, or claims that are not
 * those of the sector; `USR_FORBIDDEN` for an expired sector, or claims dropped long before the end.
 */
export function extendSectorCommitment(
  rt: Runtime,
  sector: SectorOnChainInfo,
  terms: ExtensionTerms,
): SectorOnChainInfo {
  const { policy, currEpoch } = rt
  const newExpiration = validateExtendedExpiration(policy, currEpoch, sector, terms.newExpiration)
  const hasSimplePower = (sector.flags & SIMPLE_QA_POWER) !== 0
  const extended = hasSimplePower
    ? extendSimpleQapSector(policy, currEpoch, sector, newExpiration, terms.claimSpace)
    : extendNonSimpleQapSector(currEpoch, sector, newExpiration)
  return {
    ...extended,
    dailyFee: extendedDailyFee(rt, sector, extended, terms),
    initialPledge: extendedPledge(extended, terms),
  }
}

/** A pledge never falls by an extension. */
function extendedPledge(extended: SectorOnChainInfo, { pledge, power }: ExtensionTerms): AttoFil {
  if (pledge === null) {
    return extended.initialPledge
  }
  const forNewPower = initialPledgeForPower(qaPowerOfTerm(power, extended), pledge.estimates, pledge.pledge)
  return maxBigInt(extended.initialPledge, forNewPower)
}

function extendedDailyFee(
  { policy, networkVersion }: Runtime,
  sector: SectorOnChainInfo,
  extended: SectorOnChainInfo,
  { circulatingSupply, power }: ExtensionTerms,
): AttoFil {
  const newPower = qaPowerOfTerm(power, extended)
  if (extended.dailyFee !== 0n) {
    return dailyProofFeeAdjust(sector.dailyFee, qaPowerOfTerm(power, sector), newPower)
  }
  return networkVersion >= FIP_0100_GRACE_PERIOD_END_VERSION
    ? dailyProofFee(policy, circulatingSupply, newPower)
    : 0n
}

/** Source: `validate_extended_expiration`; every proof type can be extended. */
function validateExtendedExpiration(
  policy: Policy,
  currEpoch: ChainEpoch,
  { sectorNumber, activation, expiration, sealProof }: SectorOnChainInfo,
  newExpiration: bigint,
): ChainEpoch {
  requireAllowed(expiration >= currEpoch, () => `sector ${sectorNumber} expired at ${expiration}`)
  requireParam(
    newExpiration >= expiration,
    () => `cannot reduce the expiration of sector ${sectorNumber} from ${expiration} to ${newExpiration}`,
  )
  return validateExpiration(policy, currEpoch, activation, newExpiration, sealProof)
}

/** Source: `extend_simple_qap_sector`. */
function extendSimpleQapSector(
  policy: Policy,
  currEpoch: ChainEpoch,
  sector: SectorOnChainInfo,
  newExpiration: ChainEpoch,
  claimSpace: ReadonlyMap<bigint, ClaimSpace>,
): SectorOnChainInfo {
  const oldDuration = BigInt(sector.expiration - sector.powerBaseEpoch)
  const remaining = sector.expiration - currEpoch
  const extended = { ...sector, expiration: newExpiration, powerBaseEpoch: currEpoch }
  if (sector.dealWeight > 0n) {
    requireInvariant(oldDuration !== 0n, 'a sector that lasts no epoch')
    extended.dealWeight = divTrunc(sector.dealWeight * BigInt(remaining), oldDuration)
  }
  if (sector.verifiedDealWeight <= 0n) {
    return extended
  }
  requireInvariant(oldDuration !== 0n, 'a sector that lasts no epoch')
  const space = claimSpace.get(BigInt(sector.sectorNumber))
  requireParam(space !== undefined, () => `no claims declared of sector ${sector.sectorNumber}`)
  requireParam(
    BigInt.asIntN(64, space.declared) === divTrunc(sector.verifiedDealWeight, oldDuration),
    () => `the declared claims are not all of sector ${sector.sectorNumber}`,
  )
  requireAllowed(
    space.declared === space.kept || remaining <= policy.endOfLifeClaimDropPeriod,
    () => `claims cannot be dropped ${remaining} epochs before the end`,
  )
  return {
    ...extended,
    verifiedDealWeight: space.kept * BigInt(newExpiration - currEpoch),
    expectedDayReward: null,
    expectedStoragePledge: null,
    replacedDayReward: null,
  }
}

/** Source: `extend_non_simple_qap_sector`. */
function extendNonSimpleQapSector(
  currEpoch: ChainEpoch,
  sector: SectorOnChainInfo,
  newExpiration: ChainEpoch,
): SectorOnChainInfo {
  const oldDuration = BigInt(sector.expiration - sector.powerBaseEpoch)
  requireInvariant(oldDuration !== 0n, 'a sector that lasts no epoch')
  const remaining = BigInt(sector.expiration - currEpoch)
  return {
    ...sector,
    expiration: newExpiration,
    powerBaseEpoch: currEpoch,
    dealWeight: divFloor(sector.dealWeight * remaining, oldDuration),
    verifiedDealWeight: divFloor(sector.verifiedDealWeight * remaining, oldDuration),
    expectedDayReward: null,
    expectedStoragePledge: null,
    replacedDayReward: null,
  }
}
