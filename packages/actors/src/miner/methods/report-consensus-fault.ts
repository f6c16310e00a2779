import { type AttoFil, minBigInt } from '@plimsoll/primitives'
import { requireAllowed, requireParam } from '../../runtime/actor-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { estimate } from '../../smooth/alpha-beta-filter.ts'
import type { ReportConsensusFaultParams } from '../method-types.ts'
import { consensusFaultPenalty, rewardForConsensusSlashReport } from '../monies.ts'
import { burnFunds, notifyPledgeChanged, requestCurrentEpochBlockReward, tryReward } from '../sends.ts'
import { applyPenalty, checkBalanceInvariants, repayPartialDebtInPriorityOrder } from '../state/funds.ts'
import { getInfo, saveInfo } from '../state/info.ts'
import { MinerState } from '../state.ts'

/**
 * Method 15, `ReportConsensusFault`: punishes a miner for two block headers that contradict each other. The miner is
 * excluded for a while, and the reporter gets a part of what it pays now; a reward that cannot be sent stays with
 * the miner and is no debt.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `report_consensus_fault`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for no fault, one of another miner, or one of the future;
 * `USR_FORBIDDEN` for a fault from before the end of an exclusion.
 */
export function reportConsensusFault(rt: Runtime, params: ReportConsensusFaultParams): void {
  rt.validateImmediateCallerAcceptAny()
  const reporter = rt.message.caller
  const fault = rt.verifyConsensusFault(params.header1, params.header2, params.headerExtra)
  requireParam(fault !== 'invalid', 'fault not verified')
  requireParam(fault !== 'none', 'no consensus fault found')
  requireParam(fault.target === rt.message.receiver, 'a fault of another miner')
  requireParam(fault.epoch < rt.currEpoch, () => `invalid fault epoch ${fault.epoch} ahead of current`)
  const epochReward: AttoFil = estimate(requestCurrentEpochBlockReward(rt).thisEpochRewardSmoothed)
  const { burned, reward, unlocked } = rt.transaction(MinerState, (state) => {
    const info = getInfo(rt.store, state)
    requireAllowed(
      fault.epoch >= info.consensusFaultElapsed,
      () =>
        `fault epoch ${fault.epoch} is too old, the last exclusion ended at ${info.consensusFaultElapsed}`,
    )
    applyPenalty(state, consensusFaultPenalty(epochReward))
    const paid = repayPartialDebtInPriorityOrder(rt.store, state, rt.currEpoch, rt.currentBalance())
    const toReporter = minBigInt(paid.toBurn, rewardForConsensusSlashReport(epochReward))
    saveInfo(rt.store, state, {
      ...info,
      consensusFaultElapsed: rt.currEpoch + rt.policy.consensusFaultIneligibilityDuration,
    })
    return { burned: paid.toBurn - toReporter, reward: toReporter, unlocked: paid.totalUnlocked }
  })
  tryReward(rt, reporter, reward)
  burnFunds(rt, burned)
  notifyPledgeChanged(rt, -unlocked)
  checkBalanceInvariants(rt.state(MinerState), rt.currentBalance())
}
