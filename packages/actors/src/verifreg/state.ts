import {
  address,
  addressKey,
  bytesKey,
  chainEpoch,
  cid,
  hamt,
  storagePower,
  tuple,
  u64,
  u64Key,
  type ValueOf,
} from '@plimsoll/ipld'
import type { StoragePower } from '@plimsoll/primitives'
import { mapMap } from '../runtime/map-map.ts'

/** Source of everything here: builtin-actors v18, `actors/verifreg/src/state.rs` and `types.rs`. */

const HAMT_BIT_WIDTH = 5

/** Bytes that a verified client may have stored at ten times the power. */
export type DataCap = StoragePower
export const dataCap = { ...storagePower, name: 'dataCap' }

/** DataCap that a client has set aside for a piece of data at a provider. Actors by id. CBOR tuple. */
export const Allocation = tuple('Allocation', {
  client: u64,
  provider: u64,
  data: cid,
  /** The padded size, in bytes. */
  size: u64,
  /** Epochs for which a sector has to keep the data at least and at most. */
  termMin: chainEpoch,
  termMax: chainEpoch,
  /** The last epoch in which the provider can claim it. */
  expiration: chainEpoch,
})
export type Allocation = ValueOf<typeof Allocation>

/** An allocation that a sector has taken up. Actors by id. CBOR tuple. */
export const Claim = tuple('Claim', {
  provider: u64,
  client: u64,
  data: cid,
  /** The padded size, in bytes. */
  size: u64,
  /** Epochs after `termStart`. */
  termMin: chainEpoch,
  termMax: chainEpoch,
  termStart: chainEpoch,
  sector: u64,
})
export type Claim = ValueOf<typeof Claim>

/** How many removals a verifier has consented to of one client. CBOR tuple. */
export const RemoveDataCapProposalId = tuple('RemoveDataCapProposalID', { id: u64 })
export type RemoveDataCapProposalId = ValueOf<typeof RemoveDataCapProposalId>

/** Verifier to the DataCap that it may still give out. */
export const Verifiers = hamt(addressKey, dataCap, { bitWidth: HAMT_BIT_WIDTH })

/** The addresses of a verifier and of a client, one after the other, to their next proposal. */
export const RemoveDataCapProposalIds = hamt(bytesKey, RemoveDataCapProposalId, { bitWidth: HAMT_BIT_WIDTH })

/** Client and allocation. */
export const Allocations = mapMap(u64Key, u64Key, Allocation, { bitWidth: HAMT_BIT_WIDTH })

/** Provider and claim, which has the id of the allocation that it was. */
export const VerifregClaims = mapMap(u64Key, u64Key, Claim, { bitWidth: HAMT_BIT_WIDTH })

/** The state of the verified registry from v9 on. CBOR tuple. Source: `State`. */
export const VerifregState = tuple('VerifregState', {
  rootKey: address,
  verifiers: Verifiers.link,
  removeDataCapProposalIds: RemoveDataCapProposalIds.link,
  allocations: Allocations.link,
  /** From 1 up: 0 is no allocation. */
  nextAllocationId: u64,
  claims: VerifregClaims.link,
})
export type VerifregState = ValueOf<typeof VerifregState>
