import type { Blockstore } from '@plimsoll/ipld'
import type { Draft } from '../runtime/draft.ts'
import type { MapMap } from '../runtime/map-map.ts'
import { type Allocation, Allocations, type Claim, VerifregClaims, type VerifregState } from './state.ts'

/** Source of everything here: builtin-actors v18, `actors/verifreg/src/state.rs`. */

export type AllocationMap = MapMap<bigint, bigint, Allocation>
export type ClaimMap = MapMap<bigint, bigint, Claim>

/** Source: `load_allocs`. */
export function loadAllocations(store: Blockstore, state: VerifregState): AllocationMap {
  return Allocations.load(store, state.allocations)
}

/** Source: `load_claims`. */
export function loadClaims(store: Blockstore, state: VerifregState): ClaimMap {
  return VerifregClaims.load(store, state.claims)
}

/** Adds a client's allocations under the next ids and returns those. Source: `insert_allocations`. */
export function insertAllocations(
  store: Blockstore,
  state: Draft<VerifregState>,
  client: bigint,
  newAllocations: readonly Allocation[],
): readonly bigint[] {
  const firstId = state.nextAllocationId
  const allocations = loadAllocations(store, state)
  const ids = newAllocations.map((allocation, i) => {
    const id = firstId + BigInt(i)
    allocations.set(client, id, allocation)
    return id
  })
  state.allocations = allocations.flush()
  state.nextAllocationId = firstId + BigInt(ids.length)
  return ids
}

/** Writes claims over those of the same ids. Source: `put_claims`. */
export function putClaims(
  store: Blockstore,
  state: Draft<VerifregState>,
  changed: readonly (readonly [id: bigint, claim: Claim])[],
): void {
  const claims = loadClaims(store, state)
  for (const [id, claim] of changed) {
    claims.set(claim.provider, id, claim)
  }
  state.claims = claims.flush()
}
