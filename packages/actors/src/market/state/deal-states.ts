import type { Amt, Blockstore } from '@plimsoll/ipld'
import type { Draft } from '../../runtime/draft.ts'
import type { DealState } from '../deal.ts'
import { DealStates, type MarketState } from '../state.ts'

/** The states of activated deals. Source of everything here: builtin-actors v18, `actors/market/src/state.rs`. */

/** Source: `load_deal_states`. */
export function loadDealStates(store: Blockstore, state: Pick<MarketState, 'states'>): Amt<DealState> {
  return DealStates.load(store, state.states)
}

/** Source: `State::find_deal_state`. */
export function findDealState(
  store: Blockstore,
  state: Pick<MarketState, 'states'>,
  dealId: bigint,
): DealState | undefined {
  return loadDealStates(store, state).get(dealId)
}

/** Source: `put_deal_states`. */
export function putDealStates(
  store: Blockstore,
  state: Draft<MarketState>,
  changed: readonly (readonly [dealId: bigint, dealState: DealState])[],
): void {
  const states = loadDealStates(store, state)
  for (const [dealId, dealState] of changed) {
    states.set(dealId, dealState)
  }
  state.states = states.flush()
}

/** Says whether there was one. Source: `remove_deal_state`. */
export function removeDealState(store: Blockstore, state: Draft<MarketState>, dealId: bigint): boolean {
  const states = loadDealStates(store, state)
  const wasThere = states.delete(dealId)
  state.states = states.flush()
  return wasThere
}
