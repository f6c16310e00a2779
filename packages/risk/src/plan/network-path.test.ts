import { Claims, MAINNET_POLICY, PowerState, RewardState, RULES_OF_TODAY } from '@plimsoll/actors'
import {
  type ActorId,
  createHashes,
  divFloor,
  findActorId,
  idAddress,
  REWARD_ACTOR_ADDR,
  STORAGE_POWER_ACTOR_ADDR,
} from '@plimsoll/primitives'
import { buildMixedMiner, openNetwork } from '@plimsoll/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type NetworkView, openNetworkView } from '../assess/network-view.ts'
import { openRun } from '../run/open-run.ts'
import { terminateWhatCanBe } from '../run/wind-up.ts'
import { loadPredictedMiner } from './load-predicted-miner.ts'
import { networkPath, UNMOVED } from './network-path.ts'

const hashes = await createHashes()
let view: NetworkView
let miners: readonly ActorId[]

beforeAll(() => {
  const network = openNetwork(hashes)
  const small = buildMixedMiner(network, { committedCapacity: 3, verified: 1 })
  const large = buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  // So that there is a total of pledges which deposits can be taken from.
  buildMixedMiner(network, { nonInteractive: 130, batches: 2 })
  miners = [small, large].map(({ id }) => findActorId(id) as ActorId)
  view = openNetworkView(network.vm.store, [network.vm.root()])
})

const claimsBefore = () => miners.map((id) => loadPredictedMiner(view, id, MAINNET_POLICY).claim)

describe('a path of the network', () => {
  // The reward and power actors of the machine, while one miner after the other is terminated.
  test('has the estimates of the actors when several miners leave', () => {
    const inputs = { hashes, networkVersion: 28, circulatingSupply: undefined }
    const run = openRun(view, { ...inputs, rules: RULES_OF_TODAY, background: 'frozen', miners })
    const path = networkPath(view, MAINNET_POLICY, claimsBefore(), UNMOVED)
    const { vm } = run
    const tickTo = (end: number) => {
      for (; vm.epoch < end; vm.epoch++) {
        vm.tick()
        const power = vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
        const claims = Claims.load(vm.store, power.claims)
        path.tick(
          vm.epoch,
          miners.map((id) => {
            const claim = claims.get(idAddress(id))
            return { raw: claim?.rawBytePower ?? 0n, qa: claim?.qualityAdjPower ?? 0n }
          }),
        )
        const reward = vm.stateOf(REWARD_ACTOR_ADDR, RewardState).thisEpochRewardSmoothed
        expect(path.estimates()).toEqual({ reward, qaPower: power.thisEpochQaPowerSmoothed })
      }
    }
    for (const id of miners) {
      tickTo(vm.epoch + 120)
      const sent = terminateWhatCanBe(run, idAddress(id))
      expect(sent.map(({ receipt }) => receipt.exitCode)).toEqual([0])
    }
    tickTo(vm.epoch + 60)
  })

  const half = { num: 1n, denom: 2n }

  test('jumps where it is told to, and otherwise begins where the state is', () => {
    const { reward, qaPower } = view.estimates
    const moved = { ...UNMOVED, reward: half }
    expect(networkPath(view, MAINNET_POLICY, claimsBefore(), moved).estimates()).toEqual({ reward, qaPower })
    const jumped = networkPath(view, MAINNET_POLICY, claimsBefore(), { ...moved, estimates: 'jump' })
    expect(jumped.estimates()).toEqual({
      reward: { position: divFloor(reward.position, 2n), velocity: divFloor(reward.velocity, 2n) },
      qaPower,
    })
  })

  // Power of the others goes to half, and with it the level: what is counted then over what is counted now.
  test('jumps to what is left where the others have less power', () => {
    const { reward, qaPower } = view.estimates
    const power = openRun(view, {
      ...{ hashes, networkVersion: 28, circulatingSupply: undefined },
      ...{ rules: RULES_OF_TODAY, background: 'frozen', miners },
    }).vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
    // Nobody has the minimum for consensus here, so that everything that is committed counts.
    expect(power.minerAboveMinPowerCount).toBe(0)
    const own = claimsBefore().reduce((sum, { qa }) => sum + qa, 0n)
    const all = power.totalQaBytesCommitted
    const left = own + divFloor(all - own, 2n)
    expect(left).toBeLessThan(all)
    const moves = { ...UNMOVED, power: half, estimates: 'jump' } as const
    expect(networkPath(view, MAINNET_POLICY, claimsBefore(), moves).estimates()).toEqual({
      reward,
      qaPower: {
        position: divFloor(left * qaPower.position, all),
        velocity: divFloor(left * qaPower.velocity, all),
      },
    })
  })

  test('has no level to jump to in a network without power', () => {
    const { vm } = openNetwork(hashes)
    const bare = openNetworkView(vm.store, [vm.root()])
    const moves = { ...UNMOVED, power: half, estimates: 'jump' } as const
    expect(networkPath(bare, MAINNET_POLICY, [], moves).estimates().qaPower).toEqual(bare.estimates.qaPower)
  })

  // The filter makes up for 0.0009 of a difference in an epoch: some 0.24 of it in 300.
  test('comes down toward half of the reward at the speed of the filter', () => {
    const [full, halved] = [UNMOVED, { ...UNMOVED, reward: half }].map((moves) => {
      const path = networkPath(view, MAINNET_POLICY, claimsBefore(), moves)
      for (let epoch = view.assessedEpoch; epoch < view.assessedEpoch + 300; epoch++) {
        path.tick(epoch, claimsBefore())
      }
      return path.estimates().reward.position
    }) as [bigint, bigint]
    expect(halved * 100n).toBeLessThan(full * 90n)
    expect(halved * 100n).toBeGreaterThan(full * 80n)
  })
})
