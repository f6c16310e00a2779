import { type AttoFil, type ChainEpoch, minBigInt } from '@plimsoll/primitives'
import { requireAllowed, requireParam } from '../../runtime/actor-error.ts'
import type { Draft } from '../../runtime/draft.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { type DeadlineInfo, deadlineInfo, lastEpoch, quantSpecOfDeadline } from '../deadline-info.ts'
import { recordDeadlineFaults } from '../deadline-state/faults.ts'
import { loadPartitionsForDispute, takePoStProofs } from '../deadline-state/proofs.ts'
import { isAvailableForDispute, loadDeadline, updateDeadline } from '../deadlines.ts'
import type { DisputeWindowedPoStParams } from '../method-types.ts'
import {
  BASE_REWARD_FOR_DISPUTED_WINDOW_POST,
  type NetworkEstimates,
  pledgePenaltyForInvalidWindowPoSt,
} from '../monies.ts'
import type { PowerPair } from '../power-pair.ts'
import { loadSectorsForProof, Sectors } from '../sectors.ts'
import { burnFunds, notifyPledgeChanged, requestEstimates, requestUpdatePower, tryReward } from '../sends.ts'
import { loadDeadlinesDraft, saveDeadlines } from '../state/assign-sectors.ts'
import { applyPenalty, checkBalanceInvariants, repayPartialDebtInPriorityOrder } from '../state/funds.ts'
import { currentDeadlineInfo, getInfo, powerTermsOf } from '../state/info.ts'
import { MinerState } from '../state.ts'
import { verifyWindowedPoSt } from '../verify-windowed-post.ts'

/**
 * Method 24, `DisputeWindowedPoSt`: shows that a proof that was accepted unseen is none. Its sectors become faulty,
 * the miner pays, and the reporter gets a part of what could be collected.
 *
 * The faults are recorded with the sectors as they were when the window closed. Where a sector's power has changed
 * since, the partition's sums are off by the difference from then on, and a later recovery or termination can fail.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `dispute_windowed_post`.
 *
 * @throws {ActorError} `USR_ILLEGAL_ARGUMENT` for a deadline or proof that there is not, and for a valid proof;
 * `USR_FORBIDDEN` outside of the dispute window; `USR_ILLEGAL_STATE`
 */
export function disputeWindowedPoSt(rt: Runtime, params: DisputeWindowedPoStParams): void {
  rt.validateImmediateCallerAcceptAny()
  const reporter = rt.message.caller
  requireParam(params.deadline < rt.policy.wpostPeriodDeadlines, () => `invalid deadline ${params.deadline}`)
  const index = Number(params.deadline)
  const estimates = requestEstimates(rt)
  const outcome = rt.transaction(MinerState, (state) => {
    const current = currentDeadlineInfo(rt.policy, state, rt.currEpoch)
    requireAllowed(
      isAvailableForDispute(rt.policy, current.periodStart, index, rt.currEpoch),
      'can only dispute window posts during the dispute window',
    )
    const target = lastInstance(rt, current, index)
    const { powerDelta, penalisedPower } = recordDispute(rt, state, target, params.postIndex)
    return { powerDelta, ...chargeDispute(rt, state, estimates, penalisedPower) }
  })
  requestUpdatePower(rt, outcome.powerDelta)
  const isPaid = outcome.toReward === 0n || tryReward(rt, reporter, outcome.toReward)
  burnFunds(rt, isPaid ? outcome.toBurn : outcome.toBurn + outcome.toReward)
  notifyPledgeChanged(rt, outcome.pledgeDelta)
  checkBalanceInvariants(rt.state(MinerState), rt.currentBalance())
}

/** The instance of the deadline that has closed last. */
function lastInstance(rt: Runtime, current: DeadlineInfo, index: number): DeadlineInfo {
  const isInPeriodBefore = current.index < index
  const periodStart: ChainEpoch = isInPeriodBefore
    ? current.periodStart - rt.policy.wpostProvingPeriod
    : current.periodStart
  return deadlineInfo(rt.policy, periodStart, index, rt.currEpoch)
}

function recordDispute(
  rt: Runtime,
  state: Draft<MinerState>,
  target: DeadlineInfo,
  postIndex: bigint,
): { readonly powerDelta: PowerPair; readonly penalisedPower: PowerPair } {
  const { store, policy } = rt
  const info = getInfo(store, state)
  const deadlines = loadDeadlinesDraft(store, state)
  const deadline = loadDeadline(store, deadlines, target.index)
  const { partitions, proofs } = takePoStProofs(store, deadline, postIndex)
  const dispute = loadPartitionsForDispute(store, deadline, partitions)
  const sectors = Sectors.load(store, deadline.sectorsSnapshot)
  const infos = loadSectorsForProof(sectors, dispute.allSectors, dispute.ignoredSectors)
  requireParam(!verifyWindowedPoSt(rt, target.challenge, infos, proofs), 'failed to dispute valid post')
  const powerDelta = recordDeadlineFaults(
    store,
    deadline,
    sectors,
    dispute.disputedSectors,
    lastEpoch(target) + policy.faultMaxAge,
    powerTermsOf(rt.policy, info),
    quantSpecOfDeadline(policy, target),
  )
  updateDeadline(store, deadlines, target.index, deadline)
  saveDeadlines(store, state, deadlines)
  return { powerDelta, penalisedPower: dispute.disputedPower }
}

function chargeDispute(
  rt: Runtime,
  state: Draft<MinerState>,
  estimates: NetworkEstimates,
  penalisedPower: PowerPair,
): { readonly toBurn: AttoFil; readonly toReward: AttoFil; readonly pledgeDelta: AttoFil } {
  const rewardTarget = BASE_REWARD_FOR_DISPUTED_WINDOW_POST
  applyPenalty(state, pledgePenaltyForInvalidWindowPoSt(estimates, penalisedPower.qa) + rewardTarget)
  const paid = repayPartialDebtInPriorityOrder(rt.store, state, rt.currEpoch, rt.currentBalance())
  const toReward = minBigInt(paid.toBurn, rewardTarget)
  return { toBurn: paid.toBurn - toReward, toReward, pledgeDelta: -paid.totalUnlocked }
}
