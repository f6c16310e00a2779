import { type BitField, bitsOf } from '@plimsoll/ipld'
import { type AttoFil, BURNT_FUNDS_ACTOR_ADDR, EPOCH_UNDEFINED, ExitCode } from '@plimsoll/primitives'
import { requireParam } from '../../runtime/actor-error.ts'
import { batchOf } from '../../runtime/batch-return.ts'
import type { Draft } from '../../runtime/draft.ts'
import { idOfAddress } from '../../runtime/id-of-address.ts'
import { requirePayable } from '../../runtime/out-of-gas.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { sendFunds } from '../../runtime/send.ts'
import { attempt } from '../attempt.ts'
import { type DealState, dealCid } from '../deal.ts'
import { emitDealCompleted } from '../emit.ts'
import { putDealStates } from '../state/deal-states.ts'
import { activeDealOrTimeout, removeCompletedDeal } from '../state/deals.ts'
import { type ActiveDeal, processDealUpdate } from '../state/payments.ts'
import { loadProposals, requireProposal } from '../state/proposals.ts'
import { type DealPlace, removeSectorDealIds } from '../state/provider-sectors.ts'
import { MarketState } from '../state.ts'
import { type DealSettlementSummary, EX_DEAL_EXPIRED, type SettleDealPaymentsReturn } from '../types.ts'

/** How one deal ended. */
type Settlement =
  | {
      readonly code: typeof ExitCode.OK
      readonly summary: DealSettlementSummary
      readonly change: Change | null
    }
  | { readonly code: number; readonly slashed: AttoFil }

/** What is to be done once all deals were settled: the new state of one, or where one was that is over. */
type Change = { readonly dealId: bigint; readonly dealState: DealState } | { readonly left: DealPlace }

/**
 * `SettleDealPayments`: pays deals up to now. One that has run to its end is ended with it, and so is one that no
 * sector has taken in before its start, for which the provider's collateral is burnt.
 *
 * In the result stand `EX_DEAL_EXPIRED` for a deal that is not there or was ended so, and the codes of deals that
 * contradict themselves. What such a deal has changed until then stays.
 *
 * Source: builtin-actors v18, `actors/market/src/lib.rs`, `settle_deal_payments`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a deal that is marked for termination; `USR_ILLEGAL_STATE` for one
 * that is paid to its end and not there.
 * @throws {OutOfGas} for more deals than a message can pay for.
 */
export function settleDealPayments(rt: Runtime, dealIds: BitField): SettleDealPaymentsReturn {
  rt.validateImmediateCallerAcceptAny()
  requirePayable(dealIds)
  const settled = rt.transaction(MarketState, (state) => {
    const settlements: Settlement[] = []
    for (const dealId of bitsOf(dealIds)) {
      settlements.push(settleDeal(rt, state, BigInt(dealId)))
    }
    const changes = settlements.flatMap((settlement) => ('change' in settlement && settlement.change) || [])
    putDealStates(
      rt.store,
      state,
      changes.flatMap((change) =>
        'dealState' in change ? [[change.dealId, change.dealState] as const] : [],
      ),
    )
    removeSectorDealIds(
      rt.store,
      state,
      changes.flatMap((change) => ('left' in change ? [change.left] : [])),
    )
    return settlements
  })
  const slashed = settled.reduce(
    (sum, settlement) => sum + ('slashed' in settlement ? settlement.slashed : 0n),
    0n,
  )
  if (slashed !== 0n) {
    sendFunds(rt, BURNT_FUNDS_ACTOR_ADDR, slashed)
  }
  return {
    results: batchOf(settled.map(({ code }) => code)),
    settlements: settled.flatMap((settlement) => ('summary' in settlement ? [settlement.summary] : [])),
  }
}

function settleDeal(rt: Runtime, state: Draft<MarketState>, dealId: bigint): Settlement {
  const found = attempt(() => requireProposal(loadProposals(rt.store, state), dealId, state.nextId))
  if (found.value === undefined) {
    // Whatever the reason, the answer is this one, also for a deal that there never was.
    return failed(EX_DEAL_EXPIRED)
  }
  const published = { deal: found.value, dealCid: dealCid(rt, found.value) }
  const loaded = attempt(() => activeDealOrTimeout(rt.store, state, rt.currEpoch, dealId, published))
  if (loaded.value === undefined) {
    return failed(loaded.exitCode)
  }
  switch (loaded.value.kind) {
    case 'tooEarly':
      return { code: ExitCode.OK, summary: { payment: 0n, completed: false }, change: null }
    case 'proposalExpired':
      return { code: EX_DEAL_EXPIRED, slashed: loaded.value.slashed }
    case 'active':
      return settleActiveDeal(rt, state, dealId, { ...published, dealState: loaded.value.dealState })
  }
}

function settleActiveDeal(
  rt: Runtime,
  state: Draft<MarketState>,
  dealId: bigint,
  active: ActiveDeal,
): Settlement {
  const { deal, dealState } = active
  requireParam(dealState.slashEpoch === EPOCH_UNDEFINED, () => `the deal ${dealId} is marked for termination`)
  const updated = attempt(() => processDealUpdate(rt.store, state, active, rt.currEpoch))
  if (updated.value === undefined) {
    return failed(updated.exitCode)
  }
  const { payment, isOver } = updated.value
  const summary = { payment, completed: isOver }
  if (!isOver) {
    const change = { dealId, dealState: { ...dealState, lastUpdatedEpoch: rt.currEpoch } }
    return { code: ExitCode.OK, summary, change }
  }
  // A deal that is over and not marked for termination has run to its end.
  removeCompletedDeal(rt.store, state, dealId)
  emitDealCompleted(rt, dealId, deal)
  const left = { provider: idOfAddress(deal.provider), sectorNumber: dealState.sectorNumber, dealId }
  return { code: ExitCode.OK, summary, change: { left } }
}

function failed(code: number): Settlement {
  return { code, slashed: 0n }
}
