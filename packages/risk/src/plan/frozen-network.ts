import {
  CONSENSUS_MINER_MIN_MINERS,
  type Draft,
  draftOf,
  type NetworkEstimates,
  nextEstimate,
  type Policy,
  type PowerPair,
  PowerState,
  RewardState,
  updateSmoothedEstimates,
  updateToNextEpoch,
  updateToNextEpochWithReward,
} from '@plimsoll/actors'
import { type Link, load } from '@plimsoll/ipld'
import { type ChainEpoch, REWARD_ACTOR_ADDR, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { PlanError } from './load-predicted-miner.ts'

/** The estimates of a network in which nobody's power changes but one miner's, and no block is rewarded. */
export interface FrozenNetwork {
  /** What a message or a tick reads now. */
  estimates(): NetworkEstimates
  /** Ends an epoch at whose end the miner has that claim. Epochs that were left out are caught up with. */
  tick(epoch: ChainEpoch, claim: PowerPair): void
}

/**
 * Opens the network of a state.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `on_epoch_tick_end`; `actors/reward/src/lib.rs`,
 * `update_network_kpi`.
 */
export function frozenNetwork(view: NetworkView, policy: Policy, claim: PowerPair): FrozenNetwork {
  const totals = createTotals(stateIn(view, STORAGE_POWER_ACTOR_ADDR, PowerState), policy, claim)
  const reward = draftOf(stateIn(view, REWARD_ACTOR_ADDR, RewardState))
  let qaPower = totals.smoothed
  return {
    estimates: () => ({ reward: reward.thisEpochRewardSmoothed, qaPower }),
    tick: (epoch, present) => {
      const { raw, qa } = totals.with(present)
      qaPower = nextEstimate(qaPower, qa, 1)
      endRewardEpoch(reward, epoch, raw)
    },
  }
}

function stateIn<T>(
  view: NetworkView,
  actor: typeof REWARD_ACTOR_ADDR,
  codec: Parameters<typeof load<T>>[1],
): T {
  const record = view.tree.actors.get(actor)
  if (record === undefined) {
    throw new PlanError('NETWORK_STATE_MISSING', 'the state has no power or reward actor')
  }
  return load(view.tree.store, codec, record.head as Link<T>)
}

function endRewardEpoch(state: Draft<RewardState>, epoch: ChainEpoch, rawPower: bigint): void {
  const previous = state.epoch
  while (state.epoch < epoch) {
    updateToNextEpoch(state, rawPower)
  }
  updateToNextEpochWithReward(state, rawPower)
  updateSmoothedEstimates(state, state.epoch - previous)
}

/** The network's power with another claim of the miner. Source: `actors/power/src/state.rs`, `add_to_claim`, `current_total_power`. */
function createTotals(state: PowerState, { minimumConsensusPower }: Policy, before: PowerPair) {
  const counts = ({ raw }: PowerPair) => raw >= minimumConsensusPower
  const part = (claim: PowerPair): PowerPair => (counts(claim) ? claim : { raw: 0n, qa: 0n })
  const countBefore = counts(before) ? 1 : 0
  return {
    smoothed: state.thisEpochQaPowerSmoothed,
    with: (claim: PowerPair): PowerPair => {
      const minersAbove = state.minerAboveMinPowerCount - countBefore + (counts(claim) ? 1 : 0)
      return minersAbove < CONSENSUS_MINER_MIN_MINERS
        ? {
            raw: state.totalBytesCommitted - before.raw + claim.raw,
            qa: state.totalQaBytesCommitted - before.qa + claim.qa,
          }
        : {
            raw: state.totalRawBytePower - part(before).raw + part(claim).raw,
            qa: state.totalQualityAdjPower - part(before).qa + part(claim).qa,
          }
    },
  }
}
