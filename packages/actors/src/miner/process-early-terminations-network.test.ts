import { type Address, createHashes, STORAGE_POWER_ACTOR_ADDR } from '@plimsoll/primitives'
import {
  advanceBy,
  advanceTo,
  applyReward,
  createMiner,
  deadlineInPeriod,
  liveSectorsOf,
  minerState,
  networkFindings,
  openNetwork,
  proveCommitNI,
  sectorsOf,
  type TestMiner,
  type TestNetwork,
  terminate,
} from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { MAINNET_POLICY } from '../policy.ts'
import { Claims, PowerState } from '../power/state.ts'

const hashes = await createHashes()
const DAY = 2880
const SECTOR = 32n << 30n
/** In the middle of the day, and so far away when a proving period begins. */
const DEADLINE = 24

/** Commits empty sectors at the beginning of a miner's proving period. */
function commit(network: TestNetwork, miner: TestMiner, count: number, lifetime = 540 * DAY) {
  advanceBy(network, DAY)
  advanceTo(network, deadlineInPeriod(network, miner.id, 0).open + DAY)
  const sectorNumbers = Array.from({ length: count }, (_, i) => i)
  const expiration = network.vm.epoch + lifetime
  proveCommitNI(network, miner, { sectorNumbers, deadline: DEADLINE, expiration })
  return expiration
}

/**
 * A network with a miner that wins blocks. The deposits of new miners are no collateral of the network until they
 * vest, when they are taken from it all the same; where there is no other, the power actor refuses that.
 */
function openWithWinner(options: Parameters<typeof openNetwork>[1] = {}) {
  const network = openNetwork(hashes, options)
  const winner = createMiner(network)
  commit(network, winner, 1)
  applyReward(network, winner.id, { winCount: 50 })
  return { network, winner: winner.id, miner: createMiner(network) }
}

function rawPowerOf({ vm }: TestNetwork, miner: Address) {
  const { claims } = vm.stateOf(STORAGE_POWER_ACTOR_ADDR, PowerState)
  return Claims.load(vm.store, claims).get(miner)?.rawBytePower
}

/** Five days of faults end a sector here, and it may live as short; on mainnet it is 42 and 180. */
const HASTY = { policy: { ...MAINNET_POLICY, faultMaxAge: 5 * DAY, minSectorExpiration: 5 * DAY } }

// Source of the rule: builtin-actors v18, `runtime/src/runtime/policy.rs`, `fault_max_age`.
describe('a miner that stops proving', () => {
  test('loses its power at once and its sectors after days of faults, but not its claim', () => {
    const { network, winner, miner } = openWithWinner(HASTY)
    commit(network, miner, 2)
    advanceBy(network, DAY)
    expect(rawPowerOf(network, miner.id)).toBe(2n * SECTOR)
    const passage = { proves: (id: Address) => id === winner }
    advanceBy(network, DAY, passage)
    expect(rawPowerOf(network, miner.id)).toBe(0n)
    // They count as faulty from the end of the first deadline that was missed.
    advanceBy(network, 4 * DAY, passage)
    expect(liveSectorsOf(network, miner.id).size).toBe(2)
    advanceBy(network, DAY, passage)
    expect(liveSectorsOf(network, miner.id).size).toBe(0)
    expect(minerState(network, miner.id).initialPledge).toBe(0n)
    expect(rawPowerOf(network, miner.id)).toBe(0n)
    expect(networkFindings(network)).toEqual([])
  })
})

describe('a sector that expires', () => {
  test('is gone after the end of its last proving period, and its pledge is free', () => {
    const { network, miner } = openWithWinner(HASTY)
    const expiration = commit(network, miner, 1, 6 * DAY)
    advanceTo(network, expiration)
    expect(liveSectorsOf(network, miner.id).size).toBe(1)
    advanceBy(network, DAY)
    expect(liveSectorsOf(network, miner.id).size).toBe(0)
    expect(minerState(network, miner.id)).toMatchObject({ initialPledge: 0n, feeDebt: 0n })
    expect(networkFindings(network)).toEqual([])
  })
})

describe('terminations beyond one round', () => {
  test('are charged by cron, one round an epoch, until none is left', () => {
    const { network, miner } = openWithWinner({ policy: { ...MAINNET_POLICY, settledSectorsMax: 2 } })
    commit(network, miner, 5)
    advanceBy(network, DAY)
    advanceTo(network, deadlineInPeriod(network, miner.id, 0).open + DAY)
    const pledge = sectorsOf(network, miner.id).get(0)?.initialPledge ?? 0n
    terminate(network, miner, [0, 1, 2, 3, 4])
    expect(rawPowerOf(network, miner.id)).toBe(0n)
    const left = [minerState(network, miner.id).initialPledge]
    for (let i = 0; i < 3; i++) {
      advanceBy(network, 1)
      left.push(minerState(network, miner.id).initialPledge)
    }
    // The first round is that of the message, and the call that it asks for is for the epoch after.
    expect(left).toEqual([3n * pledge, 3n * pledge, pledge, 0n])
    expect(networkFindings(network)).toEqual([])
  })
})
