import type { ChainEpoch } from '@plimsoll/primitives'
import type { Policy } from '../policy.ts'

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
}

/** Source: the same file, `new`, for an index below the number of deadlines. */
export function deadlineInfo(
  policy: Policy,
  periodStart: ChainEpoch,
  index: number,
  currentEpoch: ChainEpoch,
): DeadlineInfo {
  const open = periodStart + index * policy.wpostChallengeWindow
  return { currentEpoch, periodStart, index, open, close: open + policy.wpostChallengeWindow }
}

/** The last epoch in which a proof may be submitted. Source: the same file, `last`. */
export function lastEpoch(deadline: DeadlineInfo): ChainEpoch {
  return deadline.close - 1
}
