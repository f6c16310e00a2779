import { type AttoFil, BURNT_FUNDS_ACTOR_ADDR, CRON_ACTOR_ADDR, EPOCH_UNDEFINED } from '@plimsoll/primitives'
import { requireState } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { sendFunds } from '../../runtime/send.ts'
import { dealCid } from '../deal.ts'
import { emitDealCompleted, emitDealTerminated } from '../emit.ts'
import { dealsForEpochs, nextUpdateEpoch, putDealsByEpoch, removeDealsByEpoch } from '../state/deal-ops.ts'
import { putDealStates } from '../state/deal-states.ts'
import { activeDealOrTimeout, removeCompletedDeal } from '../state/deals.ts'
import { type ActiveDeal, processDealUpdate } from '../state/payments.ts'
import { removePendingDeal } from '../state/pending-deals.ts'
import { findProposal } from '../state/proposals.ts'
import { type DealPlace, removeSectorDealIds } from '../state/provider-sectors.ts'
import { MarketState } from '../state.ts'

/** What one deal did: what is to be burnt, in attoFIL, and what is to be done once all deals were looked at. */
interface DealResult {
  readonly slashed: AttoFil
  /** Where the deal was that is over. */
  readonly left?: DealPlace
  /** When cron looks at the deal again. */
  readonly nextUpdate?: bigint
}

const NOTHING: DealResult = { slashed: 0n }

/**
 * Method 9, `CronTick`: ends the deals that are due to be in a sector and are not, and burns what their providers
 * lose. Deals that a sector has taken in are let go, to be settled by whoever wants to; only those that were paid
 * by cron before that was so are paid by it to their end.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `cron_tick`.
 *
 * @throws {ActorError} `USR_FORBIDDEN` unless called by cron; `USR_ILLEGAL_STATE` for deals that contradict
 * themselves; `USR_ILLEGAL_ARGUMENT` where the balances do not hold what a deal has locked.
 */
export function cronTick(rt: Runtime): void {
  rt.validateImmediateCallerIs([CRON_ACTOR_ADDR])
  const burnt = rt.transaction(MarketState, (state) => {
    const left: DealPlace[] = []
    const scheduled: (readonly [epoch: bigint, dealId: bigint])[] = []
    const epochs: bigint[] = []
    let slashed = 0n
    for (const [epoch, dealIds] of dealsForEpochs(rt.store, state, state.lastCron + 1, rt.currEpoch)) {
      for (const dealId of dealIds) {
        const result = processDeal(rt, state, dealId)
        slashed += result.slashed
        left.push(...(result.left === undefined ? [] : [result.left]))
        scheduled.push(...(result.nextUpdate === undefined ? [] : [[result.nextUpdate, dealId] as const]))
      }
      epochs.push(epoch)
    }
    removeSectorDealIds(rt.store, state, left)
    removeDealsByEpoch(rt.store, state, epochs)
    putDealsByEpoch(rt.store, state, scheduled)
    state.lastCron = rt.currEpoch
    return slashed
  })
  if (burnt !== 0n) {
    sendFunds(rt, BURNT_FUNDS_ACTOR_ADDR, burnt)
  }
}

function processDeal(rt: Runtime, state: Draft<MarketState>, dealId: bigint): DealResult {
  const deal = findProposal(rt.store, state, dealId)
  if (deal === undefined) {
    // It was settled or terminated in the meantime.
    return NOTHING
  }
  const cid = dealCid(rt, deal)
  const loaded = activeDealOrTimeout(rt.store, state, rt.currEpoch, dealId, { deal, dealCid: cid })
  requireState(loaded.kind !== 'tooEarly', () => `the deal ${dealId} is due before it starts`)
  if (loaded.kind === 'proposalExpired') {
    return { slashed: loaded.slashed }
  }
  const { dealState } = loaded
  if (dealState.lastUpdatedEpoch !== EPOCH_UNDEFINED) {
    return updateDeal(rt, state, dealId, { deal, dealState, dealCid: cid })
  }
  const wasPending = removePendingDeal(rt.store, state, cid)
  requireState(wasPending, () => `the deal ${dealId} is not pending`)
  return NOTHING
}

function updateDeal(rt: Runtime, state: Draft<MarketState>, dealId: bigint, active: ActiveDeal): DealResult {
  const { deal, dealState } = active
  const { slashed, isCompleted, isOver } = processDealUpdate(rt.store, state, active, rt.currEpoch)
  if (isOver) {
    removeCompletedDeal(rt.store, state, dealId)
    const emit = isCompleted ? emitDealCompleted : emitDealTerminated
    emit(rt, dealId, deal)
    return {
      slashed,
      left: { provider: idOfAddress(deal.provider), sectorNumber: dealState.sectorNumber, dealId },
    }
  }
  putDealStates(rt.store, state, [[dealId, { ...dealState, lastUpdatedEpoch: rt.currEpoch }]])
  const nextUpdate = nextUpdateEpoch(dealId, rt.policy.dealUpdatesInterval, BigInt(rt.currEpoch + 1))
  return { slashed, nextUpdate }
}
