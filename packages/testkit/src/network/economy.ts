import {
  filterEstimate,
  PowerState,
  RewardState,
  serialize,
  UpdateClaimedPowerParams,
} from '@plimsoll/actors'
import {
  type Address,
  type AttoFil,
  type ChainEpoch,
  divFloor,
  type Hashes,
  REWARD_ACTOR_ID,
  STORAGE_POWER_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ID,
  type StoragePower,
} from '@plimsoll/primitives'
import { openVm } from '@plimsoll/vm'
import { editActor, editAll } from '../edit-state.ts'
import { createMiner } from './create-miner.ts'
import { hostOf, openNetwork } from './network.ts'
import { execute } from './send.ts'
import type { TestNetwork } from './test-network.ts'

/** What the rest of a network has and mints, which decides what a sector costs and earns. */
export interface Economy {
  readonly epoch: ChainEpoch
  /** In attoFIL. */
  readonly circulatingSupply: AttoFil
  /** Everybody else's power in bytes, and in how many claims. */
  readonly rawPower: StoragePower
  readonly qaPower: StoragePower
  readonly claims: number
  /** Where minting stands; attoFIL, bytes and byte-epochs. */
  readonly minting: Pick<
    RewardState,
    | 'cumsumBaseline'
    | 'cumsumRealized'
    | 'effectiveNetworkTime'
    | 'effectiveBaselinePower'
    | 'thisEpochBaselinePower'
    | 'thisEpochReward'
  >
  /** When a pledge began to follow the network's power less, and for how long that went on. */
  readonly ramp: Pick<PowerState, 'rampStartEpoch' | 'rampDurationEpochs'>
}

/** A network with everybody else in it: miners that only claim, which a rule of the state is against. */
export interface EconomyNetwork extends TestNetwork {
  readonly claimants: readonly Address[]
}

/**
 * A network in the middle of its life, in which pledges, rewards and fees are what they are on a large one.
 *
 * Everybody else is claims without sectors, made by the power actor's own method, which no miner is asked for on a
 * chain; what is minted, and the filters over it, are set in the state. Everything else is done by messages.
 */
export function openEconomy(hashes: Hashes, economy: Economy): EconomyNetwork {
  const { epoch, circulatingSupply, minting, ramp } = economy
  const options = { epoch, circulatingSupply }
  const opened = openNetwork(hashes, { ...options, customs: { maySend: () => true } })
  const claimants = Array.from({ length: economy.claims }, () => claimPower(opened, economy))
  // Whoever only claims has nothing to prove.
  opened.miners.length = 0
  const { store } = opened.vm
  const edit = editAll(
    editActor(REWARD_ACTOR_ID, RewardState, (state) => ({
      ...state,
      ...minting,
      epoch,
      thisEpochRewardSmoothed: filterEstimate(minting.thisEpochReward, 0n),
    })),
    editActor(STORAGE_POWER_ACTOR_ID, PowerState, (state) => ({
      ...state,
      ...ramp,
      firstCronEpoch: epoch,
      thisEpochQaPowerSmoothed: filterEstimate(economy.qaPower, 0n),
    })),
  )
  // From here on only accounts send, as on a chain.
  const vm = openVm(store, edit(store, opened.vm.root()), hostOf(hashes, options), epoch)
  return { ...opened, vm, claimants }
}

function claimPower(network: TestNetwork, { rawPower, qaPower, claims }: Economy): Address {
  const { id } = createMiner(network)
  const share = (power: StoragePower) => divFloor(power, BigInt(claims))
  const params = serialize(UpdateClaimedPowerParams, {
    rawByteDelta: share(rawPower),
    qualityAdjustedDelta: share(qaPower),
  })
  execute(network, {
    from: id,
    to: STORAGE_POWER_ACTOR_ADDR,
    actor: 'storagepower',
    method: 'UpdateClaimedPower',
    params,
  })
  return id
}
