import {
  baselineSupplyOf,
  draftOf,
  type FilterEstimate,
  type NetworkEstimates,
  nextEstimate,
  type Policy,
  type PowerPair,
  PowerState,
  RewardState,
  updateToNextEpoch,
  updateToNextEpochAfter,
} from '@plimsoll/actors'
import { type Link, load } from '@plimsoll/ipld'
import { type ChainEpoch, REWARD_ACTOR_ADDR, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import type { NetworkView } from '../assess/network-view.ts'
import { type Ratio, scaleFloor } from '../power-table/ratio.ts'
import { PlanError } from './load-predicted-miner.ts'
import { networkTotals } from './network-totals.ts'

/** What is assumed of the rest of the network. */
export interface NetworkMoves {
  /** Power of everybody but the miners that are looked at, times this from the first epoch on. */
  readonly power: Ratio
  /** What is minted in an epoch, times this. */
  readonly reward: Ratio
  /** Whether the estimates only begin to follow, or are at the new level at once. */
  readonly estimates: 'follow' | 'jump'
}

/** The estimates of a network in which only some miners' claims change, and no block is rewarded. */
export interface NetworkPath {
  /** What a message or a tick reads now. */
  estimates(): NetworkEstimates
  /** Ends an epoch at whose end the miners have those claims. Epochs that were left out are caught up with. */
  tick(epoch: ChainEpoch, claims: readonly PowerPair[]): void
  /** Ends every epoch from `from` on and before `until`, at whose ends the miners have those claims. */
  pass(from: ChainEpoch, until: ChainEpoch, claims: readonly PowerPair[]): void
}

/** Epochs that have passed with the same claims. */
interface PassedEpochs {
  readonly from: ChainEpoch
  readonly until: ChainEpoch
  readonly claims: readonly PowerPair[]
}

/**
 * Opens the network of a state, in which the miners that are looked at have the claims `before`.
 *
 * The filters round in every epoch, so that every epoch is worked out, some 5 µs each; but only once somebody asks for
 * the estimates of a later one.
 *
 * Source: builtin-actors v18, `actors/power/src/lib.rs`, `on_epoch_tick_end`; `actors/reward/src/lib.rs`,
 * `update_network_kpi`.
 */
export function networkPath(
  view: NetworkView,
  policy: Policy,
  before: readonly PowerPair[],
  moves: NetworkMoves,
): NetworkPath {
  const power = stateIn(view, STORAGE_POWER_ACTOR_ADDR, PowerState)
  const minting = draftOf(stateIn(view, REWARD_ACTOR_ADDR, RewardState))
  const totals = networkTotals(power, policy, before, moves.power)
  let qaPower = power.thisEpochQaPowerSmoothed
  let reward = minting.thisEpochRewardSmoothed
  if (moves.estimates === 'jump') {
    const unmoved = networkTotals(power, policy, before, UNMOVED.power).with(before)
    qaPower = scaledFilter(qaPower, { num: totals.with(before).qa, denom: unmoved.qa })
    reward = scaledFilter(reward, moves.reward)
  }
  let supply = baselineSupplyOf(minting)
  const endEpoch = (epoch: ChainEpoch, { raw, qa }: PowerPair) => {
    qaPower = nextEstimate(qaPower, qa, 1)
    const previous = minting.epoch
    if (previous < epoch) {
      while (minting.epoch < epoch) {
        updateToNextEpoch(minting, raw)
      }
      supply = baselineSupplyOf(minting)
    }
    supply = updateToNextEpochAfter(minting, raw, supply)
    reward = nextEstimate(reward, scaleFloor(moves.reward, minting.thisEpochReward), minting.epoch - previous)
  }
  const passed: PassedEpochs[] = []
  return {
    estimates: () => {
      for (const { from, until, claims } of passed.splice(0)) {
        const present = totals.with(claims)
        for (let epoch = from; epoch < until; epoch++) {
          endEpoch(epoch, present)
        }
      }
      return { reward, qaPower }
    },
    tick: (epoch, claims) => {
      passed.push({ from: epoch, until: epoch + 1, claims })
    },
    pass: (from, until, claims) => {
      passed.push({ from, until, claims })
    },
  }
}

const UNITY: Ratio = { num: 1n, denom: 1n }
/** A network that stays as it is but for the miners that are looked at. */
export const UNMOVED: NetworkMoves = { power: UNITY, reward: UNITY, estimates: 'follow' }

/** Position and velocity alike. A network without power has no level to go from. */
function scaledFilter({ position, velocity }: FilterEstimate, factor: Ratio): FilterEstimate {
  return factor.denom <= 0n
    ? { position, velocity }
    : { position: scaleFloor(factor, position), velocity: scaleFloor(factor, velocity) }
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
