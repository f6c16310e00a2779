import type { Amt, Blockstore } from '@plimsoll/ipld'
import { ExitCode } from '@plimsoll/primitives'
import { ActorError } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { DealProposal } from '../deal.ts'
import { DealProposals, type MarketState } from '../state.ts'
import { EX_DEAL_EXPIRED } from '../types.ts'

/** The proposals of deals. Source of everything here: builtin-actors v18, `actors/market/src/state.rs`. */

/** Source: `load_proposals`. */
export function loadProposals(store: Blockstore, state: Pick<MarketState, 'proposals'>): Amt<DealProposal> {
  return DealProposals.load(store, state.proposals)
}

/** Source: `State::find_proposal`. */
export function findProposal(
  store: Blockstore,
  state: Pick<MarketState, 'proposals'>,
  dealId: bigint,
): DealProposal | undefined {
  return loadProposals(store, state).get(dealId)
}

/**
 * The proposal of a deal that has to be there. Source: `get_proposal`.
 *
 * @throws {ActorError} `EX_DEAL_EXPIRED` for a deal that is over; `USR_NOT_FOUND` for one that there never was.
 */
export function requireProposal(proposals: Amt<DealProposal>, dealId: bigint, nextId: bigint): DealProposal {
  const proposal = proposals.get(dealId)
  if (proposal === undefined) {
    throw dealId < nextId
      ? new ActorError(EX_DEAL_EXPIRED, `deal ${dealId} expired`)
      : new ActorError(ExitCode.USR_NOT_FOUND, `no such deal ${dealId}`)
  }
  return proposal
}

/** Says whether there was one. Source: `remove_proposal`. */
export function removeProposal(store: Blockstore, state: Draft<MarketState>, dealId: bigint): boolean {
  const proposals = loadProposals(store, state)
  const wasThere = proposals.delete(dealId)
  state.proposals = proposals.flush()
  return wasThere
}

/** Source: `put_deal_proposals`. */
export function putDealProposals(
  store: Blockstore,
  state: Draft<MarketState>,
  added: readonly (readonly [dealId: bigint, proposal: DealProposal])[],
): void {
  const proposals = loadProposals(store, state)
  for (const [dealId, proposal] of added) {
    proposals.set(dealId, proposal)
  }
  state.proposals = proposals.flush()
}
