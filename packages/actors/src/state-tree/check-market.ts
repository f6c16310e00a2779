import { type Address, EPOCH_UNDEFINED, formatIdAddress } from '@plimsoll/primitives'
import type { Findings } from '../invariants/findings.ts'
import type { MarketSummary } from '../market/invariants.ts'

/**
 * Deals that are in a sector are with a miner. Whether the sector is there cannot be said, since a deal may outlive
 * it and end before it.
 *
 * Source: builtin-actors v18, `state/src/check.rs`, `check_deal_states_against_sectors`.
 */
export function checkDealStatesAgainstSectors(
  { deals }: MarketSummary,
  miners: ReadonlyMap<Address, unknown>,
  findings: Findings,
): void {
  for (const [dealId, { provider, dealState }] of deals) {
    const wasActivated = dealState !== undefined && dealState.sectorStartEpoch !== EPOCH_UNDEFINED
    findings.require(
      !wasActivated || miners.has(provider),
      'tree/deal-without-miner',
      () => `deal ${dealId} is with ${formatIdAddress(provider)}`,
    )
  }
}
