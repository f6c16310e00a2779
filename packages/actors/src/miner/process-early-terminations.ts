import { bitFieldOf } from '@plimsoll/ipld'
import type { AttoFil } from '@plimsoll/primitives'
import type { Draft } from '../runtime/draft.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { countAlike, times } from './alike-sectors.ts'
import { emitSectorTerminated } from './emit.ts'
import {
  CONTINUED_FAULT_PROJECTION_PERIOD,
  type NetworkEstimates,
  pledgePenaltyForTermination,
  rewardForPower,
  rewardProjection,
} from './monies.ts'
import { qaPowerOfTerm } from './sector-power.ts'
import { loadSectorFigures, loadSectorsArray } from './sectors.ts'
import { burnFunds, notifyPledgeChanged, requestTerminateDeals } from './sends.ts'
import { popEarlyTerminations } from './state/early-terminations.ts'
import { addInitialPledge, applyPenalty, repayPartialDebtInPriorityOrder } from './state/funds.ts'
import { getInfo, powerTermsOf } from './state/info.ts'
import { MinerState } from './state.ts'
import { hasNoTerminations, type TerminationResult, terminationsByEpoch } from './termination.ts'

/**
 * Charges one round of sectors that were terminated early: each pays its fee at the present estimates and for the
 * age at its own termination, and its pledge is released.
 *
 * Source: builtin-actors v18, `actors/miner/src/lib.rs`, `process_early_terminations`.
 *
 * @returns whether any are left.
 */
export function processEarlyTerminations(rt: Runtime, estimates: NetworkEstimates): boolean {
  const { policy, store } = rt
  const { hasMore, settled } = rt.transaction(MinerState, (state) => {
    const popped = popEarlyTerminations(store, state, policy.settledPartitionsMax, policy.settledSectorsMax)
    return {
      hasMore: popped.hasMore,
      settled: hasNoTerminations(popped.result) ? undefined : settle(rt, state, popped.result, estimates),
    }
  })
  if (settled === undefined) {
    return hasMore
  }
  burnFunds(rt, settled.penalty)
  notifyPledgeChanged(rt, settled.pledgeDelta)
  requestTerminateDeals(rt, rt.currEpoch, bitFieldOf(settled.sectorsWithData))
  for (const sector of settled.sectors) {
    emitSectorTerminated(rt, sector)
  }
  return hasMore
}

interface Settled {
  /** To be burned. */
  readonly penalty: AttoFil
  readonly pledgeDelta: AttoFil
  /** In the order of their termination. */
  readonly sectors: readonly number[]
  readonly sectorsWithData: readonly number[]
}

function settle(
  rt: Runtime,
  state: Draft<MinerState>,
  result: TerminationResult,
  estimates: NetworkEstimates,
): Settled {
  const { store, policy } = rt
  const terms = powerTermsOf(policy, getInfo(store, state))
  const sectors = loadSectorsArray(store, state)
  // The same for every sector; FF of each is its share.
  const faultFees = rewardProjection(estimates, CONTINUED_FAULT_PROJECTION_PERIOD)
  const terminated: number[] = []
  const withData: number[] = []
  let [totalPledge, totalPenalty] = [0n, 0n]
  for (const [epoch, numbers] of terminationsByEpoch(result)) {
    const ofEpoch = loadSectorFigures(sectors, numbers)
    for (const { sector, count } of countAlike(ofEpoch.kinds)) {
      const faultFee = rewardForPower(faultFees, qaPowerOfTerm(terms, sector))
      const penalty = pledgePenaltyForTermination(sector.initialPledge, epoch - sector.activation, faultFee)
      totalPledge += times(sector.initialPledge, count)
      totalPenalty += times(penalty, count)
    }
    for (const [i, { dealWeight, verifiedDealWeight }] of ofEpoch.kinds.entries()) {
      const number = ofEpoch.numbers[i] as number
      terminated.push(number)
      if (dealWeight > 0n || verifiedDealWeight > 0n) {
        withData.push(number)
      }
    }
  }
  applyPenalty(state, totalPenalty)
  addInitialPledge(state, -totalPledge)
  const paid = repayPartialDebtInPriorityOrder(store, state, rt.currEpoch, rt.currentBalance())
  return {
    penalty: paid.toBurn,
    pledgeDelta: -totalPledge - paid.totalUnlocked,
    sectors: terminated,
    sectorsWithData: withData,
  }
}
