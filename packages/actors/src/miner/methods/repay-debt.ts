import { valueOfDraft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { burnFunds, notifyPledgeChanged } from '../sends.ts'
import { checkBalanceInvariants, repayPartialDebtInPriorityOrder } from '../state/funds.ts'
import { getInfoForController } from '../state/info.ts'
import { MinerState } from '../state.ts'

/**
 * Method 22, `RepayDebt`: pays what can be paid of the fee debt, first from what is locked.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `repay_debt`.
 *
 * @throws {ActorError} `USR_FORBIDDEN`, `USR_ILLEGAL_STATE`
 */
export function repayDebt(rt: Runtime): void {
  const { toBurn, totalUnlocked, state } = rt.transaction(MinerState, (draft) => {
    getInfoForController(rt, draft)
    const paid = repayPartialDebtInPriorityOrder(rt.store, draft, rt.currEpoch, rt.currentBalance())
    return { ...paid, state: valueOfDraft(draft) }
  })
  notifyPledgeChanged(rt, -totalUnlocked)
  burnFunds(rt, toBurn)
  checkBalanceInvariants(state, rt.currentBalance())
}
