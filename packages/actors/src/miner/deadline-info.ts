import type { ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'
import type { QuantSpec } from './quantize.ts'

/**
 * When a deadline opens and closes in one proving period.
 *
 * Source: builtin-actors v18, `actors/miner/src/deadline_info.rs`.
 */
export interface DeadlineInfo {
  readonly currentEpoch: ChainEpoch
  readonly periodStart: ChainEpoch
  readonly index: number
  /** The first epoch in which a proof may be submitted. */
  readonly open: ChainEpoch
  /** The first epoch in which it may no longer. */
  readonly close: ChainEpoch
  /** The epoch whose randomness a proof answers. */
  readonly challenge: ChainEpoch
  /** The first epoch in which faults and recoveries of the deadline can no longer be declared. */
  readonly faultCutoff: ChainEpoch
}

/** Source: the same file, `new`, for an index below the number of deadlines. */
export function deadlineInfo(
  policy: Policy,
  periodStart: ChainEpoch,
  index: number,
  currentEpoch: ChainEpoch,
): DeadlineInfo {
  const open = periodStart + index * policy.wpostChallengeWindow
  return {
    currentEpoch,
    periodStart,
    index,
    open,
    close: open + policy.wpostChallengeWindow,
    challenge: open - policy.wpostChallengeLookback,
    faultCutoff: open - policy.faultDeclarationCutoff,
  }
}

/** The last epoch in which a proof may be submitted. Source: the same file, `last`. */
export function lastEpoch(deadline: DeadlineInfo): ChainEpoch {
  return deadline.close - 1
}

/** Source: the same file, `period_started`. */
export function hasPeriodStarted({ currentEpoch, periodStart }: DeadlineInfo): boolean {
  return currentEpoch >= periodStart
}

/** Source: the same file, `is_open`. */
export function isOpen({ currentEpoch, open, close }: DeadlineInfo): boolean {
  return currentEpoch >= open && currentEpoch < close
}

/** Source: the same file, `fault_cutoff_passed`. */
export function isFaultCutoffPassed({ currentEpoch, faultCutoff }: DeadlineInfo): boolean {
  return currentEpoch >= faultCutoff
}

/** The deadline itself, or its next instance when it has closed. Source: the same file, `next_not_elapsed`. */
export function nextNotElapsed(policy: Policy, deadline: DeadlineInfo): DeadlineInfo {
  const { currentEpoch, close, periodStart, index } = deadline
  if (currentEpoch < close) {
    return deadline
  }
  const periods = 1 + Math.trunc((currentEpoch - close) / policy.wpostProvingPeriod)
  return deadlineInfo(policy, periodStart + policy.wpostProvingPeriod * periods, index, currentEpoch)
}

/** The grid of the deadline's last epochs. Source: the same file, `quant_spec`. */
export function quantSpecOfDeadline(policy: Policy, deadline: DeadlineInfo): QuantSpec {
  return { unit: policy.wpostProvingPeriod, offset: lastEpoch(deadline) }
}
