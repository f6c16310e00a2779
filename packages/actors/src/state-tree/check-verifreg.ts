import type { Cid } from '@plimsoll/ipld'
import { type Address, formatIdAddress, idAddress, VERIFIED_REGISTRY_ACTOR_ID } from '@plimsoll/primitives'
import type { DatacapSummary } from '../datacap/invariants.ts'
import { TOKEN_PRECISION } from '../datacap/types.ts'
import type { Findings } from '../invariants/findings.ts'
import type { MinerSummary } from '../miner/invariants/check-state-invariants.ts'
import { type SectorOnChainInfo, SIMPLE_QA_POWER } from '../miner/types.ts'
import { idOfAddress } from '../runtime/id-of-address.ts'
import { claimExpiration } from '../verifreg/expiration.ts'
import type { VerifregSummary } from '../verifreg/invariants.ts'
import type { Claim } from '../verifreg/state.ts'

/**
 * What the verified registry says must be what the token, the market and miners say.
 *
 * Source of everything here: builtin-actors v18, `state/src/check.rs`.
 */

/** Who may give out DataCap has none, and the registry has what is allocated. Source: `check_verifreg_against_datacap`. */
export function checkVerifregAgainstDatacap(
  { verifiers, allocations }: VerifregSummary,
  { balances }: DatacapSummary,
  findings: Findings,
): void {
  for (const verifier of verifiers.keys()) {
    findings.require(
      !balances.has(idOfAddress(verifier)),
      'tree/verifier-with-datacap',
      () => `${formatIdAddress(verifier)} is a verifier and has DataCap`,
    )
  }
  const balance = balances.get(BigInt(VERIFIED_REGISTRY_ACTOR_ID)) ?? 0n
  let allocated = 0n
  for (const { size } of allocations.values()) {
    allocated += size
  }
  findings.require(
    allocated * TOKEN_PRECISION === balance,
    'tree/allocated-datacap',
    () => `${balance} tokens, where allocations have ${allocated} bytes`,
  )
}

/** What of the market's deals the registry is compared with. */
export interface PendingDealAllocations {
  /** Allocation to the deal that waits for its activation. */
  readonly allocIdToDealId: ReadonlyMap<bigint, bigint>
  readonly deals: ReadonlyMap<bigint, { readonly provider: Address; readonly pieceCid: Cid }>
}

/** The deals that wait have the allocations that they name. Source: `check_market_against_verifreg`. */
export function checkMarketAgainstVerifreg(
  { allocIdToDealId, deals }: PendingDealAllocations,
  { allocations }: VerifregSummary,
  findings: Findings,
): void {
  for (const [allocationId, dealId] of allocIdToDealId) {
    const allocation = allocations.get(allocationId)
    const deal = deals.get(dealId)
    if (allocation === undefined) {
      findings.add('tree/deal-without-allocation', `deal ${dealId} waits for allocation ${allocationId}`)
    } else if (deal === undefined) {
      findings.add('tree/allocation-of-no-deal', `there is no deal ${dealId}`)
    } else {
      findings.require(
        idOfAddress(deal.provider) === allocation.provider,
        'tree/deal-allocation-provider',
        () => `deal ${dealId} is with another provider than allocation ${allocationId}`,
      )
      findings.require(
        deal.pieceCid === allocation.data,
        'tree/deal-allocation-piece',
        () => `deal ${dealId} has another piece than allocation ${allocationId}`,
      )
    }
  }
}

/** Claims fit the sectors that are still there, and make up their weight. Source: `check_verifreg_against_miners`. */
export function checkVerifregAgainstMiners(
  { claims }: VerifregSummary,
  miners: ReadonlyMap<Address, MinerSummary>,
  findings: Findings,
): void {
  const weights = new Map<SectorOnChainInfo, { readonly provider: bigint; weight: bigint }>()
  for (const [id, claim] of claims) {
    const miner = miners.get(idAddress(claim.provider))
    const here = findings.under('claims', String(claim.provider), String(id))
    if (miner === undefined) {
      here.add('tree/claim-without-miner', 'the provider is not a miner')
      continue
    }
    const sector = miner.liveDataSectors.get(Number(claim.sector))
    if (sector === undefined) {
      continue
    }
    here.require(
      sector.activation <= claim.termStart,
      'tree/claim-before-sector',
      () => `it starts at ${claim.termStart}, and sector ${claim.sector} at ${sector.activation}`,
    )
    if (hasSimpleQaPower(sector)) {
      checkTerms(claim, sector, here)
      const known = weights.get(sector) ?? { provider: claim.provider, weight: 0n }
      known.weight += claim.size * BigInt(sector.expiration - claim.termStart)
      weights.set(sector, known)
    }
  }
  for (const [sector, { provider, weight }] of weights) {
    findings.require(
      sector.verifiedDealWeight === weight,
      'tree/claimed-weight',
      () =>
        `sector ${sector.sectorNumber} of f0${provider} has a verified weight of ${sector.verifiedDealWeight}, ` +
        `where its claims have ${weight}`,
    )
  }
}

/** Other sectors may outlive their claims, and have their weight from before they were extended. */
function hasSimpleQaPower({ flags }: SectorOnChainInfo): boolean {
  return (flags & SIMPLE_QA_POWER) !== 0
}

function checkTerms(claim: Claim, { expiration }: SectorOnChainInfo, findings: Findings): void {
  findings.require(
    expiration >= claim.termStart + claim.termMin,
    'tree/claim-term-min',
    () => `the sector expires at ${expiration}, before ${claim.termStart + claim.termMin}`,
  )
  findings.require(
    expiration <= claimExpiration(claim),
    'tree/claim-term-max',
    () => `the sector expires at ${expiration}, after ${claimExpiration(claim)}`,
  )
}
