import { createMemoryBlockstore, linkTo, Multicodec, Multihash, makeCid } from '@plimsoll/ipld'
import {
  type ActorId,
  CALIBRATION,
  createHashes,
  INIT_ACTOR_ID,
  MAINNET,
  REWARD_ACTOR_ID,
  STORAGE_POWER_ACTOR_ID,
} from '@plimsoll/primitives'
import { buildState, editRecord, PLAIN_QA_POWER, PLAIN_REWARD } from '@plimsoll/testkit'
import { describe, expect, test } from 'vitest'
import { filterEstimate } from '../smooth/alpha-beta-filter.ts'
import { Actors } from './actor-record.ts'
import { loadNetworkState } from './network-state.ts'
import { loadStateTree } from './state-tree.ts'

const store = createMemoryBlockstore(await createHashes())
const absent = linkTo<never>(makeCid(Multicodec.DAG_CBOR, Multihash.BLAKE2B_256, new Uint8Array(32)))

describe('loadNetworkState', () => {
  // The reward actor's epoch is that of the next message: cron of the epoch before has set it.
  test('is of the epoch before the next message', () => {
    const root = buildState(store, { epoch: 1_000_000, miners: [] })
    const state = loadNetworkState(loadStateTree(store, [root]), 18)
    expect(state.stateEpoch).toBe(999_999)
    expect(state.reward.epoch).toBe(1_000_000)
    expect(state.power.minerCount).toBe(0)
  })

  test('has the smoothed reward and the smoothed power, each from its actor', () => {
    const [reward, qaPower] = [filterEstimate(7n, -1n), filterEstimate(9n, 2n)]
    const root = buildState(store, { epoch: 5, miners: [], reward, qaPower })
    expect(loadNetworkState(loadStateTree(store, [root]), 18).estimates).toEqual({ reward, qaPower })
    const plain = buildState(store, { epoch: 5, miners: [] })
    expect(loadNetworkState(loadStateTree(store, [plain]), 18).estimates).toEqual({
      reward: PLAIN_REWARD,
      qaPower: PLAIN_QA_POWER,
    })
  })

  test.each([
    { networkName: 'testnetnet', network: MAINNET },
    { networkName: 'calibrationnet', network: CALIBRATION },
    { networkName: 'integration-test', network: undefined },
    { networkName: 'mainnet', network: undefined },
  ])('knows the network that calls itself $networkName, or does not', ({ networkName, network }) => {
    const root = buildState(store, { epoch: 5, miners: [], networkName })
    const state = loadNetworkState(loadStateTree(store, [root]), 18)
    expect(state.networkName).toBe(networkName)
    expect(state.network).toBe(network)
  })

  test('reads the power actor in the layout of the version', () => {
    const root = buildState(store, { epoch: 5, miners: [] })
    expect(() => loadNetworkState(loadStateTree(store, [root]), 14)).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE', path: ['f04', 'PowerState'] }),
    )
  })

  test.each<{ readonly id: ActorId; readonly place: string }>([
    { id: REWARD_ACTOR_ID, place: 'f02' },
    { id: STORAGE_POWER_ACTOR_ID, place: 'f04' },
    { id: INIT_ACTOR_ID, place: 'f01' },
  ])('names $place when its state is missing', ({ id, place }) => {
    const root = buildState(store, { epoch: 5, miners: [] })
    const edited = editRecord(id, (record) => ({ ...record, head: absent }))(store, root)
    expect(() => loadNetworkState(loadStateTree(store, [edited]), 18)).toThrow(
      expect.objectContaining({ code: 'MISSING_BLOCK', path: [place] }),
    )
  })

  test('needs the reward actor', () => {
    expect(() => loadNetworkState(loadStateTree(store, [Actors.empty(store).flush().cid]), 18)).toThrow(
      expect.objectContaining({ code: 'ACTOR_NOT_FOUND', data: { id: 2 } }),
    )
  })
})
