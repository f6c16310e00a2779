import { type Blockstore, bitFieldOf, isEmptyBitField, unionBitFields } from '@plimsoll/ipld'
import type { AttoFil, ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../../policy.ts'
import type { Draft } from '../../runtime/draft.ts'
import { hasPeriodStarted, lastEpoch, quantSpecOfDeadline } from '../deadline-info.ts'
import { isLiveDeadline, processDeadlineEnd } from '../deadline-state/deadline-end.ts'
import { popDeadlineExpiredSectors } from '../deadline-state/terminations.ts'
import { loadDeadline, updateDeadline } from '../deadlines.ts'
import { type PowerPair, subtractPower, ZERO_POWER } from '../power-pair.ts'
import type { MinerState } from '../state.ts'
import { loadDeadlinesDraft, saveDeadlines } from './assign-sectors.ts'
import { addInitialPledge } from './funds.ts'
import { currentDeadlineInfo } from './info.ts'

/** What the end of a deadline came to. Source: builtin-actors v18, `actors/miner/src/state.rs`, `AdvanceDeadlineResult`. */
export interface AdvanceDeadlineResult {
  /** To be added to the network's pledge. */
  readonly pledgeDelta: AttoFil
  /** To be added to the claim. */
  readonly powerDelta: PowerPair
  /** Power that was faulty before this deadline ended, and pays for it. */
  readonly previouslyFaultyPower: PowerPair
  /** Daily fee and power of what lives on. */
  readonly dailyFee: AttoFil
  readonly livePower: PowerPair
}

const NOTHING: AdvanceDeadlineResult = {
  pledgeDelta: 0n,
  powerDelta: ZERO_POWER,
  previouslyFaultyPower: ZERO_POWER,
  dailyFee: 0n,
  livePower: ZERO_POWER,
}

/**
 * Ends the current deadline: what was not proven becomes faulty, what is due leaves.
 *
 * Source: builtin-actors v18, `actors/miner/src/state.rs`, `advance_deadline`.
 *
 * @throws {ActorError} `USR_ILLEGAL_STATE`
 */
export function advanceDeadline(
  policy: Policy,
  store: Blockstore,
  state: Draft<MinerState>,
  currEpoch: ChainEpoch,
): AdvanceDeadlineResult {
  const info = currentDeadlineInfo(policy, state, currEpoch)
  if (!hasPeriodStarted(info)) {
    return NOTHING
  }
  state.currentDeadline = (info.index + 1) % policy.wpostPeriodDeadlines
  if (state.currentDeadline === 0) {
    state.provingPeriodStart = info.periodStart + policy.wpostProvingPeriod
  }
  const deadlines = loadDeadlinesDraft(store, state)
  const deadline = loadDeadline(store, deadlines, info.index)
  // Taken before faults are detected, so that they are not charged for the window that shows them.
  const previouslyFaultyPower = deadline.faultyPower
  if (!isLiveDeadline(deadline)) {
    return { ...NOTHING, previouslyFaultyPower }
  }
  const quant = quantSpecOfDeadline(policy, info)
  const faultExpiration = lastEpoch(info) + policy.faultMaxAge
  const detected = processDeadlineEnd(store, deadline, state.sectors, faultExpiration, quant)
  const expired = popDeadlineExpiredSectors(store, deadline, lastEpoch(info), quant)
  addInitialPledge(state, -expired.onTimePledge)
  if (!isEmptyBitField(expired.earlySectors)) {
    state.earlyTerminations = unionBitFields(state.earlyTerminations, bitFieldOf([info.index]))
  }
  updateDeadline(store, deadlines, info.index, deadline)
  saveDeadlines(store, state, deadlines)
  return {
    pledgeDelta: -expired.onTimePledge,
    powerDelta: subtractPower(detected, expired.activePower),
    previouslyFaultyPower,
    dailyFee: deadline.dailyFee,
    livePower: deadline.livePower,
  }
}
