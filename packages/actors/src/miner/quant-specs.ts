import type { Policy } from '../policy.ts'
import { deadlineInfo, lastEpoch } from './deadline-info.ts'
import type { QuantSpec } from './quantize.ts'
import type { MinerState } from './state.ts'

/**
 * The grid on which the partitions of a deadline expire: its last epochs.
 *
 * Source: builtin-actors v18, `actors/miner/src/state.rs`, `quant_spec_for_deadline`.
 */
export function quantSpecForDeadline(policy: Policy, state: MinerState, index: number): QuantSpec {
  const info = deadlineInfo(policy, state.provingPeriodStart, index, 0)
  return { unit: policy.wpostProvingPeriod, offset: lastEpoch(info) }
}

/** The grid of every deadline. Source: the same file, `quant_spec_every_deadline`. */
export function quantSpecEveryDeadline(policy: Policy, state: MinerState): QuantSpec {
  return { unit: policy.wpostChallengeWindow, offset: state.provingPeriodStart }
}
