import {
  addressKey,
  amt,
  attoFil,
  type Blockstore,
  chainEpoch,
  cidKey,
  hamt,
  i64Key,
  list,
  tuple,
  u64,
  u64Key,
  type ValueOf,
} from '@plimsoll/ipld'
import { type AttoFil, EPOCH_UNDEFINED } from '@plimsoll/primitives'
import { mapMap } from '../runtime/map-map.ts'
import { hamtSet } from '../runtime/set.ts'
import { setMultimap } from '../runtime/set-multimap.ts'
import { DealProposal, DealState } from './deal.ts'

/** Source of everything here: builtin-actors v18, `actors/market/src/state.rs` and `types.rs`. */

const PROPOSALS_AMT_BIT_WIDTH = 5
const STATES_AMT_BIT_WIDTH = 6
const HAMT_BIT_WIDTH = 5
/** Source: builtin-actors v18, `actors/market/src/balance_table.rs`. */
const BALANCE_TABLE_BIT_WIDTH = 6

/** Deal to its proposal, from its publication until it is over. */
export const DealProposals = amt(DealProposal, { bitWidth: PROPOSALS_AMT_BIT_WIDTH })

/** Deal to its state, from its activation until it is over. Every one of these has a proposal. */
export const DealStates = amt(DealState, { bitWidth: STATES_AMT_BIT_WIDTH })

/** The CIDs of proposals whose deals were not paid for yet, none of which may be published again. */
export const PendingProposals = hamtSet(cidKey, { bitWidth: HAMT_BIT_WIDTH })

/** ID address of a client or a provider to attoFIL. */
export const BalanceTable = hamt(addressKey, attoFil, { bitWidth: BALANCE_TABLE_BIT_WIDTH })

/** Epoch to the deals that cron looks at in it. */
export const DealOpsByEpoch = setMultimap(i64Key, u64Key, { bitWidth: HAMT_BIT_WIDTH })

/** Deal to its allocation in the verified registry, until it is activated. */
export const PendingDealAllocations = hamt(u64Key, u64, { bitWidth: HAMT_BIT_WIDTH })

/** Provider and sector to the deals in the sector, ascending. */
export const ProviderSectors = mapMap(u64Key, u64Key, list(u64), { bitWidth: HAMT_BIT_WIDTH })

/** The state of the market from v13 on. Amounts in attoFIL. CBOR tuple. Source: `State`. */
export const MarketState = tuple('MarketState', {
  proposals: DealProposals.link,
  states: DealStates.link,
  pendingProposals: PendingProposals.link,
  /** All that was put in by clients and providers, locked or not. */
  escrowTable: BalanceTable.link,
  /** How much of it is locked. */
  lockedTable: BalanceTable.link,
  nextId: u64,
  dealOpsByEpoch: DealOpsByEpoch.link,
  /** The last epoch that cron has looked at. */
  lastCron: chainEpoch,
  totalClientLockedCollateral: attoFil,
  totalProviderLockedCollateral: attoFil,
  totalClientStorageFee: attoFil,
  pendingDealAllocationIds: PendingDealAllocations.link,
  providerSectors: ProviderSectors.link,
})
export type MarketState = ValueOf<typeof MarketState>

/** A market without deals. Source: `State::new`. */
export function emptyMarketState(store: Blockstore): MarketState {
  const balances = BalanceTable.empty(store).flush()
  return {
    proposals: DealProposals.empty(store).flush(),
    states: DealStates.empty(store).flush(),
    pendingProposals: PendingProposals.empty(store).flush(),
    escrowTable: balances,
    lockedTable: balances,
    nextId: 0n,
    dealOpsByEpoch: DealOpsByEpoch.empty(store).flush(),
    lastCron: EPOCH_UNDEFINED,
    totalClientLockedCollateral: 0n,
    totalProviderLockedCollateral: 0n,
    totalClientStorageFee: 0n,
    pendingDealAllocationIds: PendingDealAllocations.empty(store).flush(),
    providerSectors: ProviderSectors.empty(store).flush(),
  }
}

/** What is locked of all parties. Source: `get_total_locked`. */
export function totalLocked(state: MarketState): AttoFil {
  return state.totalClientLockedCollateral + state.totalProviderLockedCollateral + state.totalClientStorageFee
}
