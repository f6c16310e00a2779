import { countBits, isEmptyBitField } from '@plimsoll/ipld'
import { type AttoFil, minBigInt } from '@plimsoll/primitives'
import { requireAllowed, requireParam, requireState } from '../../runtime/actor-error.ts'
import { type Draft, valueOfDraft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { sendFunds } from '../../runtime/send.ts'
import { availableQuota } from '../beneficiary.ts'
import type { WithdrawBalanceParams } from '../method-types.ts'
import { burnFunds, notifyPledgeChanged } from '../sends.ts'
import {
  checkBalanceInvariants,
  getAvailableBalance,
  repayDebtsOrAbort,
  unlockVestedFunds,
} from '../state/funds.ts'
import { getInfo, saveInfo } from '../state/info.ts'
import { type MinerInfo, MinerState } from '../state.ts'

/** Source of everything here: builtin-actors v18, `actors/miner/src/lib.rs`. */

/**
 * Method 16, `WithdrawBalance`: pays what is available, or as much of it as is asked for, to the beneficiary.
 *
 * Source: `withdraw_balance`.
 *
 * @returns what was paid, attoFIL.
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a negative amount; `USR_FORBIDDEN` unless called by the owner or
 * beneficiary, while terminations are not charged, and when the beneficiary may have no more;
 * `USR_INSUFFICIENT_FUNDS` for debt that cannot be paid; `USR_ILLEGAL_STATE`
 */
export function withdrawBalance(rt: Runtime, { amountRequested }: WithdrawBalanceParams): AttoFil {
  requireParam(amountRequested >= 0n, () => `negative fund requested for withdrawal: ${amountRequested}`)
  const { state, info, amount, newlyVested, feeToBurn } = rt.transaction(MinerState, (draft) => {
    const present = getInfo(rt.store, draft)
    rt.validateImmediateCallerIs([present.owner, present.beneficiary])
    requireAllowed(
      isEmptyBitField(draft.earlyTerminations),
      () => `${countBits(draft.earlyTerminations)} deadlines have terminated sectors with outstanding fees`,
    )
    const vested = unlockVestedFunds(rt.store, draft, rt.currEpoch)
    const available = getAvailableBalance(draft, rt.currentBalance())
    const debt = repayDebtsOrAbort(rt, draft)
    const wanted = minBigInt(available, amountRequested)
    requireState(wanted >= 0n, () => `negative amount to withdraw: ${wanted}`)
    const allowed = useQuota(rt, draft, present, wanted)
    return {
      state: valueOfDraft(draft),
      info: present,
      amount: allowed,
      newlyVested: vested,
      feeToBurn: debt,
    }
  })
  if (amount > 0n) {
    sendFunds(rt, info.beneficiary, amount)
  }
  burnFunds(rt, feeToBurn)
  notifyPledgeChanged(rt, -newlyVested)
  checkBalanceInvariants(state, rt.currentBalance())
  return amount
}

/** As much of an amount as the beneficiary may have; counted, where it is not the owner. @throws {ActorError} `USR_FORBIDDEN` */
function useQuota(rt: Runtime, state: Draft<MinerState>, info: MinerInfo, wanted: AttoFil): AttoFil {
  if (info.beneficiary === info.owner) {
    return wanted
  }
  const { beneficiaryTerm: term } = info
  const remaining = availableQuota(term, rt.currEpoch)
  requireAllowed(
    remaining !== 0n,
    () => `the term ended at ${term.expiration}, or the quota of ${term.quota} is used up`,
  )
  const amount = minBigInt(wanted, remaining)
  if (amount > 0n) {
    saveInfo(rt.store, state, { ...info, beneficiaryTerm: { ...term, usedQuota: term.usedQuota + amount } })
  }
  return amount
}
