import { ATTO_FIL_PER_FIL, type AttoFil, type ChainEpoch, formatFil } from '@plimsoll/primitives'
import type { ActorsVersion } from '../actors-version.ts'
import type { Findings } from '../invariants/findings.ts'
import { baselinePowerFromPrev } from './logic.ts'
import type { RewardState } from './state.ts'

/** What will ever be minted by mining. */
const STORAGE_MINING_ALLOCATION: AttoFil = 1_100_000_000n * ATTO_FIL_PER_FIL

/**
 * The rules that the reward actor's state keeps. `priorEpoch` is the last epoch that was executed.
 *
 * Up to v13 the effective baseline may also be at most that of the next epoch.
 *
 * Source: builtin-actors v18, `actors/reward/src/testing.rs`, `check_state_invariants`; v13.0.0 of the same.
 */
export function checkRewardInvariants(
  version: ActorsVersion,
  state: RewardState,
  priorEpoch: ChainEpoch,
  balance: AttoFil,
  findings: Findings,
): void {
  findings.require(
    state.totalStoragePowerReward + balance >= STORAGE_MINING_ALLOCATION,
    'reward/allocation',
    () => `${formatFil(state.totalStoragePowerReward)} given and ${formatFil(balance)} left are less than it`,
  )
  findings.require(state.epoch === priorEpoch + 1, 'reward/epoch', () => `${state.epoch} after ${priorEpoch}`)
  findings.require(
    state.effectiveNetworkTime <= state.epoch,
    'reward/effective-network-time',
    () => `${state.effectiveNetworkTime} at ${state.epoch}`,
  )
  findings.require(
    state.cumsumRealized <= state.cumsumBaseline,
    'reward/realized-over-baseline',
    () => `${state.cumsumRealized} over ${state.cumsumBaseline}`,
  )
  findings.require(state.cumsumRealized >= 0n, 'reward/realized-negative', () => String(state.cumsumRealized))
  if (version <= 13) {
    const nextBaseline = baselinePowerFromPrev(state.thisEpochBaselinePower)
    findings.require(
      state.effectiveBaselinePower <= nextBaseline,
      'reward/effective-baseline',
      () => `${state.effectiveBaselinePower} over ${nextBaseline}`,
    )
  }
}
