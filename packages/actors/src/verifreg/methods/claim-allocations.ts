import { ExitCode } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import { batchOf, isAllOk } from '../../runtime/batch-return.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { type AllocationMap, type ClaimMap, loadAllocations, loadClaims } from '../allocations.ts'
import { burnDataCap } from '../datacap-calls.ts'
import { emitClaim } from '../emit.ts'
import { type Claim, type DataCap, VerifregState } from '../state.ts'
import type { ClaimAllocationsParams, ClaimAllocationsReturn, SectorAllocationClaims } from '../types.ts'
import { canClaimAllocation } from '../validation.ts'

/** How a sector ended, and the bytes that it claimed where it went well. */
type SectorResult =
  | { readonly code: typeof ExitCode.OK; readonly claimedSpace: DataCap }
  | { readonly code: typeof ExitCode.USR_FORBIDDEN | typeof ExitCode.USR_NOT_FOUND }

type NewClaim = readonly [id: bigint, claim: Claim]

/**
 * Method 9, `ClaimAllocations`: makes claims of the allocations of sectors that their miner has proven, and burns
 * the DataCap. A sector of which one allocation fails claims nothing.
 *
 * In the result stand `USR_NOT_FOUND` for an allocation that there is not, and `USR_FORBIDDEN` for one that does
 * not fit.
 *
 * Source: builtin-actors v18, `actors/verifreg/src/lib.rs`, `claim_allocations`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a miner; `USR_ILLEGAL_ARGUMENT` for no sectors, for a claim
 * that there is already, and where all or nothing was wanted and not all went well.
 */
export function claimAllocations(rt: Runtime, params: ClaimAllocationsParams): ClaimAllocationsReturn {
  rt.validateImmediateCallerType(['storageminer'])
  requireParam(params.sectors.length > 0, 'no claims')
  const results = rt.transaction(VerifregState, (state) => {
    const claims = loadClaims(rt.store, state)
    const allocations = loadAllocations(rt.store, state)
    const sectors = params.sectors.map((sector) => claimSector(rt, claims, allocations, sector))
    state.allocations = allocations.flush()
    state.claims = claims.flush()
    return sectors
  })
  const sectorResults = batchOf(results.map(({ code }) => code))
  requireParam(!params.allOrNothing || isAllOk(sectorResults), 'a sector failed, and all or none was wanted')
  const sectorClaims = results.flatMap((result) => (result.code === ExitCode.OK ? [result.claimedSpace] : []))
  burnDataCap(
    rt,
    sectorClaims.reduce((sum, space) => sum + space, 0n),
  )
  return { sectorResults, sectorClaims }
}

/** Nothing is changed for a sector before all of its allocations were looked at. */
function claimSector(
  rt: Runtime,
  claims: ClaimMap,
  allocations: AllocationMap,
  sector: SectorAllocationClaims,
): SectorResult {
  const newClaims = newClaimsOf(rt, allocations, sector)
  if (typeof newClaims === 'number') {
    return { code: newClaims }
  }
  let claimedSpace = 0n
  for (const [id, claim] of newClaims) {
    // The second of two claims of one allocation finds the first.
    requireParam(claims.setIfAbsent(claim.provider, id, claim), () => `claim ${id} already exists`)
    emitClaim(rt, id, claim)
    allocations.delete(claim.client, id)
    claimedSpace += claim.size
  }
  return { code: ExitCode.OK, claimedSpace }
}

/** The claims that a sector's allocations become, or the code of the first that cannot. */
function newClaimsOf(
  rt: Runtime,
  allocations: AllocationMap,
  { sector, expiry, claims }: SectorAllocationClaims,
): readonly NewClaim[] | typeof ExitCode.USR_FORBIDDEN | typeof ExitCode.USR_NOT_FOUND {
  const provider = idOfAddress(rt.message.caller)
  const newClaims: NewClaim[] = []
  for (const claim of claims) {
    const allocation = allocations.get(claim.client, claim.allocationId)
    if (allocation === undefined) {
      return ExitCode.USR_NOT_FOUND
    }
    if (!canClaimAllocation(claim, provider, allocation, rt.currEpoch, expiry)) {
      return ExitCode.USR_FORBIDDEN
    }
    const { client, data, size, termMin, termMax } = allocation
    const termStart = rt.currEpoch
    newClaims.push([
      claim.allocationId,
      { provider, client, data, size, termMin, termMax, termStart, sector },
    ])
  }
  return newClaims
}
