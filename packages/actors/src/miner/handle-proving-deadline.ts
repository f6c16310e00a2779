import { type AttoFil, EPOCHS_IN_DAY } from '@plimsoll/primitives'
import { type Draft, valueOfDraft } from '../runtime/draft.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { lastEpoch } from './deadline-info.ts'
import { processPendingWorker } from './methods/addresses.ts'
import { expectedRewardForPower, type NetworkEstimates, pledgePenaltyForContinuedFault } from './monies.ts'
import { dailyProofFeePayable } from './policy.ts'
import type { PowerPair } from './power-pair.ts'
import { processEarlyTerminations } from './process-early-terminations.ts'
import {
  burnFunds,
  enrollProvingDeadline,
  notifyPledgeChanged,
  requestUpdatePower,
  scheduleEarlyTerminationWork,
} from './sends.ts'
import { advanceDeadline } from './state/advance-deadline.ts'
import { hasPendingEarlyTerminations } from './state/early-terminations.ts'
import {
  applyPenalty,
  hasToContinueCron,
  repayPartialDebtInPriorityOrder,
  unlockVestedFunds,
} from './state/funds.ts'
import { currentDeadlineInfo, getInfo } from './state/info.ts'
import { cleanupExpiredPreCommits } from './state/pre-commits.ts'
import { MinerState } from './state.ts'

/**
 * Ends a deadline, in its last epoch: expired pre-commitments, detected faults and expirations, fault fees and the
 * daily fee, debt, vesting; then what this came to is told to others.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `handle_proving_deadline`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE`
 */
export function handleProvingDeadline(rt: Runtime, estimates: NetworkEstimates): void {
  const end = rt.transaction(MinerState, (state) => endDeadline(rt, state, estimates))
  requestUpdatePower(rt, end.powerDelta)
  burnFunds(rt, end.penalty)
  notifyPledgeChanged(rt, end.pledgeDelta)
  if (end.continueCron) {
    const next = currentDeadlineInfo(rt.policy, end.state, rt.currEpoch + 1)
    enrollProvingDeadline(rt, lastEpoch(next))
  }
  // Where some were pending already, cron is about to come back for them.
  if (!end.hadEarlyTerminations && hasPendingEarlyTerminations(end.state)) {
    if (processEarlyTerminations(rt, estimates)) {
      scheduleEarlyTerminationWork(rt)
    }
  }
}

interface DeadlineEnd {
  readonly state: MinerState
  readonly powerDelta: PowerPair
  readonly penalty: AttoFil
  readonly pledgeDelta: AttoFil
  readonly continueCron: boolean
  readonly hadEarlyTerminations: boolean
}

function endDeadline(rt: Runtime, state: Draft<MinerState>, estimates: NetworkEstimates): DeadlineEnd {
  const { store, policy, currEpoch } = rt
  processPendingWorker(rt, state, getInfo(store, state))
  applyPenalty(state, cleanupExpiredPreCommits(policy, store, state, currEpoch))
  const hadEarlyTerminations = hasPendingEarlyTerminations(state)
  const advanced = advanceDeadline(policy, store, state, currEpoch)
  applyPenalty(state, pledgePenaltyForContinuedFault(estimates, advanced.previouslyFaultyPower.qa))
  if (advanced.dailyFee > 0n) {
    const dayReward = expectedRewardForPower(estimates, advanced.livePower.qa, EPOCHS_IN_DAY)
    applyPenalty(state, dailyProofFeePayable(advanced.dailyFee, dayReward))
  }
  const paid = repayPartialDebtInPriorityOrder(store, state, currEpoch, rt.currentBalance())
  const newlyVested = unlockVestedFunds(store, state, currEpoch)
  const continueCron = hasToContinueCron(state)
  if (!continueCron) {
    state.deadlineCronActive = false
  }
  return {
    state: valueOfDraft(state),
    powerDelta: advanced.powerDelta,
    penalty: paid.toBurn,
    pledgeDelta: advanced.pledgeDelta - paid.totalUnlocked - newlyVested,
    continueCron,
    hadEarlyTerminations,
  }
}
