import { Claims, MAINNET_POLICY, PowerState, RewardState, RULES_OF_TODAY } from '@plimsoll/actors'
import { createHashes, findActorId, REWARD_ACTOR_ADDR, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { openNetworkView } from '../assess/network-view.ts'
import { openRun } from '../run/open-run.ts'
import { terminateWhatCanBe } from '../run/wind-up.ts'
import { frozenNetwork } from './frozen-network.ts'
import { loadPredictedMiner } from './load-predicted-miner.ts'

const hashes = await createHashes()

describe('the estimates of a frozen network', () => {
  // The reward and power actors of the machine, epoch by epoch, with and without the miner's power, and over null rounds.
  test('are those of the actors', () => {
    const network = openNetwork(hashes)
    const { id } = buildMixedMiner(network, { committedCapacity: 3, verified: 1 })
    buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
    const view = openNetworkView(network.vm.store, [network.vm.root()])
    const miner = findActorId(id)
    if (miner === undefined) {
      throw new Error('a miner has an ID address')
    }
    const inputs = { hashes, networkVersion: 28, circulatingSupply: undefined }
    const run = openRun(view, { ...inputs, rules: RULES_OF_TODAY, background: 'frozen', miners: [miner] })
    const { claim } = loadPredictedMiner(view, miner, MAINNET_POLICY)
    const frozen = frozenNetwork(view, MAINNET_POLICY, claim)
    const { vm } = run
    const tickAt = (epoch: number) => {
      vm.epoch = epoch
      vm.tick()
      const power = vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
      const present = Claims.load(vm.store, power.claims).get(id)
      frozen.tick(epoch, { raw: present?.rawBytePower ?? 0n, qa: present?.qualityAdjPower ?? 0n })
      const reward = vm.stateOf(REWARD_ACTOR_ADDR, RewardState).thisEpochRewardSmoothed
      expect(frozen.estimates()).toEqual({ reward, qaPower: power.thisEpochQaPowerSmoothed })
    }
    // After two windows whatever was open or next can be changed.
    const start = vm.epoch
    for (let epoch = start; epoch < start + 120; epoch++) {
      tickAt(epoch)
    }
    vm.epoch = start + 120
    expect(terminateWhatCanBe(run, id).map(({ receipt }) => receipt.exitCode)).toEqual([0])
    for (const epoch of [start + 120, start + 121, start + 129, start + 130]) {
      tickAt(epoch)
    }
  })
})
