import {
  type BitField,
  type BitIndex,
  bitFieldOf,
  canonicalIndex,
  MAX_BIT_FIELD_END,
  unionBitFields,
} from '@plimsoll/ipld'
import { type AttoFil, VERIFIED_REGISTRY_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireAllowed, requireFunds, requireInvariant, requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { deserialize, sendAndReturn, serialize } from '../../runtime/send.ts'
import { addExpirationPartitions, putPartition, requirePartition } from '../deadline-state/partitions.ts'
import { type Deadlines, Partitions } from '../deadline-state.ts'
import { loadDeadline, updateDeadline } from '../deadlines.ts'
import { type Claim, GET_CLAIMS_METHOD, GetClaimsParams, GetClaimsReturn } from '../ext.ts'
import { type ClaimSpace, type ExtensionTerms, extendSectorCommitment } from '../extend-sector.ts'
import type { ExpirationExtension2 } from '../method-types.ts'
import { replaceSectors, type SectorDeltas } from '../partition-state/add-sectors.ts'
import { addPower, ZERO_POWER } from '../power-pair.ts'
import { quantSpecForDeadline } from '../quant-specs.ts'
import { loadSectors, loadSectorsArray, type Sectors, storeSectors } from '../sectors.ts'
import { notifyPledgeChanged, requestNetworkInputs, requestUpdatePower } from '../sends.ts'
import { loadDeadlinesDraft, saveDeadlines } from '../state/assign-sectors.ts'
import { addInitialPledge, checkBalanceInvariants, getUnlockedBalance } from '../state/funds.ts'
import { getInfoForController, powerTermsOf } from '../state/info.ts'
import { MinerState } from '../state.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/** Sectors of a partition that are extended, those with claims among them. */
interface Extension {
  readonly deadline: number
  readonly partition: bigint
  readonly sectors: BitField
  readonly newExpiration: bigint
}

/**
 * Method 32, `ExtendSectorExpiration2`: lets sectors live longer. All claims of a sector are to be named, kept or
 * dropped; they are looked up before the caller is looked at. The pledge stays, unless a duration multiplier is on.
 *
 * Source: `extend_sector_expiration2` and `extend_sector_expiration_inner`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for bad claims or expirations; `USR_FORBIDDEN` for claims that end
 * before, expired sectors, or a caller that may not; `USR_NOT_FOUND` for a partition or sector that there is not.
 */
export function extendSectorExpiration2(rt: Runtime, declarations: readonly ExpirationExtension2[]): void {
  const claimSpace = validateDeclarations(rt, declarations)
  const extensions = declarations.map(extensionOf)
  const network = rt.policy.rules.durationMultiplier === null ? null : requestNetworkInputs(rt)
  const circulatingSupply = rt.totalFilCircSupply()
  const delta = rt.transaction(MinerState, (state) => {
    const info = getInfoForController(rt, state)
    const deadlines = loadDeadlinesDraft(rt.store, state)
    const sectors = loadSectorsArray(rt.store, state)
    const terms = { circulatingSupply, power: powerTermsOf(rt.policy, info), pledge: network, claimSpace }
    let [power, pledge] = [ZERO_POWER, 0n]
    for (const index of new Set(extensions.map(({ deadline }) => deadline))) {
      const ofDeadline = extensions.filter(({ deadline }) => deadline === index)
      const change = extendInDeadline(rt, state, deadlines, sectors, index, ofDeadline, terms)
      power = addPower(power, change.power)
      pledge += change.pledge
    }
    state.sectors = sectors.flush()
    saveDeadlines(rt.store, state, deadlines)
    if (network !== null) {
      lockPledge(rt, state, pledge)
    }
    return { power, pledge }
  })
  requestUpdatePower(rt, delta.power)
  notifyPledgeChanged(rt, delta.pledge)
}

/**
 * Locks what sectors pledge more under a duration multiplier. Fee debt does not count against it.
 *
 * Source: builtin-actors pull request 1261, the same file, `extend_sector_expiration_inner`.
 *
 * @throws {ActorError} `USR_INSUFFICIENT_FUNDS`
 */
function lockPledge(rt: Runtime, state: Draft<MinerState>, pledge: AttoFil): void {
  const balance = rt.currentBalance()
  const unlocked = getUnlockedBalance(state, balance)
  requireFunds(
    pledge <= 0n || unlocked >= pledge,
    () => `insufficient funds for the pledge of an extension ${pledge}, available ${unlocked}`,
  )
  addInitialPledge(state, pledge)
  checkBalanceInvariants(state, balance)
}

/** Source: `From<ExpirationExtension2> for ValidatedExpirationExtension`. */
function extensionOf(declaration: ExpirationExtension2): Extension {
  const withClaims = declaration.sectorsWithClaims.map(({ sectorNumber }) => sectorNumber)
  requireInvariant(
    withClaims.every((number) => number < MAX_BIT_FIELD_END),
    'no set has such a number',
  )
  return {
    deadline: Number(declaration.deadline),
    partition: declaration.partition,
    sectors: unionBitFields(bitFieldOf(withClaims.map(canonicalIndex)), declaration.sectors),
    newExpiration: declaration.newExpiration,
  }
}

function extendInDeadline(
  rt: Runtime,
  state: Draft<MinerState>,
  deadlines: Draft<Deadlines>,
  sectors: Sectors,
  index: number,
  extensions: readonly Extension[],
  terms: Omit<ExtensionTerms, 'newExpiration'>,
): SectorDeltas {
  const { store, policy } = rt
  const deadline = loadDeadline(store, deadlines, index)
  const partitions = Partitions.load(store, deadline.partitions)
  const quant = quantSpecForDeadline(policy, state, index)
  const partitionsByExpiration = new Map<number, BitIndex[]>()
  let [power, pledge, dailyFee]: [SectorDeltas['power'], AttoFil, AttoFil] = [ZERO_POWER, 0n, 0n]
  for (const extension of extensions) {
    const partitionIndex = canonicalIndex(extension.partition)
    const partition = requirePartition(partitions, partitionIndex)
    const oldSectors = loadSectors(sectors, extension.sectors)
    const newSectors = oldSectors.map((sector) =>
      extendSectorCommitment(rt, sector, { ...terms, newExpiration: extension.newExpiration }),
    )
    storeSectors(sectors, newSectors)
    const delta = replaceSectors(store, partition, oldSectors, newSectors, terms.power, quant)
    putPartition(partitions, partitionIndex, partition)
    power = addPower(power, delta.power)
    pledge += delta.pledge
    dailyFee += delta.dailyFee
    const epoch = Number(extension.newExpiration)
    partitionsByExpiration.set(epoch, [...(partitionsByExpiration.get(epoch) ?? []), partitionIndex])
  }
  deadline.livePower = addPower(deadline.livePower, power)
  deadline.dailyFee += dailyFee
  deadline.partitions = partitions.flush()
  for (const [epoch, indexes] of partitionsByExpiration) {
    addExpirationPartitions(store, deadline, epoch, indexes, quant)
  }
  updateDeadline(store, deadlines, index, deadline)
  return { power, pledge, dailyFee }
}

/**
 * Looks every declared claim up.
 *
 * Source: `validate_extension_declarations`.
 *
 * @returns the space of the claims by sector.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT`; `USR_FORBIDDEN` for a claim that is kept beyond its term.
 */
function validateDeclarations(
  rt: Runtime,
  declarations: readonly ExpirationExtension2[],
): ReadonlyMap<bigint, ClaimSpace> {
  const provider = idOfAddress(rt.message.receiver)
  const claimSpace = new Map<bigint, ClaimSpace>()
  for (const { deadline, sectorsWithClaims, newExpiration } of declarations) {
    requireParam(deadline < rt.policy.wpostPeriodDeadlines, () => `no deadline ${deadline}`)
    for (const { sectorNumber, maintainClaims, dropClaims } of sectorsWithClaims) {
      const claims = getClaims(rt, provider, [...maintainClaims, ...dropClaims])
      for (const [i, claim] of claims.entries()) {
        requireParam(claim.provider === provider, () => `a claim of provider ${claim.provider}`)
        requireParam(
          claim.sector === sectorNumber,
          () => `a claim of sector ${claim.sector}, not ${sectorNumber}`,
        )
        const isKept = i < maintainClaims.length
        requireAllowed(
          !isKept || newExpiration <= claim.termStart + claim.termMax,
          () => `a claim of sector ${sectorNumber} cannot be kept until ${newExpiration}`,
        )
        const { declared, kept } = claimSpace.get(sectorNumber) ?? { declared: 0n, kept: 0n }
        claimSpace.set(sectorNumber, {
          declared: declared + claim.size,
          kept: isKept ? kept + claim.size : kept,
        })
      }
    }
  }
  return claimSpace
}

/** Source: `get_claims`. @throws {ActorError} `USR_ILLEGAL_ARGUMENT` when one is not there. */
function getClaims(rt: Runtime, provider: bigint, claimIds: readonly bigint[]): readonly Claim[] {
  const params = serialize(GetClaimsParams, { provider, claimIds })
  const answer = sendAndReturn(rt, VERIFIED_REGISTRY_ACTOR_ADDR, GET_CLAIMS_METHOD, params)
  const { batchInfo, claims } = deserialize(GetClaimsReturn, answer)
  requireParam(batchInfo.successCount >= claimIds.length, 'invalid claims')
  return claims
}
