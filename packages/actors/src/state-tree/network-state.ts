import { within } from '@plimsoll/ipld'
import {
  type ChainEpoch,
  findNetwork,
  INIT_ACTOR_ID,
  type NetworkParameters,
  REWARD_ACTOR_ID,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import type { ActorsVersion } from '../actors-version.ts'
import { InitState } from '../init/state.ts'
import type { NetworkEstimates } from '../miner/monies.ts'
import { type AnyPowerState, powerStateCodec } from '../power/state.ts'
import { RewardState } from '../reward/state.ts'
import { loadActorState } from './actor-record.ts'
import { requireActor, type StateTree } from './state-tree.ts'

/** The parts of a state that all its miners share. */
export interface NetworkState {
  readonly networkName: string
  /** What the tables know of that network; undefined for one that is not in them. */
  readonly network: NetworkParameters | undefined
  readonly reward: RewardState
  readonly power: AnyPowerState
  readonly estimates: NetworkEstimates
  /** The last epoch that was executed; messages of the next one see this state. */
  readonly stateEpoch: ChainEpoch
}

export function loadNetworkState(tree: StateTree, version: ActorsVersion): NetworkState {
  const { store } = tree
  const reward = within('f02', () => loadActorState(store, RewardState, requireActor(tree, REWARD_ACTOR_ID)))
  const power = within('f04', () => {
    return loadActorState(store, powerStateCodec(version), requireActor(tree, STORAGE_POWER_ACTOR_ID))
  })
  const { networkName } = within('f01', () =>
    loadActorState(store, InitState, requireActor(tree, INIT_ACTOR_ID)),
  )
  return {
    networkName,
    network: findNetwork(networkName),
    reward,
    power,
    estimates: { reward: reward.thisEpochRewardSmoothed, qaPower: power.thisEpochQaPowerSmoothed },
    stateEpoch: reward.epoch - 1,
  }
}
