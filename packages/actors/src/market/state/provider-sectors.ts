import type { BitIndex, Blockstore } from '@plimsoll/ipld'
import type { Draft } from '../../runtime/draft.ts'
import type { MapMap } from '../../runtime/map-map.ts'
import { type MarketState, ProviderSectors } from '../state.ts'

/** Which deals are in which sectors. Source of everything here: builtin-actors v18, `actors/market/src/state.rs`. */

/** A deal in the sector that has taken it in. */
export interface DealPlace {
  readonly provider: bigint
  readonly sectorNumber: bigint
  readonly dealId: bigint
}

/**
 * Adds deals to those of sectors. A sector to which none are added is there as well from then on.
 *
 * Source: `put_sector_deal_ids`.
 */
export function putSectorDealIds(
  store: Blockstore,
  state: Draft<MarketState>,
  provider: bigint,
  added: readonly (readonly [sectorNumber: bigint, dealIds: readonly bigint[]])[],
): void {
  const sectors = loadProviderSectors(store, state)
  for (const [sectorNumber, dealIds] of added) {
    const all = new Set([...dealIds, ...(sectors.get(provider, sectorNumber) ?? [])])
    sectors.set(provider, sectorNumber, [...all].sort(ascending))
  }
  state.providerSectors = sectors.flush()
}

/** Takes sectors out and returns the deals that were in them. Source: `pop_sector_deal_ids`. */
export function popSectorDealIds(
  store: Blockstore,
  state: Draft<MarketState>,
  provider: bigint,
  sectorNumbers: Iterable<BitIndex>,
): readonly bigint[] {
  const sectors = loadProviderSectors(store, state)
  const popped: bigint[] = []
  for (const sectorNumber of sectorNumbers) {
    popped.push(...(sectors.delete(provider, BigInt(sectorNumber)) ?? []))
  }
  state.providerSectors = sectors.flush()
  return popped
}

/** Takes deals out of their sectors; those that are not there are passed over. Source: `remove_sector_deal_ids`. */
export function removeSectorDealIds(
  store: Blockstore,
  state: Draft<MarketState>,
  removed: readonly DealPlace[],
): void {
  const sectors = loadProviderSectors(store, state)
  for (const { provider, sectorNumber, dealId } of removed) {
    const present = sectors.get(provider, sectorNumber)
    if (present === undefined) {
      continue
    }
    const kept = present.filter((id) => id !== dealId)
    if (kept.length === 0) {
      sectors.delete(provider, sectorNumber)
    } else {
      sectors.set(provider, sectorNumber, kept)
    }
  }
  state.providerSectors = sectors.flush()
}

function loadProviderSectors(
  store: Blockstore,
  state: Pick<MarketState, 'providerSectors'>,
): MapMap<bigint, bigint, readonly bigint[]> {
  return ProviderSectors.load(store, state.providerSectors)
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
