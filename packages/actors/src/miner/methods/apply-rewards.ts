import { REWARD_ACTOR_ADDR } from '@plimsoll/primitives'
import { requireFunds, requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { ApplyRewardParams } from '../method-types.ts'
import { lockedRewardFromReward } from '../monies.ts'
import { REWARD_VESTING_SPEC } from '../policy.ts'
import { burnFunds, notifyPledgeChanged } from '../sends.ts'
import {
  addLockedFunds,
  applyPenalty,
  checkBalanceInvariants,
  getUnlockedBalance,
  repayPartialDebtInPriorityOrder,
} from '../state/funds.ts'
import { MinerState } from '../state.ts'

/**
 * Method 14, `ApplyRewards`: locks three quarters of a block's reward, and pays its penalty and the fee debt, first
 * from what is locked.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `apply_rewards`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for negative amounts; `USR_FORBIDDEN` unless called by the reward
 * actor; `USR_INSUFFICIENT_FUNDS` when the reward is not there; `USR_ILLEGAL_STATE`
 */
export function applyRewards(rt: Runtime, { reward, penalty }: ApplyRewardParams): void {
  requireParam(reward >= 0n, 'cannot lock up a negative amount of funds')
  requireParam(penalty >= 0n, 'cannot penalize a negative amount of funds')
  const { pledgeDelta, toBurn } = rt.transaction(MinerState, (state) => {
    rt.validateImmediateCallerIs([REWARD_ACTOR_ADDR])
    const toLock = lockedRewardFromReward(reward)
    const unlocked = getUnlockedBalance(state, rt.currentBalance())
    requireFunds(
      unlocked >= toLock,
      () => `insufficient funds to lock, available: ${unlocked}, requested: ${toLock}`,
    )
    const newlyVested = addLockedFunds(rt.store, state, rt.currEpoch, toLock, REWARD_VESTING_SPEC)
    applyPenalty(state, penalty)
    const paid = repayPartialDebtInPriorityOrder(rt.store, state, rt.currEpoch, rt.currentBalance())
    return { pledgeDelta: toLock - newlyVested - paid.totalUnlocked, toBurn: paid.toBurn }
  })
  notifyPledgeChanged(rt, pledgeDelta)
  burnFunds(rt, toBurn)
  checkBalanceInvariants(rt.state(MinerState), rt.currentBalance())
}
