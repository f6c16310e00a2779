import { type Amt, bitsOf } from '@plimsoll/ipld'
import { type AttoFil, BURNT_FUNDS_ACTOR_ADDR, EPOCH_UNDEFINED, formatIdAddress } from '@plimsoll/primitives'
import { requireParam, requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import { requirePayable } from '../../runtime/out-of-gas.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { sendFunds } from '../../runtime/send.ts'
import { type DealProposal, type DealState, dealCid } from '../deal.ts'
import { emitDealTerminated } from '../emit.ts'
import { loadDealStates } from '../state/deal-states.ts'
import { removeCompletedDeal } from '../state/deals.ts'
import { processSlashedDeal } from '../state/payments.ts'
import { removePendingDeal } from '../state/pending-deals.ts'
import { loadProposals } from '../state/proposals.ts'
import { popSectorDealIds } from '../state/provider-sectors.ts'
import { MarketState } from '../state.ts'
import type { OnMinerSectorsTerminateParams } from '../types.ts'

/** The deals as they were before any of them was ended. */
interface DealsBefore {
  readonly proposals: Amt<DealProposal>
  readonly states: Amt<DealState>
}

/**
 * Method 7, `OnMinerSectorsTerminate`: ends the deals in sectors of the calling miner that were terminated, and
 * burns the provider's collateral for them. Deals that have run to their end stay for settlement.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `on_miner_sectors_terminate`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by a miner; `USR_ILLEGAL_STATE` when a sector holds another
 * miner's deal or one deal twice; `USR_ILLEGAL_ARGUMENT` for a deal without a state, and where the balances do not
 * hold what a deal has locked.
 * @throws {OutOfGas} for more sectors than a message can pay for.
 */
export function onMinerSectorsTerminate(rt: Runtime, params: OnMinerSectorsTerminateParams): void {
  rt.validateImmediateCallerType(['storageminer'])
  // A miner never names so many: it terminates no more than it may address.
  requirePayable(params.sectors)
  const burnt = rt.transaction(MarketState, (state) => {
    const before = { proposals: loadProposals(rt.store, state), states: loadDealStates(rt.store, state) }
    const provider = idOfAddress(rt.message.caller)
    const dealIds = popSectorDealIds(rt.store, state, provider, bitsOf(params.sectors))
    let slashed = 0n
    for (const dealId of dealIds) {
      slashed += terminateDeal(rt, state, before, dealId, params.epoch)
    }
    return slashed
  })
  if (burnt > 0n) {
    sendFunds(rt, BURNT_FUNDS_ACTOR_ADDR, burnt)
  }
}

/** Ends one deal, and returns the collateral that its provider loses, in attoFIL. */
function terminateDeal(
  rt: Runtime,
  state: Draft<MarketState>,
  { proposals, states }: DealsBefore,
  dealId: bigint,
  epoch: bigint,
): AttoFil {
  const deal = proposals.get(dealId)
  if (deal === undefined) {
    // It was over and settled before its sector was.
    return 0n
  }
  const { provider } = deal
  requireState(
    provider === rt.message.caller,
    () => `the deal ${dealId} in the sector is with ${formatIdAddress(provider)}`,
  )
  if (deal.endEpoch <= epoch) {
    return 0n
  }
  const dealState = states.get(dealId)
  requireParam(dealState !== undefined, () => `the deal ${dealId} has no state`)
  if (dealState.lastUpdatedEpoch === EPOCH_UNDEFINED) {
    removePendingDeal(rt.store, state, dealCid(rt, deal))
  }
  const slashed = processSlashedDeal(rt.store, state, deal, dealState, epoch)
  removeCompletedDeal(rt.store, state, dealId)
  emitDealTerminated(rt, dealId, deal)
  return slashed
}
